"""What the crawl left behind for people to see: issues, hits of a term, documents, the terms in force."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from store.models import Document, Hit, Issue, Page, Source, TermSet, Version


@dataclass(frozen=True, slots=True)
class ReportedIssue:
    """Something that was not understood."""

    id: int
    kind: str
    detail: str
    source_id: str | None
    source_name: str | None
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term at one place of a document."""

    id: int
    term: str
    surface: str
    status: str
    why: str
    context: str
    found_at: datetime
    document_id: int
    title: str | None
    source_name: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list."""

    id: int
    title: str | None
    published: date | None
    first_seen_at: datetime
    source_name: str
    source_name_en: str
    tier: str
    url: str


@dataclass(frozen=True, slots=True)
class Gloss:
    """A term in force: its id, its name in Chinese, its gloss in English."""

    term: str
    name: str
    english: str


def issues(
    connection: Connection, kind: str | None = None, before: int | None = None, limit: int = 100
) -> tuple[ReportedIssue, ...]:
    """Return the newest issues, of one kind when one is named, before an id when one is given."""
    columns = (Issue.id, Issue.kind, Issue.detail, Issue.source_id, Source.name, Issue.url, Issue.at)
    statement = select(*columns).select_from(Issue).outerjoin(Source, Source.id == Issue.source_id)
    if kind is not None:
        statement = statement.where(Issue.kind == kind)
    if before is not None:
        statement = statement.where(Issue.id < before)
    return tuple(ReportedIssue(*row) for row in connection.execute(statement.order_by(Issue.id.desc()).limit(limit)))


def issue_kinds(connection: Connection) -> tuple[tuple[str, int], ...]:
    """Return each kind of issue with its number, most frequent first."""
    number = func.count()
    rows = connection.execute(select(Issue.kind, number).group_by(Issue.kind).order_by(number.desc(), Issue.kind))
    return tuple((kind, count) for kind, count in rows)


def hits_of(connection: Connection, term: str, limit: int = 100) -> tuple[TermHit, ...]:
    """Return the newest hits of a term."""
    hit = (Hit.id, Hit.term, Hit.surface, Hit.status, Hit.why, Hit.context, Hit.found_at)
    columns: tuple[Any, ...] = (*hit, Document.id, Version.title, Source.name)
    statement = (
        select(*columns)
        .select_from(Hit)
        .join(Version, Version.id == Hit.version_id)
        .join(Document, Document.id == Hit.document_id)
        .join(Source, Source.id == Document.source_id)
        .where(Hit.term == term)
    )
    rows = connection.execute(statement.order_by(Hit.found_at.desc(), Hit.id.desc()).limit(limit))
    return tuple(TermHit(*row) for row in rows)


def documents(connection: Connection, before: int | None = None, limit: int = 50) -> tuple[DocumentRow, ...]:
    """Return the documents that were seen last, before an id when one is given."""
    statement = _document_rows().order_by(Document.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Document.id < before)
    return tuple(DocumentRow(*row) for row in connection.execute(statement))


def documents_by_id(connection: Connection, ids: tuple[int, ...]) -> tuple[DocumentRow, ...]:
    """Return the documents of these ids, in the order of the ids; ids without a document are left out."""
    rows = {row.id: DocumentRow(*row) for row in connection.execute(_document_rows().where(Document.id.in_(ids)))}
    return tuple(rows[number] for number in ids if number in rows)


def glosses(connection: Connection) -> tuple[Gloss, ...]:
    """Return the terms in force with their glosses; empty before the first crawl."""
    statement = select(TermSet.terms).order_by(TermSet.loaded_at.desc()).limit(1)
    terms = connection.execute(statement).scalar_one_or_none() or []
    return tuple(Gloss(str(term["id"]), str(term["name"]), str(term["gloss"])) for term in terms)


def _document_rows() -> Select[*tuple[Any, ...]]:
    columns = (Document.id, Version.title, Version.published, Document.first_seen_at)
    return (
        select(*columns, Source.name, Source.name_en, Source.tier, Page.url)
        .select_from(Document)
        .join(Version, Version.id == Document.current_version_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Document.source_id)
    )
