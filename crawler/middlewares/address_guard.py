"""Lets only plain addresses of the source's own hosts pass, whoever asks: pages, robots.txt, redirects, retries."""

from typing import Any, Self

from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError

from crawler.guard import REFUSED, oddity, on_site
from crawler.outcomes import NotFetched
from crawler.resolver import REFUSALS


def objection(url: str, hosts: tuple[str, ...]) -> NotFetched | None:
    """Say why an address is not asked for: it is odd, or it lies on no host (as home addresses) of its source."""
    odd = oddity(url)
    if odd:
        return NotFetched("odd-address", f"{odd}: {url[:200]!r}", target=url)
    if not any(on_site(url, home) for home in hosts):
        return NotFetched("off-site", f"leads to another site: {url[:200]}", target=url)
    return None


class AddressGuard:
    """Every request carries `meta["hosts"]`, the addresses whose sites it may touch; dont_filter changes nothing here."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls()

    def process_request(self, request: Request) -> None:
        """Raise NotFetched for an address that must not be asked for."""
        refused = objection(request.url, request.meta.get("hosts", ()))
        if refused:
            raise refused

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell a host that we refused from one that does not resolve."""
        host = request.url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        reason = REFUSALS.of(name)
        if isinstance(exception, DownloadConnectionRefusedError) and REFUSED in str(exception):
            reason = str(exception).partition(REFUSED)[2].rstrip("]")
        elif not isinstance(exception, CannotResolveHostError):
            return
        if reason:
            raise NotFetched(
                "private-address", f"{name} leads to an address we never connect to: {reason}"
            ) from exception
