"""Answers made to hang, fill or open a crawl end in words, and another source is read as ever beside them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.crawler import hostile
from tests.crawler.crawling import TOP, Place
from tests.site import Answer, Asked, Site, detail_page, list_page

# As `tealeaves crawl` does, with a shorter timeout and without the leave that is taken of a sick host.
CRAWL = """
from crawler.middlewares import politeness
from crawler.run import crawl
from crawler.wanted import Wanted
from store.config import load_config
from store.opening import open_store
config = load_config()
open_store(config.url).dispose()
politeness.FAILURES = 1000
crawl(config, Wanted(), DOWNLOAD_TIMEOUT=4, RETRY_TIMES=0)
"""
NESTINGS = (1, 2, 3)
BOMBS = {f"/{codec}-{times}.html": (codec, times) for codec in hostile.PACKERS for times in NESTINGS}
BY_HAND = {
    "/endless.html": (hostile.endless, "page-too-large"),
    "/slow.html": (hostile.slow, "page-timeout"),
    "/silent.html": (hostile.silent, "page-timeout"),
    "/reset.html": (hostile.reset, "page-connection"),
    "/cut-chunk.html": (hostile.cut_chunk, "page-connection"),
    "/cut-short.html": (hostile.cut_short, "page-connection"),
    "/no-http.html": (hostile.no_http, "page-connection"),
}
LEADS_TO_A_FILE = "/file.html"


@dataclass
class Seen:
    """What was seen of the crawl's processes while it ran, and what it stored."""

    place: Place
    listening: set[str] = field(default_factory=set)
    most_mib: float = 0.0
    calm_pages: int = 0

    def issues(self) -> dict[str, str]:
        """The kind of issue of each path."""
        return {"/" + url.rpartition("/")[2]: kind for url, kind in self.place.rows("select url, kind from issue")}


def listening_sockets(group: int) -> set[str]:
    """Return the addresses on which the processes of a group listen for TCP connections."""
    tables = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()]
    open_to_all = {row[9]: row[1] for row in tables if row[3] == "0A"}
    found = {inode for process in Path("/proc").glob("[0-9]*") if _in(group, process) for inode in _sockets(process)}
    return {open_to_all[inode] for inode in found if inode in open_to_all}


def _in(group: int, process: Path) -> bool:
    try:
        return os.getpgid(int(process.name)) == group
    except ProcessLookupError:
        return False


def _sockets(process: Path) -> Iterator[str]:
    for link in sorted((process / "fd").glob("*")):
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            target = link.readlink().name
            if target.startswith("socket:"):
                yield target.partition("[")[2].rstrip("]")


def most_mib(pid: int) -> float:
    """Return the most memory that a process has held so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    if sys.platform != "linux":
        pytest.skip("looks at the processes of the crawl in /proc")
    found = Seen(Place(tmp_path_factory.mktemp("hostile")))
    bad = [*BOMBS, *BY_HAND, LEADS_TO_A_FILE]
    site = hostile.RawSite({path: hostile.bomb(*bombed) for path, bombed in BOMBS.items()})
    site.answers |= {path: answer for path, (answer, _) in BY_HAND.items()}
    redirect = b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    site.answers[LEADS_TO_A_FILE] = redirect
    rows = [(path, f"关于第{number}项工作安排的通知", "2024-06-18") for number, path in enumerate(bad)]
    listed = list_page(rows).encode()
    site.answers["/list/"] = hostile.HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(listed), listed)
    with site, Site() as calm:
        calm.answer("/list/", list_page([(f"/t{n}.html", f"关于第{n}项工作的公告", "2024-06-18") for n in range(5)]))
        found.place.source("hostile", site.url("/"), site.url("/list/"))
        found.place.source("calm", calm.url("/"), calm.url("/list/"))
        with subprocess.Popen(
            [sys.executable, "-c", CRAWL], cwd=TOP, env=found.place.variables(), start_new_session=True
        ) as process:

            def look(asked: Asked) -> Answer:
                found.listening.update(listening_sockets(process.pid))
                return Answer(detail_page(f"公告{asked.path}", "各有关单位：\n现公告如下。\n" * 10))

            for number in range(5):
                calm.script(f"/t{number}.html", look)
            while process.poll() is None:
                try:
                    found.most_mib = max(found.most_mib, most_mib(process.pid))
                    found.listening |= listening_sockets(process.pid)
                    process.wait(0.2)
                except (subprocess.TimeoutExpired, FileNotFoundError, StopIteration):
                    continue
            assert process.returncode == 0
    found.calm_pages = found.place.rows("select count(*) from document where source_id = 'calm'")[0][0]
    yield found


@pytest.mark.parametrize("path", BOMBS)
def test_a_page_that_unpacks_to_too_much_is_said_to_be_too_large(seen: Seen, path: str) -> None:
    assert seen.issues()[path] == "page-too-large"


@pytest.mark.parametrize("path", BY_HAND)
def test_an_answer_that_is_none_is_said_by_kind(seen: Seen, path: str) -> None:
    assert seen.issues()[path] == BY_HAND[path][1]


def test_no_hostile_answer_becomes_a_document_and_the_other_source_is_read(seen: Seen) -> None:
    assert seen.place.rows("select count(*) from document where source_id = 'hostile'") == [(0,)]
    assert seen.calm_pages == 5


def test_bombs_do_not_fill_the_memory_of_the_crawl(seen: Seen) -> None:
    assert 50 < seen.most_mib < 300


def test_a_redirect_to_a_file_of_this_machine_reads_nothing(seen: Seen) -> None:
    assert seen.issues()[LEADS_TO_A_FILE] == "page-odd-address"
    assert seen.place.rows("select url from capture where url like 'file:%'") == []


def test_a_crawl_listens_on_no_port(seen: Seen) -> None:
    assert seen.listening == set()


def test_a_listening_port_would_be_seen() -> None:
    with Site() as site:
        port = f"{site.port:04X}"
        assert port in {address.partition(":")[2] for address in listening_sockets(os.getpgrp())}
