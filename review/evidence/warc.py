"""The kept records of a case as one WARC file, each byte as it was written by the crawl."""

import io
import zlib
from collections.abc import Iterable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from store.captures import MissingBytesError, read_record
from store.queries.case import KeptCapture

NAME = "captures.warc.gz"
GZIP = zlib.MAX_WBITS + 16


def records_of(captures: Iterable[KeptCapture], data_dir: Path) -> dict[int, bytes]:
    """Return the compressed record of each capture by its id; raises MissingBytesError when one is not as it was written."""
    return {capture.id: read_record(data_dir, capture) for capture in captures}


def warc_head() -> bytes:
    """Return the warcinfo record that a bundle's WARC file begins with; the records follow it untouched."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    fields = {"software": "tealeaves (warcio)", "format": "WARC File Format 1.1", "isPartOf": "evidence bundle"}
    writer.write_record(writer.create_warcinfo_record(NAME, fields))
    return out.getvalue()


def payload_of(record: bytes, most: int) -> bytes:
    """Return the page that a compressed record holds; raises MissingBytesError when it holds none of at most `most` bytes."""
    try:
        bounded = zlib.decompressobj(GZIP).decompress(record, most + 1_000_000)
        found = next(iter(ArchiveIterator(io.BytesIO(bounded))))
        payload = bytes(found.content_stream().read())
    except (ArchiveLoadFailed, StopIteration, ValueError, OSError, zlib.error) as error:
        raise MissingBytesError(f"the record cannot be read: {error or 'nothing there'}") from error
    if len(payload) > most:
        raise MissingBytesError(f"the record holds more than the {most} bytes that were said to be in it")
    return payload
