"""What could be seen: the state of every source for every day, and the sentence that sums it up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, func, select

from store.ledger import blanks
from store.models import Column, Source, SourceState
from store.regions import province_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOOKED = ("seen", "quiet")
NOT_DUE = "not-due"
NAMED_IN_LINE = 12


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source that is visited: enabled, with at least one enabled column."""

    id: str
    name: str
    name_en: str
    tier: str
    region: str | None

    @property
    def province(self) -> str | None:
        """The six digits of the provincial unit in which it lies; None for a national source."""
        unit = province_of(self.region)
        return unit.code if unit else None


@dataclass(frozen=True, slots=True)
class StateOfDay:
    """What could be seen of a source on a day, and why."""

    day: date
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceDays:
    """A source with its state for each day of a span, in the order of the days; None before it was known."""

    source: WatchedSource
    states: tuple[StateOfDay | None, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What counts of a source in a span of days; `last_seen` is the last day on which its lists were read."""

    source: WatchedSource
    state: StateOfDay
    last_seen: date | None

    @property
    def short(self) -> str:
        """Name, state and the word of the reason."""
        return f"{self.source.name} ({self.state.state}{f': {word}' if (word := self.state.reason.split(': ')[0]) else ''})"

    @property
    def line(self) -> str:
        """Name, state and the whole reason."""
        return f"{self.source.name} ({self.state.state}{f': {self.state.reason}' if self.state.reason else ''})"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the watched sources could be seen in a span of days: one sighting for each source known by then."""

    sightings: tuple[Sighting, ...]

    @property
    def total(self) -> int:
        """How many sources are watched."""
        return len(self.sightings)

    @property
    def seen(self) -> int:
        """How many of them were seen: their lists were read."""
        return sum(sighting.state.state in LOOKED for sighting in self.sightings)

    @property
    def not_due(self) -> int:
        """How many were not to be visited."""
        return sum(sighting.state.state == NOT_DUE for sighting in self.sightings)

    @property
    def unseen(self) -> tuple[Sighting, ...]:
        """Those that could not be seen, or not as expected."""
        return tuple(sighting for sighting in self.sightings if sighting.state.state not in (*LOOKED, NOT_DUE))

    @property
    def line(self) -> str:
        """The coverage in one line: seen 54 of 62; not seen: …."""
        due = f" ({self.not_due} not due)" if self.not_due else ""
        line = f"seen {self.seen} of {self.total} sources{due}"
        if not self.unseen:
            return line
        named = [sighting.short for sighting in self.unseen[:NAMED_IN_LINE]]
        more = len(self.unseen) - len(named)
        return f"{line}; not seen: {', '.join(named)}{f' and {more} more' if more else ''}"

    def by(self, key: Callable[[WatchedSource], str | None]) -> "Mapping[str | None, Coverage]":
        """The same for each group of sources, in the order of the sources."""
        groups: dict[str | None, list[Sighting]] = {}
        for sighting in self.sightings:
            groups.setdefault(key(sighting.source), []).append(sighting)
        return {name: Coverage(tuple(sightings)) for name, sightings in groups.items()}


def shanghai_day(instant: datetime) -> date:
    """Return the day in Asia/Shanghai on which an instant falls: the day that source states are kept by."""
    return instant.astimezone(SHANGHAI).date()


def watched_sources(connection: Connection) -> tuple[WatchedSource, ...]:
    """Return the sources that are visited, by tier and name."""
    columns = [getattr(Source, name) for name in WatchedSource.__dataclass_fields__]
    visited = exists(select(1).where(Column.source_id == Source.id, Column.enabled))
    rows = connection.execute(select(*columns).where(Source.enabled, visited).order_by(Source.tier, Source.id))
    return tuple(WatchedSource(*row) for row in rows)


def source_days(connection: Connection, first: date, last: date, now: datetime) -> tuple[SourceDays, ...]:
    """Return every watched source with its states from `first` to `last`, both included, as known at `now`.

    A day for which nothing was recorded is explained (`store.ledger`), so none is blank from the day on which a source
    was registered up to today.
    """
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    states = _states(connection, first, last)
    for (source, day), (state, reason) in blanks(connection, first, last, now).items():
        states[(source, day)] = StateOfDay(day, state, reason)
    return tuple(
        SourceDays(source, tuple(states.get((source.id, day)) for day in span))
        for source in watched_sources(connection)
    )


def coverage(connection: Connection, first: date, last: date, now: datetime) -> Coverage:
    """Return how much could be seen from `first` to `last`; a source counts by its last day on which it was due."""
    latest = [(row.source, _latest(row.states)) for row in source_days(connection, first, last, now)]
    looks = _last_looks(connection, last)
    return Coverage(tuple(Sighting(source, state, looks.get(source.id)) for source, state in latest if state))


def coverage_by_day(rows: Sequence[SourceDays]) -> dict[date, Coverage]:
    """Return the coverage of each single day of what `source_days` returned."""
    days: dict[date, list[Sighting]] = {}
    for row in rows:
        for state in row.states:
            if state is not None:
                days.setdefault(state.day, []).append(Sighting(row.source, state, None))
    return {day: Coverage(tuple(days[day])) for day in sorted(days)}


def _states(connection: Connection, first: date, last: date) -> dict[tuple[str, date], StateOfDay]:
    columns = (SourceState.source_id, SourceState.day, SourceState.state, SourceState.reason)
    rows = connection.execute(select(*columns).where(SourceState.day.between(first, last)))
    return {(source, day): StateOfDay(day, state, reason) for source, day, state, reason in rows}


def _last_looks(connection: Connection, last: date) -> dict[str, date]:
    query = select(SourceState.source_id, func.max(SourceState.day).label("day"))
    looked = query.where(SourceState.state.in_(LOOKED), SourceState.day <= last).group_by(SourceState.source_id)
    return {row.source_id: row.day for row in connection.execute(looked)}


def _latest(states: tuple[StateOfDay | None, ...]) -> StateOfDay | None:
    recorded = [state for state in states if state is not None]
    due = [state for state in recorded if state.state != NOT_DUE]
    ordered = due or recorded
    return ordered[-1] if ordered else None
