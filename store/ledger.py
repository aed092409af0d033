"""Gives every source a state for every day: where nothing was recorded, it says why nothing was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, insert, select, update

from store import alarms
from store.database import insert_missing
from store.models import Column, Run, Source, SourceState

CHINA = ZoneInfo("Asia/Shanghai")
RANK = ("seen", "quiet", "suspect", "blocked", "blind", "not-due")
# A visit may come so much later than it was due without anything being wrong: a long crawl, a computer that was asleep.
LATE = timedelta(hours=6)
NO_COLUMN = ("not-due", "no-column: it has no list to visit")
NOT_YET_DUE = ("not-due", "not-yet-due: no list of it was due")
WAITING = ("not-due", "waiting: a list of it is due and will be visited soon")
NOTHING_RAN = ("blind", "nothing-ran: nothing ran that day")
UNFINISHED = ("blind", "unfinished: a visit began and did not end")
NOT_VISITED = ("blind", "not-visited: it was due and was not visited")
SWITCHED_OFF = ("not-due", "switched-off: it was switched off")
OVERDUE = ("blind", "overdue: it is due since more than six hours and was not visited yet")

Verdict = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ran:
    """What ran: the days on which any crawl did, and those on which a visit of a source began."""

    days: frozenset[date] = frozenset()
    visits: Mapping[str, frozenset[date]] = field(default_factory=dict)


def china_day(at: datetime) -> date:
    """Return the day in Asia/Shanghai of an aware instant."""
    return at.astimezone(CHINA).date()


def unrecorded(day: date, now: datetime, due: datetime | None, nothing_ran: bool, began: bool) -> Verdict:
    """Return state and reason of a source for a day for which none was recorded; `due` is when it became due.

    The day is judged by its end, the present one by `now`. A visit that is late by six hours is not missed yet.
    """
    if due is None:
        return NO_COLUMN
    end = min(datetime.combine(day + timedelta(days=1), time(), CHINA), now)
    if due >= end:
        return NOT_YET_DUE
    ended = day < china_day(now)
    if began and ended:
        return UNFINISHED
    if end - due < LATE:
        return WAITING
    if not ended:
        return OVERDUE
    return NOTHING_RAN if nothing_ran else NOT_VISITED


def blanks(
    connection: Connection, first: date, last: date, now: datetime, source_ids: Sequence[str] | None = None
) -> dict[tuple[str, date], Verdict]:
    """Return the states of enabled sources that nobody recorded between two days; none before a source was registered.

    No source and no day up to today is ever without a state: what is recorded and what this returns make all of them.
    """
    last = min(last, china_day(now))
    known = _recorded(connection, first, last, source_ids)
    sources = _sources(connection, source_ids)
    missing = {
        (source.id, day): source
        for source in sources
        for day in _days(max(first, china_day(source.registered_at)), last)
        if day not in known[source.id]
    }
    if not missing:
        return {}
    due = _earliest_due(connection, source_ids)
    oldest = min(day for _, day in missing)
    ran = _ran(connection, oldest, last) if oldest < china_day(now) else Ran()
    return {
        (id, day): unrecorded(
            day,
            now,
            None if id not in due else max(due[id], source.registered_at),
            day not in ran.days,
            day in ran.visits.get(id, ()),
        )
        for (id, day), source in missing.items()
    }


def fill_states(connection: Connection, now: datetime, source_id: str | None = None) -> int:
    """Write the state of every day since their registration that enabled sources lack; return how many were written.

    Today is written only when nothing is due: it is not over. What was due is judged by `Column.due_at`, so fill before a
    visit moves it. A day on which nothing ran, and a source that was passed over for a whole day, raise their alarm.
    """
    today = china_day(now)
    incomplete = _incomplete(connection, today, source_id)
    if not incomplete:
        return 0
    first = min(china_day(row.registered_at) for row in incomplete)
    found = blanks(connection, first, today, now, [row.id for row in incomplete])
    fixed = {key: verdict for key, verdict in found.items() if key[1] < today or verdict in (NOT_YET_DUE, NO_COLUMN)}
    rows = [
        {"source_id": id, "day": day, "state": state, "reason": reason, "seen_at": now}
        for (id, day), (state, reason) in fixed.items()
    ]
    if rows:
        connection.execute(insert_missing(connection, SourceState, ("source_id", "day")), rows)
        _alarm(connection, fixed, now)
    return len(rows)


def note_switched_off(connection: Connection, source_ids: Sequence[str], now: datetime) -> None:
    """Write that sources which are switched on again were off on the days that have no state; call it before they are on."""
    off = select(Source.id, Source.registered_at).where(Source.id.in_(source_ids), ~Source.enabled)
    sources = connection.execute(off).all()
    if not sources:
        return
    first, yesterday = min(china_day(row.registered_at) for row in sources), china_day(now) - timedelta(days=1)
    known = _recorded(connection, first, yesterday, [row.id for row in sources])
    state, reason = SWITCHED_OFF
    rows = [
        {"source_id": row.id, "day": day, "state": state, "reason": reason, "seen_at": now}
        for row in sources
        for day in _days(china_day(row.registered_at), yesterday)
        if day not in known[row.id]
    ]
    if rows:
        connection.execute(insert_missing(connection, SourceState, ("source_id", "day")), rows)


def _alarm(connection: Connection, fixed: Mapping[tuple[str, date], Verdict], now: datetime) -> None:
    silent = [day for (_, day), verdict in fixed.items() if verdict == NOTHING_RAN]
    if silent:
        days = f"from {min(silent)} to {max(silent)}" if len(set(silent)) > 1 else f"on {silent[0]}"
        reason = f"nothing-ran: nothing ran {days}; the scheduler or cron was not running"
        alarms.note_nothing_ran(connection, datetime.combine(min(silent), time(), CHINA), reason, now)
    yesterday = china_day(now) - timedelta(days=1)
    for (id, day), verdict in fixed.items():
        if verdict == NOT_VISITED and day == yesterday:
            alarms.note_unvisited(connection, id, verdict[1], datetime.combine(day, time(), CHINA), now)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _sources(connection: Connection, source_ids: Sequence[str] | None) -> list[Row[Any]]:
    query = select(Source.id, Source.registered_at).where(Source.enabled)
    if source_ids is not None:
        query = query.where(Source.id.in_(source_ids))
    return list(connection.execute(query))


def _recorded(
    connection: Connection, first: date, last: date, source_ids: Sequence[str] | None
) -> Mapping[str, set[date]]:
    query = select(SourceState.source_id, SourceState.day).where(SourceState.day.between(first, last))
    if source_ids is not None:
        query = query.where(SourceState.source_id.in_(source_ids))
    known: dict[str, set[date]] = defaultdict(set)
    for id, day in connection.execute(query):
        known[id].add(day)
    return known


def _incomplete(connection: Connection, today: date, source_id: str | None) -> list[Row[Any]]:
    states = select(SourceState.source_id, func.count().label("days")).where(SourceState.day <= today)
    known = states.group_by(SourceState.source_id).subquery()
    query = (
        select(Source.id, Source.registered_at, func.coalesce(known.c.days, 0).label("days"))
        .join(known, known.c.source_id == Source.id, isouter=True)
        .where(Source.enabled)
    )
    if source_id is not None:
        query = query.where(Source.id == source_id)
    rows = connection.execute(query).all()
    return [row for row in rows if row.days < (today - china_day(row.registered_at)).days + 1]


def _earliest_due(connection: Connection, source_ids: Sequence[str] | None) -> dict[str, datetime]:
    """Return when the first list of each source became due; one that was never visited is due since ever."""
    never = datetime.min.replace(tzinfo=CHINA)
    due: dict[str, datetime] = {}
    query = select(Column.source_id, Column.due_at).where(Column.enabled)
    if source_ids is not None:
        query = query.where(Column.source_id.in_(source_ids))
    for id, at in connection.execute(query):
        due[id] = min(due.get(id, at or never), at or never)
    return due


def _ran(connection: Connection, first: date, last: date) -> Ran:
    start, end = (datetime.combine(day, time(), CHINA) for day in (first, last + timedelta(days=1)))
    visits: dict[str, set[date]] = defaultdict(set)
    begun = select(Run.source_id, Run.started_at).where(Run.started_at >= start, Run.started_at < end)
    for id, at in connection.execute(begun):
        visits[id].add(china_day(at))
    days = frozenset(day for own in visits.values() for day in own)
    return Ran(days, {id: frozenset(own) for id, own in visits.items()})


def note_state(
    connection: Connection, source_id: str, day: date, state_and_reason: tuple[str, str], now: datetime
) -> None:
    """Note what we could see of a source on a day (Asia/Shanghai); of several sights the best stays, of equal ones the newest."""
    state, reason = state_and_reason
    here = (SourceState.source_id == source_id, SourceState.day == day)
    old = connection.execute(select(SourceState.state).where(*here)).scalar_one_or_none()
    values = {"state": state, "reason": reason, "seen_at": now}
    if old is None:
        connection.execute(insert(SourceState).values(source_id=source_id, day=day, **values))
    elif RANK.index(state) <= RANK.index(old):
        connection.execute(update(SourceState).where(*here).values(**values))
