"""Twenty-five ways in which a source goes dark without an error, each an alarm on the first run; healthy ones raise none."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.crawler.crawling import Place, run_crawl
from tests.site import Site, detail_page, list_page

BODY = "四川省委科技委员会召开第三次会议。\n会议审议通过了若干文件，研究部署下一步工作。\n" * 4
TODAY = date.today()  # noqa: DTZ011 - the crawl runs by the clock of this machine
HEALTHY = 10
SHELL = "<html><head><title>x</title></head><body><div id='app'></div><script src='/app.js'></script></body></html>"
LOGIN = "<html><head><title>统一身份认证</title></head><body><form>请登录<input type='password' name='p'></form></body></html>"
RUISHU = "<html><head><meta r='m'><script r='m'>$_ts=window['$_ts'];</script></head><body></body></html>"


def days(number: int, last: date = TODAY, gap: int = 2) -> list[str]:
    return [str(last - timedelta(days=gap * n)) for n in range(number)]


def rows(shown: list[str], prefix: str = "t") -> list[tuple[str, str, str]]:
    return [(f"/{prefix}{n}.html", f"关于第{n}批重点项目的公示", day) for n, day in enumerate(shown)]


def said(words: str) -> str:
    return f"<html><head><title>{words}</title></head><body><p>{words}</p></body></html>"


def answers(elsewhere: Site) -> dict[str, tuple[str, int, dict[str, str]]]:
    """What each list answers after its site was changed: body, status, headers."""
    frozen = days(12, TODAY - timedelta(days=400))
    return {
        "empty": (list_page([]), 200, {}),
        "without-anything": ("", 200, {}),
        "drawn-by-scripts": (SHELL, 200, {}),
        "behind-a-login": (LOGIN, 200, {}),
        "moved-host": ("", 302, {"Location": elsewhere.url("/list/")}),
        "moved-host-by-meta": (f"<meta http-equiv='refresh' content='0;url={elsewhere.url('/l/')}'>", 200, {}),
        "moved-list": (said("404"), 404, {}),
        "given-up": (said("410"), 410, {}),
        "turns-in-circles": ("", 302, {"Location": "/circle/"}),
        "selector-broken": (list_page(rows(days(12))).replace("class='list'", "class='neu'"), 200, {}),
        "ruishu": (RUISHU, 412, {}),
        "jiasule": ("<script>document.cookie='__jsl_clearance'</script>", 521, {}),
        "firewall": (said("您的访问请求被拦截"), 403, {}),
        "firewall-that-says-200": (said("您的访问请求可能存在威胁，已被拦截"), 200, {}),
        "wrong-region": (said("您的IP所在区域不允许访问"), 403, {}),
        "captcha": (said("请完成滑块验证"), 200, {}),
        "parked": (said("Welcome to nginx!"), 200, {}),
        "error-in-json": ('{"code": 500, "msg": "系统异常", "data": null}', 200, {"Content-Type": "application/json"}),
        "fewer-than-expected": (list_page(rows(days(3))), 200, {}),
        "cut-to-a-third": (list_page(rows(days(4))), 200, {}),
        "days-gone": (list_page([(url, title, "") for url, title, _ in rows(days(12))]), 200, {}),
        "days-to-come": (list_page(rows(days(12, TODAY + timedelta(days=300)))), 200, {}),
        "frozen": (list_page(rows(frozen)), 200, {}),
        "rows-lead-elsewhere": (list_page([(elsewhere.url(u), t, d) for u, t, d in rows(days(12))]), 200, {}),
        "pages-blocked": (list_page([*rows(days(3), "blocked"), *rows(days(12))]), 200, {}),
    }


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def source(place: Place, site: Site, name: str) -> None:
    expect = {"min_links": 5} if name == "fewer-than-expected" else {"quiet_after": "90d"} if name == "frozen" else {}
    select = {"links": "ul.list a"} if name == "selector-broken" else {}
    place.source(name, site.url("/"), site.url(f"/{name}/"), expect=expect, select=select)


def raised(place: Place) -> dict[str, str]:
    """The alarms that stand: the word of the reason for each source."""
    query = "select subject, reason from alarm where raised_at is not null and cleared_at is null"
    return {subject: reason.split(":")[0] for subject, reason in place.rows(query)}


def test_each_of_twenty_five_sabotaged_sources_alarms_on_the_first_run_and_no_healthy_one_does(place: Place) -> None:
    with Site() as site, Site() as elsewhere:
        broken = answers(elsewhere)
        assert len(broken) == 25
        healthy = [f"healthy-{n}" for n in range(HEALTHY)]
        for url, title, day in [*rows(days(12)), *rows(days(3), "blocked")]:
            site.answer(url, detail_page(title, BODY, day) if "blocked" not in url else said("访问被拦截"), 200)
        for name in (*healthy, *broken):
            source(place, site, name)
            site.answer(f"/{name}/", list_page(rows(days(12))))
        site.answer("/circle/", "", 302, Location="/circle/2/")
        site.answer("/circle/2/", "", 302, Location="/circle/")

        run_crawl(place)
        assert raised(place) == {}

        for name, (body, status, headers) in broken.items():
            site.answer(f"/{name}/", body, status, **{key.replace("-", "_"): value for key, value in headers.items()})
        run_crawl(place)
        alarms = raised(place)
        assert sorted(set(broken) - set(alarms)) == []
        assert sorted(set(alarms) - set(broken)) == []
    # A list that fails says nothing about its pages: none of them is called missing or removed.
    assert place.rows("select count(*) from event") == [(0,)]
    assert place.rows("select count(*) from page where missing_since is not null or removed_at is not null") == [(0,)]
    assert place.rows("select count(*) from alarm") == [(25,)]
