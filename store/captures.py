"""Keeps the list of everything fetched, each row chained to the one before, and reads the kept bytes back."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite
from warcio.archiveiterator import ArchiveIterator

from store.models import Capture, table_of
from store.prepared import Prepared
from store.problems import Problem

CHAINED = (
    "source_id",
    "url",
    "kind",
    "fetched_at",
    "status",
    "headers",
    "sha256",
    "length",
    "warc_file",
    "warc_offset",
    "record_length",
    "record_sha256",
    "address",
    "tls_verified",
    "block",
    "origin",
)
START = "0" * 64
_CAPTURE = table_of(Capture)
_NEWEST = Prepared(select(_CAPTURE.c.chain).order_by(_CAPTURE.c.id.desc()).limit(1))
_PLACE = ("warc_file", "warc_offset")
_ADD = {
    name: Prepared(insert(_CAPTURE).on_conflict_do_nothing(index_elements=_PLACE).returning(_CAPTURE.c.id))
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_HERE = select(_CAPTURE.c.id).where(
    _CAPTURE.c.warc_file == bindparam("warc_file"), _CAPTURE.c.warc_offset == bindparam("warc_offset")
)
_LOCK = 7_340_033  # PostgreSQL lets one transaction at a time write on the chain; on SQLite writers are alone anyway


class KeptRecord(Protocol):
    """Where a record lies and what its bytes are: a row of `Capture`, or a value with the same fields."""

    @property
    def warc_file(self) -> str:
        """The file, below the data folder."""

    @property
    def warc_offset(self) -> int:
        """Where in the file it begins."""

    @property
    def record_length(self) -> int:
        """How many bytes it has."""

    @property
    def record_sha256(self) -> str:
        """The hash of these bytes."""


class MissingBytesError(Problem):
    """The bytes of a capture cannot be read back; the message says which file and why."""


def link(before: str, row: dict[str, Any]) -> str:
    """Return the chain value of a capture row, given that of the row before it."""
    values = [_plain(row[name]) for name in CHAINED]
    if row.get("via") is not None:  # younger than the chain: rows without it keep the link they were given
        values.append(row["via"])
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{written}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def add_capture(connection: Connection, row: dict[str, Any]) -> tuple[int, bool]:
    """Write one capture and return (its id, True); (its id, False) when its record is there already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = _NEWEST.value(connection, {}) or START
    made: int | None = _ADD[connection.dialect.name].value(connection, {**row, "chain": link(before, row)})
    if made is not None:
        return made, True
    place = {name: row[name] for name in _PLACE}
    return connection.execute(_HERE, place).scalar_one(), False


def read_body(data_dir: Path, warc_file: str, warc_offset: int) -> bytes:
    """Return the body of a kept answer, byte for byte; raises MissingBytesError."""
    path = data_dir / warc_file
    try:
        with path.open("rb") as file:
            file.seek(warc_offset)
            record = next(iter(ArchiveIterator(file)))
            return bytes(record.content_stream().read())
    except (OSError, StopIteration, ValueError) as error:
        raise MissingBytesError(f"{path} at {warc_offset}: {error or 'nothing there'}") from error


def read_record(data_dir: Path, kept: KeptRecord) -> bytes:
    """Return a kept record as it was written, still compressed; raises MissingBytesError when a bit of it is not."""
    path = data_dir / kept.warc_file
    try:
        with path.open("rb") as file:
            file.seek(kept.warc_offset)
            found = file.read(kept.record_length)
    except OSError as error:
        raise MissingBytesError(f"{path} cannot be read: {error.strerror}") from error
    if hashlib.sha256(found).hexdigest() != kept.record_sha256:
        raise MissingBytesError(f"{path} at {kept.warc_offset}: the bytes are not those that were written")
    return found


def gaps(claimed: Iterable[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the stretches (start, end) of a file of `size` bytes that no (offset, length) claims."""
    free: list[tuple[int, int]] = []
    end = 0
    for offset, length in sorted(claimed):
        if offset > end:
            free.append((end, offset))
        end = max(end, offset + length)
    return [*free, (end, size)] if size > end else free
