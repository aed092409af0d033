"""What a page said at each fetch, and what was observed of pages over time, most worth a look first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from store.models import Capture, Disclosure, Document, Event, Page, Source, Version
from store.queries.coverage import shanghai_day
from store.queries.views import TITLE

# EDGI ranks a page whose answer changed, or that leads to another site, above any edit; one look is not yet a removal.
WEIGHTS = {"removed": 1.0, "redirected-offsite": 1.0, "restored": 0.5, "missing": 0.3, "moved": 0.3}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in a list: its number, when it was fetched, and the hash and size of the page that it was read from."""

    number: int
    fetched_at: datetime
    title: str | None
    characters: int
    sha256: str
    suspicions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionText:
    """All that a version says: its text and its fields."""

    number: int
    fetched_at: datetime
    title: str | None
    body: str
    published: date | None
    signed: date | None
    source_line: str | None
    issuer: str | None
    doc_number: str | None
    index_number: str | None
    attachments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """An observation about a page in a list of them.

    `number` is the version that an edit made (None for what is no edit), `weight` how much it deserves a look (0 to 1).
    """

    id: int
    kind: str
    detail: str
    at: datetime
    day: date
    weight: float
    document_id: int | None
    number: int | None
    title: str | None
    url: str
    source_name: str
    source_name_en: str


def version_lines(connection: Connection, document_id: int) -> tuple[VersionLine, ...]:
    """Return the versions of a document, newest first; none when there is no such document."""
    statement = (
        select(
            *(Version.number, Version.fetched_at, Version.title, func.length(Version.body)),
            *(Capture.sha256, Version.suspicions),
        )
        .join(Capture, Capture.id == Version.capture_id)
        .where(Version.document_id == document_id)
        .order_by(Version.number.desc())
    )
    rows: Iterable[Any] = connection.execute(statement)
    return tuple(VersionLine(*row[:5], tuple(map(str, row[5] or ()))) for row in rows)  # type: ignore[call-arg]


def version_text(connection: Connection, document_id: int, number: int) -> VersionText | None:
    """Return what a version says; None when there is none of that number."""
    columns = [getattr(Version, name) for name in VersionText.__dataclass_fields__]
    wanted = (Version.document_id == document_id, Version.number == number)
    row: Any = connection.execute(select(*columns).where(*wanted)).one_or_none()
    if row is None:
        return None
    return VersionText(*row[:-1], tuple(f"{file['name']} {file['url']}" for file in row[-1] or ()))  # type: ignore[call-arg]


def quotes_of_document(connection: Connection, document_id: int) -> tuple[str, ...]:
    """Return the quotes of everything ever disclosed in a document: the passages that are watched."""
    statement = select(Disclosure.quote).where(Disclosure.document_id == document_id).order_by(Disclosure.id)
    return tuple(connection.execute(statement).scalars())


def changes(connection: Connection, since: datetime, limit: int = 300) -> tuple[Change, ...]:
    """Return what was observed after an instant: newest day (Asia/Shanghai) first, in a day by weight."""
    is_edit = case((Event.kind == "edited", 1), else_=0)
    edits = func.sum(is_edit).over(partition_by=Event.page_id, order_by=Event.id)
    numbered = select(Event.id.label("id"), (edits + 1).label("number")).subquery()
    statement = (
        select(
            *(Event.id, Event.kind, Event.detail, Event.at, Event.priority, Document.id, numbered.c.number),
            *(TITLE, Page.url, Source.name, Source.name_en),
        )
        .join(numbered, numbered.c.id == Event.id)
        .join(Page, Page.id == Event.page_id)
        .join(Source, Source.id == Event.source_id)
        .outerjoin(Document, Document.page_id == Page.id)
        .outerjoin(Version, Version.id == Document.current_version_id)
        .where(Event.at > since)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(limit)
    )
    found = [_change(tuple(row)) for row in connection.execute(statement)]
    return tuple(sorted(found, key=lambda change: (-change.day.toordinal(), -change.weight, -change.id)))


def _change(row: tuple[object, ...]) -> Change:
    number, kind, detail, at, priority, document, version, *where = row
    assert isinstance(at, datetime) and isinstance(priority, float)  # noqa: S101 - the columns are of these types
    weight = max(priority, WEIGHTS.get(str(kind), 0.0))
    made = version if kind == "edited" else None
    return Change(number, kind, detail, at, shanghai_day(at), weight, document, made, *where)  # type: ignore[arg-type]
