"""Cookies of this run and of one host only, and only for columns whose file says `cookies: true`."""

from typing import Any, Self

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.guard import host_key


class Cookies:
    """In place of Scrapy's, which has one jar for all hosts and loads the public suffix list from the network."""

    def __init__(self) -> None:
        self._jars: dict[tuple[str, str], CookieJar] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Send back what the host itself gave us in this run."""
        if request.meta.get("cookies"):
            request.headers.pop("Cookie", None)
            self._jar(request).add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what the host gives us, for as long as the crawl runs."""
        if request.meta.get("cookies"):
            self._jar(request).extract_cookies(response, request)
        return response

    def _jar(self, request: Request) -> CookieJar:
        return self._jars.setdefault((request.meta["source_id"], host_key(request.url)), CookieJar())
