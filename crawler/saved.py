"""What a person saved from a browser, taken apart into the answers in it: HTML, MHTML, WARC, WACZ, PDF and office files.

Pure, and run in a worker: these files come from anywhere.
"""

import email.policy
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from crawler.attachments import READERS
from crawler.attachments.kinds import MOST_BYTES, MOST_MEMBERS, NotRead, kind_of, member_bytes, open_zip
from crawler.guard import oddity

_HEADER = re.compile(rb"[\w-]+:")
_WARC = b"WARC/"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """One answer in a saved file: `url` is None where the file does not say, `at` (aware UTC) likewise.

    `kind` is that of `crawler.attachments.kinds.kind_of`: html, pdf, docx …
    """

    url: str | None
    body: bytes
    kind: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedFile:
    """What a file holds: its form in words, its readable answers, and what was left out of it and why."""

    form: str
    answers: tuple[SavedAnswer, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def take_apart(name: str, content: bytes) -> SavedFile:
    """Return the answers in a saved file; what cannot be read is told in `left_out`. Never fails on any bytes."""
    try:
        if content.startswith((_WARC, _GZIP)):
            return _from_warc("WARC", [content])
        if _HEADER.match(content) and b"multipart/related" in content[:8192].lower():
            return _from_mhtml(content)
        kind = kind_of(content)
        if kind == "zip" and (warcs := _warcs_in(content)):
            return _from_warc("WACZ", warcs)
    except (NotRead, OSError, EOFError, zlib.error, ValueError, LookupError) as error:
        return SavedFile("unreadable", left_out=(f"{name}: {error}",))
    if kind == "html" or kind in READERS:
        as_html = kind == "txt" and b"<" in content[:4096]
        media = "text/html" if kind == "html" or as_html else "application/octet-stream"
        answer = SavedAnswer(None, content, "html" if as_html else kind, headers=(("Content-Type", media),))
        return SavedFile("HTML" if answer.kind == "html" else kind.upper(), (answer,))
    return SavedFile("unreadable", left_out=(f"{name}: is no page and no file that can be read ({kind})",))


def _from_mhtml(content: bytes) -> SavedFile:
    whole = message_from_bytes(content, policy=email.policy.compat32)
    parts = [part for part in whole.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    if not parts:
        return SavedFile("MHTML", left_out=("there is no HTML part in it",))
    wanted = str(whole.get("Snapshot-Content-Location") or "").strip()
    start = str(whole.get_param("start") or "").strip()
    root = next(
        (part for part in parts if part.get("Content-Location") == wanted or part.get("Content-ID") == start), parts[0]
    )
    url = wanted or str(root.get("Content-Location") or "").strip()
    body = root.get_payload(decode=True)
    headers = (("Content-Type", str(root.get("Content-Type"))),)
    answer = SavedAnswer(
        None if not url or oddity(url) else url, body if isinstance(body, bytes) else b"", "html", headers=headers, at=_date_of(whole)
    )  # fmt: skip
    return SavedFile("MHTML", (answer,))


def _date_of(message: Message) -> datetime | None:
    try:
        when = parsedate_to_datetime(str(message.get("Date")))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else None


def _warcs_in(content: bytes) -> list[bytes]:
    with open_zip(content) as package:
        members = [m for m in package.infolist() if re.search(r"\.warc(?:\.gz)?$", m.filename, re.I)]
        return [member_bytes(package, member) for member in members]


def _from_warc(form: str, files: list[bytes]) -> SavedFile:
    answers: list[SavedAnswer] = []
    notes: list[str] = []
    skipped = 0
    for answer in _within_limits(_records(files, notes)):
        if answer.url and 200 <= answer.status < 300 and _is_readable(answer):
            answers.append(answer)
        else:
            skipped += 1
    if skipped:
        notes.append(f"{skipped} records are no page and no file that can be read (pictures, scripts, redirects)")
    return SavedFile(form, tuple(answers), tuple(notes))


def _is_readable(answer: SavedAnswer) -> bool:
    return answer.kind == "html" or (answer.kind in READERS and answer.kind != "txt")


def _within_limits(answers: Iterator[SavedAnswer]) -> Iterator[SavedAnswer]:
    total = 0
    for number, answer in enumerate(answers, 1):
        total += len(answer.body)
        if number > MOST_MEMBERS:
            raise NotRead(f"holds more than {MOST_MEMBERS} answers")
        if total > MOST_BYTES:
            raise NotRead(f"unpacks to more than {MOST_BYTES // 2**20} MiB")
        yield answer


def _records(files: list[bytes], notes: list[str]) -> Iterator[SavedAnswer]:
    """Yield the answers of WARC files; what follows a damaged place is noted and left out."""
    from warcio.archiveiterator import ArchiveIterator

    for content in files:
        plain = _unpacked(content, notes) if content.startswith(_GZIP) else content
        try:
            for record in ArchiveIterator(io.BytesIO(plain)):
                if record.rec_type in ("response", "resource"):
                    yield _answer_of(record)
        except (MemoryError, NotRead):
            raise
        except Exception as error:  # noqa: BLE001 - warcio raises whatever a broken file makes it raise
            notes.append(f"the WARC file is damaged, what follows is lost ({type(error).__name__}: {error})")


def _unpacked(content: bytes, notes: list[str]) -> bytes:
    """Return a WARC without its packing, record by record as the format has it or as a whole as `gzip` leaves it.

    What follows a damaged place is noted and left out; raise NotRead for more than can be borne.
    """
    pieces: list[bytes] = []
    total, rest = 0, content
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            piece = member.decompress(rest, MOST_BYTES + 1 - total)
        except zlib.error as error:
            notes.append(f"the packed file is damaged, what follows is lost ({error})")
            break
        total += len(piece)
        if total > MOST_BYTES:
            raise NotRead(f"unpacks to more than {MOST_BYTES // 2**20} MiB")
        pieces.append(piece)
        rest = member.unused_data
    return b"".join(pieces)


def _answer_of(record: Any) -> SavedAnswer:
    said, http = record.rec_headers, record.http_headers
    body: bytes = record.content_stream().read(MOST_BYTES + 1)
    url = said.get_header("WARC-Target-URI") or ""
    headers = tuple((str(name), str(value)) for name, value in http.headers) if http else ()
    media = (http or said).get_header("Content-Type") or ""
    return SavedAnswer(
        url=None if oddity(url) else url,
        body=body,
        kind="html" if "html" in media.lower() else kind_of(body),
        status=int(http.get_statuscode()) if http and http.get_statuscode().isdecimal() else 200,
        headers=headers or (("Content-Type", media),),
        at=_instant(said.get_header("WARC-Date")),
    )


def _instant(text: str | None) -> datetime | None:
    try:
        when = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else None
