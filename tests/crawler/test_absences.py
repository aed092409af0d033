"""A site that answers 200 where there is nothing is recognised; a page that tells of missing things is a page."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.items import Link, Page
from crawler.middlewares.absences import absence_of
from crawler.middlewares.block_pages import block_of
from tests.crawler.crawling import Place, run_crawl
from tests.site import Site, detail_page, list_page

SHARED = Path(__file__).resolve().parents[2] / "../shared/pages"
TITLE = "关于征集基础研究项目建议的通知"
NAV = "".join(f"<a href='/lm{n}/'>栏目{n}</a>" for n in range(60))


def page(body: str | bytes, *, kind: str = "page", url: str = "https://kjt.example.gov.cn/tz/t20240618_1.html") -> Page:
    content = body.encode() if isinstance(body, str) else body
    link = Link(url, TITLE, date(2024, 6, 18))
    return Page(
        url,
        url,
        kind,
        200,
        (),
        content,
        datetime(2024, 6, 19, tzinfo=UTC),
        "kjt",
        "https://kjt.example.gov.cn/tz/",
        link,
    )  # type: ignore[arg-type]


def html(inside: str, title: str = "", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{inside}</body></html>"


ABSENT = {
    "said in the title": html(NAV + "<p>为您推荐</p>", "404-页面不存在"),
    "said in the title with the site's menu": html(NAV, "您访问的页面不存在或已被删除"),
    "said in a few words": html(
        "<p>抱歉，您要访问的页面已被删除或暂时不可用。</p><a href='/'>返回首页</a>", "省科学技术厅"
    ),
    "not found": html("<h1>404 Not Found</h1>"),
    "could not be found": html("<div>很抱歉，没有找到您要的网页！</div>", "提示信息"),
    "in gb18030": html("<p>对不起，该信息不存在！</p>", "提示").encode("gb18030"),
    "as an alert": "<script>alert('该文章已被删除');history.back();</script>",
    "expired": html("<p>您查看的内容已下线</p>"),
}
THERE = {
    "a document about dead links": detail_page(
        "关于政府网站页面不存在等问题的通报", "检查发现部分网站页面不存在、信息已删除。" * 3
    ),
    "a long page without marks": html(
        "<h1>通报</h1>" + "<p>部分栏目内容已删除，页面找不到的情况较多，请整改。</p>" * 20, "关于网站检查情况的通报"
    ),
    "a number in the address": html("<p>第404号提案答复：经研究，现答复如下。</p>", "关于第404号提案的答复"),
    "a list": list_page([(f"t{n}.html", f"关于第{n}批项目信息不存在情形的公示", "2024-06-18") for n in range(9)]),
    "a file that is not found in a table": html(
        "<table><tr><td>附件下载</td></tr></table>" + "<p>请各单位对照执行并报送。</p>" * 20
    ),
}


@pytest.mark.parametrize("name", ABSENT)
@pytest.mark.parametrize("kind", ["page", "list"])
def test_an_absence_in_words_is_no_page(name: str, kind: str) -> None:
    assert absence_of(page(ABSENT[name], kind=kind)) == "soft-404"


@pytest.mark.parametrize("name", THERE)
def test_a_page_that_tells_of_missing_things_is_a_page(name: str) -> None:
    assert absence_of(page(THERE[name])) is None


FRONT = html(NAV + "<p>省委科技委员会召开会议</p>", "四川省科学技术厅门户网站")


@pytest.mark.parametrize(
    "front",
    [
        FRONT,
        html(NAV, "首页 - 四川省科学技术厅"),
        html(NAV, "四川省科学技术厅", "<meta name='SiteName' content='四川省科学技术厅'>"),
    ],
)
def test_the_front_page_in_place_of_a_document_is_no_document(front: str) -> None:
    assert absence_of(page(front)) == "front-page"
    assert absence_of(page(front, kind="list")) is None
    assert absence_of(page(front, url="https://kjt.example.gov.cn/")) is None
    assert absence_of(page(front.replace("<body>", f"<body><h1>{TITLE}</h1>"))) is None


def test_no_real_page_is_an_absence_or_a_block() -> None:
    if not SHARED.exists():
        pytest.skip("the saved pages do not lie beside this repository")
    saved = sorted([*SHARED.glob("detail/*"), *SHARED.glob("list/*")])
    found = {
        path.name: absence_of(page(path.read_bytes(), kind=path.parent.name.replace("detail", "page")))
        for path in saved
    }
    blocked = {path.name: block_of(200, [], path.read_bytes()) for path in saved}

    assert len(saved) >= 36
    assert {name: label for name, label in (found | blocked).items() if label} == {}
    assert {name: label for name, label in blocked.items() if label} == {}


def test_a_rich_page_with_a_password_field_is_no_login_wall() -> None:
    scripts = "<script>var tracked = 1;</script>" * 3000
    body = html(f"<form><input type='password'>登录</form>{scripts}<p>{'会议研究部署科技工作。' * 60}</p>").encode()
    assert block_of(200, [], body) is None


def test_a_crawl_keeps_an_absence_as_evidence_and_makes_no_document_of_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        rows = [(f"/t{n}.html", f"关于第{n}批重点研发项目的公示", f"2026-11-1{n}") for n in range(3)]
        site.answer("/list/", list_page(rows))
        site.answer("/t0.html", detail_page(rows[0][1], "会议研究部署科技工作。" * 9, "2026-11-10"))
        site.answer("/t1.html", ABSENT["said in the title"])
        site.answer("/t2.html", FRONT)
        place.source("most", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
    assert counts["documents"] == 1
    assert place.rows("select state, count(*) from page group by state order by state") == [
        ("failed", 2),
        ("fetched", 1),
    ]
    assert place.rows("select block, count(*) from capture where kind = 'page' group by block order by block") == [
        (None, 1),
        ("front-page", 1),
        ("soft-404", 1),
    ]
    assert place.rows("select count(*) from event") == [(0,)]
