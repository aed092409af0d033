"""Copies a store while it is in use, and puts a copy back after checking that it is whole (SQLite)."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from store.problems import Problem

PLAIN_WORDS_FOR_POSTGRES = (
    "The store is on PostgreSQL: use its own tools, `pg_dump --format=custom --file=tealeaves.dump URL` and"
    " `pg_restore --clean --dbname=URL tealeaves.dump`. They copy a running database safely; tealeaves does not."
)


class BackupError(Problem):
    """A copy cannot be made or put back; the message says why, in words for the person who asked."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a store, with the SHA-256 of its file."""

    path: Path
    sha256: str
    length: int


def backup(engine: Engine, target: Path) -> Backup:
    """Copy the store to a new file and check the copy; writes `<target>.sha256` beside it. Raises BackupError."""
    _sqlite_only(engine)
    if target.exists():
        raise BackupError(f"{target} is there already: a backup never overwrites")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        copy_database(engine, unfinished)
        check_whole(unfinished)
    except BaseException:
        unfinished.unlink(missing_ok=True)  # half a copy on a full disk would only keep it full
        raise
    unfinished.rename(target)
    made = Backup(target, sha256_of(target), target.stat().st_size)
    _sum_of(target).write_text(f"{made.sha256}  {target.name}\n", encoding="utf-8")
    return made


def restore(engine: Engine, source: Path) -> Path | None:
    """Put a copy in the place of the store; return where the old store was moved to (None: there was none).

    The copy is checked against its SHA-256 (when the file lies beside it) and for integrity before anything is moved.
    No other process may have the store open. Raises BackupError.
    """
    _sqlite_only(engine)
    if not source.is_file():
        raise BackupError(f"{source}: there is no such file")
    note = _sum_of(source)
    if note.exists() and note.read_text(encoding="utf-8").split()[0] != sha256_of(source):
        raise BackupError(f"{source} is not what was backed up: its SHA-256 differs from {note.name}")
    check_whole(source)
    place = Path(engine.url.database or "")
    fresh = place.with_name(place.name + ".restoring")
    shutil.copyfile(source, fresh)
    engine.dispose()
    aside = _move_aside(place)
    fresh.rename(place)
    return aside


def copy_database(engine: Engine, target: Path) -> None:
    """Write a consistent copy of an SQLite store to a new file, also while others write to it."""
    with closing(engine.raw_connection()) as connection:  # below SQLAlchemy: VACUUM runs in no transaction
        connection.cursor().execute("VACUUM INTO ?", (str(target),))


def check_whole(path: Path) -> None:
    """Raise BackupError unless a file is an SQLite store that passes its integrity check."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
            tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is damaged: {error}") from error
    if answer != "ok" or not tables:
        raise BackupError(f"{path} is " + (f"damaged: {answer}" if answer != "ok" else "no store of tealeaves"))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum_of(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _move_aside(place: Path) -> Path | None:
    if not place.exists():
        return None
    number = 1
    while (aside := place.with_name(f"{place.name}.replaced-{number}")).exists():
        number += 1
    for tail in ("-wal", "-shm"):  # what a killed process left: it belongs to the old store
        if (left := place.with_name(place.name + tail)).exists():
            left.rename(aside.with_name(aside.name + tail))
    return place.rename(aside)


def _sqlite_only(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        raise BackupError(PLAIN_WORDS_FOR_POSTGRES)
    if not engine.url.database or engine.url.database == ":memory:":
        raise BackupError("a store in memory cannot be copied")
