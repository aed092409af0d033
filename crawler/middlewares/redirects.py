"""Follows redirects itself, HTTP and meta refresh alike, within the source's own site; elsewhere they are an observation."""

import re
from html import unescape
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.address_guard import objection
from crawler.outcomes import NotFetched

STATUSES = frozenset({301, 302, 303, 307, 308})
MOST = 5  # RFC 9309 asks for five; a page that needs more is a loop
_REFRESH = re.compile(
    rb"<meta\b[^<>]{0,200}http-equiv\s*=\s*[\"']?refresh[\"']?[^<>]{0,200}?content\s*=\s*[\"']?\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*url\s*=\s*[\"']?([^\"'<>]{1,2000})",
    re.IGNORECASE,
)
_SOON = 10
_LOOKED_AT = 4096


def meta_refresh(body: bytes) -> str | None:
    """Return where a page sends its reader within ten seconds; None for a page that stays, or reloads now and then."""
    found = _REFRESH.search(body[:_LOOKED_AT])
    if not found or int(found[1]) > _SOON:
        return None
    return unescape(found[2].decode("utf-8", "replace")).strip() or None


def target_of(response: Response) -> str | None:
    """Return the absolute address that an answer redirects to; None when it is no redirect."""
    location = response.headers.get("Location")
    if response.status in STATUSES and location:
        return urljoin(response.url, location.decode("utf-8", "replace").strip())
    if response.status == 200 and (refresh := meta_refresh(response.body)):
        target = urljoin(response.url, refresh)
        return None if target.partition("#")[0] == response.url else target
    return None


def is_front_page(url: str) -> bool:
    """Whether an address is a home or error page: a document that redirects there is gone (soft 404)."""
    path = urlsplit(url).path.lower()
    return path in ("", "/") or bool(
        re.fullmatch(r"/(?:index|default|home|404|error)[\w-]*\.(?:s?html?|jsp|aspx?|php)", path)
    )


class Redirects:
    """In place of Scrapy's two redirect middlewares, which follow start requests anywhere (measured on 2.19)."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls()

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request that a redirect asks for; raise NotFetched when it leads astray."""
        target = target_of(response)
        if target is None:
            return response
        passed = (*request.meta.get("passed", ()), request.url)
        if _turns_back(request, target, passed) or len(passed) > MOST:
            raise NotFetched("redirect-loop", f"redirected {len(passed)} times without an end", target=target)
        refused = objection(target, request.meta.get("hosts", ()))
        if refused:
            raise refused
        if request.meta.get("kind") in ("page", "attachment") and is_front_page(target):
            raise NotFetched("soft-404", f"the site answers with its front page: {target[:200]}", target=target)
        return request.replace(url=target, meta={**request.meta, "passed": passed}, priority=request.priority + 1)


def _turns_back(request: Request, target: str, passed: tuple[str, ...]) -> bool:
    # A host that sets its cookie and sends the reader back to the same page means it once.
    return passed.count(target) > (1 if request.meta.get("cookies") else 0)
