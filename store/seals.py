"""Seals of the archive: how far the chain of captures had come at an instant, kept in a file apart from the database.

The chain shows a row that was changed, deleted or moved among others; that the newest rows of all are gone shows only here.
"""

import fcntl
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, func, select

from store.captures import START
from store.database import reading
from store.models import Capture

FILE = Path("archive") / "seals.jsonl"


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest capture at an instant: its id, its chain value, and how many captures there were with it.

    `at` is ISO text in UTC; `seal` is the hash of these values and of the seal before, so that none is changed or moved.
    """

    at: str
    captures: int
    last_id: int
    chain: str
    seal: str


@dataclass(frozen=True, slots=True)
class Seals:
    """The seals that were read, oldest first, and in words what is wrong with the file (empty: nothing)."""

    seals: tuple[Seal, ...] = ()
    wrong: tuple[str, ...] = ()


def add_seal(engine: Engine, data_dir: Path, now: datetime) -> Seal | None:
    """Seal what has been captured since the last seal; None when nothing has. Safe from several processes at once."""
    path = data_dir / FILE
    if not path.parent.is_dir():
        return None  # nothing has been archived here
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file)
        made = _next(engine, last, now)
        if made is not None:
            file.write(json.dumps(asdict(made), separators=(",", ":")).encode() + b"\n")
            file.flush()
    return made


def set_aside(data_dir: Path) -> Path | None:
    """Move the seals out of the way when an older copy takes the store's place; return where to (None: there were none).

    They speak of captures that the copy does not know; the next seal begins a new file.
    """
    path = data_dir / FILE
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"seals-before-restore-{number}.jsonl")).exists():
        number += 1
    return path.rename(aside)


def read_seals(data_dir: Path) -> Seals:
    """Return the seals of an archive; there are none before its first crawl, or when it is older than seals are."""
    path = data_dir / FILE
    if not path.exists():
        return Seals()
    found, wrong, before = list[Seal](), list[str](), START
    for number, line in enumerate(_whole_lines(path.read_bytes()), 1):
        seal = _parse(line)
        if seal is None or seal.seal != _hash(before, seal) or (found and seal.last_id <= found[-1].last_id):
            wrong.append(f"line {number} of {FILE} is not as it was written, or the one before it was changed or moved")
        if seal is not None:
            found.append(seal)
            before = seal.seal
    return Seals(tuple(found), tuple(wrong))


def _whole_lines(content: bytes) -> Sequence[bytes]:
    return content.split(b"\n")[:-1]  # what follows the last line end was being written when its process was killed


def _last(file: BinaryIO) -> Seal | None:
    """Return the last seal of the open file, and cut off what a killed process left behind it."""
    file.seek(0)
    content = file.read()
    file.truncate(content.rfind(b"\n") + 1)
    lines = _whole_lines(content)
    return _parse(lines[-1]) if lines else None


def _next(engine: Engine, last: Seal | None, now: datetime) -> Seal | None:
    since = last.last_id if last else 0
    with reading(engine) as connection:
        query = select(func.count(), func.max(Capture.id)).where(Capture.id > since)
        number, newest = connection.execute(query).one()
        if newest is None:
            return None
        chain = connection.execute(select(Capture.chain).where(Capture.id == newest)).scalar_one()
    seal = Seal(now.isoformat(), number + (last.captures if last else 0), newest, chain, "")
    return Seal(seal.at, seal.captures, newest, chain, _hash(last.seal if last else START, seal))


def _hash(before: str, seal: Seal) -> str:
    said = json.dumps([before, seal.at, seal.captures, seal.last_id, seal.chain])
    return hashlib.sha256(said.encode()).hexdigest()


def _parse(line: bytes) -> Seal | None:
    try:
        values = json.loads(line)
        seal = Seal(**values)
    except (ValueError, TypeError):
        return None
    return seal if isinstance(seal.last_id, int) and isinstance(seal.captures, int) else None
