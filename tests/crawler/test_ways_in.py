"""Forty private addresses, eight ways that a page could lead us to each: none of them ends in a connection."""

from collections.abc import Callable

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from twisted.internet import defer

from crawler.guard import oddity
from crawler.items import Attachment, Link
from crawler.middlewares.address_guard import AddressGuard
from crawler.middlewares.redirects import Redirects
from crawler.outcomes import NotFetched
from crawler.resolver import GuardedResolver
from crawler.sites import files_to_fetch
from crawler.spiders.walk import own_rows
from tests.crawler.test_guard import PRIVATE, PUBLIC, Receiver

HOME = "https://www.most.gov.cn/"
FORTY = [*(address for address in PRIVATE if "%" not in address), "127.255.255.254"]


def address_of(ip: str) -> str:
    return f"http://[{ip}]/latest/" if ":" in ip else f"http://{ip}/latest/"


def reached(request: Request) -> bool:
    """Whether a request passes the guard and its host is then handed an address to connect to."""
    AddressGuard().process_request(request)
    receiver = Receiver()
    host = request.url.partition("://")[2].partition("/")[0].strip("[]")
    Literal(host).resolveHostName(receiver, host, 80)
    return bool(receiver.addresses)


class Literal(GuardedResolver):
    """Resolves a literal to itself, as the system does."""

    def __init__(self, host: str) -> None:
        super().__init__(None, allow_private=False)
        self._host = host

    def _addresses(self, host: str) -> "defer.Deferred[list[str]]":
        return defer.succeed([self._host])


def asking(kind: str, url: str, *homes: str) -> Request:
    return Request(url, meta={"kind": kind, "hosts": homes or (HOME,)})


def redirected(kind: str, status: int, target: str, path: str = "t1.html") -> bool:
    body = f"<meta http-equiv='refresh' content='0;url={target}'>".encode() if status == 200 else b""
    headers = {} if status == 200 else {"Location": target}
    request = asking(kind, f"{HOME}{path}", HOME, target)  # the worst case: its host is one of the source's own
    response = HtmlResponse(request.url, status=status, headers=headers, body=body, encoding="utf-8")
    followed = Redirects().process_response(request, response)
    return isinstance(followed, Request) and reached(followed)


def behind_a_row(target: str) -> bool:
    rows = own_rows([Link(target, "关于内部网页的通知")], (HOME, target)).links
    return any(reached(asking("page", row.url, HOME, target)) for row in rows)


def behind_a_file(target: str) -> bool:
    files, _ = files_to_fetch([Attachment(target, "附件.pdf")], (HOME, target))
    return any(reached(asking("attachment", file.url, HOME, target)) for file in files)


WAYS: dict[str, Callable[[str], bool]] = {
    "direct": lambda target: reached(asking("page", target, target)),
    "301": lambda target: redirected("page", 301, target),
    "302": lambda target: redirected("list", 302, target),
    "307": lambda target: redirected("attachment", 307, target),
    "meta refresh": lambda target: redirected("page", 200, target),
    "robots.txt": lambda target: redirected("robots", 302, target, "robots.txt"),
    "row of a list": behind_a_row,
    "file of a page": behind_a_file,
}


def outcome(way: Callable[[str], bool], target: str) -> bool:
    try:
        return way(target)
    except NotFetched:
        return False


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_private_address(way: str) -> None:
    assert len(FORTY) == 40
    assert [ip for ip in FORTY if outcome(WAYS[way], address_of(ip))] == []


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_a_public_address_of_the_source(way: str) -> None:
    assert len(PUBLIC) == 20
    assert [ip for ip in PUBLIC if not outcome(WAYS[way], address_of(ip))] == []


SCHEMES = ("file", "ftp", "data", "s3", "gopher", "javascript", "view-source", "ws", "dict", "jar", "mailto", "blob")
INSIDE = ("127.0.0.1", "169.254.169.254", "localhost", "10.0.0.1", "[::1]", "192.168.0.1")
ODD = (
    *(f"{scheme}://www.most.gov.cn/a" for scheme in SCHEMES),
    *(f"http://{inner}\\@www.most.gov.cn/" for inner in INSIDE),
    *(f"http://www.most.gov.cn\\@{inner}/" for inner in INSIDE),
    *(f"http://www.most.gov.cn@{inner}/" for inner in INSIDE),
    *(f"http://user:word@{inner}/" for inner in INSIDE),
    *(f"http://www{sign}most{sign}gov{sign}cn/" for sign in ("。", "．", "｡", "\\", " ", "\t")),
    *(f"http://www.most.gov.cn/{chr(code)}a" for code in (0, 1, 8, 9, 10, 13, 27, 31, 127)),
    *(
        "http://www.most.gov.cn:0/",
        "http://www.most.gov.cn:99999/",
        "http://www.most.gov.cn:x/",
        "http://:80/",
        "http://",
    ),
    *("//www.most.gov.cn/", "http:www.most.gov.cn", "http://[::1", "http://a..gov.cn/"),
)


def test_sixty_odd_addresses_are_refused_and_none_breaks_the_guard() -> None:
    assert len(set(ODD)) >= 60
    assert [url for url in ODD if oddity(url) is None] == []
