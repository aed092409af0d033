"""Sends one request in its source's way: asks politeness for the last word, and notes whether a certificate was verified."""

import asyncio
from typing import Any, Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.configured import config_of
from crawler.guard import host_key
from crawler.middlewares.politeness import Politeness
from crawler.outcomes import NotFetched
from crawler.routes import LEGACY_TLS, PROXY, ROUTES, by_proxy, objection_to_target

UNVERIFIED = "tls-unverified"
# OpenSSL's words for a bad chain, service_identity's and OpenSSL's for a certificate of another host.
_NO_PROOF = ("certificate verify failed", "VerificationError", "DNSMismatch", "IPAddressMismatch")


class _Sender(Protocol):
    async def download_request(self, request: Request) -> Response: ...

    async def close(self) -> None: ...


class _Changed:
    """The crawler with some settings changed: what a download handler takes its TLS from."""

    def __init__(self, crawler: Any, changes: dict[str, Any]) -> None:
        self._crawler = crawler
        self.settings: Settings = crawler.settings.copy()
        self.settings.frozen = False  # the copy of a running crawl's settings comes frozen
        for name, value in changes.items():
            self.settings.set(name, value, priority="cmdline")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crawler, name)


class CarefulHandler:
    """Verifies certificates first. Where that fails the page is still kept (many of these hosts carry a wrong or expired
    certificate), but its capture says that nobody vouches for it.
    """

    lazy = False

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        # Opened now: a first request that leaves late shortens the gap to the second.
        self._senders: dict[tuple[bool, bool], _Sender] = {(False, True): _open(crawler, legacy=False, verify=True)}
        self._unverified: set[str] = set()
        self._objections: dict[str, str | None] = {}
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
            ROUTES.note(request)
            if not request.meta.get("egress"):
                return await self._send(request)
            await self._check_target(request.url)
            response = await self._send(by_proxy(request))
            response.flags.append(PROXY)
            return response

    async def _check_target(self, url: str) -> None:
        key = host_key(url)
        if key not in self._objections:
            allowed = config_of(self._crawler.settings).allow_private_addresses
            self._objections[key] = None if allowed else await objection_to_target(url)
        if reason := self._objections[key]:
            raise NotFetched("private-address", reason)

    async def _send(self, request: Request) -> Response:
        secure = request.url.startswith("https:")
        legacy = secure and request.meta.get("tls") == "legacy"
        response = (
            await self._sent(request, legacy) if secure else await self._sender(False, True).download_request(request)
        )
        if legacy:
            response.flags.append(LEGACY_TLS)
        return response

    async def _sent(self, request: Request, legacy: bool) -> Response:
        key = host_key(request.url)
        if key not in self._unverified:
            try:
                return await self._sender(legacy, True).download_request(request)
            except (
                Exception
            ) as error:  # Twisted's, OpenSSL's and aiohttp's have no common class; what is not meant goes on
                if not any(words in _words(error) for words in _NO_PROOF):
                    raise
                self._unverified.add(key)
        response = await self._sender(legacy, False).download_request(request)
        response.flags.append(UNVERIFIED)
        return response

    def _sender(self, legacy: bool, verify: bool) -> _Sender:
        if (legacy, verify) not in self._senders:
            self._senders[legacy, verify] = _open(self._crawler, legacy, verify)
        return self._senders[legacy, verify]

    async def close(self) -> None:
        """Close the kept-alive connections."""
        for sender in self._senders.values():
            await sender.close()


def _open(crawler: Any, legacy: bool, verify: bool) -> _Sender:
    changes: dict[str, Any] = {"DOWNLOAD_VERIFY_CERTIFICATES": verify}
    if legacy:
        from crawler.legacy import SETTINGS, LegacyHandler  # aiohttp is loaded for the few sources that need it

        return LegacyHandler(_Changed(crawler, {**changes, **SETTINGS}))
    return HTTP11DownloadHandler(_Changed(crawler, changes))  # type: ignore[arg-type]


def _words(error: BaseException) -> str:
    inner = [getattr(reason, "value", reason) for reason in getattr(error, "reasons", ())]
    return " ".join(repr(cause) for cause in (error, error.__cause__, *inner))
