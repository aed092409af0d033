"""Keeps the troubles of sources: one alarm when a trouble is sure, one word when it has ended, never a repeat.

A trouble stands open from its first sign. What is sure at once (no rows, a block page, another site) is raised at once;
what may pass by itself (no answer, a name that does not resolve) is raised when it has lasted a day. A source whose trouble
changes while it is open stays one alarm. When most sources are dark at the same time it is our own connection.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from store.database import insert_missing
from store.entries import SourceSight, Trouble
from store.models import Alarm, Column, Run, Source

NETWORK, SCHEDULE = "our-network", "our-schedule"
LASTS = timedelta(hours=24)
# Our own connection is gone when, of at least five sources visited within six hours, four fifths were dark.
LOOKED_BACK = timedelta(hours=6)
FEWEST_SOURCES = 5
DARK_SHARE = 0.8
LIGHT_SHARE = 0.7
# A portal that wants a login first sends everything elsewhere, or to an address of its own network.
DARK_WORDS = ("dns", "timeout", "refused", "connection", "tls", "off-site", "private-address")
UNVISITED = "its visits"
REASONS_NAMED = 3


def note_sights(connection: Connection, sights: Sequence[SourceSight], now: datetime) -> None:
    """Bring the alarms up to date with what the visits of one crawl saw; their runs must have been written before."""
    _drop_what_is_not_watched(connection, now)
    known = _open(connection)
    if sights:
        _end(connection, known.get(SCHEDULE), now)
    cut_off = _note_network(connection, known.get(NETWORK), now)
    known = _open(connection)
    for sight in sights:
        troubles = [trouble for trouble in sight.troubles if not (cut_off and trouble.network)]
        _note(connection, sight, troubles, known.get(sight.source_id), now)


def note_nothing_ran(connection: Connection, since: datetime, reason: str, now: datetime) -> None:
    """Raise the alarm that no crawl ran since an instant, unless it stands already; the next crawl ends it."""
    _raise(connection, SCHEDULE, "blind", (Trouble(UNVISITED, reason),), (since, now))


def note_unvisited(connection: Connection, source_id: str, reason: str, since: datetime, now: datetime) -> None:
    """Raise the alarm that a source was due and not visited for a whole day while others were; its next visit ends it."""
    _raise(connection, source_id, "blind", (Trouble(UNVISITED, reason),), (since, now))


def _open(connection: Connection) -> dict[str, Row[Any]]:
    return {row.subject: row for row in connection.execute(select(Alarm).where(Alarm.cleared_at.is_(None)))}


def _note(
    connection: Connection, sight: SourceSight, troubles: Sequence[Trouble], standing: Row[Any] | None, now: datetime
) -> None:
    if standing is None:
        if troubles:
            _raise(connection, sight.source_id, sight.state, troubles, (now, now))
        return
    left = ({*standing.about} - {*sight.healthy, UNVISITED}) | {trouble.about for trouble in troubles}
    if not left:
        _end(connection, standing, now)
        return
    values: dict[str, Any] = {"about": sorted(left)}
    if troubles:
        values |= {"state": _state(sight.state), "reason": _words(troubles)}
    here = (Alarm.id == standing.id, Alarm.cleared_at.is_(None))
    connection.execute(update(Alarm).where(*here).values(**values))
    if troubles and (_sure(troubles) or now - standing.since >= LASTS):
        connection.execute(update(Alarm).where(*here, Alarm.raised_at.is_(None)).values(raised_at=now))


def _raise(
    connection: Connection,
    subject: str,
    state: str,
    troubles: Sequence[Trouble],
    since_and_now: tuple[datetime, datetime],
) -> None:
    since, now = since_and_now
    row = {
        "subject": subject,
        "source_id": None if subject in (NETWORK, SCHEDULE) else subject,
        "state": _state(state),
        "reason": _words(troubles),
        "about": sorted({trouble.about for trouble in troubles}),
        "since": since,
        "raised_at": now if _sure(troubles) else None,
    }
    connection.execute(insert_missing(connection, Alarm, ()).values(**row))


def _end(connection: Connection, standing: Row[Any] | None, now: datetime) -> None:
    """End an alarm; what was never raised is forgotten, for nobody heard of it."""
    if standing is None:
        return
    here = (Alarm.id == standing.id, Alarm.cleared_at.is_(None))
    connection.execute(delete(Alarm).where(*here, Alarm.raised_at.is_(None)))
    connection.execute(update(Alarm).where(*here).values(cleared_at=now))


def _note_network(connection: Connection, standing: Row[Any] | None, now: datetime) -> bool:
    """Say whether our own connection is gone, by the newest visit of each source within six hours; keep the alarm about it."""
    newest = select(func.max(Run.id)).where(Run.ended_at > now - LOOKED_BACK).group_by(Run.source_id)
    visited = connection.execute(select(Run.state, Run.reason).where(Run.id.in_(newest))).all()
    dark = [row for row in visited if row.state == "blind" and (row.reason or "").startswith(DARK_WORDS)]
    if standing is not None:
        if not visited or len(dark) >= LIGHT_SHARE * len(visited):
            return True
        _end(connection, standing, now)
        # What seemed to begin while we were cut off begins anew, if it is there at all.
        connection.execute(delete(Alarm).where(Alarm.raised_at.is_(None)))
        return False
    if len(visited) < FEWEST_SOURCES or len(dark) < DARK_SHARE * len(visited):
        return False
    reason = f"our-network: {len(dark)} of {len(visited)} sources do not answer; most likely our own connection is gone"
    _raise(connection, NETWORK, "blind", (Trouble(UNVISITED, reason),), (now, now))
    return True


def _drop_what_is_not_watched(connection: Connection, now: datetime) -> None:
    """End the alarms about sources that are switched off, and forget lists that their files name no more."""
    watched: dict[str, set[str]] = {}
    columns = select(Column.source_id, Column.url).join(Source, Source.id == Column.source_id)
    for source_id, url in connection.execute(columns.where(Column.enabled, Source.enabled)):
        watched.setdefault(source_id, set()).add(url)
    for standing in _open(connection).values():
        if standing.source_id is None:
            continue
        lists = watched.get(standing.source_id, set())
        left = [about for about in standing.about if about in lists or not about.startswith("http")]
        if not lists or not left:
            _end(connection, standing, now)
        elif len(left) < len(standing.about):
            connection.execute(update(Alarm).where(Alarm.id == standing.id).values(about=left))


def _sure(troubles: Iterable[Trouble]) -> bool:
    return any(trouble.lasting for trouble in troubles)


def _state(state: str) -> str:
    """A source that is seen and has a trouble elsewhere is suspect."""
    return state if state in ("blind", "blocked", "suspect") else "suspect"


def _words(troubles: Sequence[Trouble]) -> str:
    reasons = list(dict.fromkeys(trouble.reason for trouble in troubles))
    more = len(reasons) - REASONS_NAMED
    return "; ".join(reasons[:REASONS_NAMED]) + (f"; and {more} more" if more > 0 else "")
