"""How a fetch can end without a page: each way has a kind, a sentence for a person, and the state it means."""

from dataclasses import dataclass
from typing import Any, Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from twisted.web.client import ResponseFailed

Meaning = Literal["blind", "blocked", "not-due"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`kind` is kebab-case (dns, timeout, tls, robots, budget …); `means` is what it says about the source."""

    kind: str
    detail: str
    means: Meaning = "blind"


class NotFetched(IgnoreRequest):
    """Raised by our middlewares for an address that is not asked for, or not followed."""

    def __init__(self, kind: str, detail: str, means: Meaning = "blind", target: str | None = None) -> None:
        super().__init__(f"{kind}: {detail}")
        self.outcome = Outcome(kind, detail, means)
        self.target = target


_BY_CLASS: tuple[tuple[type[BaseException], str, str], ...] = (
    (CannotResolveHostError, "dns", "the name of the host does not resolve"),
    (DownloadTimeoutError, "timeout", "no answer in time"),
    (DownloadConnectionRefusedError, "refused", "the host refuses connections"),
    (DownloadCancelledError, "too-large", "the answer is larger than we take"),
    (UnsupportedURLSchemeError, "odd-address", "the address is not http or https"),
)


def outcome_of(error: BaseException) -> Outcome:
    """Say in words how a request ended that brought no answer."""
    if isinstance(error, NotFetched):
        return error.outcome
    if not _over_tls(error):
        for kind_of_error, kind, detail in _BY_CLASS:
            if isinstance(error, kind_of_error):
                return Outcome(kind, detail)
    causes = " ".join(_causes(error))
    if any(word in causes for word in ("SSL", "OpenSSL", "certificate", "TLS")):
        return Outcome("tls", f"no secure connection: {causes[:160]}")
    return Outcome("connection", f"the connection broke: {causes[:160] or type(error).__name__}")


def _causes(error: BaseException) -> list[str]:
    inner: list[Any] = list(error.reasons) if isinstance(error, ResponseFailed) else []
    chain = [error, *(getattr(reason, "value", reason) for reason in inner), error.__cause__]
    return [f"{type(cause).__name__} {cause}".strip() for cause in chain if cause is not None]


def _over_tls(error: BaseException) -> bool:
    # aiohttp calls every connection that fails refused; the class of its cause says that the TLS did.
    name = type(error.__cause__).__name__
    return "SSL" in name or "Certificate" in name
