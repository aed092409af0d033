"""Everything about one disclosure or one document: the quote in context, the evidence, the decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store.models import Capture, Disclosure, Document, Event, Hit, Verdict, Version
from store.queries.passage import Mark, Passage, Piece, mark_up, quote_in_context
from store.queries.queue import QueueRow, annotate
from store.queries.views import (
    FoundDisclosure,
    Publication,
    read_both,
    read_disclosure,
    read_publication,
    select_disclosures,
    select_publications,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The capture that a version was read from: the hash of its bytes, when and how they came, where they lie."""

    sha256: str
    length: int
    fetched_at: datetime
    url: str
    status: int
    address: str | None
    tls_verified: bool | None
    origin: str
    via: str | None
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of an analyst on a key; `new` means that the one before was taken back."""

    decision: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """What was observed about a page over time, in the words of the event."""

    kind: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One disclosure with all that an analyst needs to judge it."""

    row: QueueRow
    passage: Passage
    evidence: Evidence
    others: tuple[FoundDisclosure, ...]
    copies: tuple[Publication, ...]
    decisions: tuple[Decision, ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """One document as it was last read: its text with quotes and terms marked, its disclosures, its evidence."""

    publication: Publication
    pieces: tuple[Piece, ...]
    disclosures: tuple[FoundDisclosure, ...]
    evidence: Evidence
    copies: tuple[Publication, ...]
    attachments: tuple[tuple[str, str], ...]
    observations: tuple[Observation, ...]


def disclosure_sheet(connection: Connection, disclosure_id: int) -> Sheet | None:
    """Return the sheet of a disclosure; None when there is none of that id."""
    found = connection.execute(select_disclosures().where(Disclosure.id == disclosure_id)).one_or_none()
    if found is None:
        return None
    disclosure, publication = read_both(found)
    row = annotate(connection, [QueueRow(disclosure, publication)])[0]
    return Sheet(
        row,
        _passage(connection, disclosure, publication.version_id),
        evidence(connection, publication.version_id),
        tuple(other for other in _of_document(connection, publication.document_id) if other.key != disclosure.key),
        copies(connection, publication),
        decisions(connection, disclosure.key),
        observations(connection, publication.document_id),
    )


def document_sheet(connection: Connection, document_id: int) -> DocumentSheet | None:
    """Return the sheet of a document in its current version; None when there is none of that id."""
    found = connection.execute(select_publications().where(Document.id == document_id)).one_or_none()
    if found is None:
        return None
    publication = read_publication(tuple(found))
    body, attachments = connection.execute(
        select(Version.body, Version.attachments).where(Version.id == publication.version_id)
    ).one()
    disclosures = _of_document(connection, document_id)
    quotes = [mark for d in disclosures if d.place == "body" and (mark := _find_quote(body, d))]
    return DocumentSheet(
        publication,
        tuple(mark_up(body, (0, len(body)), quotes, _hit_marks(connection, publication.version_id, "body"))),
        disclosures,
        evidence(connection, publication.version_id),
        copies(connection, publication),
        tuple((str(a["url"]), str(a["name"])) for a in attachments or ()),
        observations(connection, document_id),
    )


def evidence(connection: Connection, version_id: int) -> Evidence:
    """Return the capture that a version was read from."""
    columns = [getattr(Capture, name) for name in Evidence.__dataclass_fields__]
    statement = select(*columns).join(Version, Version.capture_id == Capture.id).where(Version.id == version_id)
    return Evidence(*connection.execute(statement).one())


def decisions(connection: Connection, key: str) -> tuple[Decision, ...]:
    """Return every decision on a key, newest first."""
    statement = select(Verdict.decision, Verdict.note, Verdict.by, Verdict.at).where(Verdict.key == key)
    return tuple(Decision(*row) for row in connection.execute(statement.order_by(Verdict.id.desc())))


def copies(connection: Connection, publication: Publication) -> tuple[Publication, ...]:
    """Return the other documents of the same story, earliest publication first."""
    if publication.cluster_id is None:
        return ()
    wanted = (Document.cluster_id == publication.cluster_id, Document.id != publication.document_id)
    statement = select_publications().where(*wanted).order_by(Version.published, Document.id)
    return tuple(read_publication(tuple(row)) for row in connection.execute(statement))


def observations(connection: Connection, document_id: int) -> tuple[Observation, ...]:
    """Return the events of a document's page, newest first."""
    page = select(Document.page_id).where(Document.id == document_id).scalar_subquery()
    statement = select(Event.kind, Event.detail, Event.at).where(Event.page_id == page).order_by(Event.id.desc())
    return tuple(Observation(*row) for row in connection.execute(statement))


def _of_document(connection: Connection, document_id: int) -> tuple[FoundDisclosure, ...]:
    statement = select_disclosures().where(Disclosure.document_id == document_id)
    rows = connection.execute(statement.order_by(Disclosure.place.desc(), Disclosure.start, Disclosure.id))
    return tuple(read_disclosure(row) for row in rows)


def _passage(connection: Connection, disclosure: FoundDisclosure, version_id: int) -> Passage:
    where = Version.title if disclosure.place == "title" else Version.body
    text = connection.execute(select(where).where(Version.id == version_id)).scalar_one() or ""
    quote = Mark(disclosure.start, disclosure.end, disclosure.type)
    return quote_in_context(text, quote, _hit_marks(connection, version_id, disclosure.place))


def _hit_marks(connection: Connection, version_id: int, place: str) -> Sequence[Mark]:
    statement = select(Hit.start, Hit.end, Hit.term).where(Hit.version_id == version_id, Hit.place == place)
    return [Mark(*row) for row in connection.execute(statement.order_by(Hit.start))]


def _find_quote(body: str, disclosure: FoundDisclosure) -> Mark | None:
    """Return where the quote stands in this version; an edit further up moves it, an edit inside removes it."""
    start = disclosure.start if body.startswith(disclosure.quote, disclosure.start) else body.find(disclosure.quote)
    return None if start < 0 else Mark(start, start + len(disclosure.quote), disclosure.type)
