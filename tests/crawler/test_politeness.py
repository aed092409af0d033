"""A host is asked slowly, seldom, and not at all when it says so."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.middlewares.politeness import gap, retry_after
from crawler.middlewares.robots import rules_of, rules_of_failure
from crawler.outcomes import NotFetched
from store.hosts import HELD_FOR, Hosts, owner_name
from store.opening import open_store
from tests.crawler.crawling import Place, run_crawl
from tests.site import Answer, Asked, Site, detail_page, list_page

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
URL = "https://www.most.gov.cn/robots.txt"
PAGE = "https://www.most.gov.cn/kjbgz/t1.html"


@pytest.mark.parametrize(
    ("crawl_delay", "own", "host", "seconds"),
    [
        (None, None, "www.most.gov.cn", 5),
        (2, None, "www.most.gov.cn", 5),
        (10, None, "www.most.gov.cn", 10),
        (None, 0.1, "www.most.gov.cn", 5),
        (None, 0.1, "127.0.0.1", 0.1),
        (2, 0.1, "127.0.0.1", 2),
        (None, None, "127.0.0.1", 5),
        (None, 0.1, "127.0.0.1.nip.io", 5),
    ],
)
def test_the_gap_is_the_longer_of_the_floor_and_the_crawl_delay(
    crawl_delay: float | None, own: float | None, host: str, seconds: float
) -> None:
    assert gap(5, crawl_delay, own, host) == seconds


@pytest.mark.parametrize(
    ("header", "until"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("0", NOW),
        (" 60 ", NOW + timedelta(minutes=1)),
        ("Tue, 24 Nov 2026 09:00:00 GMT", NOW + timedelta(hours=1)),
        ("99999999999", NOW + timedelta(days=2)),
        ("Fri, 31 Dec 2099 23:59:59 GMT", NOW + timedelta(days=2)),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(header: str | None, until: datetime | None) -> None:
    assert retry_after(header, NOW) == until


def answered(status: int, body: str, content_type: str = "text/plain") -> Response:
    kind = HtmlResponse if "html" in content_type else TextResponse
    return kind(URL, status=status, body=body.encode(), headers={"Content-Type": content_type}, encoding="utf-8")


DISALLOW = "User-agent: *\nDisallow: /"


@pytest.mark.parametrize(
    ("response", "allowed", "remarked"),
    [
        (answered(200, ""), True, False),
        (answered(200, "User-agent: *\nDisallow: /admin/"), True, False),
        (answered(200, "User-agent: *\nDisallow: /kjbgz/"), False, False),
        (answered(200, "User-agent: tealeaves\nDisallow: /\nUser-agent: *\nAllow: /"), False, False),
        (answered(200, f"User-agent: other\nDisallow: /\n{DISALLOW}\nUser-agent: tealeaves\nAllow: /"), True, False),
        (answered(200, "\ufeff" + DISALLOW), False, False),
        (answered(200, "x" * 600_000 + "\n" + DISALLOW), True, False),
        (answered(200, f"<html><body>首页</body></html>\n{DISALLOW}", "text/html"), True, True),
        (answered(200, "<html><script>$_ts=window['$_ts']</script></html>", "text/html"), True, True),
        (answered(404, "<h1>404</h1>", "text/html"), True, False),
        (answered(410, ""), True, False),
        (answered(401, ""), True, True),
        (answered(403, "<h1>403</h1>", "text/html"), True, True),
        (answered(412, "<script>$_ts=window</script>", "text/html"), True, True),
        (answered(429, ""), True, True),
        (answered(521, "<script>__jsl_clearance</script>", "text/html"), True, True),
        (answered(500, ""), False, False),
        (answered(502, "<h1>bad gateway</h1>", "text/html"), False, False),
        (answered(503, DISALLOW), False, False),
    ],
)
def test_robots_txt_is_obeyed_as_rfc_9309_says(response: Response, allowed: bool, remarked: bool) -> None:
    rules = rules_of(response)
    assert rules.allows(PAGE) is allowed
    assert bool(rules.remark) is remarked


def test_a_crawl_delay_is_read_for_us_and_junk_is_none() -> None:
    assert rules_of(answered(200, "User-agent: *\nCrawl-delay: 10")).delay == 10
    assert rules_of(answered(200, "User-agent: *\nCrawl-delay: junk")).delay is None
    assert rules_of(answered(200, "")).delay is None


def test_robots_txt_that_leads_astray_is_none_and_an_unreachable_host_is_not_asked() -> None:
    for kind in ("off-site", "redirect-loop"):
        assert rules_of_failure(NotFetched(kind, "leads to another site")).allows(PAGE)
    for error in (DownloadTimeoutError("slow"), CannotResolveHostError("gone")):
        with pytest.raises(type(error)):
            rules_of_failure(error)


@pytest.fixture
def url(tmp_path: Path) -> str:
    place = f"sqlite:///{tmp_path}/store.sqlite"
    open_store(place).dispose()
    return place


def test_the_budget_of_a_day_is_shared_by_all_processes_and_starts_anew_in_china(url: str) -> None:
    first, second = Hosts.open(url, "first"), Hosts.open(url, "second")
    assert first.take("h:80", 20, 30, NOW).requests == 20
    first.release("h:80", NOW)
    assert second.take("h:80", 20, 30, NOW).requests == 10
    assert second.take("h:80", 20, 30, NOW).refusal == "the budget of 30 requests a day is used up"
    assert second.take("h:80", 20, 30, NOW + timedelta(hours=8)).requests == 20  # 00:00 in Shanghai


def test_a_host_is_held_by_one_crawl_at_a_time_until_it_lets_go_or_dies(url: str) -> None:
    first, second = Hosts.open(url, "first"), Hosts.open(url, "second")
    assert first.take("h:80", 20, 500, NOW).requests == 20
    assert "another crawl" in second.take("h:80", 20, 500, NOW).refusal
    assert second.take("h:80", 20, 500, NOW + HELD_FOR).requests == 20


def test_a_host_held_by_a_crawl_that_was_killed_is_free_at_once(url: str) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    machine = owner_name().partition(" ")[0]
    Hosts.open(url, f"{machine} {gone.stdout.strip()} abc").take("h:80", 20, 500, NOW)
    assert Hosts.open(url, owner_name()).take("h:80", 20, 500, NOW).requests == 20


def test_what_is_left_of_a_grant_goes_back_to_the_budget(url: str) -> None:
    hosts = Hosts.open(url, "one")
    for _ in range(10):
        hosts.take("h:80", 20, 100, NOW)
        hosts.release("h:80", NOW, unused=18)
    assert hosts.take("h:80", 100, 100, NOW).requests == 80


def test_a_pause_and_robots_txt_are_known_to_the_next_crawl(url: str) -> None:
    first, second = Hosts.open(url, "first"), Hosts.open(url, "second")
    first.take("h:80", 20, 500, NOW)
    first.keep_robots("h:80", "User-agent: *\nDisallow: /a", NOW)
    first.pause("h:80", NOW + timedelta(hours=1))
    first.release("h:80", NOW)
    assert "left alone until" in second.take("h:80", 20, 500, NOW + timedelta(minutes=59)).refusal
    after = second.take("h:80", 20, 500, NOW + timedelta(hours=2))
    assert (after.robots, after.last_at) == ("User-agent: *\nDisallow: /a", NOW)
    assert second.take("h:80", 20, 500, NOW + timedelta(hours=25)).robots is None


def many_pages(site: Site, number: int) -> None:
    rows = [(f"/t{n}.html", f"关于第{n}批项目的公示通知", "2024-06-18") for n in range(number)]
    site.answer("/list/", list_page(rows))
    for url, title, _ in rows:
        site.answer(url, detail_page(title, "各有关单位：\n现将有关事项通知如下。\n" * 5))


def test_a_crawl_keeps_the_gap_and_one_connection_at_a_time(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 6)
        place.source("slow", site.url("/"), site.url("/list/"), delay=0.3)
        run_crawl(place)
        times = [asked.at for asked in site.asked]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) == 8
    assert times[-1] - times[0] >= 7 * 0.3 - 0.05
    # The clock is the server's: a request that was noticed late makes the next gap look shorter.
    assert min(gaps) >= 0.2


@pytest.mark.long
def test_five_hundred_requests_keep_the_gap(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 498)
        place.source("slow", site.url("/"), site.url("/list/"), delay=0.1)
        run_crawl(place)
        times = [asked.at for asked in site.asked]
    tenths = [later - earlier for earlier, later in zip(times, times[10:], strict=False)]
    assert len(times) == 500
    assert min(tenths) >= 10 * 0.1 - 0.05


def test_a_host_that_says_retry_after_is_not_asked_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 8)
        site.script("/t2.html", lambda asked: Answer(b"slow down", 429, (("Retry-After", "3600"),)))
        place.source("busy", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert site.paths()[-1] == "/t2.html"
        before = len(site.asked)
        run_crawl(place)
        assert len(site.asked) == before
    assert place.rows("select count(*) from page where state='pending' and attempts=0") == [(5,)]
    assert "left alone until" in place.states()["busy"][1]


def test_a_sick_host_is_left_alone_after_three_failures(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 12)
        for n in range(12):
            site.answer(f"/t{n}.html", "broken", 500)
        place.source("sick", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert len(site.asked) == 5  # robots.txt, the list, three failures


def test_what_robots_txt_forbids_is_not_asked_for_and_said(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 3)
        site.answer("/robots.txt", "User-agent: *\nDisallow: /list/", Content_Type="text/plain")
        place.source("closed", site.url("/"), site.url("/list/"))
        counts = run_crawl(place)
        assert site.paths() == ["/robots.txt"]
    assert counts["states"]["blocked"] == 1
    assert place.states()["closed"] == ("blocked", "robots: robots.txt asks us not to read this")


def test_a_crawl_delay_beyond_two_minutes_leaves_the_host_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Site() as site:
        many_pages(site, 3)
        site.answer("/robots.txt", "User-agent: *\nCrawl-delay: 300", Content_Type="text/plain")
        place.source("patient", site.url("/"), site.url("/list/"))
        run_crawl(place)
        assert site.paths() == ["/robots.txt"]
    assert "300 s between requests" in place.states()["patient"][1]


def test_a_site_learns_nothing_but_who_we_are(tmp_path: Path) -> None:
    place = Place(tmp_path, {"TEALEAVES_CONTACT_URL": "https://example.org/about"})

    def redirected(asked: Asked) -> Answer:
        return Answer(b"", 302, (("Location", "/t1.html"), ("Set-Cookie", "session=1")))

    with Site() as site:
        many_pages(site, 3)
        site.script("/t0.html", redirected)
        place.source("watched", site.url("/"), site.url("/list/"))
        run_crawl(place)
        sent = {name for asked in site.asked for name in asked.headers}
        agents = {asked.headers["user-agent"] for asked in site.asked}
    assert sent == {"host", "user-agent", "accept", "accept-language", "accept-encoding"}
    assert agents == {"tealeaves/0.1.0 (+https://example.org/about)"}
