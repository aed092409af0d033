"""Keeps what a page said at each fetch: a new version only when its text or a field changed, an event when it did."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, bindparam, select

from crawler.items import Document, Page, Reading
from pipelines.saving import finds
from pipelines.saving.changes import Told, observation, priority
from pipelines.saving.noise import without_noise
from pipelines.tampering.marks import Text, replaced_as_a_whole
from store import presence, search
from store.addresses import canonical
from store.models import Capture, Event, Version, table_of
from store.models import Document as DocumentRow
from store.models import Page as PageRow
from store.prepared import Prepared

HOME_PAGE = 0.25  # EDGI: a home page changes every day

_PAGE, _DOCUMENT, _VERSION = table_of(PageRow), table_of(DocumentRow), table_of(Version)
_CAPTURE, _EVENT = table_of(Capture), table_of(Event)
_PAGE_AT = Prepared(select(_PAGE).where(_PAGE.c.canonical == bindparam("address")))
_ADD_PAGE = Prepared(_PAGE.insert())
_PAGE_FETCHED = Prepared(_PAGE.update().where(_PAGE.c.id == bindparam("page")))
_CURRENT = (
    select(_DOCUMENT.c.id.label("of_document"), _VERSION)
    .join_from(_DOCUMENT, _VERSION, _VERSION.c.id == _DOCUMENT.c.current_version_id, isouter=True)
    .where(_DOCUMENT.c.page_id == bindparam("page"))
)
_ADD_DOCUMENT = Prepared(_DOCUMENT.insert().returning(_DOCUMENT.c.id))
_ADD_VERSION = Prepared(_VERSION.insert().returning(_VERSION.c.id))
_ADD_EVENT = _EVENT.insert()
_OF_PAGE = (_CAPTURE.c.page_id == bindparam("page"), _CAPTURE.c.kind != "part")
_LED_TO = select(_CAPTURE.c.url).where(*_OF_PAGE).order_by(_CAPTURE.c.id.desc()).limit(1)
_SAID = (_EVENT.c.page_id == bindparam("page"), _EVENT.c.kind == "moved", _EVENT.c.detail == bindparam("detail"))
_TOLD_BEFORE = select(_EVENT.c.id).where(*_SAID).limit(1)
_MAKE_CURRENT = Prepared(_DOCUMENT.update().where(_DOCUMENT.c.id == bindparam("document")))


def page_row(connection: Connection, page: Page, now: datetime) -> Row[Any]:
    """Return the row of the address that was asked for; of the one it led to, when that is a page read before."""
    asked = canonical(page.requested_url)
    reached = asked if page.url == page.requested_url else canonical(page.url)
    found: Row[Any] | None = _PAGE_AT.row(connection, {"address": asked})
    if asked == reached:
        return found if found is not None else _add_page(connection, page, asked, now)
    other: Row[Any] | None = _PAGE_AT.row(connection, {"address": reached})
    if other is not None and other.fetched_at is not None:
        if found is not None:
            note_move(connection, found, page, now)
            mark_fetched(connection, found, page, watched=False)
        return other
    return found or other or _add_page(connection, page, asked, now)


def page_of_part(connection: Connection, page: Page) -> int | None:
    """Return the page whose document a further page belongs to; None for anything else."""
    if page.kind != "part" or page.link is None:
        return None
    found = _PAGE_AT.row(connection, {"address": canonical(page.link.url)})
    return found.id if found else None


def _add_page(connection: Connection, page: Page, key: str, now: datetime) -> Row[Any]:
    values = {
        "url": page.requested_url,
        "canonical": key,
        "source_id": page.source_id,
        "kind": page.kind,
        "found_at": now,
        "found_title": page.link.title if page.link else None,
        "found_published": page.link.published if page.link else None,
    }
    _ADD_PAGE.run(connection, values)
    made: Row[Any] = _PAGE_AT.row(connection, {"address": key})
    return made


def mark_fetched(connection: Connection, row: Row[Any], page: Page, *, watched: bool) -> None:
    """Note that a page was read; a page that holds something looked for gets its next look."""
    if row.fetched_at is not None:
        presence.there(connection, row.id, page.status, page.fetched_at)
    values: dict[str, Any] = {
        "state": "fetched",
        "fetched_at": page.fetched_at,
        "etag": page.header("etag"),
        "last_modified": page.header("last-modified"),
        "last_status": page.status,
        "attempts": 0,
    }
    if row.fetched_at is None or row.next_check_at is None:
        values["next_check_at"] = presence.next_look(row.checks, page.fetched_at) if watched else None
    _PAGE_FETCHED.run(connection, {**values, "page": row.id})


def text_sha256(document: Document) -> str:
    """Return the hash of what a document says: text and fields, without script, white space, counters and clocks."""
    fields = [document.title, document.source, document.issuer, document.doc_number, document.index_number]
    said = [
        without_noise(search.fold(document.body)),
        *(search.fold(value) if value else None for value in fields),
        document.published.isoformat() if document.published else None,
        document.signed.isoformat() if document.signed else None,
        sorted(attachment.url for attachment in document.attachments),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def find_document(
    connection: Connection, reading: Reading, page: Row[Any], now: datetime
) -> tuple[int, Row[Any] | None]:
    """Return the document of a page and its current version; a new document has none."""
    never_read = page.fetched_at is None  # `mark_fetched` follows every document, in the same transaction
    known = None if never_read else connection.execute(_CURRENT, {"page": page.id}).one_or_none()
    if known is not None:
        return known.of_document, known if known.id is not None else None
    values = {
        "page_id": page.id,
        "source_id": page.source_id,
        "first_seen_at": now,
        "published": reading.document.published if reading.document else None,
        "found_later": page.found_later,
    }
    return _ADD_DOCUMENT.value(connection, values), None


def add_version(
    connection: Connection, reading: Reading, document: Document, place: tuple[int, int], old: Row[Any] | None
) -> int:
    """Write what a document says now, make it current and index it; `place` is the ids of document and capture."""
    document_id, capture_id = place
    values = {
        "document_id": document_id,
        "capture_id": capture_id,
        "number": 1 if old is None else old.number + 1,
        "fetched_at": reading.page.fetched_at,
        "text_sha256": text_sha256(document),
        "title": document.title,
        "body": document.body,
        "published": document.published,
        "published_time": document.published_time,
        "signed": document.signed,
        "source_line": document.source,
        "issuer": document.issuer,
        "doc_number": document.doc_number,
        "index_number": document.index_number,
        "attachments": [{"url": file.url, "name": file.name} for file in document.attachments],
        "charset": reading.charset,
        "family": reading.family,
        "reader": document.reader,
        "suspicions": [*reading.suspicions, *_replaced(old, document, reading.family)],
    }
    version: int = _ADD_VERSION.value(connection, values)
    current = {"document": document_id, "current_version_id": version, "published": document.published}
    _MAKE_CURRENT.run(connection, current)
    search.add(connection, [(version, document.title, document.body)])
    return version


def _replaced(old: Row[Any] | None, document: Document, family: str) -> tuple[str, ...]:
    if old is None:
        return ()
    return replaced_as_a_whole(Text(old.title, old.body, old.family), Text(document.title, document.body, family))


def told_before(connection: Connection, old: Row[Any]) -> Told:
    """Return what the version before said, with its terms and quotes; ask before new finds are written."""
    links = (file["url"] for file in old.attachments)
    return _told(old.title, old.body, finds.terms_of(connection, old.id), finds.quotes_of(connection, old.id), links)


def told_now(reading: Reading, document: Document) -> Told:
    """Return what a reading says, with its terms and quotes."""
    terms = tuple(hit.term for hit in reading.hits)
    quotes = tuple(found.quote for found in reading.disclosures)
    return _told(document.title, document.body, terms, quotes, (file.url for file in document.attachments))


def _told(title: str | None, body: str, terms: tuple[str, ...], quotes: tuple[str, ...], links: Iterable[str]) -> Told:
    return Told(f"{title or ''}\n{body}", terms, quotes, tuple(links))


def note_move(connection: Connection, row: Row[Any], page: Page, at: datetime) -> None:
    """Keep an Event `moved`, once, when a page that was read before leads to another address of its site than it did."""
    if row.fetched_at is None:
        return
    before = connection.execute(_LED_TO, {"page": row.id}).scalar_one_or_none()
    if before is None or canonical(before) == canonical(page.url):
        return
    detail = f"its address now leads to {page.url}; before, to {before}"
    if connection.execute(_TOLD_BEFORE, {"page": row.id, "detail": detail}).first() is None:
        presence.note_event(connection, "moved", row, detail, at)


def note_edit(connection: Connection, page: Row[Any], before: Told, after: Told, at: datetime) -> None:
    """Keep an Event `edited` that says what a reader would see, and how much it deserves a look."""
    row = {"kind": "edited", "page_id": page.id, "source_id": page.source_id, "at": at}
    weight = HOME_PAGE if urlsplit(page.url).path in ("", "/") else 1.0
    said = {"detail": observation(before, after), "priority": weight * priority(before, after)}
    connection.execute(_ADD_EVENT, {**row, **said})
