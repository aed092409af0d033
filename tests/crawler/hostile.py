"""A site of raw answers that no server ought to give: slow, endless, cut, wrongly counted, packed many times over."""

import gzip
import socket
import socketserver
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any, Self

import brotli
from backports import zstd

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
Raw = Callable[[socket.socket], None]
BLOWN_UP = 64 << 20  # three times what is taken of a page

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, 9),
    "deflate": lambda body: zlib.compress(body, 9),
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstd.compress(body, 9),
}


def bomb(codec: str, nestings: int) -> bytes:
    """An answer of a few kilobytes that unpacks to 64 MiB, packed so many times."""
    body = b"<p>" + bytes(BLOWN_UP)
    for _ in range(nestings):
        body = PACKERS[codec](body)
    encoding = ", ".join([codec] * nestings).encode()
    return HEAD + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (encoding, len(body), body)


def endless(connection: socket.socket) -> None:
    """Send without end."""
    connection.sendall(HEAD + b"\r\n<html><p>")
    while True:
        connection.sendall(b"x" * 65_536)


def slow(connection: socket.socket) -> None:
    """Send a byte now and then."""
    connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def silent(connection: socket.socket) -> None:
    """Take the request and say nothing."""
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """Send a head and reset the connection."""
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n<p>")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def cut_chunk(connection: socket.socket) -> None:
    """End in the middle of a chunk."""
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n<p>half")


def cut_short(connection: socket.socket) -> None:
    """Promise more than is sent."""
    connection.sendall(HEAD + b"Content-Length: 5000\r\n\r\n<p>half</p>")


def no_http(connection: socket.socket) -> None:
    """Answer in another language."""
    connection.sendall(b"220 ftp.example.gov.cn ready\r\n")


class RawSite:
    """One origin on loopback that answers path by path with raw bytes or by hand; use it in a `with`."""

    def __init__(self, answers: dict[str, bytes | Raw]) -> None:
        self.answers = answers
        self.asked: list[bytes] = []

    def __enter__(self) -> Self:
        site = self

        class Answering(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                site.handle(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that hangs up is what these answers are for."""

        self._server = Server(("127.0.0.1", 0), Answering)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def handle(self, connection: socket.socket) -> None:
        """Answer one request."""
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(65_536)
        self.asked.append(asked)
        path = asked.split(b" ", 2)[1].decode()
        answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)
