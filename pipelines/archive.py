"""Keeps the raw bytes of every answer in WARC files under their SHA-256."""

import hashlib
import io
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from crawler.items import Capture, Page
from pipelines.room import Brake, CannotKeepError, dropped, require_room
from pipelines.saving.batches import Batches
from store.config import Config

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
        try:
            _write_whole(file, packed)
        except OSError:
            self._take_back(file, offset)
            raise
        return Capture(
            sha256=hashlib.sha256(page.body).hexdigest(),
            length=len(page.body),
            warc_file=self._name,
            warc_offset=offset,
            record_length=len(packed),
            record_sha256=hashlib.sha256(packed).hexdigest(),
        )

    def _take_back(self, file: BinaryIO, offset: int) -> None:
        """Cut off what was written of a record that found no room, so that the file ends with a whole one."""
        with suppress(OSError):  # a disk that refuses this too leaves half a record at the end, as a kill does
            file.truncate(offset)
        self.close()

    def _open(self, at: datetime) -> BinaryIO:
        if self._file is None or self._day != at.date():
            self.close()
            folder = self._data_dir / FOLDER / f"{at:%Y-%m}"
            folder.mkdir(parents=True, exist_ok=True)
            path = _free_name(folder, f"{at:%Y%m%d}-{os.getpid()}")
            # Unbuffered: what `keep` returned has left this process, so a kill cannot take it back.
            self._file = path.open("xb", buffering=0)
            self._day, self._name = at.date(), path.relative_to(self._data_dir).as_posix()
            _write_whole(self._file, pack(_warcinfo(path.name)))
        return self._file


def _write_whole(file: BinaryIO, content: bytes) -> None:
    # An unbuffered file writes as much as fits and says how much; on a disk that is nearly full that is not all.
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


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


class ArchivePipeline:
    """Scrapy item pipeline: puts the Capture on every Page that comes by, once its bytes are safe on disk."""

    def __init__(self, config: Config, brake: Brake | None = None) -> None:
        self._data_dir, self._brake = config.data_dir, brake or Brake()
        self._archive = Archive(config.data_dir)
        self._batches = Batches(self._keep)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from the crawler's setting TEALEAVES_CONFIG, a `store.config.Config`."""
        return cls(crawler.settings["TEALEAVES_CONFIG"], Brake(crawler))

    def _keep(self, pages: Sequence[Page]) -> list[Capture]:
        require_room(self._data_dir)
        return self._archive.keep(pages)

    async def process_item(self, item: Page) -> Page:
        """Return the page with its capture; a page that cannot be kept is dropped, and the crawl ends."""
        try:
            return replace(item, capture=await self._batches.put(item))
        except (OSError, CannotKeepError) as error:
            words = self._brake.pull(error)
            if words is None:
                raise
            raise dropped(f"{item.url} could not be kept: {words}") from error

    def close_spider(self) -> None:
        """Close the file of this crawl."""
        self._archive.close()
