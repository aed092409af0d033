"""`python -m benchmarks.memory [PAGES]`: what the processes of a long crawl hold, sampled while it runs."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from benchmarks.pipeline import ROOT, serving
from benchmarks.sites import Shape

SITES = 100
EVERY = 5.0  # seconds between two samples
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident MiB of the crawl's own process and of all its workers together, after so many pages."""

    pages: int
    crawl: float
    workers: float


def resident(pid: int) -> float:
    """Return the resident MiB of a process; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def others_of(group: int) -> list[int]:
    """Return the processes of a group beside its leader."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == group and int(stat.parent.name) != group:
            found.append(int(stat.parent.name))
    return found


def sampled(process: "Popen[Any]", counts: Any) -> Iterator[Sample]:
    """Sample a running crawl until it ends."""
    pages = 0
    while process.poll() is None:
        time.sleep(EVERY)
        pages += int(counts().get("documents", 0))
        sample = Sample(pages, resident(process.pid), sum(map(resident, others_of(process.pid))))
        if sample.crawl:
            yield sample


def main(pages: int) -> int:
    """Crawl so many pages and print a line for each twentieth of them."""
    told = 0
    with serving(Shape(SITES, pages // SITES)) as server, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.crawls", "ours", folder, *server.ports]
        process = Popen(command, cwd=ROOT, start_new_session=True)
        for sample in sampled(process, server.counts):
            if sample.pages >= told:
                print(f"{sample.pages:7} pages: {sample.crawl:5.0f} MiB, workers {sample.workers:5.0f} MiB", flush=True)
                told = sample.pages + pages // 20
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
