"""A small web server on loopback whose answers a test writes; it remembers every request it got."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """What the site says at one path; `delay` seconds pass before it says it."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    delay: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request as it came in: path with query, headers with lower-case names, seconds of the monotonic clock, body."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    body: bytes = b""


Script = Answer | Callable[[Asked], Answer]


@dataclass
class Site:
    """One origin on 127.0.0.1: `site.answer("/a.html", "<p>…")`, then `site.url("/a.html")`; use it in a `with`."""

    answers: dict[str, Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The absolute address of a path on this site."""
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def answer(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        """Say this at a path from now on; header names are given with underscores: `Content_Type="text/xml"`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given.setdefault("Content-Type", "text/html; charset=utf-8")
        text = body.encode() if isinstance(body, str) else body
        self.answers[path] = Answer(text, status, tuple(given.items()))

    def script(self, path: str, script: Callable[[Asked], Answer]) -> None:
        """Let a function answer at a path."""
        self.answers[path] = script

    def validated(self, path: str, body: str, etag: str) -> None:
        """Say this at a path, and 304 to who already has it."""

        def respond(asked: Asked) -> Answer:
            if asked.headers.get("if-none-match") == etag:
                return Answer(b"", 304, (("ETag", etag),))
            return Answer(body.encode(), 200, (("Content-Type", "text/html; charset=utf-8"), ("ETag", etag)))

        self.script(path, respond)

    def paths(self, *without: str) -> list[str]:
        """The paths asked for so far, in order, without the named ones."""
        return [asked.path for asked in self.asked if asked.path not in without]

    def respond(self, asked: Asked) -> Answer:
        """Remember a request and return its answer; 404 where nothing was said."""
        self.asked.append(asked)
        script = self.answers.get(asked.path, Answer("没有这个网页".encode(), 404))
        return script(asked) if callable(script) else script


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        self.site = site
        self.live: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.site.tls:
            connection = self.site.tls.wrap_socket(connection, server_side=True)
        self.live.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self.live.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the kept-alive connections, so that no thread and no socket outlives the test."""
        for connection in list(self.live):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.live.discard(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle (a killed crawl) is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        answer = self.server.site.respond(Asked(self.command, self.path, headers, time.monotonic(), body))
        if answer.delay:
            time.sleep(answer.delay)
        self.wfile.write(_on_the_wire(answer))

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep test output quiet."""


def _on_the_wire(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Answer", *(f"{name}: {value}" for name, value in answer.headers)]
    if not any(name.lower() == "content-length" for name, _ in answer.headers):
        lines.append(f"Content-Length: {len(answer.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + answer.body


def list_page(rows: Iterable[tuple[str, str, str]], title: str = "通知公告") -> str:
    """A plain list page in UTF-8 with (address, title, day) rows, as a small government site would write it."""
    items = "\n".join(
        f'<li><a href="{url}" title="{name}">{name}</a><span>{day}</span></li>' for url, name, day in rows
    )
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body><ul class='list'>{items}</ul></body></html>"


def detail_page(title: str, body: str, day: str = "2024-06-18", charset: str = "utf-8") -> bytes:
    """A plain document page in a charset; `body` paragraphs are separated by newlines."""
    paragraphs = "".join(f"<p>{line}</p>" for line in body.splitlines())
    page = (
        f'<html><head><meta charset="{charset}"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 10:20"></head>'
        f"<body><h1>{title}</h1><div class='info'>发布日期：{day} 来源：办公室</div>"
        f"<div class='TRS_Editor'>{paragraphs}</div></body></html>"
    )
    return page.encode(charset)
