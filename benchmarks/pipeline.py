"""Pages a second by the wall clock, from the first document asked for to the last one stored: ours, naive, stock."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from benchmarks.figure import Figure
from benchmarks.sites import Shape

ROOT = Path(__file__).resolve().parents[1]
SHAPE = Shape(sites=100, documents=15)
TURNS = ("stock", "ours", "naive", "stock", "ours")  # the naive one takes longest and varies least


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl: pages a second by the clock, processor milliseconds a page, start-up left out of the first only."""

    speed: float
    milliseconds: float
    pages: int


def measure(figure: str) -> Figure:
    """Return `pipeline-naive` or `pipeline-stock`; all three crawls run in turns on the same server, the best of each counts."""
    found = _all_three()
    ours, naive, stock = found["ours"], found["naive"], found["stock"]
    theirs = naive if figure == "pipeline-naive" else stock
    what = (
        f"pages a second, {ours.pages} pages of {SHAPE.size} bytes on {SHAPE.sites} sites, evidence and workers included; "
        f"ratio = ours / theirs; cpu ms a page with start-up: ours {ours.milliseconds:.1f}, "
        f"naive {naive.milliseconds:.1f}, stock {stock.milliseconds:.1f}"
    )
    return Figure(
        figure, round(ours.speed / theirs.speed, 2), round(ours.speed, 1), round(theirs.speed, 1), "pages/s", what
    )


@cache
def _all_three() -> dict[str, Crawl]:
    best: dict[str, Crawl] = {}
    with serving(SHAPE) as server:
        for kind in TURNS:
            found = server.crawl(kind)
            if kind not in best or found.speed > best[kind].speed:
                best[kind] = found
    return best


@dataclass
class Server:
    """The server of ready-made answers, in a process of its own."""

    ports: list[str]
    ask: IO[str]
    answer: IO[str]

    def counts(self) -> dict[str, float]:
        """What was asked for since the last time; forgets it."""
        self.ask.write("\n")
        self.ask.flush()
        pairs = (pair.split("=") for pair in self.answer.readline().split())
        return {name: float(value) for name, value in pairs}

    def run(self, kind: str, folder: str) -> str:
        """Run one crawl of everything in a process group of its own; return what it printed."""
        command = [sys.executable, "-m", "benchmarks.crawls", kind, folder, *self.ports]
        ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, start_new_session=True)
        return ran.stdout

    def crawl(self, kind: str) -> Crawl:
        """Run one crawl of everything from nothing and measure it."""
        with tempfile.TemporaryDirectory() as folder:
            said = self.run(kind, folder)
        counts = self.counts()
        done, used = next(line.split()[1:] for line in said.splitlines() if line.startswith("DONE"))
        pages = int(counts.get("documents", 0))
        return Crawl(pages / (float(done) - counts.get("began", 0.0)), float(used) / max(pages, 1) * 1000, pages)


@contextmanager
def serving(shape: Shape) -> Iterator[Server]:
    """Start the server and end it."""
    command = [sys.executable, "-m", "benchmarks.sites", *map(str, (shape.sites, shape.documents, shape.size))]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin  # noqa: S101 - asked for above
    assert process.stdout  # noqa: S101
    yield Server(process.stdout.readline().split(), process.stdin, process.stdout)
    process.stdin.close()
    process.wait()
