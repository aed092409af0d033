"""Speaks the TLS of old to hosts whose source says `tls: legacy`; as well guarded as every other connection."""

import errno
import socket
from typing import Any

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse

from crawler.configured import config_of
from crawler.guard import REFUSED, refusal
from crawler.routes import ROUTES, look_up

# Twisted's OpenSSL ignores the security level: servers with 1024-bit keys or TLS 1.0 fail whatever the cipher string says;
# Python's own takes it (measured on both).
SETTINGS = {"DOWNLOADER_CLIENT_TLS_CIPHERS": "DEFAULT:@SECLEVEL=0", "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.0"}
_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT has a name since Python 3.12 only


class LegacyHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler, whose every socket passes the address guard: aiohttp does not ask Twisted's resolver."""

    experimental = False

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._ssl_context.options |= _LEGACY_SERVER_CONNECT
        # BAD_ECPOINT of sz.gov.cn: its hosts fail unless this is the only curve on offer.
        self._ssl_context.set_ecdh_curve("prime256v1")
        self._unguarded = self._session
        self._allow_private = config_of(crawler.settings).allow_private_addresses
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit_per_host=1, socket_factory=self._guarded_socket, resolver=_Resolver(), force_close=True
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    def _guarded_socket(self, address: Any) -> socket.socket:
        """Open the socket of one connection attempt; raise OSError for an address that is never connected to."""
        family, kind, protocol, _, place = address
        reason = None if self._allow_private or _of_proxy(place[0]) else refusal(place[0])
        if reason:
            raise OSError(errno.EACCES, f"{REFUSED}{reason}")
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        return opened

    async def close(self) -> None:
        """Close both sessions; the one that Scrapy made was never used."""
        await self._unguarded.close()
        await super().close()


class _Resolver(aiohttp.ThreadedResolver):
    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[Any]:
        found = await super().resolve(host, port, family)
        allowed = set(ROUTES.of_family(host, [entry["host"] for entry in found]))
        return [entry for entry in found if entry["host"] in allowed]


def _of_proxy(address: str) -> bool:
    return any(address in look_up(proxy) for proxy in ROUTES.proxies())
