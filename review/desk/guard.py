"""Stands before every answer of the desk: the headers, the host that was asked for, where a change came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.desk.binding import is_loopback

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
READING = ("GET", "HEAD")
FORM_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Guard:
    """Lets a request through to `app` when it asked for one of our hosts and, to change something, came from our pages.

    It is the outermost layer, so that the headers stand on the answers to errors too.
    """

    app: ASGIApp
    public_hosts: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                put_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        refusal = self.refusal(scope)
        answer = self.app if refusal is None else PlainTextResponse(refusal[1], refusal[0])
        await answer(scope, receive, send_guarded)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and words when a request is not to be answered, None when it is."""
        headers = Headers(scope=scope)
        if not is_own_host(headers.getlist("host"), self.public_hosts):
            return 421, "The desk does not answer for that host name."
        if scope["method"] in READING:
            return None
        if scope["method"] != "POST":
            return 405, "The desk takes GET and POST."
        if not is_same_origin(headers):
            return 403, "A change has to come from a page of this desk."
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return 411, "A form has to say how long it is."
        return (413, "That is too long for a note.") if int(length[:12]) > FORM_LIMIT else None


def put_headers(headers: MutableHeaders, path: str) -> None:
    """Put the desk's headers on an answer; only what never changes may be kept by the browser."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers["cache-control"] = "max-age=3600" if path.startswith("/static/") else "no-store"


def is_own_host(hosts: list[str], public: Iterable[str]) -> bool:
    """Say whether the Host header names this computer or our public address.

    A name of somebody else that resolves to 127.0.0.1 would let their page read the desk (DNS rebinding).
    """
    if len(hosts) != 1:
        return False
    name = _host_name(f"//{hosts[0]}")
    return name is not None and (is_loopback(name) or name in public)


def is_same_origin(headers: Headers) -> bool:
    """Say whether a request was sent by a page of the desk.

    Browsers say so in Sec-Fetch-Site. Those that do not yet send an Origin, which has to be the host that was asked.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return origin.startswith(("http://", "https://")) and origin.split("://", 1)[1] == headers.get("host")


def _host_name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
