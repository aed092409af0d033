"""The issue of a day, in every layout that the Party dailies are known to have: its articles, and the page after this one."""

import json
from datetime import date

import pytest

from crawler.adapters import ADAPTERS, detect
from crawler.extract.markup import open_markup
from crawler.reading import read_list

DAY = date(2026, 11, 24)
ONE, TWO = "省委科技委员会召开第三次会议", "全省科技工作推进会在省城举行"


def anchors(*pairs: tuple[str, str]) -> str:
    return "".join(f"<li><a href='{href}'>{words}</a></li>" for href, words in pairs)


def page(*parts: str) -> bytes:
    return f"<html><head><meta charset='utf-8'><title>要闻</title></head><body>{''.join(parts)}</body></html>".encode()


LAYOUTS = [
    pytest.param(
        "https://szb.a.example/pc/layout/202611/24/node_01.html",
        page("<ul id='list'>", anchors(("node_01.html", "01版：要闻"), ("node_02.html", "02版：综合")), "</ul>",
             anchors(("../../../content/202611/24/content_8101.html", ONE), ("../../../content/202611/24/content_8102.html", TWO))),
        ["/pc/content/202611/24/content_8101.html", "/pc/content/202611/24/content_8102.html"],
        "/pc/layout/202611/24/node_02.html", id="layout"),
    pytest.param(
        "https://b.example/hnrb/html/2026-11/24/node_9.htm",
        page("<map><area href='content_9_71.htm?div=-1' alt='", ONE, "'></map>", anchors(("content_9_71.htm?div=-1", ONE), ("content_9_72.htm?div=-1", TWO)),
             "<a id='pageLink' href='./node_9.htm'>第01版</a><a id='pageLink' href='./node_12.htm'>第02版</a>"),
        ["/hnrb/html/2026-11/24/content_9_71.htm?div=-1", "/hnrb/html/2026-11/24/content_9_72.htm?div=-1"],
        "/hnrb/html/2026-11/24/node_12.htm", id="classic, node numbers with gaps"),
    pytest.param(
        "https://c.example/gsrb/pc/layout/202611/24/col01.html",
        page(anchors(("col02.html", "第二版"), ("/gsrb/pc/con/202611/24/c81.html", ONE), ("/gsrb/pc/con/202611/24/c82.html", TWO)),
             "<a href='col02.html'>下一版</a>"),
        ["/gsrb/pc/con/202611/24/c81.html", "/gsrb/pc/con/202611/24/c82.html"], "/gsrb/pc/layout/202611/24/col02.html", id="col"),
    pytest.param(
        "https://d.example/nfdaily/html/202611/24/node_A01.html",
        page(anchors(("node_A01.html", "A01"), ("node_A02.html", "A02"), ("content_10210.html", ONE), ("content_10211.html", TWO))),
        ["/nfdaily/html/202611/24/content_10210.html", "/nfdaily/html/202611/24/content_10211.html"],
        "/nfdaily/html/202611/24/node_A02.html", id="lettered pages"),
    pytest.param(
        "https://e.example/cqrb/2026-11/24/001/node.htm",
        page(anchors(("../001/node.htm", "第001版"), ("../002/node.htm", "第002版"), ("content_rb_346001.htm", ONE), ("content_rb_346002.htm", TWO))),
        ["/cqrb/2026-11/24/001/content_rb_346001.htm", "/cqrb/2026-11/24/001/content_rb_346002.htm"],
        "/cqrb/2026-11/24/002/node.htm", id="page in the folder"),
    pytest.param(
        "https://f.example/shtml/scrb/20261124/v01.html",
        page(anchors(("v01.html", "第01版"), ("v02.html", "第02版"), ("/shtml/scrb/20261124/320711.html", ONE), ("/shtml/scrb/20261124/320719.html", TWO))),
        ["/shtml/scrb/20261124/320711.html", "/shtml/scrb/20261124/320719.html"], "/shtml/scrb/20261124/v02.html", id="v01"),
    pytest.param(
        "http://g.example/dzrb/content/PaperIndex.htm",
        page(anchors(("20261124/PageArticleIndexBC.htm", "第01版：要闻"), ("20261124/Articel01002MT.htm", ONE), ("20261124/Articel01003MT.htm", TWO))),
        ["/dzrb/content/20261124/Articel01002MT.htm", "/dzrb/content/20261124/Articel01003MT.htm"], None, id="whole issue"),
    pytest.param(
        "https://h.example/bjrb/mobile/2026/20261124/20261124_m.html",
        page("<div class='nav-items'><a data-href='./20261124_001/content_20261124_001_1.htm#page0'>", ONE,
             "</a><a data-href='./20261124_001/content_20261124_001_2.htm#page0'>", TWO, "</a></div>"),
        ["/bjrb/mobile/2026/20261124/20261124_001/content_20261124_001_1.htm#page0",
         "/bjrb/mobile/2026/20261124/20261124_001/content_20261124_001_2.htm#page0"], None, id="data-href"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "body", "articles", "following"), LAYOUTS)
def test_a_page_of_an_issue_gives_its_articles_and_the_page_after_it(
    url: str, body: bytes, articles: list[str], following: str | None
) -> None:
    site = "/".join(url.split("/")[:3])
    read = read_list(url, body, None)
    assert read.family == "founder"
    assert [link.url.removeprefix(site) for link in read.links] == articles
    assert [(link.title, link.published) for link in read.links] == [(ONE, DAY), (TWO, DAY)]
    assert read.next_page == (site + following if following else None)


def test_the_last_page_of_an_issue_has_none_after_it() -> None:
    body = page(anchors(("node_01.html", "01"), ("node_02.html", "02"), ("content_12345.html", ONE)))
    assert read_list("https://a.example/html/202611/24/node_02.html", body, None).next_page is None


@pytest.mark.parametrize(
    ("body", "following"),
    [
        (page("<script>window.location.href='202611/24/node_01.html';</script>"), "202611/24/node_01.html"),
        (b"<html><head><meta http-equiv='refresh' content='0;url=202611/24/node_01.html'></head></html>", "202611/24/node_01.html"),
        (page(anchors(("202611/24/node_01.html", "第01版"), ("202611/24/node_02.html", "第02版"))), "202611/24/node_01.html"),
        (page(anchors(("202611/24/node_01.html", "01"), ("202611/24/node_02.html", "02"), ("../content/202611/24/content_81.html", ONE))),
         "202611/24/node_02.html"),
    ],
    ids=["jump by script", "jump by refresh", "a front page of pages", "a front page that shows the first"],
)  # fmt: skip
def test_the_front_page_of_a_paper_leads_into_its_issue(body: bytes, following: str) -> None:
    read = read_list("https://a.example/pc/layout/index.html", body, None, family="founder")
    assert read.next_page == f"https://a.example/pc/layout/{following}"


AREAS = "<map><area coords='1,2' href='/gxrb/html/202611/24/content_7001.html' title='{}'><area coords='3,4' href='/gxrb/html/202611/24/content_7002.html'></map>"


@pytest.mark.parametrize("wrapped", [False, True], ids=["as markup", "inside JSON"])
def test_the_areas_of_an_image_map_are_articles_with_or_without_words(wrapped: bool) -> None:
    html = AREAS.format(ONE)
    body = json.dumps({"code": 0, "data": {"html": html}}).encode() if wrapped else html.encode()
    read = read_list("https://ssw.example/json/interface/epaper/api.php", body, None, family="founder")
    assert [(link.url.rsplit("_")[-1], link.title, link.published) for link in read.links] == [
        ("7001.html", ONE, DAY),
        ("7002.html", "", DAY),
    ]


def test_rows_that_carry_numbers_become_the_addresses_of_their_articles() -> None:
    answer = {
        "jdate": "2026-11-24",
        "data": {
            "pagelist": [
                {"id": 3301, "pnumber": "01", "pname": "头版"},
                {"id": 3302, "pnumber": "02", "pname": "要闻"},
            ],
            "articlelist": [{"id": 441201, "title": ONE}, {"id": 441202, "title": TWO}, {"id": None, "title": "广告"}],
        },
    }
    url = "https://www.jf.example/journal/2026-11-24/getJournalPage.do?code=jfrb&page=01"
    markup = open_markup(url, json.dumps(answer, ensure_ascii=False).encode(), "application/json")
    adapter = detect(markup)
    assert adapter is ADAPTERS["jiefang"]
    assert [(link.url.split("?")[1], link.title, link.published) for link in adapter.links(markup)] == [
        ("code=jfrb&date=2026-11-24&id=441201&page=01", ONE, DAY),
        ("code=jfrb&date=2026-11-24&id=441202&page=01", TWO, DAY),
    ]
    assert adapter.next_page(markup) == url.replace("page=01", "page=02")
    last = open_markup(url.replace("page=01", "page=02"), json.dumps(answer).encode(), None)
    assert adapter.next_page(last) is None


def test_a_sitemap_gives_addresses_and_their_days_without_titles() -> None:
    text = "<?xml version='1.0' encoding='UTF-8'?><urlset><url><loc>https://www.s.example/web/gdxw/2026-11/24/content_5501.html</loc></url></urlset>"
    read = read_list("https://www.s.example/sitemap.xml", text.encode(), "text/xml")
    assert [(link.url.rsplit("/", 1)[-1], link.title, link.published) for link in read.links] == [
        ("content_5501.html", "", DAY)
    ]
