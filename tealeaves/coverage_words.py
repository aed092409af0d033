"""Prints the catalogue, a check and a proposal for a person."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler.items import ListReading
from tealeaves.coverage import Coverage, ProvinceRow
from tealeaves.proposals import Proposal, as_yaml, column_yaml
from tealeaves.source_checks import Check, Verdict

COLOURS = {Verdict.OK: "green", Verdict.DOUBTFUL: "yellow", Verdict.FAILED: "red"}
PREVIEWED = 8


def print_coverage(covered: Coverage) -> None:
    """Print the tables of `sources list`."""
    console = Console()
    console.print(_tiers(covered))
    console.print(_provinces(covered))
    lacking = [f"{row.name_en}: {', '.join(row.lacks)}" for row in covered.provinces if row.lacks]
    console.print(
        f"[bold]Not read for {len(lacking)} provincial units[/]\n  " + "\n  ".join(lacking) if lacking else ""
    )
    table = Table("source", "column", "why it is switched off", title="Switched off", title_justify="left")
    for off in covered.off:
        table.add_row(off.source, off.column or "[dim]no column[/]", escape(off.reason))
    console.print(table)


def _tiers(covered: Coverage) -> Table:
    table = Table("tier", title="By tier", title_justify="left", show_footer=True)
    for name in ("sources", "read", "columns", "columns read"):
        table.add_column(name, justify="right")
    counts = [(row.sources, row.read, row.columns, row.columns_read) for row in covered.tiers]
    for row, numbers in zip(covered.tiers, counts, strict=True):
        table.add_row(row.tier, *map(str, numbers))
    totals = ("all", *(str(sum(column)) for column in zip(*counts, strict=True)))
    for column, total in zip(table.columns, totals, strict=False):
        column.footer = total
    return table


def _provinces(covered: Coverage) -> Table:
    title = "By province (read of known)"
    table = Table(
        "province", "government", "science", "departments", "cities", "media", title=title, title_justify="left"
    )
    for row in covered.provinces:
        table.add_row(f"{row.name} {row.name_en}", *(_share(known, read) for known, read in _kinds(row)))
    return table


def _kinds(row: ProvinceRow) -> tuple[tuple[int, int], ...]:
    return row.government, row.science, row.departments, row.cities, row.media


def _share(known: int, read: int) -> str:
    if not known:
        return "[dim]-[/]"
    return f"[{'green' if read == known else 'yellow' if read else 'red'}]{read}[/] of {known}"


class Bar:
    """The progress of a check, on standard error; lines printed through it stand above the bar."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self.console = progress.console

    def advance(self) -> None:
        """One more is done."""
        self._progress.advance(self._task)


@contextmanager
def progress(total: int) -> Iterator[Bar]:
    """Show how far a check has come."""
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield Bar(shown, shown.add_task("checking", total=total))


def print_check(found: Check, bar: Bar) -> None:
    """Print what came of one column on standard output."""
    colour = COLOURS[found.verdict]
    where = f"[bold]{found.source}[/] {escape(found.column)}"
    console = bar.console if sys.stdout.isatty() else Console()
    console.print(f"[{colour}]{found.verdict.value:8}[/] {where}: {escape(found.words)}", soft_wrap=True)


def print_proposal(proposal: Proposal, reading: ListReading) -> None:
    """Print what was found on a list page, the proposed YAML, and what could not be worked out."""
    console = Console()
    dated = sum(link.published is not None for link in reading.links)
    console.print(
        f"charset {reading.charset}, family {reading.family}, {len(reading.links)} links, {dated} with a date"
    )
    further = f"goes on at {escape(reading.next_page)}" if reading.next_page else "no further page was found"
    console.print(further, soft_wrap=True)
    for link in reading.links[:PREVIEWED]:
        day = str(link.published or "[dim]no date[/]   ")
        console.print(f"  {day}  {escape(link.title)}\n              {escape(link.url)}", soft_wrap=True)
    for issue in reading.issues:
        console.print(f"[red]{issue.kind}[/]: {escape(issue.detail)}")
    where = f"a column for the source {proposal.of}" if proposal.of else f"a new source {proposal.id}"
    console.rule(where, align="left")
    print(column_yaml(proposal) if proposal.of else as_yaml(proposal), flush=True)
    if proposal.missing:
        console.print(f"Could not be worked out: {', '.join(proposal.missing)}. Give them as options.")
