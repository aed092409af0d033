"""Says whether the program itself is well: does the store answer, is its schema ours, does the scheduler tick, is there room."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from store.database import reading
from store.migrations import HEAD
from store.models import Lease

SCHEDULER = "scheduler"
# The scheduler holds a lease that it renews at every tick; one that ends in good order gives it up.
LEASE_LASTS = timedelta(seconds=40)
LATE_TICK = timedelta(minutes=3)
LEAST_FREE = 2**30
REVISION = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that has to be well: its name, whether it is, and what was found in words."""

    name: str
    ok: bool
    words: str


def vital_signs(engine: Engine, folder: Path, now: datetime) -> tuple[Sign, ...]:
    """Return the signs, each looked at by itself; writes nothing. `folder` is where the data lie."""
    room = _room(folder)
    try:
        with reading(engine) as connection:
            revision = connection.execute(REVISION).scalar_one_or_none()
            return (
                Sign("store", True, f"{engine.dialect.name} answers"),
                _schema(revision),
                _tick(connection, revision, now),
                room,
            )
    except (SQLAlchemyError, OSError) as error:
        return (Sign("store", False, f"the store does not answer: {str(error).splitlines()[0]}"), room)


def last_tick(connection: Connection) -> datetime | None:
    """Return when the scheduler ticked last; None when none is meant to run (never started, or ended in good order)."""
    until = connection.execute(select(Lease.expires_at).where(Lease.name == SCHEDULER)).scalar_one_or_none()
    return None if until is None else until - LEASE_LASTS


def is_late(tick: datetime | None, now: datetime) -> bool:
    """Say whether a scheduler that is meant to run has not ticked for three minutes."""
    return tick is not None and now - tick > LATE_TICK


def _schema(revision: str | None) -> Sign:
    if revision == HEAD:
        return Sign("schema", True, f"revision {HEAD}")
    return Sign(
        "schema", False, f"the store has revision {revision or 'none'}, this program {HEAD}: tealeaves db upgrade"
    )


def _tick(connection: Connection, revision: str | None, now: datetime) -> Sign:
    if revision != HEAD:
        return Sign("scheduler", False, "it cannot be known before the schema is current")
    tick = last_tick(connection)
    if tick is None:
        return Sign("scheduler", True, "none is meant to run here")
    said = f"last tick {tick:%Y-%m-%d %H:%M:%S} UTC"
    if is_late(tick, now):
        return Sign("scheduler", False, f"it is not running: {said}; start it with tealeaves up or tealeaves schedule")
    return Sign("scheduler", True, said)


def _room(folder: Path) -> Sign:
    there = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    return Sign("disk", free >= LEAST_FREE, f"{free / LEAST_FREE:.1f} GiB free in {folder} (at least 1 is needed)")
