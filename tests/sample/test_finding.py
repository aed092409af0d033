"""What the sample discloses is found, and its false friends are not: the acceptance of finding on the sample."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from crawler.items import Disclosure, Document, Hit, Provenance
from pipelines.watch import Watch, load_watch, watch_document
from store.config import bundled
from tealeaves.sample.content import Content, Find, SamplePage
from tests.sample.conftest import pages_of_open_sites

Found = tuple[tuple[Hit, ...], tuple[Disclosure, ...]]


@pytest.fixture(scope="module")
def finds(content: Content) -> dict[tuple[str, str], Found]:
    """What is found in each page as it stood when it was first listed."""
    watch = load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))
    return {place: look(content, watch, *place) for place in pages_of_open_sites()}


def look(content: Content, watch: Watch, site_id: str, slug: str) -> Found:
    site, page = content.sites[site_id], content.pages[site_id][slug]
    document = document_of(content, page)
    known = Provenance(page.title, site.name, site.region, document.published)
    return watch_document(document, watch, known)


def document_of(content: Content, page: SamplePage) -> Document:
    body = "\n".join(content.paragraphs(page, page.visit))
    return Document(page.title, body, content.published(page).date(), source=page.source, issuer=page.issuer)


def agrees(found: Disclosure, wanted: Find) -> bool:
    """Say whether a disclosure states every fact that the page declares; an object may be quoted longer or shorter."""
    facts = asdict(found)
    for name, value in wanted.model_dump(exclude_unset=True).items():
        if name == "object":
            ours = facts["object"] or ""
            if not ours or not (ours in str(value) or str(value) in ours):
                return False
        elif facts[name] != value:
            return False
    return True


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_every_declared_disclosure_is_found(
    content: Content, finds: dict[tuple[str, str], Found], site_id: str, slug: str
) -> None:
    page = content.pages[site_id][slug]
    _, found = finds[site_id, slug]
    missed = [wanted for wanted in page.finds if not any(agrees(ours, wanted) for ours in found)]
    assert missed == [], f"found instead: {[short(ours) for ours in found]}"


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_nothing_else_is_disclosed(
    content: Content, finds: dict[tuple[str, str], Found], site_id: str, slug: str
) -> None:
    page = content.pages[site_id][slug]
    declared = {(wanted.type, wanted.body) for wanted in page.finds}
    _, found = finds[site_id, slug]
    others = [short(ours) for ours in found if ours.type != "mention" and (ours.type, ours.body) not in declared]
    assert others == []


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_the_confirmed_terms_are_the_declared_ones(
    content: Content, finds: dict[tuple[str, str], Found], site_id: str, slug: str
) -> None:
    hits, _ = finds[site_id, slug]
    confirmed = {hit.term for hit in hits if hit.status == "confirmed"}
    assert confirmed == set(content.pages[site_id][slug].terms)


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_no_confirmed_hit_lies_inside_a_false_friend(
    content: Content, finds: dict[tuple[str, str], Found], site_id: str, slug: str
) -> None:
    page = content.pages[site_id][slug]
    document = document_of(content, page)
    hits, _ = finds[site_id, slug]
    for hit in hits:
        text = document.title if hit.place == "title" else document.body
        inside = any(start < hit.end and hit.start < end for start, end in friends(text or "", page.never))
        assert not (inside and hit.status == "confirmed"), hit


@pytest.mark.parametrize(("site_id", "slug"), pages_of_open_sites())
def test_offsets_give_back_surface_and_quote(
    content: Content, finds: dict[tuple[str, str], Found], site_id: str, slug: str
) -> None:
    document = document_of(content, content.pages[site_id][slug])
    texts = {"title": document.title or "", "body": document.body}
    hits, disclosures = finds[site_id, slug]
    assert all(texts[hit.place][hit.start : hit.end] == hit.surface for hit in hits)
    assert all(texts[found.place][found.start : found.end] == found.quote for found in disclosures)


def friends(text: str, never: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for friend in never:
        start = text.find(friend)
        while start >= 0:
            yield start, start + len(friend)
            start = text.find(friend, start + 1)


def short(found: Disclosure) -> dict[str, object]:
    """A disclosure without what is not known, for a failing test to show."""
    left_out = ("start", "end", "confidence")
    return {name: value for name, value in asdict(found).items() if value is not None and name not in left_out}


def test_every_false_friend_stands_in_its_page(content: Content) -> None:
    for pages in content.pages.values():
        for slug, page in pages.items():
            assert all(friend in page.title + page.body for friend in page.never), slug
