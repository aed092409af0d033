"""The one gate of every fetch: names and literals resolve to public addresses only, checked where the connection is made.

Twisted connects to exactly the addresses that this resolver hands out, for pages, robots.txt, redirects and attachments
alike, so a name that answers differently the second time (rebinding) meets the same check again.
"""

import time
from typing import Any, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from twisted.internet.threads import deferToThreadPool
from zope.interface import implementer  # type: ignore[import-untyped] # no stubs

from crawler.configured import config_of
from crawler.guard import refusal
from crawler.routes import ROUTES, look_up

KEPT_FOR = 300.0


class Refusals:
    """Which hosts were refused in this process, and why: how a middleware tells a refusal from a dead name."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    def note(self, host: str, reason: str) -> None:
        """Remember why a host was refused."""
        self._reasons[host] = reason

    def of(self, host: str) -> str | None:
        """Return why a host was refused; None when it was not."""
        return self._reasons.get(host)


REFUSALS = Refusals()


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """A lookup in a thread cannot be called back; its answer is dropped with the connection attempt."""


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's TWISTED_DNS_RESOLVER; Config.allow_private_addresses opens the gate for tests and the demo."""

    def __init__(self, reactor: Any, allow_private: bool) -> None:
        self._reactor = reactor
        self._allow_private = allow_private
        self._kept: dict[str, tuple[float, list[str]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Build it as Scrapy does, from the settings of the process."""
        return cls(reactor, config_of(crawler.settings).allow_private_addresses)

    def install_on_reactor(self) -> None:
        """Make every connection of the process pass here."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Hand out the public addresses of a host to the receiver; none at all when one of them is refused."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        found: Deferred[Any] = self._addresses(hostName)
        found.addCallback(self._checked, hostName)
        found.addCallbacks(lambda addresses: _hand_out(addresses, portNumber, resolutionReceiver), _swallow_dead_name)
        found.addBoth(lambda _: resolutionReceiver.resolutionComplete())
        return resolution

    def look_up(self, host: str) -> list[str]:
        """Ask the system for the addresses of a host; runs in a thread."""
        return look_up(host)

    def _addresses(self, host: str) -> "Deferred[list[str]]":
        until, kept = self._kept.get(host, (0.0, []))
        if time.monotonic() < until:
            done: Deferred[list[str]] = Deferred()
            done.callback(list(kept))
            return done
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self.look_up, host)

    def _checked(self, addresses: list[str], host: str) -> list[str]:
        allowed = self._allow_private or ROUTES.is_proxy(host)
        reasons = [] if allowed else [reason for a in addresses if (reason := refusal(a))]
        if reasons:
            REFUSALS.note(host, reasons[0])
            return []
        self._kept[host] = (time.monotonic() + KEPT_FOR, addresses)
        return ROUTES.of_family(host, addresses)


def _hand_out(addresses: list[str], port: int, receiver: Any) -> None:
    for address in addresses:
        kind = IPv6Address if ":" in address else IPv4Address
        receiver.addressResolved(kind("TCP", address, port))


def _swallow_dead_name(failure: Any) -> None:
    # No address handed out is how Twisted's receiver learns that a name is dead; it raises DNSLookupError itself.
    failure.trap(OSError, UnicodeError, DNSLookupError)
