"""Keeps the raw bytes of every answer in WARC files under their SHA-256, and finds any bit that changed since."""

import hashlib
import io
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Self

from sqlalchemy import Engine, select
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from crawler.items import Capture, Page
from pipelines.saving.batches import Batches
from store import captures
from store.config import Config
from store.database import reading
from store.models import Capture as CaptureRow

FOLDER = "archive"
# Level 6 costs half the time of warcio's 9 and gives files 1 to 2 % larger on government pages.
COMPRESSION = 6
# Scrapy hands over the decoded body, so these no longer describe it; they stay readable under another name.
_NO_LONGER_TRUE = {"content-encoding", "transfer-encoding", "content-length"}


class Archive:
    """One growing WARC file for each day of this process, below `<data_dir>/archive`.

    A process never appends to another's file, so a record that a killed process left half-written is always the last
    of its file, and no reader loses what stands before it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file: BinaryIO | None = None
        self._name = ""
        self._day: date | None = None

    def keep(self, pages: Sequence[Page]) -> list[Capture]:
        """Write one record for each page, sync them to disk together, and say where each lies."""
        made = [self._write(page) for page in pages]
        if self._file is not None:
            os.fsync(self._file.fileno())
        return made

    def close(self) -> None:
        """Close the file that is open; the next `keep` begins another."""
        if self._file is not None:
            self._file.close()
        self._file = self._day = None

    def _write(self, page: Page) -> Capture:
        file = self._open(page.fetched_at.astimezone(UTC))
        offset = file.tell()
        packed = pack(response_record(page))
        file.write(packed)
        return Capture(
            sha256=hashlib.sha256(page.body).hexdigest(),
            length=len(page.body),
            warc_file=self._name,
            warc_offset=offset,
            record_length=len(packed),
            record_sha256=hashlib.sha256(packed).hexdigest(),
        )

    def _open(self, at: datetime) -> BinaryIO:
        if self._file is None or self._day != at.date():
            self.close()
            folder = self._data_dir / FOLDER / f"{at:%Y-%m}"
            folder.mkdir(parents=True, exist_ok=True)
            path = _free_name(folder, f"{at:%Y%m%d}-{os.getpid()}")
            # Unbuffered: what `keep` returned has left this process, so a kill cannot take it back.
            self._file = path.open("xb", buffering=0)
            self._day, self._name = at.date(), path.relative_to(self._data_dir).as_posix()
            self._file.write(pack(_warcinfo(path.name)))
        return self._file


def _free_name(folder: Path, stem: str) -> Path:
    number = 1
    while (path := folder / f"{stem}-{number}.warc.gz").exists():
        number += 1
    return path


def pack(record: bytes) -> bytes:
    """Return a WARC record as a gzip member of its own, as WARC readers expect."""
    packer = zlib.compressobj(COMPRESSION, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(record) + packer.flush()


def response_record(page: Page) -> bytes:
    """Return the WARC/1.1 record of a page, not compressed: a response, or a resource where a person saved the page."""
    digest = Digester("sha256")
    digest.update(page.body)
    about = {
        "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Payload-Digest": str(digest),
    }
    if page.address:
        about["WARC-IP-Address"] = page.address
    if page.origin == "import":
        return _resource_record(page, about)
    headers = StatusAndHeaders(_status_line(page.status), _truthful(page), protocol="HTTP/1.1")
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    payload = io.BytesIO(page.body)
    record = writer.create_warc_record(
        page.url, "response", payload=payload, length=len(page.body), http_headers=headers, warc_headers_dict=about
    )
    writer.write_record(record)
    return out.getvalue()


def _resource_record(page: Page, about: dict[str, str]) -> bytes:
    # What a browser wrote to disk is no answer of the server, so none is made up for it.
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    kind = page.header("content-type") or "application/octet-stream"
    record = writer.create_warc_record(
        page.url,
        "resource",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        warc_content_type=kind,
        warc_headers_dict=about,
    )
    writer.write_record(record)
    return out.getvalue()


def _status_line(status: int) -> str:
    known = status in HTTPStatus._value2member_map_
    return f"{status} {HTTPStatus(status).phrase}" if known else f"{status} Unknown"


def _truthful(page: Page) -> list[tuple[str, str]]:
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() in _NO_LONGER_TRUE else name, value) for name, value in page.headers
    ]
    return [*kept, ("Content-Length", str(len(page.body)))]


def _warcinfo(name: str) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    fields = {"software": "tealeaves (warcio)", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, fields))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Damage:
    """One capture that is no longer what was stored; `what` says in words what is wrong with it."""

    capture_id: int
    url: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at every capture found.

    `unclaimed` counts stretches of the files that no row refers to: what a crawl wrote in the moment it was killed.
    """

    captures: int
    files: int
    damages: tuple[Damage, ...]
    unclaimed: int


def verify(engine: Engine, data_dir: Path) -> Verified:
    """Compare every stored capture with its row and its record on disk; any changed bit of either is a Damage."""
    damages: list[Damage] = []
    claimed: dict[str, list[tuple[int, int]]] = {}
    before, count = captures.START, 0
    with reading(engine) as connection, _Records(data_dir) as records:
        for row in connection.execution_options(yield_per=1000).execute(select(CaptureRow).order_by(CaptureRow.id)):
            count += 1
            claimed.setdefault(row.warc_file, []).append((row.warc_offset, row.record_length))
            wrong = _wrong_row(row, before) or records.wrong(row)
            if wrong:
                damages.append(Damage(row.id, row.url, wrong))
            before = row.chain
    files = sorted(path for path in (data_dir / FOLDER).rglob("*.warc.gz"))
    unclaimed = sum(_unclaimed(path, claimed.get(path.relative_to(data_dir).as_posix(), [])) for path in files)
    return Verified(count, len(files), tuple(damages), unclaimed)


def _wrong_row(row: Any, before: str) -> str | None:
    if captures.link(before, row._mapping) == row.chain:
        return None
    return "its row was changed, or the row before it was changed or removed"


def _unclaimed(path: Path, claimed: list[tuple[int, int]]) -> int:
    free = captures.gaps(claimed, path.stat().st_size)
    return len(free) - 1 if free and free[0][0] == 0 else len(free)  # the first stretch is the file's own warcinfo


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


class ArchivePipeline:
    """Scrapy item pipeline: puts the Capture on every Page that comes by, once its bytes are safe on disk."""

    def __init__(self, config: Config) -> None:
        self._archive = Archive(config.data_dir)
        self._batches = Batches(self._archive.keep)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from the crawler's setting TEALEAVES_CONFIG, a `store.config.Config`."""
        return cls(crawler.settings["TEALEAVES_CONFIG"])

    async def process_item(self, item: Page) -> Page:
        """Return the page with its capture."""
        return replace(item, capture=await self._batches.put(item))

    def close_spider(self) -> None:
        """Close the file of this crawl."""
        self._archive.close()
