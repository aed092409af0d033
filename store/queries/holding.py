"""The stored documents that may hold some phrases, and how old what is stored is: for asking what a term would find."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from store.models import Document, Source, Version
from store.queries.coverage import shanghai_day
from store.search import search

_EVERY = 2**31
_CHUNK = 500
_VERSIONS: BindParameter[list[int]] = bindparam("versions", expanding=True)
_TEXTS = (
    select(
        Version.document_id,
        Version.title,
        Version.body,
        Version.published,
        Document.first_seen_at,
        Document.source_id,
        Source.name,
        Source.tier,
        Source.region,
    )
    .join(Document, Document.id == Version.document_id)
    .join(Source, Source.id == Document.source_id)
    .where(Version.id.in_(_VERSIONS))
    .order_by(Version.id.desc())
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A document whose text may hold a phrase; `day` is its day of publication, of its first sight when it shows none."""

    document_id: int
    title: str | None
    body: str
    published: date | None
    day: date
    source_id: str
    source_name: str
    tier: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """How many documents are stored, and the first and the last day on which one was published, no later than today."""

    documents: int
    first: date | None
    last: date | None


def stored_span(connection: Connection, now: datetime) -> Span:
    """Return how many documents are stored and the days they span; days after today are misprints and do not count."""
    today = shanghai_day(now)
    count = connection.execute(select(func.count()).select_from(Document)).scalar_one()
    days = select(func.min(Document.published), func.max(Document.published)).where(Document.published <= today)
    first, last = connection.execute(days).one()
    return Span(count, first, last)


def holders(connection: Connection, phrases: Iterable[str], since: date | None = None) -> Iterator[Holder]:
    """Yield the documents of a day or later whose text holds one of the phrases, by the index, newest read first."""
    for row in _rows(connection, phrases):
        published, day = row.published, row.published or shanghai_day(row.first_seen_at)
        if since is None or day >= since:
            yield Holder(
                row.document_id,
                row.title,
                row.body,
                published,
                day,
                row.source_id,
                row.name,
                row.tier,
                row.region,
            )


def _rows(connection: Connection, phrases: Iterable[str]) -> Iterator[Row[*tuple[object, ...]]]:
    newest: dict[int, int] = {}
    for phrase in phrases:
        for found in search(connection, phrase, _EVERY):
            newest[found.document_id] = max(found.version_id, newest.get(found.document_id, 0))
    versions = iter(sorted(newest.values(), reverse=True))
    while chunk := list(islice(versions, _CHUNK)):
        yield from connection.execute(_TEXTS, {"versions": chunk})


def recent_holders(connection: Connection, phrases: Sequence[str], first: date) -> int:
    """Return how many documents published since a day hold one of the phrases, by the index alone."""
    found = {match.document_id for phrase in phrases for match in search(connection, phrase, _EVERY)}
    recent = connection.execute(select(Document.id).where(Document.published >= first)).scalars()
    return sum(document in found for document in recent)
