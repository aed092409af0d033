"""Sends one request: asks politeness for the last word, and notes whether the certificate could be verified."""

import asyncio
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.guard import host_key
from crawler.middlewares.politeness import Politeness

UNVERIFIED = "tls-unverified"


class _Trusting:
    """The crawler with one setting changed: certificates are not verified."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self.settings: Settings = crawler.settings.copy()
        self.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="cmdline")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crawler, name)


class CarefulHandler:
    """Verifies certificates first. Where that fails the page is still kept (many of these hosts carry a wrong or expired
    certificate), but its capture says that nobody vouches for it.
    """

    lazy = False

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._strict = HTTP11DownloadHandler(crawler)
        self._trusting: HTTP11DownloadHandler | None = None
        self._unverified: set[str] = set()
        self._turns: dict[str, asyncio.Lock] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> "CarefulHandler":
        """Build it as Scrapy does."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """Return the answer; raise NotFetched when the host must not be asked now."""
        politeness: Politeness = self._crawler.get_downloader_middleware(Politeness)
        # Scrapy 2.19 hands over a lane's whole queue at once when its delay is 0, so one at a time is kept here.
        async with self._turns.setdefault(host_key(request.url), asyncio.Lock()):
            await politeness.admit(request)
            return await self._send(request)

    async def _send(self, request: Request) -> Response:
        key = host_key(request.url)
        if key not in self._unverified:
            try:
                return await self._strict.download_request(request)
            except Exception as error:
                if "certificate verify failed" not in _words(error):
                    raise
                self._unverified.add(key)
        response = await self._without_proof().download_request(request)
        response.flags.append(UNVERIFIED)
        return response

    def _without_proof(self) -> HTTP11DownloadHandler:
        if self._trusting is None:
            self._trusting = HTTP11DownloadHandler(_Trusting(self._crawler))  # type: ignore[arg-type]
        return self._trusting

    async def close(self) -> None:
        """Close the kept-alive connections."""
        await self._strict.close()
        if self._trusting is not None:
            await self._trusting.close()


def _words(error: BaseException) -> str:
    inner = [getattr(reason, "value", reason) for reason in getattr(error, "reasons", ())]
    return " ".join(repr(cause) for cause in (error, error.__cause__, *inner))
