"""A small forward proxy on loopback: plain requests and CONNECT tunnels; it remembers what it was asked for."""

import socket
import socketserver
import threading
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit


class Proxy:
    """`proxy.port`; `proxy.asked` holds the request lines, `proxy.headers` their Proxy-Authorization; use it in a `with`.

    `leads_to` takes the place of every target that is asked for.
    """

    def __init__(self, leads_to: tuple[str, int] | None = None) -> None:
        self.asked: list[str] = []
        self.credentials: list[str] = []
        self.leads_to = leads_to

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Connection)
        self._server.proxy = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    proxy: Proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").strip()
        headers = []
        while (header := self.rfile.readline()) not in (b"\r\n", b""):
            headers.append(header)
        if not line:
            return
        proxy = self.server.proxy
        proxy.asked.append(line)
        proxy.credentials += [h.decode().strip() for h in headers if h.lower().startswith(b"proxy-authorization")]
        method, target, _ = line.split(" ")
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        there = proxy.leads_to or (parts.hostname or "", parts.port or 80)
        with socket.create_connection(there, timeout=20) as upstream:
            if method == "CONNECT":
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pump, args=(upstream, self.connection), daemon=True)
                back.start()
                _pump(self.connection, upstream)
                back.join(5)
                return
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            kept = [h for h in headers if not h.lower().startswith((b"proxy-", b"connection"))]
            upstream.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(kept) + b"Connection: close\r\n\r\n")
            upstream.shutdown(socket.SHUT_WR)
            _pump(upstream, self.connection)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
