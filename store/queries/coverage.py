"""What could be seen: the state of every source for every day, and the sentence that sums it up."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, select

from store.models import Column, Source, SourceState

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOOKED = ("seen", "quiet")
NAMED_IN_LINE = 12


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source that is visited: enabled, with at least one enabled column."""

    id: str
    name: str
    name_en: str
    tier: str
    region: str | None


@dataclass(frozen=True, slots=True)
class StateOfDay:
    """What could be seen of a source on a day, and why."""

    day: date
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceDays:
    """A source with its state for each day of a span, in the order of the days; None where nothing was recorded."""

    source: WatchedSource
    states: tuple[StateOfDay | None, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the watched sources could be seen in a span of days.

    `unseen` pairs a source with its last state (None: nothing was recorded, so nobody looked).
    """

    total: int
    seen: int
    not_due: int
    unseen: tuple[tuple[WatchedSource, StateOfDay | None], ...]

    @property
    def line(self) -> str:
        """The coverage in one line: seen 54 of 62; not seen: …."""
        due = f" ({self.not_due} not due)" if self.not_due else ""
        line = f"seen {self.seen} of {self.total} sources{due}"
        if not self.unseen:
            return line
        named = [_why(source, state) for source, state in self.unseen[:NAMED_IN_LINE]]
        more = len(self.unseen) - len(named)
        return f"{line}; not seen: {', '.join(named)}{f' and {more} more' if more else ''}"


def shanghai_day(instant: datetime) -> date:
    """Return the day in Asia/Shanghai on which an instant falls: the day that source states are kept by."""
    return instant.astimezone(SHANGHAI).date()


def watched_sources(connection: Connection) -> tuple[WatchedSource, ...]:
    """Return the sources that are visited, by tier and name."""
    columns = [getattr(Source, name) for name in WatchedSource.__dataclass_fields__]
    visited = exists(select(1).where(Column.source_id == Source.id, Column.enabled))
    rows = connection.execute(select(*columns).where(Source.enabled, visited).order_by(Source.tier, Source.id))
    return tuple(WatchedSource(*row) for row in rows)


def source_days(connection: Connection, first: date, last: date) -> tuple[SourceDays, ...]:
    """Return every watched source with its states from `first` to `last`, both included."""
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    states = _states(connection, first, last)
    return tuple(
        SourceDays(source, tuple(states.get((source.id, day)) for day in span))
        for source in watched_sources(connection)
    )


def coverage(connection: Connection, first: date, last: date) -> Coverage:
    """Return how much could be seen from `first` to `last`; a source counts by its last day on which it was due."""
    latest = [(row.source, _latest(row.states)) for row in source_days(connection, first, last)]
    return Coverage(
        total=len(latest),
        seen=sum(state is not None and state.state in LOOKED for _, state in latest),
        not_due=sum(state is not None and state.state == "not-due" for _, state in latest),
        unseen=tuple((s, state) for s, state in latest if state is None or state.state not in (*LOOKED, "not-due")),
    )


def _states(connection: Connection, first: date, last: date) -> dict[tuple[str, date], StateOfDay]:
    columns = (SourceState.source_id, SourceState.day, SourceState.state, SourceState.reason)
    rows = connection.execute(select(*columns).where(SourceState.day.between(first, last)))
    return {(source, day): StateOfDay(day, state, reason) for source, day, state, reason in rows}


def _latest(states: tuple[StateOfDay | None, ...]) -> StateOfDay | None:
    recorded = [state for state in states if state is not None]
    due = [state for state in recorded if state.state != "not-due"]
    ordered = due or recorded
    return ordered[-1] if ordered else None


def _why(source: WatchedSource, state: StateOfDay | None) -> str:
    if state is None:
        return f"{source.name} (no visit recorded)"
    return f"{source.name} ({state.state}{f': {state.reason}' if state.reason else ''})"
