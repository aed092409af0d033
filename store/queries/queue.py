"""The review queue: unreviewed disclosures, newest first, one row for each fact of a story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from store.models import Disclosure, Document, Hit
from store.queries.shelves import (
    SHELVES,
    Filters,
    Shape,
    Shelf,
    ids,
    page_of_ids,
    page_of_newer_ids,
    shape_of,
    values_of,
)
from store.queries.views import FoundDisclosure, Publication, read_both, select_disclosures

__all__ = [
    "COUNT_CAP",
    "SHELVES",
    "Cursor",
    "Filters",
    "QueuePage",
    "QueueRow",
    "Shelf",
    "annotate",
    "bodies_waiting",
    "count_queue",
    "neighbours",
    "queue",
]

PAGE = 50
COUNT_CAP = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    shape = shape_of(connection, filters)
    values = {**values_of(filters), **_at(after), "limit": limit + 1}
    numbers = connection.execute(page_of_ids(shape, below=after is not None), values).scalars().all()
    rows = [QueueRow(*read_both(row)) for row in connection.execute(_shown(), {"ids": numbers[:limit]})]
    shown = annotate(connection, rows)
    return QueuePage(shown, shown[-1].cursor if len(numbers) > limit else None)


def _at(place: Cursor | None) -> dict[str, Any]:
    return {"found_at": place.found_at, "id": place.id} if place else {}


@cache
def _shown() -> Select[*tuple[object, ...]]:
    wanted = select_disclosures().where(Disclosure.id.in_(_IDS))
    return wanted.order_by(Disclosure.found_at.desc(), Disclosure.id.desc())


def neighbours(connection: Connection, filters: Filters, at: Cursor) -> tuple[int | None, int | None]:
    """Return the ids of the rows before and after a place of a shelf; None at either end."""
    shape = shape_of(connection, filters)
    values = {**values_of(filters), **_at(at), "limit": 1}
    newer, older = page_of_newer_ids(shape), page_of_ids(shape, below=True)
    return connection.execute(newer, values).scalar_one_or_none(), connection.execute(
        older, values
    ).scalar_one_or_none()


def count_queue(connection: Connection, filters: Filters, cap: int = COUNT_CAP) -> int:
    """Return how many rows a shelf has, at most `cap`: beyond that nobody reads the number."""
    statement = _count(shape_of(connection, filters))
    return connection.execute(statement, {**values_of(filters), "limit": cap}).scalar_one()


@cache
def _count(shape: Shape) -> Select[int]:
    return select(func.count()).select_from(ids(shape).limit(bindparam("limit")).subquery())


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


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_COPIES = select(Document.cluster_id, func.count()).where(Document.cluster_id.in_(_IDS)).group_by(Document.cluster_id)
_SUSPECTS = select(Hit.version_id, Hit.place, Hit.start, Hit.end, Hit.why).where(
    Hit.version_id.in_(_IDS), Hit.status == "suspect"
)


def _copies(connection: Connection, clusters: set[int]) -> dict[int, int]:
    rows = connection.execute(_COPIES, {"ids": sorted(clusters)}) if clusters else ()
    return {cluster: count for cluster, count in rows if cluster is not None}


def _suspect_hits(connection: Connection, versions: set[int]) -> dict[int, list[tuple[str, int, int, str]]]:
    suspects: dict[int, list[tuple[str, int, int, str]]] = {}
    rows = connection.execute(_SUSPECTS, {"ids": sorted(versions)}) if versions else ()
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
