"""Everything, row by row, for people who go on with it elsewhere; streamed, so that no table has to fit in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from store.models import Capture, Disclosure, Document, Hit, Page, Source, Verdict, Version
from store.queries.views import TITLE

CHUNK = 500
Day = date  # DisclosureExport has a field called date


@dataclass(frozen=True, slots=True)
class DocumentExport:
    """A document in its current version, with the hash of the capture that it was read from."""

    id: int
    source: str
    source_name: str
    tier: str
    region: str | None
    url: str
    title: str | None
    published: Day | None
    signed: Day | None
    issuer: str | None
    doc_number: str | None
    index_number: str | None
    source_line: str | None
    first_seen_at: datetime
    fetched_at: datetime
    sha256: str
    cluster: int | None
    version: int
    origin: str
    via: str | None
    attachments: str
    suspicions: str
    body: str


@dataclass(frozen=True, slots=True)
class HitExport:
    """A term at one place of one version."""

    id: int
    term: str
    surface: str
    place: str
    start: int
    end: int
    status: str
    why: str
    context: str
    found_at: datetime
    found_later: bool
    source: str
    url: str
    title: str | None
    published: Day | None


@dataclass(frozen=True, slots=True)
class DisclosureExport:
    """A disclosure with its verdict, its address and the hash of the capture that it was read from."""

    key: str
    verdict: str | None
    type: str
    body: str | None
    region: str | None
    date: str | None
    date_precision: str | None
    date_from: str | None
    ordinal: int | None
    person: str | None
    role: str | None
    capacity: str | None
    action: str | None
    object: str | None
    object_kind: str | None
    outcome: str | None
    quote: str
    place: str
    start: int
    end: int
    confidence: float
    pattern: str
    found_at: datetime
    found_later: bool
    source: str
    source_name: str
    url: str
    title: str | None
    published: Day | None
    cluster: int | None
    fetched_at: datetime
    sha256: str
    origin: str
    via: str | None


@dataclass(frozen=True, slots=True)
class VerdictExport:
    """One decision of an analyst, with what it was about."""

    id: int
    key: str
    decision: str
    note: str
    by: str
    at: datetime
    type: str | None
    body: str | None
    quote: str | None
    url: str | None


Exported = DocumentExport | HitExport | DisclosureExport | VerdictExport


def export_documents(connection: Connection) -> Iterator[DocumentExport]:
    """Yield every document in its current version, in the order in which they were first seen."""
    about = (
        Document.id,
        Source.id,
        Source.name,
        Source.tier,
        Source.region,
        Page.url,
        TITLE,
        Version.published,
    )
    paper = (Version.signed, Version.issuer, Version.doc_number, Version.index_number, Version.source_line)
    seen = (Document.first_seen_at, Version.fetched_at, Capture.sha256, Document.cluster_id, Version.number)
    way = (Capture.origin, Capture.via)
    statement = (
        select(*about, *paper, *seen, *way, Version.attachments, Version.suspicions, Version.body)
        .select_from(Document)
        .join(Version, Version.id == Document.current_version_id)
        .join(Capture, Capture.id == Version.capture_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Document.source_id)
    )
    for row in _stream(connection, statement.order_by(Document.id)):
        files = "; ".join(f"{file['name']} {file['url']}" for file in row[-3])
        values = (*row[:-3], files, "; ".join(map(str, row[-2])), row[-1])
        yield DocumentExport(*values)


def export_hits(connection: Connection) -> Iterator[HitExport]:
    """Yield every hit in the order in which they were found."""
    hit = tuple(getattr(Hit, name) for name in list(HitExport.__dataclass_fields__)[:11])
    statement = (
        select(*hit, Document.source_id, Page.url, TITLE, Version.published)
        .select_from(Hit)
        .join(Version, Version.id == Hit.version_id)
        .join(Document, Document.id == Hit.document_id)
        .join(Page, Page.id == Document.page_id)
    )
    for row in _stream(connection, statement.order_by(Hit.id)):
        yield HitExport(*row)


def export_disclosures(connection: Connection) -> Iterator[DisclosureExport]:
    """Yield every disclosure in the order in which they were found."""
    fields = list(DisclosureExport.__dataclass_fields__)
    found = tuple(getattr(Disclosure, name) for name in fields[: fields.index("source")])
    place = (Source.id, Source.name, Page.url, TITLE, Version.published, Document.cluster_id)
    statement = (
        select(*found, *place, Capture.fetched_at, Capture.sha256, Capture.origin, Capture.via)
        .select_from(Disclosure)
        .join(Document, Document.id == Disclosure.document_id)
        .join(Version, Version.id == Disclosure.version_id)
        .join(Capture, Capture.id == Version.capture_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Disclosure.source_id)
    )
    for row in _stream(connection, statement.order_by(Disclosure.id)):
        yield DisclosureExport(*row)


def export_verdicts(connection: Connection) -> Iterator[VerdictExport]:
    """Yield every decision in the order in which they were made."""
    decision = (Verdict.id, Verdict.key, Verdict.decision, Verdict.note, Verdict.by, Verdict.at)
    statement = (
        select(*decision, Disclosure.type, Disclosure.body, Disclosure.quote, Page.url)
        .select_from(Verdict)
        .outerjoin(Disclosure, Disclosure.key == Verdict.key)
        .outerjoin(Document, Document.id == Disclosure.document_id)
        .outerjoin(Page, Page.id == Document.page_id)
    )
    for row in _stream(connection, statement.order_by(Verdict.id)):
        yield VerdictExport(*row)


def _stream(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for chunk in connection.execution_options(yield_per=CHUNK).execute(statement).partitions():
        yield from (tuple(row) for row in chunk)
