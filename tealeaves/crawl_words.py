"""A crawl in words: its progress while it runs, and what could be seen when it has ended. All on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from crawler.extensions.health import Listener, Progress
from crawler.sight import CrawlReport

COLOURS = {
    "seen": "green",
    "quiet": "blue",
    "suspect": "yellow",
    "blocked": "magenta",
    "blind": "red",
    "not-due": "dim",
}
COUNTS = ("requests", "lists", "links", "new_pages", "documents", "reread", "hits", "disclosures")
EVERY_SECONDS = 5.0
_SHOWN = 48


@contextmanager
def watching() -> Iterator[Listener]:
    """Give a listener that shows progress: a bar on a terminal, a plain line now and then elsewhere."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[last]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("crawling", total=None, last="")

        def show(progress: Progress) -> None:
            found = f"crawling · {progress.documents} new documents · {progress.disclosures} disclosures"
            last = progress.last[:_SHOWN]
            bar.update(task, description=found, completed=progress.done, total=progress.known, last=last)

        yield show


def _plain_lines() -> Listener:
    spoken = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal spoken
        if progress.ended or time.monotonic() - spoken >= EVERY_SECONDS:
            spoken = time.monotonic()
            found = f"{progress.documents} new documents, {progress.disclosures} disclosures"
            print(f"{progress.done} of {progress.known} pages, {found}", file=sys.stderr, flush=True)

    return show


def print_report(report: CrawlReport) -> None:
    """Print one row for each source and a line of totals."""
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 160)
    if not report.sources:
        console.print("Nothing was due.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "state", "why"):
        table.add_column(heading, overflow="fold")
    for heading in ("lists", "links", "new pages", "new documents", "read again", "hits", "disclosures"):
        table.add_column(heading, justify="right", no_wrap=True)
    for source in sorted(report.sources, key=lambda source: source.source_id):
        numbers = [str(getattr(source, count)) for count in COUNTS[1:]]
        state = f"[{COLOURS[source.state]}]{source.state}[/]"
        table.add_row(source.source_id, state, source.reason, *numbers)
    console.print(table)
    console.print(_totals(report))


def _totals(report: CrawlReport) -> str:
    states = ", ".join(f"{number} {state}" for state, number in report.states().items() if number)
    return (
        f"{len(report.sources)} sources: {states}. {report.total('requests')} requests, "
        f"{report.total('documents')} new documents, {report.total('reread')} read again, {report.total('disclosures')} disclosures."
    )


def counts(report: CrawlReport) -> dict[str, Any]:
    """The report as the one line of JSON that `crawl --json` ends with."""
    return {
        "sources": len(report.sources),
        "states": report.states(),
        **{count: report.total(count) for count in COUNTS},
        "by_source": {source.source_id: {"state": source.state, "reason": source.reason} for source in report.sources},
    }
