"""Finds any bit of the archive that is not as it was stored, and whatever was taken out of it, moved or put into it."""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from sqlalchemy import Connection, Engine, select

from pipelines.archive import FOLDER
from store import captures
from store.database import reading
from store.models import Capture
from store.seals import Seal, Seals, read_seals

GZIP = zlib.MAX_WBITS + 16
CHUNK = 64 * 1024
_ADDRESS = re.compile(rb"^WARC-Target-URI: (\S+)", re.M)
_Claims = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is no longer what was stored; `what` says in words what is wrong with it.

    `capture_id` is None for what has no row: a record whose row is gone, a file, a seal.
    """

    capture_id: int | None
    url: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at every capture found.

    `unclaimed` counts stretches of the files that no row refers to: what a crawl wrote in the moment it was killed.
    `seals` counts the seals that hold, `unsealed` the captures that are younger than the last one.
    """

    captures: int
    files: int
    damages: tuple[Damage, ...]
    unclaimed: int
    seals: int = 0
    unsealed: int = 0


@dataclass(slots=True)
class _Walk:
    """What is known after a walk through the rows."""

    count: int = 0
    damages: list[Damage] = field(default_factory=list)
    claimed: _Claims = field(default_factory=dict)
    chains: dict[int, str] = field(default_factory=dict)
    broken: bool = False
    after_last_seal: int = 0


def verify(engine: Engine, data_dir: Path) -> Verified:
    """Compare every stored capture with its row, its record on disk and the seals; any changed bit is a Damage.

    A record without a row is damage when the chain or a seal shows that rows are missing, else what a killed crawl left.
    """
    sealed = read_seals(data_dir)
    with reading(engine) as connection, _Records(data_dir) as records:
        walk = _walk(connection, records, sealed)
    broken_seals = list(_broken_seals(sealed, walk.chains))
    files = sorted((data_dir / FOLDER).rglob("*.warc.gz"))
    strays = [stray for path in files for stray in _strays(path, data_dir, walk.claimed)]
    lost = [stray for stray in strays if stray.whole and (walk.broken or broken_seals)]
    damages = [
        *walk.damages,
        *broken_seals,
        *(_no_row(stray) for stray in lost),
        *_heads(files, data_dir, walk.claimed),
    ]
    holding = len(sealed.seals) - sum(walk.chains.get(seal.last_id) != seal.chain for seal in sealed.seals)
    return Verified(walk.count, len(files), tuple(damages), len(strays) - len(lost), holding, walk.after_last_seal)


def _walk(connection: Connection, records: "_Records", sealed: Seals) -> _Walk:
    walk, before = _Walk(), captures.START
    wanted = {seal.last_id for seal in sealed.seals}
    last = max(wanted, default=0)
    for row in connection.execution_options(yield_per=1000).execute(select(Capture).order_by(Capture.id)):
        walk.count += 1
        walk.claimed.setdefault(row.warc_file, []).append((row.warc_offset, row.record_length))
        moved = _wrong_row(row, before)
        walk.broken = walk.broken or moved is not None
        wrong = moved or records.wrong(row)
        if wrong:
            walk.damages.append(Damage(row.id, row.url, wrong))
        if row.id in wanted:
            walk.chains[row.id] = row.chain
        walk.after_last_seal += row.id > last
        before = row.chain
    return walk


def _wrong_row(row: Any, before: str) -> str | None:
    if captures.link(before, row._mapping) == row.chain:
        return None
    return "its row was changed, or the row before it was changed or removed"


def _broken_seals(sealed: Seals, chains: dict[int, str]) -> Iterator[Damage]:
    """Yield what is wrong with the file of seals, and the newest seal that the rows do not meet: it speaks for the older ones."""
    for words in sealed.wrong:
        yield Damage(None, "", words)
    unmet = [seal for seal in sealed.seals if chains.get(seal.last_id) != seal.chain]
    if unmet:
        yield Damage(None, "", _unmet(unmet[-1], unmet[-1].last_id in chains))


def _unmet(seal: Seal, is_there: bool) -> str:
    if is_there:
        return f"rows up to capture {seal.last_id} were rewritten since they were sealed at {seal.at}"
    return (
        f"capture {seal.last_id} was the newest of {seal.captures} when they were sealed at {seal.at}; its row is gone"
    )


@dataclass(frozen=True, slots=True)
class _Stray:
    """A stretch of a file that no row claims: a whole record, or something else."""

    file: str
    offset: int
    url: str
    whole: bool


def _no_row(stray: _Stray) -> Damage:
    return Damage(None, stray.url, f"is kept in {stray.file} at {stray.offset} and has no row any more")


def _strays(path: Path, data_dir: Path, claimed: _Claims) -> Iterator[_Stray]:
    """Yield what no row claims in a file, record by record; the first record is the file's own warcinfo."""
    name, size = path.relative_to(data_dir).as_posix(), path.stat().st_size
    with path.open("rb") as file:
        head = _unpack(file, 0, size)[1]
        for start, end in captures.gaps([(0, head), *claimed.get(name, [])], size):
            yield from _records_in(file, name, start, end)


def _records_in(file: BinaryIO, name: str, start: int, end: int) -> Iterator[_Stray]:
    while start < end:
        beginning, length = _unpack(file, start, end)
        if not length:
            yield _Stray(name, start, "", whole=False)
            return
        address = _ADDRESS.search(beginning)
        yield _Stray(name, start, address[1].decode("utf-8", "replace") if address else "", whole=True)
        start += length


def _unpack(file: BinaryIO, start: int, end: int) -> tuple[bytes, int]:
    """Return how the record at a place begins and how long it is, compressed; (empty, 0) when it is not whole."""
    file.seek(start)
    unpacker, beginning, read = zlib.decompressobj(GZIP), b"", 0
    while not unpacker.eof:
        chunk = file.read(min(CHUNK, end - start - read))
        if not chunk:
            return b"", 0
        read += len(chunk)
        try:
            unpacked = unpacker.decompress(chunk)
        except zlib.error:
            return b"", 0
        beginning = beginning or unpacked[:CHUNK]
    return beginning, read - len(unpacker.unused_data)


def _heads(files: Iterable[Path], data_dir: Path, claimed: _Claims) -> Iterator[Damage]:
    """Yield the files that hold captures and whose own first record is broken."""
    for path in files:
        name = path.relative_to(data_dir).as_posix()
        with path.open("rb") as file:
            if name in claimed and not _unpack(file, 0, path.stat().st_size)[1]:
                yield Damage(None, "", f"the head of {name} is not as it was written")


class _Records:
    """Reads records from their files, keeping the last file open."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._name = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def wrong(self, row: Any) -> str | None:
        """Say what is wrong with the record of a row; None when every bit is as it was written."""
        try:
            file = self._open(row.warc_file)
        except OSError as error:
            return f"its file {row.warc_file} cannot be read: {error.strerror}"
        file.seek(row.warc_offset)
        found = file.read(row.record_length)
        if len(found) < row.record_length:
            return f"its file {row.warc_file} ends before it does"
        if hashlib.sha256(found).hexdigest() != row.record_sha256:
            return f"its bytes in {row.warc_file} at {row.warc_offset} are not those that were written"
        return None

    def _open(self, name: str) -> BinaryIO:
        if self._file is None or self._name != name:
            fresh = (self._data_dir / name).open("rb")
            if self._file is not None:
                self._file.close()
            self._file, self._name = fresh, name
        return self._file
