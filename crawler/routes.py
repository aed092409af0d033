"""The ways to a source that its file asks for: through a proxy, over one family of addresses, with the TLS of old."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from scrapy import Request

from crawler.guard import refusal

# What of a request's meta says how a host is asked; robots.txt is asked for in the same way as the pages.
SAME_WAY = ("hosts", "source_id", "delay", "egress", "tls", "ip_family", "block_family")
LEGACY_TLS, PROXY = "legacy-tls", "proxy"


class Routes:
    """What the sources of this process say about hosts: proxies that a file names, hosts to be met over one family only."""

    def __init__(self) -> None:
        self._proxies: set[str] = set()
        self._families: dict[str, str] = {}

    def note(self, request: Request) -> None:
        """Remember the way of a request before its host, or its proxy, is looked up."""
        if proxy := request.meta.get("egress"):
            self._proxies.add(_host(proxy))
        if family := request.meta.get("ip_family"):
            self._families[_host(request.url)] = family

    def proxies(self) -> frozenset[str]:
        """The hosts of the proxies that the sources' files name."""
        return frozenset(self._proxies)

    def is_proxy(self, host: str) -> bool:
        """Whether a host is a proxy that a source's file names: it may stand on a private network."""
        return host in self._proxies

    def of_family(self, host: str, addresses: Iterable[str]) -> list[str]:
        """Return those of a host's addresses that may be used."""
        family = self._families.get(host)
        return [address for address in addresses if family is None or family == f"ipv{ip_address(address).version}"]


ROUTES = Routes()


def look_up(host: str) -> list[str]:
    """Ask the system for the addresses of a host, each once; blocks."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))


async def objection_to_target(url: str) -> str | None:
    """Say why a host must not be asked for through a proxy: a name that leads to a private address from here.

    A name that does not resolve here passes: only the proxy knows where it leads, and its operator answers for that.
    """
    host = _host(url)
    try:
        addresses = await asyncio.to_thread(look_up, host)
    except (OSError, UnicodeError):
        return None
    reasons = [reason for address in addresses if (reason := refusal(address))]
    return f"{host} leads to an address that is never asked for: {reasons[0]}" if reasons else None


def by_proxy(request: Request) -> Request:
    """Return the request as the download handlers take it: proxy without user name, which goes into its own header."""
    parts = urlsplit(request.meta["egress"])
    through = request.replace(meta={**request.meta, "proxy": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"})
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        through.headers["Proxy-Authorization"] = b"Basic " + b64encode(user.encode())
    return through


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
