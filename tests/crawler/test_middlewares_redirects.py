"""Redirects are followed within the site and told elsewhere; a walk knows where to stop."""

from datetime import date

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.items import Link
from crawler.middlewares.redirects import Redirects, is_front_page, meta_refresh
from crawler.outcomes import NotFetched
from crawler.spiders.walk import Walk, own_rows

HOME = "https://www.most.gov.cn/"
PAGE = f"{HOME}kjbgz/t1.html"


def answer(request: Request, status: int = 302, location: str = "", body: str = "") -> Request | Response:
    headers = {"Location": location} if location else {}
    response = HtmlResponse(request.url, status=status, headers=headers, body=body.encode(), encoding="utf-8")
    return Redirects().process_response(request, response)


def asking(url: str = PAGE, kind: str = "page", **meta: object) -> Request:
    return Request(url, meta={"hosts": (HOME,), "kind": kind, **meta})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/kjbgz/t2.html", "./t2.html", "https://most.gov.cn/t2.html", "//www.most.gov.cn/t2.html"]
)
def test_a_redirect_within_the_site_is_followed(status: int, location: str) -> None:
    followed = answer(asking(), status, location)
    assert isinstance(followed, Request)
    assert followed.url.endswith("t2.html")
    assert followed.meta["passed"] == (PAGE,)


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://www.gov.cn/a.html", "off-site"),
        ("http://127.0.0.1/", "off-site"),
        ("http://169.254.169.254/latest/meta-data/", "off-site"),
        ("http://[::1]/", "off-site"),
        ("http://127.0.0.1\\@www.most.gov.cn/", "odd-address"),
        ("http://user@www.most.gov.cn/", "odd-address"),
        ("file:///etc/passwd", "odd-address"),
        ("data:text/html,x", "odd-address"),
        ("javascript:alert(1)", "odd-address"),
        (PAGE, "redirect-loop"),
        (HOME, "soft-404"),
        (f"{HOME}index.html", "soft-404"),
        (f"{HOME}404.html", "soft-404"),
    ],
)
def test_a_redirect_that_leads_astray_is_not_followed(location: str, kind: str) -> None:
    with pytest.raises(NotFetched) as stopped:
        answer(asking(), 302, location)
    assert stopped.value.outcome.kind == kind


def test_a_list_may_be_moved_to_the_front_page() -> None:
    assert isinstance(answer(asking(kind="list"), 302, HOME), Request)


def test_the_sixth_redirect_is_not_followed() -> None:
    passed = tuple(f"{HOME}{number}.html" for number in range(5))
    with pytest.raises(NotFetched, match="without an end"):
        answer(asking(passed=passed), 302, "/kjbgz/t9.html")


@pytest.mark.parametrize(
    ("head", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/new/">', "/new/"),
        ("<META HTTP-EQUIV=Refresh CONTENT='3; URL=https://www.gov.cn/'>", "https://www.gov.cn/"),
        ('<meta http-equiv="refresh" content="0; url=/a?b=1&amp;c=2">', "/a?b=1&c=2"),
        ('<meta http-equiv="refresh" content="300;url=/new/">', None),
        ('<meta http-equiv="refresh" content="5">', None),
        ('<meta name="refresh" content="0;url=/new/">', None),
        ("", None),
    ],
)
def test_a_meta_refresh_is_a_redirect_when_it_comes_soon(head: str, target: str | None) -> None:
    assert meta_refresh(f"<html><head>{head}</head></html>".encode()) == target


def test_a_meta_refresh_meets_the_same_guard() -> None:
    with pytest.raises(NotFetched, match="another site"):
        answer(asking(), 200, body='<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">')
    with pytest.raises(NotFetched, match="file"):
        answer(asking(), 200, body='<meta http-equiv="refresh" content="0;url=file:///etc/passwd">')
    here = answer(asking(), 200, body=f'<meta http-equiv="refresh" content="5;url={PAGE}">')
    assert isinstance(here, Response)


def test_only_the_root_and_its_error_pages_are_front_pages() -> None:
    assert is_front_page(HOME)
    assert not is_front_page(f"{HOME}kjbgz/index.html")


def links(*urls: str, day: date | None = None) -> tuple[Link, ...]:
    return tuple(Link(url, f"标题{number}", day) for number, url in enumerate(urls))


def test_rows_of_other_sites_are_told_and_not_fetched() -> None:
    rows = own_rows(
        links(PAGE, "https://www.gov.cn/a.html", "http://u@most.gov.cn/", "https://mp.weixin.qq.com/s"), (HOME,)
    )
    assert [link.url for link in rows.links] == [PAGE]
    assert {issue.kind for issue in rows.issues} == {"off-site-links", "odd-address"}


def test_pinned_rows_at_the_top_do_not_stop_the_walk() -> None:
    walk = Walk(pages=2, first_visit=False)
    page = links("pinned", "new1", "new2")
    assert walk.goes_on(1, page, {"new1", "new2"})
    assert not walk.goes_on(1, links("pinned", "new1", "old"), {"new1"})
    assert not walk.goes_on(1, page, set())


def test_a_first_visit_walks_as_many_pages_as_the_file_says() -> None:
    walk = Walk(pages=3, first_visit=True)
    assert [walk.goes_on(number, links("a", "b"), set()) for number in (1, 2, 3)] == [True, True, False]
    assert not walk.goes_on(1, (), set())


def test_a_walk_back_goes_on_until_its_day() -> None:
    walk = Walk(pages=2, first_visit=False, since=date(2024, 1, 1))
    assert walk.goes_on(7, links("a", "b", day=date(2024, 1, 1)), set())
    assert not walk.goes_on(7, links("a", "b", day=date(2023, 12, 31)), set())
    assert not walk.goes_on(50, links("a", "b", day=date(2024, 6, 1)), set())
