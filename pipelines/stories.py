"""Puts a document into the cluster of its story, in the store: one story counts as one source, however often reprinted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from pipelines import cluster
from store import presence
from store.database import insert_missing
from store.models import Cluster, Disclosure, Document, DocumentShingle, Page, Source

# The most official first; a story that appears on one day in several places begins with the highest of them.
OFFICIAL = (
    "central-party",
    "state-council",
    "ministry",
    "agency",
    "province",
    "municipality",
    "city",
    "academy",
    "official-media",
)
FEWEST = 6  # sampled shingles: below about 30 characters two texts are alike by accident
CANDIDATES = 8
RARE = 200  # a piece that stands in more documents is boilerplate or a set phrase and finds no copies
WORTH_A_LOOK = 0.3
CHUNK = 500


def assign(connection: Connection, document_id: int, text: str, now: datetime) -> int | None:
    """File a document under its story and return the cluster; None when it stands alone.

    A near-copy whose facts differ is not merged: an Event `copy-differs` names the two sentences instead.
    """
    pieces = cluster.shingles(cluster.plain(text))
    _remember(connection, document_id, pieces)
    if len(pieces) < FEWEST:
        return None
    alike = [other for other in _alike(connection, document_id, pieces) if _agrees(connection, document_id, other, now)]
    if not alike:
        return _own(connection, [document_id]).get(document_id)
    return _merge(connection, [document_id, *alike], now)


def _remember(connection: Connection, document_id: int, pieces: Iterable[int]) -> None:
    connection.execute(delete(DocumentShingle).where(DocumentShingle.document_id == document_id))
    rows = [{"hash": piece, "document_id": document_id} for piece in sorted(pieces)]
    if rows:
        connection.execute(insert_missing(connection, DocumentShingle, ("hash", "document_id")), rows)


def _alike(connection: Connection, document_id: int, pieces: frozenset[int]) -> list[int]:
    counts = _counts(connection, pieces)
    rare = [piece for piece in pieces if counts[piece] <= RARE]
    theirs = {other: _pieces_of(connection, other) for other in _candidates(connection, document_id, rare)}
    if not theirs:
        return []
    counts |= _counts(connection, frozenset().union(*theirs.values()) - pieces)
    weight = cluster.weights(counts, _documents(connection))
    return [other for other, held in theirs.items() if cluster.containment(pieces, held, weight) >= cluster.ALIKE]


def _candidates(connection: Connection, document_id: int, rare: Sequence[int]) -> list[int]:
    """Return the documents that share enough rare pieces to be worth a closer look."""
    shared: Counter[int] = Counter()
    for some in _parts(rare):
        query = select(DocumentShingle.document_id, func.count()).where(DocumentShingle.hash.in_(some))
        for other, number in connection.execute(query.group_by(DocumentShingle.document_id)):
            shared[other] += number
    del shared[document_id]
    nearest = [other for other, _ in shared.most_common(CANDIDATES)]
    query = select(DocumentShingle.document_id, func.count()).where(DocumentShingle.document_id.in_(nearest))
    sizes = {row[0]: row[1] for row in connection.execute(query.group_by(DocumentShingle.document_id))}
    return [other for other in nearest if shared[other] >= WORTH_A_LOOK * min(len(rare), sizes[other])]


def _counts(connection: Connection, pieces: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for some in _parts(sorted(pieces)):
        query = select(DocumentShingle.hash, func.count()).where(DocumentShingle.hash.in_(some))
        counts |= {row[0]: row[1] for row in connection.execute(query.group_by(DocumentShingle.hash))}
    return counts


def _parts(pieces: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pieces[start : start + CHUNK] for start in range(0, len(pieces), CHUNK))


def _pieces_of(connection: Connection, document_id: int) -> frozenset[int]:
    query = select(DocumentShingle.hash).where(DocumentShingle.document_id == document_id)
    return frozenset(connection.execute(query).scalars())


def _documents(connection: Connection) -> int:
    return connection.execute(select(func.max(Document.id))).scalar_one() or 0


def _agrees(connection: Connection, document_id: int, other: int, now: datetime) -> bool:
    differing = cluster.disagreements(_facts(connection, document_id), _facts(connection, other))
    if not differing:
        return True
    page = connection.execute(
        select(Page).join(Document, Document.page_id == Page.id).where(Document.id == document_id)
    ).one()
    address = select(Page.url).join(Document, Document.page_id == Page.id).where(Document.id == other)
    ours, theirs = differing[0]
    detail = f"says “{ours}” where {connection.execute(address).scalar_one()} says “{theirs}”: not counted as a copy"
    presence.note_event(connection, "copy-differs", page, detail, now)
    return False


def _facts(connection: Connection, document_id: int) -> Sequence[cluster.Fact]:
    columns = (Disclosure.quote, Disclosure.person, Disclosure.ordinal, Disclosure.date, Disclosure.outcome)
    rows = connection.execute(select(*columns).where(Disclosure.document_id == document_id))
    return [cluster.Fact(*row) for row in rows]


def _own(connection: Connection, documents: Sequence[int]) -> dict[int, int]:
    query = select(Document.id, Document.cluster_id).where(Document.id.in_(documents), Document.cluster_id.is_not(None))
    return {row.id: row.cluster_id for row in connection.execute(query)}


def _merge(connection: Connection, documents: Sequence[int], now: datetime) -> int:
    known = sorted(set(_own(connection, documents).values()))
    if known:
        kept = known[0]
    else:
        kept = connection.execute(insert(Cluster).values(made_at=now).returning(Cluster.id)).scalar_one()
    connection.execute(update(Document).where(Document.id.in_(documents)).values(cluster_id=kept))
    if known[1:]:
        connection.execute(update(Document).where(Document.cluster_id.in_(known[1:])).values(cluster_id=kept))
        connection.execute(delete(Cluster).where(Cluster.id.in_(known[1:])))
    members = select(Document.id, Document.published, Document.first_seen_at, Source.tier)
    rows = connection.execute(members.join(Source, Source.id == Document.source_id).where(Document.cluster_id == kept))
    origin = min(rows.all(), key=_precedence)
    connection.execute(update(Cluster).where(Cluster.id == kept).values(origin_document_id=origin.id))
    return kept


def _precedence(member: Any) -> tuple[Any, ...]:
    """Order copies: the earliest day, then the most official source, then the first that we saw."""
    day = member.published or presence.china_day(member.first_seen_at)
    rank = OFFICIAL.index(member.tier) if member.tier in OFFICIAL else len(OFFICIAL)
    return day, rank, member.first_seen_at, member.id
