"""Serves the sample: every site on its own port of 127.0.0.1, with validators, and a second visit that differs."""

import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer

from tealeaves.sample.content import CHINA, Content, SampleSite, load_content
from tealeaves.sample.render import Answer, render_site
from tealeaves.sample.sources import write_sources

# What a Ruishu gate answers to a plain client (412, an almost empty page): its shape, with nothing in it that runs.
BLOCK_PAGE = (
    b'<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="sample" content="sample" r=\'m\'>'
    b"<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=0;$_ts.cd=\"\";</script>"
    b'<script type="text/javascript" src="/sample.js" r=\'m\'></script></head><body></body></html>'
)
NOT_FOUND = (
    "<html><head><title>404</title></head><body><h1>404</h1><p>您访问的页面不存在（示例）</p></body></html>".encode()
)


class PortTaken(OSError):
    """A port that a site must have is used by another program."""


class Site(ThreadingHTTPServer):
    """One site of the sample on its own port; counts its requests and answers as on the visit it was told."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, content: Content, site: SampleSite, port: int) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Visit)
        except OSError as error:
            raise PortTaken(f"Port {port} of 127.0.0.1, for {site.name}, cannot be used: {error.strerror}") from error
        self.content, self.site = content, site
        self.requests: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.answers: dict[str, Answer] = {}

    def server_bind(self) -> None:
        """Bind without asking who 127.0.0.1 is: the library looks its name up, which takes seconds on some machines."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    @property
    def base(self) -> str:
        """The address of the site, without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def show(self, visit: int) -> None:
        """From now on answer as on this visit."""
        self.answers = render_site(self.content, self.site.id, visit, self.base)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the site; anything else is reported as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def count(self, path: str) -> None:
        """Note one request."""
        with self.lock:
            self.requests[path] += 1


class _Visit(BaseHTTPRequestHandler):
    """Answers one client of a site."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: apart, they wait for each other's acknowledgement (40 ms each)
    disable_nagle_algorithm = True
    timeout = 30
    server: Site

    def do_GET(self) -> None:
        """Answer with the page, with 304 when the client holds it already, or with what a broken site says."""
        self.server.count(self.path)
        answer = self.server.answers.get(self.path)
        if self.server.site.blocked and self.path != "/robots.txt":
            self._send(412, "text/html; charset=utf-8", BLOCK_PAGE, {"Set-Cookie": "sampleS=5sample; Path=/"})
        elif answer is None:
            self._send(404, "text/html; charset=utf-8", NOT_FOUND, {})
        else:
            self._send_page(answer)

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the crawl's own report is what people read."""

    def _send_page(self, answer: Answer) -> None:
        validators = {"ETag": answer.etag, "Last-Modified": answer.last_modified}
        if self._is_known(answer):
            self._send(304, answer.media_type, b"", validators)
        else:
            self._send(answer.status, answer.media_type, answer.body, validators)

    def _is_known(self, answer: Answer) -> bool:
        """Say whether the client holds these bytes; its entity tag outranks its date (RFC 9110, 13.2.2)."""
        tag = self.headers.get("If-None-Match")
        if tag is not None:
            return answer.etag in (known.strip().removeprefix("W/") for known in tag.split(","))
        since = _instant(self.headers.get("If-Modified-Since"))
        return since is not None and answer.modified <= since

    def _send(self, status: int, media_type: str, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def _instant(header: str | None) -> datetime | None:
    if header is None:
        return None
    try:
        return parsedate_to_datetime(header)
    except ValueError:
        return None


class Sample:
    """The sample while it is being served."""

    def __init__(self, content: Content, sites: dict[str, Site]) -> None:
        self.content = content
        self._sites = sites

    @property
    def urls(self) -> dict[str, str]:
        """The address of every site, by id."""
        return {site_id: site.base for site_id, site in self._sites.items()}

    @property
    def ports(self) -> dict[str, int]:
        """The port of every site, by id."""
        return {site_id: int(site.server_address[1]) for site_id, site in self._sites.items()}

    @property
    def requests(self) -> dict[str, Counter[str]]:
        """How often each path of each site was asked for since it was opened."""
        return {site_id: site.requests for site_id, site in self._sites.items()}

    def set_visit(self, visit: int) -> None:
        """Let every site say what it says on this visit (1 or 2)."""
        for site in self._sites.values():
            site.show(visit)

    def write_sources(self, folder: Path) -> None:
        """Write a source file for every site, with its port, into the tier folders below `folder`."""
        write_sources(self.content, self.urls, folder)


@contextmanager
def serve_sample(
    visit: int = 1, opening: date | None = None, ports: Mapping[str, int] | None = None
) -> Iterator[Sample]:
    """Serve every site until the end of the `with`; the opening day defaults to today in China, ports to free ones.

    Raises PortTaken when a port that was asked for is used by another program.
    """
    content = load_content(opening or datetime.now(CHINA).date())
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        for site_id, site in content.sites.items():
            sites[site_id] = stack.enter_context(Site(content, site, (ports or {}).get(site_id, 0)))
            sites[site_id].show(visit)
        stack.callback(_close, sites.values())
        for site_id, server in sites.items():
            threading.Thread(target=server.serve_forever, args=(0.05,), name=f"sample-{site_id}", daemon=True).start()
        yield Sample(content, sites)


def _close(sites: Iterable[Site]) -> None:
    """End all sites at once: each one looks up from its work only every 50 ms."""
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(Site.shutdown, sites))
