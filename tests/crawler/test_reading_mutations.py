"""No bytes make reading fail: saved pages cut, doubled, nested, garbled, mislabelled, and noise."""

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.adapters import ADAPTERS
from crawler.extract.parts import further_pages
from crawler.items import Page, Part
from crawler.middlewares.absences import absence_of
from crawler.middlewares.block_pages import block_of
from crawler.reading import read_document, read_list, read_parts
from crawler.workers import DEADLINE

PAGES = sorted(
    path
    for path in (Path(__file__).resolve().parents[1] / "pages").glob("*/*")
    if not path.name.endswith(".expected.json")
)
URL = "http://www.province.example/zwgk/202406/t20240618_1.html?page=1&paramJson=%7B%22pageNo%22%3A1%7D"
ROUNDS = 12


def cut(page: bytes, dice: random.Random) -> bytes:
    return page[: dice.randrange(len(page))]


def without_a_slice(page: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(page))
    return page[:start] + page[start + dice.randrange(200) :]


def with_a_slice_twice(page: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(page))
    return page[:start] + page[start : start + 300] * 3 + page[start:]


def with_noise(page: bytes, dice: random.Random) -> bytes:
    noisy = bytearray(page)
    for _ in range(max(1, len(noisy) // 50)):
        noisy[dice.randrange(len(noisy))] = dice.randrange(256)
    return bytes(noisy)


def with_brackets_turned(page: bytes, dice: random.Random) -> bytes:
    return page.replace(
        dice.choice([b"<", b">", b'"', b"/", b"[", b"{", b":"]),
        dice.choice([b"<", b">", b"", b"'", b"\x00"]),
        dice.randrange(40),
    )


def nested_deeply(page: bytes, dice: random.Random) -> bytes:
    return b"<div>" * dice.randrange(3000) + page


def shuffled(page: bytes, dice: random.Random) -> bytes:
    lines = page.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut,
    without_a_slice,
    with_a_slice_twice,
    with_noise,
    with_brackets_turned,
    nested_deeply,
    shuffled,
)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_damaged_page_is_read_without_failing(page: Path) -> None:
    dice = random.Random(page.name)
    whole = page.read_bytes()
    for _ in range(ROUNDS):
        damaged = dice.choice(MUTATIONS)(whole, dice)
        family = dice.choice([None, *ADAPTERS])
        label = dice.choice([None, "text/html; charset=gb2312", "application/json", "text/html; charset=nonsense"])
        listed = read_list(URL, damaged, label, family=family, seen_on=date(2024, 6, 20))
        assert all(link.url for link in listed.links)
        read = read_document(URL, damaged, label, family=family)
        assert read.document is None or isinstance(read.document.body, str)


@pytest.mark.long
@pytest.mark.parametrize("quarter", range(4))
def test_ten_thousand_damaged_and_made_up_pages_are_read_and_hardly_one_is_left_to_the_deadline_of_a_worker(
    quarter: int,
) -> None:
    dice = random.Random(f"ten thousand, {quarter}")
    wholes = [path.read_bytes() for path in PAGES]
    late = 0
    for number in range(2_500):
        page = dice.choice(wholes)
        for _ in range(dice.randrange(1, 4)):
            page = dice.choice(MUTATIONS)(page or b"<", dice)
        if number % 5 == 0:
            page = b"".join(dice.choice(PIECES) * dice.choice((1, 1, 2, 2_000)) for _ in range(dice.randrange(1, 40)))
        family = dice.choice([None, None, *ADAPTERS])
        label = dice.choice([None, "text/html; charset=gb2312", "application/json", "text/xml"])
        late += max(seconds_of_work(page, label, family)) >= DEADLINE  # a worker ends it there
    assert late <= 5


PIECES = [
    b"<div>", b"</div>", b"<table>", b"<tr><td>", b"</td>", b"<p>", b"<a href='/t20240618_1.html'>", b"</a>", b"<script>", b"</script>", b"<style>",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<record>", b"<li>", b"<span style='display:none'>", b"<iframe src=x>", b"&nbsp;", b"&#x535a;", b"\x00", b"\xff\xfe",
    b"<meta name='PubDate' content='", b"'>", b"var url = '", b"';", b"document.write('", b"');", b"createPageHTML(9, 0, 'index', 'html');", b"[{\"title\":", b"},",
    *(text.encode() for text in ("发布日期：", "来源：", "索引号", "2024年6月18日", "〔2024〕3号", "下一页", "省科学技术厅", "　", "关于召开会议的通知")),
    "关于印发规划的通知".encode("gb18030"),
]  # fmt: skip


def seconds_of_work(page: bytes, label: str | None, family: str | None) -> tuple[float, float, float]:
    """Do all that a crawl does with the bytes of a page before it is stored; how long its gates, the list and the document take."""
    began = time.process_time()
    block_of(200, [], page)
    absence_of(Page(URL, URL, "list", 200, (), page, datetime(2024, 6, 20, tzinfo=UTC), "a", URL))
    parts = tuple(Part(url, page[:20_000]) for url in further_pages(URL, page)[:1])
    passed = time.process_time()
    rows = read_list(URL, page, label, family=family, seen_on=date(2024, 6, 20)).links
    listed = time.process_time()
    read_parts(read_document(URL, page, label, family=family, link=rows[0] if rows else None), parts)
    return passed - began, listed - passed, time.process_time() - listed


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_read_without_failing(noise: bytes) -> None:
    assert read_list(URL, noise, None).links == () or noise
    read_document(URL, noise, None)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.sampled_from(
        [
            "<p>{}</p>",
            "<table><tr><td>发文字号：</td><td>{}</td></tr><tr><td>索引号</td><td>{}</td></tr></table>",
            "<ul><li><a href='{}'>{}</a></li></ul>",
            '[{{"title": "{}", "url": "{}"}}]',
        ]
    ),
)
def test_any_text_in_any_place_is_read_without_failing(text: str, frame: str) -> None:
    page = frame.replace("{}", text).encode("utf-8", "replace")
    read_list(URL, page, None)
    read_document(URL, page, None)


def test_text_lost_by_a_deep_page_is_an_issue_or_kept() -> None:
    sentence = "科技委员会办公室负责统筹协调全市科技创新工作。" * 20
    page = ("<html><head><title>深页</title></head><body>" + "<div>" * 4000 + f"<p>{sentence}</p>").encode()
    read = read_document(URL, page, None)
    assert read.document is not None
    assert sentence in read.document.body or "parse-loss" in {issue.kind for issue in read.issues}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "page",
    [
        b"<" * 300_000,
        b"<div>" * 60_000,
        b"<record>" * 60_000 + b"<datastore>",
        b"<?xml version='1.0'?><rss>" + b"<item>" * 60_000,
        "来源：".encode() * 60_000,
        "【".encode() * 100_000,
        b"<title>" + "部 - ".encode() * 40_000,
        b"<li><a href='/a/t20240101_1.html'>title</a></li>" * 5_000,
        b"[" * 100_000,
        b'<script>[{"a":1},' * 30_000,
    ],
    ids=lambda page: page[:12].decode("utf-8", "ignore"),
)
def test_a_page_of_any_shape_ends_in_time(page: bytes) -> None:
    read_list(URL, page, None)
    read_document(URL, page, None)
