"""Which disclosures a shelf of the queue holds: statements built once for each combination of filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, func, or_, select, tuple_

from store.models import Disclosure, Document, Source
from store.queries.stories import is_reprint

Shelf = Literal["new", "later", "accepted", "rejected", "found-later"]
SHELVES: tuple[Shelf, ...] = ("new", "later", "accepted", "rejected", "found-later")
UNREVIEWED = ("new", "found-later")
# A filter on the source or the region that leaves fewer rows than this is answered by gathering them all; one that leaves
# more by walking through the shelf, newest first, for then a page is soon full.
FEW = 2_000


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
class Shape:
    """A combination of filters without their values; `gathered` are those whose rows are few."""

    shelf: Shelf
    set: frozenset[str]
    gathered: frozenset[str] = frozenset()


def shape_of(connection: Connection, filters: Filters) -> Shape:
    """Return the shape of filters, after a look at how many rows tier and region leave."""
    given = {name for name in ("type", "body", "source", "tier", "region") if getattr(filters, name) is not None}
    if filters.confidence > 0:
        given.add("confidence")
    wide = frozenset(given & {"tier", "region"}) if filters.shelf in UNREVIEWED else frozenset()
    values = values_of(filters)
    few = (name for name in wide if connection.execute(_count(name), values).scalar_one() < FEW)
    return Shape(filters.shelf, frozenset(given), frozenset(few))


def values_of(filters: Filters) -> dict[str, Any]:
    """Return what the parameters of the statements stand for."""
    # GB/T 2260 codes nest by pairs of digits: 510000 is Sichuan, 510100 Chengdu, 510104 a district of it.
    inside = filters.region or ""
    while inside.endswith("00"):
        inside = inside[:-2]
    values = {name: getattr(filters, name) for name in ("shelf", "type", "body", "source", "tier", "confidence")}
    return {**values, "first": inside.ljust(6, "0"), "last": inside.ljust(6, "9")}


def conditions(shape: Shape) -> Iterator[ColumnElement[bool]]:
    """Yield what a row of `disclosure`, joined to its document, must meet."""
    if shape.shelf in UNREVIEWED:
        yield Disclosure.verdict.is_(None)
        yield Disclosure.found_later.is_(shape.shelf == "found-later")
        yield ~is_reprint()
    else:
        yield and_(Disclosure.verdict.is_not(None), Disclosure.verdict == bindparam("shelf"))
    for name, column in (("type", Disclosure.type), ("body", Disclosure.body), ("source", Disclosure.source_id)):
        if name in shape.set:
            yield column == bindparam(name)
    for name in sorted(shape.set & {"tier", "region"}):
        yield Disclosure.id.in_(_all_of(name)) if name in shape.gathered else _each_of(name)
    if "confidence" in shape.set:
        yield Disclosure.confidence >= bindparam("confidence")


def _each_of(name: str) -> ColumnElement[bool]:
    # Through `coalesce`, so that SQLite keeps walking newest first; it reads both columns from the index it walks on.
    local = func.coalesce(Disclosure.source_id, "").in_(_sources(name))
    return local if name == "tier" else or_(func.coalesce(Disclosure.region, "").between(*_bounds()), local)


def _sources(name: str) -> Select[str]:
    wanted = Source.tier == bindparam("tier") if name == "tier" else Source.region.between(*_bounds())
    return select(Source.id).where(wanted)


def _all_of(name: str) -> Any:
    """Return the statement that gathers the unreviewed disclosures of a tier or a region, whatever their order."""
    unreviewed = select(Disclosure.id).where(Disclosure.verdict.is_(None))
    local = unreviewed.where(Disclosure.source_id.in_(_sources(name)))
    return local if name == "tier" else unreviewed.where(Disclosure.region.between(*_bounds())).union_all(local)


def _bounds() -> tuple[BindParameter[str], BindParameter[str]]:
    return bindparam("first", type_=Disclosure.region.type), bindparam("last", type_=Disclosure.region.type)


@cache
def _count(name: str) -> Select[int]:
    return select(func.count()).select_from(_all_of(name).limit(FEW).subquery())


@cache
def ids(shape: Shape) -> Select[int]:
    """Return the statement that reads the ids of a shelf, without joining what is only shown."""
    return select(Disclosure.id).join(Document, Document.id == Disclosure.document_id).where(*conditions(shape))


@cache
def page_of_ids(shape: Shape, *, below: bool) -> Select[int]:
    """Return the statement that reads ids of a shelf, newest first; `below` a place given as `found_at` and `id`."""
    place = tuple_(Disclosure.found_at, Disclosure.id)
    rows = ids(shape)
    if below:
        rows = rows.where(place < _place())
    return rows.order_by(Disclosure.found_at.desc(), Disclosure.id.desc()).limit(bindparam("limit"))


@cache
def page_of_newer_ids(shape: Shape) -> Select[int]:
    """Return the statement that reads the ids above a place of a shelf, nearest first."""
    rows = ids(shape).where(tuple_(Disclosure.found_at, Disclosure.id) > _place())
    return rows.order_by(Disclosure.found_at, Disclosure.id).limit(bindparam("limit"))


def _place() -> Any:
    found_at = bindparam("found_at", type_=Disclosure.found_at.type)
    return tuple_(found_at, bindparam("id", type_=Disclosure.id.type))
