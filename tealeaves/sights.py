"""What could be seen in a span of days, by tier and by province: as tables for a person, as one object for a program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from crawler.source_fields import FOLDERS
from store import queries
from store.queries.coverage import Coverage, Sighting
from store.regions import by_code, regions
from tealeaves.coverage import MAINLAND

NATIONAL = "national"
COLOURS = {"blind": "red", "blocked": "magenta", "suspect": "yellow"}


@dataclass(frozen=True, slots=True)
class Sights:
    """The coverage of a span: in all, by tier, by province (31 and the national sources), day by day; alarms that stand."""

    first: date
    last: date
    all: Coverage
    tiers: Mapping[str, Coverage]
    provinces: Mapping[str, Coverage]
    days: Mapping[date, Coverage]
    alarms: tuple[queries.AlarmView, ...]


def sights(connection: Connection, first: date, last: date, now: datetime) -> Sights:
    """Return what could be seen from `first` to `last`, both included; a source counts by its last day on which it was due."""
    found = queries.coverage(connection, first, last, now)
    by_tier = found.by(lambda source: source.tier)
    by_province = found.by(lambda source: source.province)
    codes = [None, *(unit.code for unit in [unit for unit in regions() if unit.level == "province"][:MAINLAND])]
    return Sights(
        first,
        last,
        found,
        {tier: by_tier.get(tier, Coverage(())) for tier in FOLDERS},
        {code or NATIONAL: by_province.get(code, Coverage(())) for code in codes},
        queries.coverage_by_day(queries.source_days(connection, first, last, now)) if first < last else {},
        queries.open_alarms(connection),
    )


def as_json(seen: Sights, by: str | None) -> dict[str, Any]:
    """Return the whole as one object; `by` (tier or province) leaves the other grouping out."""
    groups = {"tier": seen.tiers, "province": seen.provinces}
    wanted = {f"by_{name}": _groups(name, found) for name, found in groups.items() if by in (None, name)}
    days = [{"day": str(day), **_numbers(found)} for day, found in seen.days.items()]
    alarms = [
        {"subject": alarm.subject, "state": alarm.state, "since": alarm.since.isoformat(), "reason": alarm.reason}
        for alarm in seen.alarms
    ]
    span = {"from": str(seen.first), "to": str(seen.last)}
    return {**span, **_numbers(seen.all), "not_seen": _unseen(seen.all), **wanted, "days": days, "alarms": alarms}


def _groups(name: str, found: Mapping[str, Coverage]) -> list[dict[str, Any]]:
    return [{name: key, **_numbers(here), "not_seen": _unseen(here)} for key, here in found.items()]


def _numbers(found: Coverage) -> dict[str, int]:
    return {"total": found.total, "seen": found.seen, "not_due": found.not_due}


def _unseen(found: Coverage) -> list[dict[str, Any]]:
    return [
        {
            "source": one.source.id,
            "name": one.source.name,
            "state": one.state.state,
            "reason": one.state.reason,
            "last_seen": str(one.last_seen) if one.last_seen else None,
        }
        for one in found.unseen
    ]


def print_sights(seen: Sights, by: str | None) -> None:
    """Print the tables: the groups with their numbers, then every source that was not seen with its reason."""
    console = Console()
    span = f"{seen.last}" if seen.first == seen.last else f"{seen.first} to {seen.last}"
    found = seen.all
    unseen = len(found.unseen)
    console.print(
        f"[bold]{span}[/]: seen {found.seen} of {found.total} sources, {found.not_due} not due, {unseen} not seen"
    )
    if by in (None, "tier"):
        console.print(_table("tier", ((tier, here) for tier, here in seen.tiers.items() if here.total)))
    if by in (None, "province"):
        console.print(_table("province", ((_place(code), here) for code, here in seen.provinces.items())))
    if seen.days:
        console.print(_table("day", ((str(day), here) for day, here in seen.days.items())))
    if found.unseen:
        console.print(_not_seen(found.unseen))
    for alarm in seen.alarms:
        console.print(
            f"[bold]alarm[/] {escape(alarm.subject)}: {alarm.state} since {queries.shanghai_day(alarm.since)}"
        )


def _place(code: str) -> str:
    unit = by_code(code)
    return NATIONAL if unit is None else f"{unit.name} {unit.name_en or ''}".strip()


def _table(heading: str, rows: Iterable[tuple[str, Coverage]]) -> Table:
    table = Table(heading, box=None, pad_edge=False)
    for name in ("seen", "of", "not due", "not seen"):
        table.add_column(name, justify="right")
    for name, here in rows:
        lost = len(here.unseen)
        shown = f"[red]{lost}[/]" if lost else "0"
        numbers = (str(here.seen), str(here.total), str(here.not_due), shown)
        table.add_row(name, *(numbers if here.total else ("[dim]-[/]", "[dim]no source[/]", "", "")))
    return table


def _not_seen(unseen: Iterable[Sighting]) -> Table:
    table = Table(title="Not seen, and why", title_justify="left", box=None, pad_edge=False)
    for name in ("source", "name", "state", "last seen", "why"):
        table.add_column(name, overflow="fold")
    for one in unseen:
        state = f"[{COLOURS[one.state.state]}]{one.state.state}[/]"
        table.add_row(one.source.id, one.source.name, state, str(one.last_seen or "never"), escape(one.state.reason))
    return table
