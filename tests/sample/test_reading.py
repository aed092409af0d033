"""What the sample says is read through the functions of the crawl: this is the acceptance of reading on the sample."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from crawler.items import Link
from crawler.reading import read_document, read_list
from tealeaves.sample.content import CHINA, Content, SamplePage, SampleSite, load_content
from tealeaves.sample.render import Answer, Renderer, file_path, page_path, render_site
from tests.sample.conftest import OPENING, pages_of_open_sites, site_ids

BASE = "http://127.0.0.1:8001"
CLOCKLESS = {"founder", "vsb"}


@cache
def drawn(site_id: str, visit: int) -> dict[str, Answer]:
    """What a site answers on a visit, drawn once for all tests."""
    return render_site(load_content(OPENING), site_id, visit, BASE)


def answers(site: SampleSite, visit: int = 1) -> dict[str, Answer]:
    return drawn(site.id, visit)


def lists_of(content: Content, site: SampleSite, visit: int) -> Iterator[list[Link]]:
    """The rows of every column, walked from its first page to its last."""
    renderer, known = Renderer(content, site, visit, BASE), answers(site, visit)
    for column in site.columns:
        rows: list[Link] = []
        _, path = renderer._first(column)
        seen: set[str] = set()
        while path in known and path not in seen:
            seen.add(path)
            answer = known[path]
            day = renderer.today
            reading = read_list(BASE + path, answer.body, answer.media_type, family=column.family, seen_on=day)
            rows.extend(reading.links)
            path = (reading.next_page or "").removeprefix(BASE)
        yield rows


@pytest.mark.parametrize("visit", [1, 2])
@pytest.mark.parametrize("site_id", [site_id for site_id in site_ids() if site_id != "hubei"])
def test_a_list_is_read_to_its_end(content: Content, site_id: str, visit: int) -> None:
    site = content.sites[site_id]
    for number, rows in enumerate(lists_of(content, site, visit)):
        wanted = [(slug, page) for slug, page in content.shown(site_id, visit) if page.column == number]
        if site.empty_from and visit >= site.empty_from:
            wanted = []
        if site.columns[number].dated:
            today = Renderer(content, site, visit, BASE).today
            wanted = [(slug, page) for slug, page in wanted if content.published(page).date() == today]
        addresses = [BASE + page_path(content, site, slug) for slug, _ in wanted]
        assert [row.url for row in rows] == addresses
        assert [row.title for row in rows] == [page.title for _, page in wanted]
        assert_days(content, site, rows, [page for _, page in wanted])


def assert_days(content: Content, site: SampleSite, rows: list[Link], pages: list[SamplePage]) -> None:
    """Every row has its day; an e-paper prints none beside its rows, where the day of the issue is as good."""
    for row, page in zip(rows, pages, strict=True):
        wanted: set[date | None] = {content.published(page).date()}
        assert row.published in (wanted | {None} if site.layout == "founder" else wanted)


@pytest.mark.parametrize("site_id", site_ids())
def test_the_family_is_recognised_when_nobody_names_it(content: Content, site_id: str) -> None:
    site = content.sites[site_id]
    slug = next(iter(content.pages[site_id]))
    path = page_path(content, site, slug)
    answer = answers(site, 2)[path]
    assert read_document(BASE + path, answer.body, answer.media_type).family == site.layout


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_a_page_is_read(content: Content, site_id: str, slug: str) -> None:
    site, page = content.sites[site_id], content.pages[site_id][slug]
    path = page_path(content, site, slug)
    visit = page.visit
    answer = answers(site, visit)[path]
    reading = read_document(BASE + path, answer.body, answer.media_type)
    document = reading.document
    assert document is not None
    assert reading.charset == site.encoding
    assert document.title == page.title
    published = content.published(page)
    assert document.published == published.date()
    if document.published_time is not None:
        assert site.layout not in CLOCKLESS
        assert document.published_time.astimezone(CHINA) == published
    wanted = without_blanks("\n".join(content.paragraphs(page, visit)))
    read = without_blanks(document.body)
    assert read[: len(wanted)] == wanted
    assert [line for line in read[len(wanted) :] if not may_follow(line, page)] == []
    assert document.doc_number == page.doc_number
    assert document.index_number == page.index_number
    assert document.signed == content.signed(page)
    assert [(file.url, file.name) for file in document.attachments] == [
        (BASE + file_path(site, path, page, file), file.name) for file in page.files
    ]


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_the_source_line_is_read(content: Content, site_id: str, slug: str) -> None:
    site, page = content.sites[site_id], content.pages[site_id][slug]
    path = page_path(content, site, slug)
    answer = answers(site, page.visit)[path]
    document = read_document(BASE + path, answer.body, answer.media_type).document
    assert document is not None
    if page.issuer is None and site.layout != "founder":
        assert document.source == page.source
    if page.doc_number is not None:
        assert document.issuer == page.issuer


def may_follow(line: str, page: SamplePage) -> bool:
    """The editors' line and the names of files stand inside the text's own container: a reader may keep or drop them."""
    return line.startswith(("(责编：", "责任编辑")) or line in [file.name for file in page.files]


def without_blanks(text: str) -> list[str]:
    """The paragraphs, without the blanks that an editor's line break leaves inside one."""
    return ["".join(line.split()) for line in text.split("\n")]


def test_pages_of_the_opening_day_are_dated_so(content: Content) -> None:
    assert content.published(content.pages["scrb"]["fourth-meeting"]).date() == OPENING
