"""The ways that a source's file asks for: certificates told apart, TLS of old, proxies, cookies, address families, known blocks."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from crawler.routes import Routes, by_proxy, objection_to_target
from tests.crawler.crawling import TOP, Place, run_crawl
from tests.crawler.guarded import INNER, OUTER
from tests.proxy import Proxy
from tests.site import Answer, Asked, Site, detail_page, list_page
from tests.tls import Authority, of_old

BODY = "四川省委科技委员会召开第三次会议。\n会议审议通过了若干文件，研究部署下一步工作。\n" * 4


def fill(site: Site, number: int = 2) -> None:
    rows = [(f"/t{n}.html", f"关于第{n}批重点项目的公示", "2024-06-18") for n in range(number)]
    site.answer("/list/", list_page(rows))
    for url, title, day in rows:
        site.answer(url, detail_page(title, BODY, day))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def authority(tmp_path: Path, place: Place) -> Authority:
    folder = tmp_path / "certificates"
    folder.mkdir()
    made = Authority(folder)
    place.environment["SSL_CERT_FILE"] = str(made.bundle)
    return made


@pytest.mark.parametrize(
    ("kind", "verified"),
    [({}, 1), ({"expired": True}, 0), ({"alone": True}, 0), ({"address": "127.0.0.9"}, 0)],
    ids=["valid", "expired", "self-signed", "other-host"],
)
def test_a_capture_says_whether_the_certificate_was_verified(
    place: Place, authority: Authority, kind: dict[str, str], verified: int
) -> None:
    with Site(tls=authority.context(**kind)) as site:  # type: ignore[arg-type]
        fill(site)
        place.source("most", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
    assert counts["documents"] == 2, place.states()
    assert place.rows("select distinct tls_verified, via from capture") == [(verified, None)]


def test_a_capture_over_plain_http_says_nothing_of_a_certificate(place: Place) -> None:
    with Site() as site:
        fill(site)
        place.source("most", site.url("/"), site.url("/list/"))
        run_crawl(place)
    assert place.rows("select distinct tls_verified, via, address from capture") == [(None, None, "127.0.0.1")]


def test_a_server_of_old_is_read_only_for_the_source_that_asks_for_it(place: Place, authority: Authority) -> None:
    with Site(tls=of_old(authority.context())) as old, Site(tls=of_old(authority.context(alone=True))) as alone:
        for site in (old, alone):
            fill(site)
        place.source("old", old.url("/"), old.url("/list/"), tls="legacy")
        place.source("alone", alone.url("/"), alone.url("/list/"), tls="legacy")
        with Site(tls=of_old(authority.context())) as refused:
            place.source("plain", refused.url("/"), refused.url("/list/"))
            run_crawl(place)
            assert refused.asked == []
    states = place.states()
    assert (states["old"][0], states["alone"][0], states["plain"][0]) == ("seen", "seen", "blind")
    assert "no secure connection" in states["plain"][1]
    assert place.rows("select distinct source_id, tls_verified, via from capture order by source_id") == [
        ("alone", 0, "legacy-tls"),
        ("old", 1, "legacy-tls"),
    ]


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_source_is_read_through_its_own_proxy_and_no_other_is(
    place: Place, authority: Authority, secure: bool
) -> None:
    with Proxy() as proxy, Site() as direct, Site(tls=authority.context() if secure else None) as far:
        fill(direct)
        fill(far)
        place.source("direct", direct.url("/"), direct.url("/list/"))
        place.source("far", far.url("/"), far.url("/list/"), egress=f"http://me:s%C3%A9cret@127.0.0.1:{proxy.port}")
        assert run_crawl(place)["documents"] == 4, place.states()
        assert all(f"127.0.0.1:{far.port}" in line for line in proxy.asked)
        asked_first = f"CONNECT 127.0.0.1:{far.port} HTTP/1.1" if secure else f"GET {far.url('/robots.txt')} HTTP/1.1"
        assert proxy.asked[0] == asked_first
        given = f"Proxy-Authorization: Basic {b64encode('me:sécret'.encode()).decode()}"
        assert set(proxy.credentials) == {given}
        assert all("proxy-authorization" not in asked.headers for asked in far.asked)
    told = place.rows("select distinct source_id, via, address, tls_verified from capture order by source_id")
    assert told == [("direct", None, "127.0.0.1", None), ("far", "proxy", None, 1 if secure else None)]


def test_a_proxy_on_the_own_network_is_used_and_the_guard_holds_for_what_is_asked_through_it(place: Place) -> None:
    with Site() as site, Proxy() as proxy:
        fill(site)
        proxy.leads_to = ("127.0.0.1", site.port)
        way = {"egress": f"http://127.0.0.1:{proxy.port}", "delay": None}
        place.source("outer", f"http://{OUTER}/", f"http://{OUTER}/list/", **way)
        place.source("inner", "http://10.0.0.1/", "http://10.0.0.1/list/", **way)
        place.source("literal", f"http://127.0.0.1:{site.port}/", site.url("/list/"), **way)
        subprocess.run(
            [sys.executable, "-m", "tests.crawler.guarded", str(place.folder)], cwd=TOP, timeout=100, check=True
        )
        assert all(OUTER in line for line in proxy.asked)
        assert len(site.paths("/robots.txt")) == 3
    states = place.states()
    assert states["outer"][0] == "seen"
    assert "never asked for" in states["inner"][1]
    assert "never asked for" in states["literal"][1]


def test_the_tls_of_old_opens_no_way_to_private_addresses(place: Place, authority: Authority) -> None:
    with Site(tls=of_old(authority.context(alone=True))) as site:
        fill(site)
        for name, host in {"literal": "127.0.0.1", "named": "localhost"}.items():
            place.source(name, f"https://{host}:{site.port}/", f"https://{host}:{site.port}/list/", tls="legacy")
        subprocess.run(
            [sys.executable, "-m", "tests.crawler.guarded", str(place.folder)], cwd=TOP, timeout=100, check=True
        )
        assert site.asked == []
    assert {state for state, _ in place.states().values()} == {"blind"}
    assert all("never connect" in reason for _, reason in place.states().values()), place.states()


async def test_a_name_that_only_the_proxy_knows_is_left_to_it() -> None:
    assert await objection_to_target("http://no-such-host.invalid/") is None
    assert "not a public address" in (await objection_to_target("http://localhost/") or "")
    assert INNER != OUTER


def test_cookies_go_back_to_their_host_and_only_where_the_column_asks(place: Place) -> None:
    def greeting(asked: Asked) -> Answer:
        headers = (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "sid=42; Path=/"))
        if "sid=42" not in asked.headers.get("cookie", ""):
            return Answer(b"", 302, (*headers, ("Location", "/list/")))
        return Answer(list_page([("/t0.html", "关于第0批重点项目的公示", "2024-06-18")]).encode(), 200, headers)

    with Site() as site, Site() as other, Site() as without:
        fill(site, 1)
        site.script("/list/", greeting)
        for each in (other, without):
            fill(each, 1)
            each.answer(
                "/list/", list_page([("/t0.html", "关于第0批重点项目的公示", "2024-06-18")]), Set_Cookie="sid=7; Path=/"
            )
        place.source("asks", site.url("/"), site.url("/list/"), other.url("/list/"), column={"cookies": True})
        place.source("plain", without.url("/"), without.url("/list/"))
        run_crawl(place)
        assert [(a.path, a.headers.get("cookie")) for a in site.asked] == [
            ("/robots.txt", None),
            ("/list/", None),
            ("/list/", "sid=42"),
            ("/t0.html", "sid=42"),
        ]
        assert [a.headers.get("cookie") for a in other.asked] == [None, None, "sid=7"]
        assert [a.headers.get("cookie") for a in without.asked] == [None, None, None]
        before = len(site.asked)
        run_crawl(place)
        assert site.asked[before].headers.get("cookie") is None


def test_only_addresses_of_the_wanted_family_are_used() -> None:
    from scrapy import Request

    routes = Routes()
    routes.note(Request("http://www.example.gov.cn/", meta={"ip_family": "ipv4"}))
    routes.note(Request("http://six.example.gov.cn/", meta={"ip_family": "ipv6"}))
    found = ["93.184.216.34", "2400:3200::1"]
    assert routes.of_family("www.example.gov.cn", found) == ["93.184.216.34"]
    assert routes.of_family("six.example.gov.cn", found) == ["2400:3200::1"]
    assert routes.of_family("any.example.gov.cn", found) == found


def test_a_host_is_met_over_the_family_that_its_source_asks_for(place: Place) -> None:
    with Site() as site:
        fill(site)
        home = f"http://localhost:{site.port}/"
        place.source("four", home, f"{home}list/", ip_family="ipv4")
        run_crawl(place)
        assert place.states()["four"][0] == "seen"
    place.source("four", "http://127.0.0.1:9/", "http://127.0.0.1:9/list/", ip_family="ipv6")
    run_crawl(place)
    assert place.states()["four"][0] == "blind"


def test_an_unspecific_refusal_is_called_what_the_source_is_known_for(place: Place) -> None:
    with Site() as known, Site() as unknown:
        for site in (known, unknown):
            site.answer("/list/", "<html><body>403</body></html>", 403)
        place.source("known", known.url("/"), known.url("/list/"), block_family="wangsu")
        place.source("unknown", unknown.url("/"), unknown.url("/list/"))
        run_crawl(place)
    told = place.rows("select source_id, block from capture where kind = 'list' order by source_id")
    assert told == [("known", "wangsu"), ("unknown", "forbidden")]


def test_the_name_and_password_of_a_proxy_go_into_its_own_header() -> None:
    from scrapy import Request

    sent = by_proxy(Request("http://www.example.gov.cn/", meta={"egress": "http://me:a%3Ab@proxy.example:3128"}))
    assert sent.meta["proxy"] == "http://proxy.example:3128"
    assert sent.headers["Proxy-Authorization"] == b"Basic " + b64encode(b"me:a:b")
    bare = by_proxy(Request("http://www.example.gov.cn/", meta={"egress": "http://proxy.example:3128"}))
    assert "Proxy-Authorization" not in bare.headers
