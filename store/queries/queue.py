"""The review queue: unreviewed disclosures, newest first, one row for each fact of a story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

from store.models import Disclosure, Document, Hit, Source
from store.queries.stories import is_reprint
from store.queries.views import FoundDisclosure, Publication, read_both, select_disclosures

Shelf = Literal["new", "later", "accepted", "rejected", "found-later"]
SHELVES: tuple[Shelf, ...] = ("new", "later", "accepted", "rejected", "found-later")
PAGE = 50
COUNT_CAP = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the analyst wants to see; None: everything. `region` also takes in the places inside it."""

    shelf: Shelf = "new"
    type: str | None = None
    body: str | None = None
    source: str | None = None
    tier: str | None = None
    region: str | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows of the queue, kept as text in an address."""

    found_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.found_at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Return the cursor that a text names; raise ValueError when it names none."""
        micros, _, number = text.partition("-")
        if not (micros.isascii() and micros.isdigit() and number.isascii() and number.isdigit() and len(text) < 40):
            raise ValueError(f"not a place in the queue: {text!r}")
        try:
            return cls(EPOCH + timedelta(microseconds=int(micros)), int(number))
        except OverflowError:
            raise ValueError(f"not a place in the queue: {text!r}") from None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue: the disclosure, where it stands, in how many other places, and what speaks against it.

    `copies` counts the other documents of the story; `doubts` are the reasons of suspect hits inside the quote.
    """

    disclosure: FoundDisclosure
    publication: Publication
    copies: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def cursor(self) -> Cursor:
        """The place of this row."""
        return Cursor(self.disclosure.found_at, self.disclosure.id)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows of the queue in order, and the cursor at which the next ones begin (None: these are the last)."""

    rows: tuple[QueueRow, ...]
    next: Cursor | None


def queue(connection: Connection, filters: Filters, after: Cursor | None = None, limit: int = PAGE) -> QueuePage:
    """Return up to `limit` rows of a shelf after a cursor, newest first."""
    statement = select_disclosures().where(*_wanted(filters))
    if after is not None:
        statement = statement.where(tuple_(Disclosure.found_at, Disclosure.id) < (after.found_at, after.id))
    statement = statement.order_by(Disclosure.found_at.desc(), Disclosure.id.desc()).limit(limit + 1)
    rows = [QueueRow(*read_both(row)) for row in connection.execute(statement)]
    shown = annotate(connection, rows[:limit])
    return QueuePage(shown, shown[-1].cursor if len(rows) > limit else None)


def neighbours(connection: Connection, filters: Filters, at: Cursor) -> tuple[int | None, int | None]:
    """Return the ids of the rows before and after a place of a shelf; None at either end."""
    place, here = tuple_(Disclosure.found_at, Disclosure.id), (at.found_at, at.id)
    wanted = _ids(filters).limit(1)
    newer = wanted.where(place > here).order_by(Disclosure.found_at, Disclosure.id)
    older = wanted.where(place < here).order_by(Disclosure.found_at.desc(), Disclosure.id.desc())
    return connection.execute(newer).scalar_one_or_none(), connection.execute(older).scalar_one_or_none()


def count_queue(connection: Connection, filters: Filters, cap: int = COUNT_CAP) -> int:
    """Return how many rows a shelf has, at most `cap`: beyond that nobody reads the number."""
    some = _ids(filters).limit(cap).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def bodies_waiting(connection: Connection, limit: int = 100) -> tuple[tuple[str, int], ...]:
    """Return the bodies of unreviewed disclosures with their number, most frequent first."""
    number = func.count()
    statement = select(Disclosure.body, number).where(Disclosure.verdict.is_(None), Disclosure.body.is_not(None))
    rows = connection.execute(statement.group_by(Disclosure.body).order_by(number.desc(), Disclosure.body).limit(limit))
    return tuple((body, count) for body, count in rows if body is not None)


def annotate(connection: Connection, rows: Sequence[QueueRow]) -> tuple[QueueRow, ...]:
    """Return the rows with their copies counted and their doubts named."""
    copies = _copies(connection, {row.publication.cluster_id for row in rows if row.publication.cluster_id is not None})
    suspects = _suspect_hits(connection, {row.publication.version_id for row in rows})
    return tuple(
        replace(
            row,
            copies=copies.get(row.publication.cluster_id or 0, 1) - 1,
            doubts=tuple(_doubts(row, suspects.get(row.publication.version_id, ()))),
        )
        for row in rows
    )


def _ids(filters: Filters) -> Select[int]:
    """Return the statement that reads the ids of a shelf, without joining what is only shown."""
    rows = select(Disclosure.id).join(Document, Document.id == Disclosure.document_id).where(*_wanted(filters))
    by_source = filters.tier is not None or filters.region is not None
    return rows.join(Source, Source.id == Disclosure.source_id) if by_source else rows


def _wanted(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.shelf in ("new", "found-later"):
        yield Disclosure.verdict.is_(None)
        yield Disclosure.found_later.is_(filters.shelf == "found-later")
        yield ~is_reprint()
    else:
        yield and_(Disclosure.verdict.is_not(None), Disclosure.verdict == filters.shelf)
    if filters.type is not None:
        yield Disclosure.type == filters.type
    if filters.body is not None:
        yield Disclosure.body == filters.body
    if filters.source is not None:
        yield Disclosure.source_id == filters.source
    if filters.tier is not None:
        yield Source.tier == filters.tier
    if filters.region is not None:
        yield _inside(filters.region)
    if filters.confidence > 0:
        yield Disclosure.confidence >= filters.confidence


def _inside(region: str) -> ColumnElement[bool]:
    # GB/T 2260 codes nest by pairs of digits: 510000 is Sichuan, 510100 Chengdu, 510104 a district of it.
    prefix = region
    while prefix.endswith("00"):
        prefix = prefix[:-2]
    return or_(Disclosure.region.startswith(prefix, autoescape=True), Source.region.startswith(prefix, autoescape=True))


def _copies(connection: Connection, clusters: set[int]) -> dict[int, int]:
    statement = select(Document.cluster_id, func.count()).where(Document.cluster_id.in_(clusters))
    rows = connection.execute(statement.group_by(Document.cluster_id)) if clusters else ()
    return {cluster: count for cluster, count in rows if cluster is not None}


def _suspect_hits(connection: Connection, versions: set[int]) -> dict[int, list[tuple[str, int, int, str]]]:
    suspects: dict[int, list[tuple[str, int, int, str]]] = {}
    statement = select(Hit.version_id, Hit.place, Hit.start, Hit.end, Hit.why).where(Hit.version_id.in_(versions))
    rows = connection.execute(statement.where(Hit.status == "suspect")) if versions else ()
    for version, place, start, end, why in rows:
        suspects.setdefault(version, []).append((place, start, end, why))
    return suspects


def _doubts(row: QueueRow, suspects: Iterable[tuple[str, int, int, str]]) -> Iterable[str]:
    disclosure = row.disclosure
    seen: set[str] = set()
    for place, start, end, why in suspects:
        inside = place == disclosure.place and disclosure.start <= start and end <= disclosure.end
        if inside and why not in seen:
            seen.add(why)
            yield why
