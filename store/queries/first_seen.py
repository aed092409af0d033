"""Where terms, their forms, people in roles and pairs of terms were seen: one row a document, for first appearances."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, cast, func, intersect, select
from sqlalchemy.orm import aliased

from store.models import Cluster, Disclosure, Document, Hit, Page, Source, Version
from store.queries.coverage import shanghai_day
from store.queries.dossier import end_of_day

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Place:
    """The document in which something was seen.

    `published` is the day of the page (of its story's origin, when the page is a copy with an earlier date), or the day
    of its fetch when it has none.
    """

    document_id: int
    story: int
    is_copy: bool
    source_id: str
    source_name: str
    region: str | None
    title: str | None
    url: str
    published: date
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something seen in a document, and when we found it; `found_later` when it was no news at that time."""

    what: tuple[str, ...]
    place: Place
    found_at: datetime
    found_later: bool


_Seen = tuple[tuple[str, ...], int, datetime, int]


def term_sightings(connection: Connection, term: str, day: date) -> tuple[Sighting, ...]:
    """Return each form of a term with each document in which it was confirmed by the end of a day."""
    hits = (
        select(Hit.document_id, Hit.surface, func.min(Hit.found_at), func.min(_number(Hit.found_later)))
        .where(Hit.term == term, Hit.status == "confirmed", Hit.found_at < end_of_day(day))
        .group_by(Hit.document_id, Hit.surface)
    )
    seen = [((term, surface), id, found, later) for id, surface, found, later in connection.execute(hits)]
    return _sightings(connection, seen)


def role_sightings(connection: Connection, body: str, day: date) -> tuple[Sighting, ...]:
    """Return each person in each role of a body with each document that says so by the end of a day."""
    wanted = (
        select(
            Disclosure.document_id,
            Disclosure.person,
            func.coalesce(Disclosure.role, ""),
            func.min(Disclosure.found_at),
            func.min(_number(Disclosure.found_later)),
        )
        .where(Disclosure.body == body, Disclosure.type == "membership", Disclosure.person.is_not(None))
        .where(Disclosure.verdict.is_distinct_from("rejected"), Disclosure.found_at < end_of_day(day))
        .group_by(Disclosure.document_id, Disclosure.person, Disclosure.role)
    )
    seen = [((str(p), role), id, found, later) for id, p, role, found, later in connection.execute(wanted)]
    return _sightings(connection, seen)


def pair_sightings(connection: Connection, one: str, other: str, day: date) -> tuple[Sighting, ...]:
    """Return each document in which two terms were confirmed by the end of a day: what is (one, other, where).

    `where` is `document` for every such document, and `sentence` besides for those that have both in one sentence.
    """
    # Two walks of the index on terms; as a join SQLite may look up every hit of the commoner term in the other one.
    holding = (
        select(Hit.document_id).where(Hit.term == term, Hit.status == "confirmed", Hit.found_at < end_of_day(day))
        for term in (one, other)
    )
    ids = sorted(connection.execute(intersect(*holding)).scalars())
    seen: list[_Seen] = []
    for start in range(0, len(ids), _BATCH):
        seen += _pairs(connection, (one, other), ids[start : start + _BATCH])
    return _sightings(connection, seen)


def _pairs(connection: Connection, terms: tuple[str, str], ids: Sequence[int]) -> list[_Seen]:
    columns = (Hit.version_id, Hit.place, Hit.document_id, Hit.term, Hit.start, Hit.end, Hit.found_at, Hit.found_later)
    # Through `coalesce`, so that SQLite looks hits up by their document and not each time by a term that half of them have.
    of_terms = func.coalesce(Hit.term, "").in_(terms)
    wanted = select(*columns).where(Hit.document_id.in_(ids), of_terms, Hit.status == "confirmed")
    grouped: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in connection.execute(wanted):
        grouped[(row.document_id, row.version_id)].append(row)
    versions = select(Version.id, Version.title, Version.body).where(Version.id.in_({v for _, v in grouped}))
    texts = {id: {"title": title or "", "body": body} for id, title, body in connection.execute(versions)}
    found: dict[tuple[tuple[str, ...], int], _Seen] = {}
    for (document_id, version_id), rows in grouped.items():
        if {row.term for row in rows} != set(terms):
            continue
        where = ["document", *(["sentence"] if _in_one_sentence(rows, texts[version_id]) else [])]
        # The later of the two finds makes the pair, and a pair is as late as the later of its halves.
        at = max(min(row.found_at for row in rows if row.term == term) for term in set(terms))
        late = max(min(int(row.found_later) for row in rows if row.term == term) for term in set(terms))
        for place in where:
            found.setdefault(((*terms, place), document_id), ((*terms, place), document_id, at, late))
    return list(found.values())


def _in_one_sentence(rows: Sequence[Any], texts: dict[str, str]) -> bool:
    """Say whether two hits of different terms stand with no end of sentence between them."""
    for place in {row.place for row in rows}:
        ordered = sorted((row for row in rows if row.place == place), key=lambda row: row.start)
        for row, following in pairwise(ordered):
            between = texts[place][row.end : following.start]
            if row.term != following.term and not _SENTENCE_END.search(between):
                return True
    return False


def _number(flag: Any) -> ColumnElement[int]:
    """Return 1 for true and 0 for false: PostgreSQL takes no minimum of booleans."""
    return cast(flag, Integer)


def _sightings(connection: Connection, seen: Iterable[_Seen]) -> tuple[Sighting, ...]:
    """Add to what was seen where it stands; what stands in a document found later was found later itself."""
    known = list(seen)
    places = _places(connection, sorted({id for _, id, _, _ in known}))
    return tuple(Sighting(what, places[id][0], found, bool(later) or places[id][1]) for what, id, found, later in known)


def _places(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Place, bool]]:
    """Return the place of each document and whether the document was found later."""
    origin = aliased(Document)
    wanted = (
        select(
            *(Document.id, Document.cluster_id, Document.source_id, Document.published, Document.first_seen_at),
            *(Document.found_later, Version.title, Page.url, Source.name, Source.region),
            *(origin.id.label("origin_id"), origin.published.label("origin_published")),
        )
        .join(Version, Version.id == Document.current_version_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Document.source_id)
        .outerjoin(Cluster, Cluster.id == Document.cluster_id)
        .outerjoin(origin, origin.id == Cluster.origin_document_id)
    )
    return {
        row.id: (_place(row), row.found_later)
        for start in range(0, len(ids), _BATCH)
        for row in connection.execute(wanted.where(Document.id.in_(ids[start : start + _BATCH])))
    }


def _place(row: Any) -> Place:
    is_copy = row.origin_id is not None and row.origin_id != row.id
    own = row.published or shanghai_day(row.first_seen_at)
    published = max(own, row.origin_published) if is_copy and row.origin_published else own
    story = -row.id if row.cluster_id is None else row.cluster_id
    where = (row.source_id, row.name, row.region, row.title, row.url)
    return Place(row.id, story, is_copy, *where, published, row.first_seen_at)
