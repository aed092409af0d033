"""A list page that a script fills is followed to its data, family by family; it is blind only when that is empty too."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from tests.crawler.crawling import Place, run_crawl
from tests.site import Answer, Asked, Site, detail_page, list_page

BODY = "四川省委科技委员会召开第三次会议。\n会议审议通过了若干文件，研究部署下一步工作。\n" * 4
TITLES = [f"关于第{n}批重点项目的公示" for n in range(1, 4)]
HEX = "0123456789abcdef0123456789abcde"
NAVIGATION = "<div class='nav'><a href='/'>首页</a><a href='/zwgk/'>政务公开</a><a href='/hd/'>互动交流</a></div>"

JPAAS = f"""<html><head><title>通知公告</title></head><body>{NAVIGATION}<div id="list"></div>
<script parseType="bulidstatic" tagId="list" url="/api-gateway/jpaas-publish-server/front/page/build/unit"
querydata="{{'parseType':'bulidstatic','webId':'w1','tplSetId':'t1','pageType':'column','tagId':'list','pageId':'p1'}}"></script>
</body></html>"""
XINHUA = f"""<html><head><title>要闻</title></head><body>{NAVIGATION}
<ul class="list" datatype="ds" data="datasource:{HEX}0"></ul></body></html>"""
GKMLPT = """<!DOCTYPE html><html><head><title>政府信息公开</title><script>window._CONFIG = {SID: "755001"}</script></head>
<body><noscript>请开启 JavaScript</noscript><div id="app"></div><script src="/gkmlpt/static/app.js"></script></body></html>"""
HANWEB = f"""<html><head><title>工作动态</title></head><body>{NAVIGATION}<div id="12345"></div>
<script src="/script/jpage.js"></script><script>$("#12345").jpage({{ proxyUrl : '/module/web/jpage/dataproxy.jsp', perPage : 15,
webid:'1', columnid:'82540', unitid:'345950', totalRecord : 3 }});</script></body></html>"""


def jpaas_data(rows: list[tuple[str, str]]) -> str:
    items = "".join(
        f"<li><a href='{url}' title='{title}'>{title}</a><span>2024-06-18</span></li>" for url, title in rows
    )
    return json.dumps({"success": True, "data": {"html": f"<ul count='{len(rows)}'>{items}</ul>"}})


def xinhua_data(rows: list[tuple[str, str]]) -> str:
    entries = [{"publishUrl": url, "showTitle": title, "publishTime": "2024-06-18 10:00:00"} for url, title in rows]
    return json.dumps({"datasource": entries})


def gkmlpt_data(rows: list[tuple[str, str]]) -> str:
    return json.dumps(
        {"articles": [{"url": url, "title": title, "date": 1718676000} for url, title in rows], "total": len(rows)}
    )


def hanweb_data(rows: list[tuple[str, str]]) -> str:
    records = "".join(
        f"<record><![CDATA[<li><a href='{url}' title='{title}'>{title}</a><span>2024-06-18</span></li>]]></record>"
        for url, title in rows
    )
    return f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"


FAMILIES: dict[str, tuple[str, str, str, str, Callable[[list[tuple[str, str]]], str]]] = {
    "jpaas": ("/col/tzgg/index.html", JPAAS, "/api-gateway/", "/art/2024/art_%s%d.html", jpaas_data),
    "xinhua": ("/yw/index.html", XINHUA, f"/yw/ds_{HEX}0.json", "/20240618/%s%d/c.html", xinhua_data),
    "gkmlpt": ("/gkmlpt/index", GKMLPT, "/gkmlpt/api/all/0", "/gkmlpt/content/4/4%.0s66/post_466%d.html", gkmlpt_data),
    "hanweb": ("/col/col82540/index.html", HANWEB, "/module/web/jpage/", "/art/2024/6/18/art_82540%.0s_%d.html", hanweb_data),
}  # fmt: skip


class Shell:
    """A site whose list page holds no rows, with the data beside it."""

    def __init__(self, site: Site, family: str) -> None:
        self.site, self.family = site, family
        self.path, page, self.data, self.document, self.make = FAMILIES[family]
        self.site.validated(self.path, page, '"shell"')

    def fill(self, number: int) -> None:
        rows = []
        for n in range(number):
            path, title = self.document % (HEX, n), f"关于第{n + 1}批重点项目的公示"
            rows.append((self.site.url(path), title))
            self.site.answer(path, detail_page(title, BODY))
        kind = "application/json" if self.family != "hanweb" else "text/xml"
        answer = Answer(self.make(rows).encode(), 200, (("Content-Type", f"{kind};charset=utf-8"),))
        self.site.respond = self._with_data(answer)  # type: ignore[method-assign]

    def _with_data(self, answer: Answer) -> Callable[[Asked], Answer]:
        def respond(asked: Asked) -> Answer:
            found = Site.respond(self.site, asked)
            return answer if asked.path.startswith(self.data) else found

        return respond

    def lists_since(self, before: int) -> list[str]:
        asked = [path.partition("?")[0] for path in self.site.paths()[before:]]
        return [path for path in asked if path == self.path or path.startswith(self.data)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_page_without_rows_is_followed_to_its_data_at_every_visit(place: Place, family: str) -> None:
    with Site() as site:
        shell = Shell(site, family)
        shell.fill(3)
        column = {"family": family, "referer": True, "pages": 1}
        # Its rows are of 2024, which is long ago: without a word in its file the list would be called frozen.
        place.source("most", site.url("/"), site.url(shell.path), column=column, expect={"quiet_after": "9999d"})
        counts = run_crawl(place)
        assert (counts["documents"], counts["states"]["seen"]) == (3, 1)
        referers = {a.path.partition("?")[0]: a.headers.get("referer") for a in site.asked}
        data = next(path for path in referers if path.startswith(shell.data))
        assert referers[data] == site.url(shell.path)
        assert referers[shell.document % (HEX, 1)] == site.url(shell.path)
        assert referers["/robots.txt"] is None
        assert "zero-links" not in place.issues()

        before = len(site.asked)
        assert run_crawl(place)["states"]["quiet"] == 1
        assert shell.lists_since(before) == [shell.path, data]

        before = len(site.asked)
        shell.fill(4)
        assert run_crawl(place)["documents"] == 1
        assert shell.lists_since(before)[:2] == [shell.path, data]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_column_is_blind_when_its_data_is_empty_too(place: Place, family: str) -> None:
    with Site() as site:
        shell = Shell(site, family)
        shell.fill(0)
        place.source("most", site.url("/"), site.url(shell.path), column={"family": family})
        counts = run_crawl(place)
    assert counts["states"]["blind"] == 1, place.states()
    assert "zero-links" in place.issues()


def test_no_referer_is_sent_where_the_file_does_not_ask_for_it(place: Place) -> None:
    with Site() as site:
        shell = Shell(site, "jpaas")
        shell.fill(2)
        place.source("most", site.url("/"), site.url(shell.path), column={"family": "jpaas"})
        run_crawl(place)
        assert [asked.headers.get("referer") for asked in site.asked] == [None] * len(site.asked)


def test_a_list_that_is_asked_with_json_is_walked_by_the_page_number_in_it(place: Place) -> None:
    with Site() as site:
        for n in range(6):
            site.answer(f"/art/2024/6/18/art_1_{n}.html", detail_page(f"关于第{n}批重点项目的公示", BODY))

        def data(asked: Asked) -> Answer:
            number = json.loads(asked.body)["current"]
            rows = [
                {
                    "url": f"/art/2024/6/18/art_1_{n}.html",
                    "title": f"关于第{n}批重点项目的公示",
                    "pubDate": "2024-06-18",
                }
                for n in range(2 * number - 2, 2 * number)
            ]
            return Answer(
                json.dumps({"data": {"results": rows, "total": 6}}).encode(),
                200,
                (("Content-Type", "application/json"),),
            )

        site.script("/queryList", data)
        column = {"family": "jpaas", "method": "POST", "pages": 2, "payload": {"current": 1, "unitid": "9"}}
        place.source("most", site.url("/"), site.url("/queryList"), column=column)
        assert run_crawl(place)["documents"] == 4
        posts = [asked for asked in site.asked if asked.method == "POST"]
        assert [json.loads(asked.body) for asked in posts] == [
            {"current": 1, "unitid": "9"},
            {"current": 2, "unitid": "9"},
        ]
        assert {asked.headers["content-type"] for asked in posts} == {"application/json"}


def test_a_list_that_is_asked_with_a_form_is_read(place: Place) -> None:
    with Site() as site:
        site.answer(
            "/loadData", list_page([("/t1.html", TITLES[0], "2024-06-18"), ("/t2.html", TITLES[1], "2024-06-18")])
        )
        site.answer("/t1.html", detail_page(TITLES[0], BODY))
        site.answer("/t2.html", detail_page(TITLES[1], BODY))
        column = {"method": "POST", "pages": 1, "form": {"pageIndex": "1", "kind": "公告"}}
        place.source("most", site.url("/"), site.url("/loadData"), column=column)
        assert run_crawl(place)["documents"] == 2
        sent = next(asked for asked in site.asked if asked.method == "POST")
    assert parse_qs(sent.body.decode()) == {"pageIndex": ["1"], "kind": ["公告"]}


def test_an_epaper_is_asked_for_the_day_in_china(place: Place) -> None:
    # 30 hours on, whatever the hour: the issue of that day, and nothing of today's.
    moved = timedelta(hours=30)
    day = (datetime.now(UTC) + moved).astimezone(ZoneInfo("Asia/Shanghai"))
    folder = f"/pc/layout/{day:%Y%m}/{day:%d}"
    with Site() as site:
        pages = [f"/pc/content/{day:%Y%m}/{day:%d}/content_{n}.html" for n in range(3)]
        site.answer(
            f"{folder}/node_01.html", list_page([(url, f"第{n}版要闻通讯稿件", "") for n, url in enumerate(pages)])
        )
        for n, url in enumerate(pages):
            site.answer(url, detail_page(f"第{n}版要闻通讯稿件", BODY))
        place.environment["TEALEAVES_CLOCK_SHIFT"] = "PT30H"
        url = site.url("/pc/layout/{YYYYMM}/{DD}/node_01.html")
        place.source("daily", site.url("/"), url, column={"family": "founder", "referer": True})
        assert run_crawl(place)["documents"] == 3, place.states()
        referers = {asked.headers.get("referer") for asked in site.asked if "/content/" in asked.path}
    assert referers == {site.url(f"{folder}/node_01.html")}
    assert {urlsplit(asked.path).path for asked in site.asked} == {"/robots.txt", f"{folder}/node_01.html", *pages}
