"""Prints what a demonstration found, in tables: what was disclosed, what could be seen, what has changed."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from review.words import STATES, TYPES, Glossary
from store.queries import QueueRow, SourceDays
from store.queries.events import PageEvent

WIDTH = 140  # of a table that goes into a file or a pipe

EVENTS = {
    "edited": "edited since we read it",
    "missing": "not found",
    "removed": "taken as removed",
    "restored": "found again",
    "copy-differs": "a copy that says something else",
}


def open_console() -> Console:
    """Return the console to print on: as wide as the terminal, else wide enough for a quote."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDTH)


def findings_table(rows: Sequence[QueueRow], glossary: Glossary, title: str) -> Table:
    """One line for each type and body, with how often it was disclosed and one quote."""
    table = Table(title=title, title_justify="left")
    for heading, justify in (("Type", "left"), ("Body", "left"), ("Times", "right"), ("For example", "left")):
        table.add_column(heading, justify="right" if justify == "right" else "left", overflow="fold")
    for (kind, _), group in groupby(sorted(rows, key=_by_type_and_body), key=_by_type_and_body):
        same = list(group)
        best = max(same, key=lambda row: (row.disclosure.place == "body", row.disclosure.confidence))
        table.add_row(_type(list(TYPES)[kind]), _body(best, glossary), str(len(same)), _quote(best))
    return table


def states_table(days: Iterable[SourceDays]) -> Table:
    """One line for each source: the state of its last day that has one, in words, and what it was before if it was another."""
    table = Table(title="What could be seen of each source", title_justify="left")
    for heading in ("Source", "State", "That is", "Reason"):
        table.add_column(heading, overflow="fold")
    for row in days:
        states = [state for state in row.states if state is not None]
        if not states:
            table.add_row(row.source.name, "-", "no visit is recorded", "")
            continue
        before, now = states[0].state, states[-1]
        state = now.state if before == now.state else f"{now.state} (was {before})"
        table.add_row(row.source.name, state, STATES[now.state][1], now.reason)
    return table


def changes_table(events: Iterable[PageEvent]) -> Table:
    """One line for each observation about a page."""
    table = Table(title="What has changed on pages that were read before", title_justify="left")
    for heading in ("Source", "Page", "Observed", "In words"):
        table.add_column(heading, overflow="fold")
    for event in events:
        table.add_row(event.source_name, event.title or event.url, EVENTS.get(event.kind, event.kind), event.detail)
    return table


def _by_type_and_body(row: QueueRow) -> tuple[int, str]:
    return list(TYPES).index(row.disclosure.type), row.disclosure.body or _slogan(row)


def _type(kind: str) -> str:
    chinese, english = TYPES[kind]
    return f"{english} {chinese}"


def _body(row: QueueRow, glossary: Glossary) -> str:
    found = row.disclosure
    name = found.body or _slogan(row)
    gloss = glossary.of_body(found.body, found.region) if found.body else glossary.of_name(_slogan(row))
    return "\n".join(text for text in (name or "(no body is named)", gloss) if text)


def _slogan(row: QueueRow) -> str:
    """A slogan has no body: the set phrase itself is what it is about."""
    return (row.disclosure.object or "") if row.disclosure.type == "slogan" else ""


def _quote(row: QueueRow) -> Text:
    told = f" and in {row.copies} more places" if row.copies else ""
    text = Text(row.disclosure.quote)
    text.append(f"\n{row.publication.source_name}{told}", style="dim")
    return text
