"""A page fetched again: what its template does is no change, what its text says is one, and nothing said before is lost."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.items import Document, Page
from crawler.reading import read_document
from pipelines.archive import Archive
from pipelines.fixity import verify
from pipelines.save import save
from pipelines.saving.changes import Told, observation, priority
from pipelines.saving.noise import without_noise
from pipelines.saving.versions import text_sha256
from store.captures import read_body
from store.database import reading
from store.frontier import Frontier
from store.models import Capture, Event, Version
from store.search import fold
from tests import fakes
from tests.fakes import START

DAY = timedelta(days=1)
PAGES = Path(__file__).resolve().parents[1] / "pages"
ADDRESS = "https://kjt.example.gov.cn/a/2026/t20260901_1.html"

# What stands inside the text box itself at one fetch and at the next.
COUNTED = (
    ("浏览次数：1023", "浏览次数：2051"),
    ("阅读量：12次", "阅读量：3051次"),
    ("访问量：[ 12 ]", "访问量：[ 77 ]"),
    ("点击数： 9", "点击数： 10"),
    ("已有12人阅读", "已有345人阅读"),
    ("您是第 123 位访客", "您是第 99123 位访客"),
    ("当前时间：2026年9月1日 10:22:31", "当前时间：2026年9月2日 11:02:01"),
    ("今天是2026年9月1日 星期二", "今天是2026年9月2日 星期三"),
    ("点赞 3 收藏 2", "点赞 14 收藏 5"),
    ("打印日期：2026-09-01", "打印日期：2026-09-02"),
    ("【字号：大 中 小】 浏览次数：12 次", "【字号：大 中 小】 浏览次数：13 次"),
)
# What a template puts around the text: (where, what).
AROUND = (
    (r"(<body[^>]*>)", "<div class='date'>今天是2026年9月2日 星期三 10:22:31</div>"),
    (r"(<body[^>]*>)", "<div class='banner'><a href='/zt/'><img src='/zt/b2.jpg' alt='学习贯彻全会精神'></a></div>"),
    (r"()</head>", "<meta name='csrf-token' content='8f3a'><script>var t=1788888888;var sid='zz91';</script>"),
    (r"()</body>", "<p>浏览次数：<span id='hits'>2051</span></p>"),
    (
        r"()</body>",
        "<div class='related'><h3>相关阅读</h3><ul><li><a href='/a/9.html'>关于组织申报年度项目的通知</a></li></ul></div>",
    ),
    (
        r"()</body>",
        "<div class='page-turn'><p>上一篇：<a href='/a/7.html'>省厅开展专题调研</a></p><p>下一篇：无</p></div>",
    ),
    (r"()</body>", "<div class='footer'>版权所有 网站标识码：5100000001 您是第 10293847 位访客</div>"),
    (r"()</body>", "<div class='gongju'>字号：<a>大</a> <a>中</a> <a>小</a> 打印本页 关闭窗口 分享到：微信</div>"),
    (r"()</body>", "<!-- generated 2026-09-02 10:22:31 node-7 -->"),
)


class Saved:
    """A saved page of a CMS family with a document in it, as text that can be edited."""

    def __init__(self, path: Path) -> None:
        self.name = f"{path.parent.name}/{path.stem}"
        raw = path.read_bytes()
        first = read_document(ADDRESS, raw, None)
        self.charset = "gb18030" if first.charset.startswith("gb") else first.charset
        self.html = raw.decode(self.charset, "replace")
        self.document = first.document

    def read(self, html: str) -> Document:
        document = read_document(ADDRESS, html.encode(self.charset, "replace"), None).document
        assert document
        return document

    @property
    def end_of_text(self) -> int:
        """Where the last line of the text ends in the page's source; -1 when that cannot be told."""
        assert self.document
        found = self.html.rfind(self.document.body.split("\n")[-1][-8:])
        return self.html.find("<", found) if found >= 0 else -1


def usable(path: Path) -> bool:
    saved = Saved(path)
    if path.stem.startswith(("list", "directory", "index")) or saved.charset not in ("utf-8", "gb18030"):
        return False  # what is added to a page is in simplified script
    return saved.document is not None and len(saved.document.body) >= 25 and saved.end_of_text > 0


DOCUMENTS = [Saved(path) for path in sorted(PAGES.glob("*/*.html")) if usable(path)]


def test_there_are_saved_documents_of_many_families() -> None:
    assert len({saved.name.split("/")[0] for saved in DOCUMENTS}) >= 8


@pytest.mark.parametrize("saved", DOCUMENTS, ids=lambda saved: saved.name)
def test_a_page_whose_counters_and_clocks_went_on_says_the_same(saved: Saved) -> None:
    end = saved.end_of_text
    for before, after in COUNTED:
        old, new = (saved.read(f"{saved.html[:end]}<br>{noise}{saved.html[end:]}") for noise in (before, after))
        assert text_sha256(old) == text_sha256(new), after


def surrounded(html: str, where: str, noise: str) -> str:
    return re.sub(where, lambda found: found[1] + noise + found[0][len(found[1]) :], html, count=1, flags=re.I)


def test_at_most_two_in_a_hundred_pages_seem_changed_when_only_their_template_was() -> None:
    pairs = [(saved, noise, surrounded(saved.html, where, noise)) for saved in DOCUMENTS for where, noise in AROUND]
    assert len(pairs) >= 250
    false = [
        (saved.name, noise)
        for saved, noise, html in pairs
        if saved.document and text_sha256(saved.read(html)) != text_sha256(saved.document)
    ]
    assert len(false) <= 0.02 * len(pairs), false


@pytest.mark.parametrize("saved", DOCUMENTS, ids=lambda saved: saved.name)
def test_six_characters_changed_anywhere_in_the_text_are_a_change(saved: Saved) -> None:
    assert saved.document
    runs = [run for run in re.findall(r"[\u4e00-\u9fff]{6,}", saved.document.body) if saved.html.count(run) == 1]
    assert runs
    for run in runs[:: max(1, len(runs) // 5)]:
        edited = saved.read(saved.html.replace(run, run[:-6] + "另有一番安排"))
        assert text_sha256(edited) != text_sha256(saved.document), run
        shorter = saved.read(saved.html.replace(run, run[:-6]))
        assert text_sha256(shorter) != text_sha256(saved.document), run


@pytest.mark.parametrize(
    "said",
    [
        "会议审议通过了3个文件",
        "截至当前时间尚未收到回复",
        "第12位代表发言",
        "下载安装应用程序",
        "今天是2026年度工作的开局",
        "播放量大幅增长",
    ],
)
def test_what_only_looks_like_a_counter_stays(said: str) -> None:
    assert without_noise(fold(said)) == fold(said)


def told(text: str, **values: Any) -> Told:
    return Told(text, **values)


def test_a_watched_passage_that_is_gone_weighs_more_than_one_that_is_not_watched() -> None:
    before = told("甲。" * 40 + "会议审议通过了方案。", quotes=("会议审议通过了方案",))
    watched, other = (
        told("甲。" * 40 + "会议研究了方案。"),
        told("甲。" * 39 + "乙。会议审议通过了方案。", quotes=before.quotes),
    )
    assert priority(before, watched) >= 0.4 > priority(before, other)


def test_a_page_that_lost_much_of_its_text_is_said_to_have() -> None:
    words = observation(told("一句话。" * 100), told("一句话。" * 20))
    assert words.endswith("it has 80 characters where it had 400")


class Site:
    """A page that is looked at again and again, archived and saved as a crawl does it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.frontier, self.archive, self.days = Frontier(engine), Archive(folder), 0
        self.frontier.register([fakes.source(1)], START)
        self.frontier.keep(self.frontier.due(START)[0].id, [fakes.link(1)], START)
        self.sent: list[bytes] = []

    def answers(self, text: str, **values: Any) -> None:
        """The page is there and says a text."""
        now = START + self.days * DAY
        read = fakes.reading(1, text, fetched_at=now, **values)
        page: Page = replace(read.page, body=f"<html>{text}</html>".encode(), capture=None)
        (kept,) = self.archive.keep([page])
        self.sent.append(page.body)
        save(self.engine, replace(read, page=replace(page, capture=kept)), now)
        self.days += 1

    def is_missing(self, days: int, *, healthy: bool = True) -> None:
        """The site answers 404 for the page, day after day; the site itself is seen, or is not."""
        for _ in range(days):
            now = START + self.days * DAY
            self.frontier.note_state("kjt-1", now.date(), "quiet" if healthy else "blind", "", now)
            self.frontier.missing(1, 404, now)
            self.days += 1

    @property
    def events(self) -> list[str]:
        with reading(self.engine) as connection:
            return list(connection.execute(select(Event.kind).order_by(Event.id)).scalars())


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Iterator[Site]:
    site = Site(engine, tmp_path)
    yield site
    site.archive.close()


def test_edit_shortening_removal_return_and_move_are_told_and_no_byte_is_lost(site: Site, tmp_path: Path) -> None:
    first = fakes.body(1)
    edited = first.replace("研究部署", "安排部署")
    short = "\n".join(edited.split("\n")[:2])
    site.answers(first)
    site.answers(edited)
    site.answers(short)
    site.is_missing(16)
    site.answers(short)
    moved = "https://kjt1.example.gov.cn/new/t1.html"
    site.answers(short, url=moved)
    site.answers(short, url=moved)
    assert site.events == ["edited", "edited", "missing", "removed", "restored", "moved"]
    with reading(site.engine) as connection:
        details = list(connection.execute(select(Event.detail).order_by(Event.id)).scalars())
        assert f"it has {len(fakes.document(1).title or '') + 1 + len(short)} characters where it had" in details[1]
        assert details[5] == f"its address now leads to {moved}; before, to {fakes.link(1).url}"
        texts = list(connection.execute(select(Version.body).order_by(Version.number)).scalars())
        assert texts == [first, edited, short]
        places = connection.execute(select(Capture.warc_file, Capture.warc_offset).order_by(Capture.id)).all()
    assert [read_body(tmp_path, *place) for place in places] == site.sent
    assert verify(site.engine, tmp_path).damages == ()


def test_a_page_that_is_missing_while_its_site_is_not_seen_is_never_removed(site: Site) -> None:
    site.answers(fakes.body(1))
    site.is_missing(30, healthy=False)
    assert site.events == ["missing"]


def test_a_page_that_led_elsewhere_from_the_start_has_not_moved(site: Site) -> None:
    for _ in range(3):
        site.answers(fakes.body(1), url="https://kjt1.example.gov.cn/new/t1.html")
    assert site.events == []


def test_a_change_from_http_to_https_is_no_move(site: Site) -> None:
    site.answers(fakes.body(1))
    site.answers(fakes.body(1), url=fakes.link(1).url.replace("https:", "http:"))
    assert site.events == []
