"""Puts a document into the cluster of its story, in the store: one story counts as one source, however often reprinted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from pipelines import cluster
from pipelines.saving import lent, splices
from pipelines.saving.contradictions import Fact, disagreements, is_another_occasion
from pipelines.saving.notices import Publication, belong_together, issued, own_names
from store import presence, shingles
from store.models import Cluster, Disclosure, Document, Page, Source, Version, table_of

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
SHORTEST = 30  # characters; a shorter text (更多内容请见附件) says nothing of its own
FEWEST_SHARED = 2
WORTH_A_LOOK = 0.2
NOTHING_NEW = 0.85  # a copy that adds a menu or a caption and no more is found by the pieces of the other

_CLUSTER, _DOCUMENT, _PAGE = table_of(Cluster), table_of(Document), table_of(Page)
_IN: BindParameter[Any] = bindparam("documents", expanding=True)
_STORED = (
    select(Document.id, Version.title, Version.body, Version.published, Source.region)
    .join(Version, Version.id == Document.current_version_id)
    .join(Source, Source.id == Document.source_id)
    .where(Document.id.in_(_IN))
)
_CLUSTERS = select(_DOCUMENT.c.cluster_id).where(_DOCUMENT.c.id.in_(_IN), _DOCUMENT.c.cluster_id.is_not(None))
_NEWEST = select(func.max(_DOCUMENT.c.id))
_PAGE_OF = (
    select(_PAGE).join(_DOCUMENT, _DOCUMENT.c.page_id == _PAGE.c.id).where(_DOCUMENT.c.id == bindparam("document"))
)
_FACTS = select(
    Disclosure.document_id,
    Disclosure.quote,
    Disclosure.type,
    Disclosure.body,
    Disclosure.ordinal,
    Disclosure.date,
    Disclosure.date_precision,
    Disclosure.person,
    Disclosure.role,
    Disclosure.outcome,
).where(Disclosure.document_id.in_(_IN))


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it is compared: its plain text, the sampled pieces, and what ties it to others by name."""

    said: str
    pieces: frozenset[int]
    publication: Publication

    def marks(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return what to keep of a document, and what to look for: the pieces, and marks of names.

        A plan looks for the notice that issues what it is called, a notice for the plan that is called what it issues.
        """
        names, issues = own_names(self.publication), issued(self.publication)
        kept = {cluster.name_mark("is", name) for name in names} | {
            cluster.name_mark("issues", name) for name in issues
        }
        sought = {cluster.name_mark("issues", name) for name in names} | {cluster.name_mark("is", n) for n in issues}
        return self.pieces | kept, self.pieces | sought


def forget(connection: Connection, document_id: int, former: Publication) -> None:
    """Let a document no longer be found by what its former version said; it stays in its story."""
    kept, _ = _text(former).marks()
    shingles.forget(connection, document_id, kept)


def assign(connection: Connection, document_id: int, document: Publication, now: datetime) -> int | None:
    """File a document, whose current version is stored, under its story; return the cluster, None when it stands alone.

    A near-copy whose facts differ is not merged: an Event `copy-differs` names the two sentences instead. What a page
    without a day leaves undated is dated by a dated copy of the passage, whole copy or not.
    """
    text = _text(document)
    kept, sought = text.marks()
    counts = shingles.counts(connection, sought)
    near = _near(connection, document_id, [mark for mark, count in counts.items() if count <= shingles.RARE])
    alike = _alike(connection, document_id, text, near, counts) if near else {}
    agreeing = _agreeing(connection, document_id, sorted(alike), now) if alike else []
    agreeing = [other for other in agreeing if not is_another_occasion(text.said, alike[other].said)]
    if not any(_adds_nothing(text, alike[other]) for other in agreeing):
        shingles.remember(connection, document_id, kept)
    if agreeing:
        _merge(connection, [document_id, *agreeing], now)
    filed = next(iter(connection.execute(_CLUSTERS, {"documents": [document_id]}).scalars()), None)
    if near:
        lent.lend(connection, document_id, near, filed)
    return filed


def _text(document: Publication) -> Text:
    said = cluster.plain(document.body)
    return Text(said, cluster.shingles(said), document)


def _alike(
    connection: Connection, document_id: int, text: Text, near: dict[int, shingles.Shared], known: dict[int, int]
) -> dict[int, Text]:
    """Return those of the documents that share pieces that tell the same story; `known` are pieces already counted."""
    rows = connection.execute(_STORED, {"documents": [document_id, *near]}).all()
    ours = next(replace(text, publication=Publication(*row[1:])) for row in rows if row.id == document_id)
    worth = (row for row in rows if row.id in near and _worth_a_look(len(text.pieces), len(row.body), near[row.id]))
    stored = {row.id: _text(Publication(*row[1:])) for row in worth}
    if not stored:
        return {}
    pieces = ours.pieces.union(*(other.pieces for other in stored.values()))
    counts = known | shingles.counts(connection, pieces - text.marks()[1])
    weight = cluster.weights(*_as_counted(connection, dict.fromkeys(pieces, 0) | counts))
    return {other: copy for other, copy in stored.items() if is_same_story(ours, copy, weight)}


def _near(connection: Connection, document_id: int, rare: Sequence[int]) -> dict[int, shingles.Shared]:
    if len(rare) < FEWEST_SHARED and all(mark >= 0 for mark in rare):
        return {}
    near = shingles.nearest(connection, rare)
    return {
        other: shared
        for other, shared in near.items()
        if other != document_id and (shared.names or shared.pieces >= FEWEST_SHARED)
    }


def _worth_a_look(pieces: int, their_characters: int, shared: shingles.Shared) -> bool:
    smaller = min(pieces, their_characters / cluster.SAMPLE)
    return shared.names > 0 or shared.pieces >= WORTH_A_LOOK * smaller


def _as_counted(connection: Connection, counts: dict[int, int]) -> tuple[dict[int, int], int]:
    """Return the counts, those that were not counted to the end taken for every document, and the number of documents."""
    documents = connection.execute(_NEWEST).scalar_one() or 0
    everywhere = max(documents, 1000) + 1
    return {mark: count if count <= shingles.RARE else everywhere for mark, count in counts.items()}, documents


def is_same_story(one: Text, other: Text, weight: dict[int, float]) -> bool:
    """Say whether one text is a copy of the other, whole or in part, or both are a notice and what it issues.

    Two pages that a machine pieced together are alike when a part of them is.
    """
    if belong_together(one.publication, other.publication):
        return True
    shorter, longer = sorted((one, other), key=lambda text: len(text.said))
    if len(shorter.said) < cluster.LINE:
        return len(shorter.said) >= SHORTEST and shorter.said in longer.said
    pieces = cluster.weighed(shorter.said, weight), cluster.weighed(longer.said, weight)
    if cluster.in_one_run(*pieces) >= cluster.likeness_wanted(len(shorter.said)):
        return True
    pieced = all(splices.is_pieced_together(text.publication.title, text.publication.body) for text in (one, other))
    return pieced and cluster.containment(*pieces) >= splices.SAME_CLOTH


def _adds_nothing(text: Text, copy: Text) -> bool:
    return len(text.pieces & copy.pieces) >= NOTHING_NEW * len(text.pieces)


def _agreeing(connection: Connection, document_id: int, others: Sequence[int], now: datetime) -> list[int]:
    """Return the copies that state no other facts; note of the others what they say instead."""
    facts: dict[int, list[Fact]] = {}
    for row in connection.execute(_FACTS, {"documents": [document_id, *others]}):
        day = row.date if row.date_precision == "day" else None
        fact = Fact(row.quote, row.type, row.body, row.ordinal, day, row.person, row.role, row.outcome)
        facts.setdefault(row.document_id, []).append(fact)
    ours = facts.get(document_id, [])
    differing = {other: disagreements(ours, facts.get(other, [])) for other in others}
    for other, pairs in differing.items():
        if pairs:
            _note_difference(connection, (document_id, other), pairs[0], now)
    return [other for other in others if not differing[other]]


def _note_difference(connection: Connection, copies: tuple[int, int], said: tuple[str, str], now: datetime) -> None:
    ours, theirs = (connection.execute(_PAGE_OF, {"document": copy}).one() for copy in copies)
    detail = f"says “{said[0]}” where {theirs.url} says “{said[1]}”: not counted as a copy"
    presence.note_event(connection, "copy-differs", ours, detail, now)


def _merge(connection: Connection, documents: Sequence[int], now: datetime) -> None:
    known = sorted(set(connection.execute(_CLUSTERS, {"documents": documents}).scalars()))
    kept: int = known[0] if known else connection.execute(_ADD_CLUSTER, {"made_at": now}).scalar_one()
    connection.execute(_FILE, {"documents": documents, "cluster_id": kept})
    if known[1:]:
        connection.execute(_REFILE, {"clusters": known[1:], "cluster_id": kept})
        connection.execute(_DROP, {"clusters": known[1:]})
    origin = min(connection.execute(_MEMBERS, {"cluster": kept}).all(), key=_precedence)
    connection.execute(_SET_ORIGIN, {"cluster": kept, "origin_document_id": origin.id})


_ADD_CLUSTER = _CLUSTER.insert().returning(_CLUSTER.c.id)
_FILE = _DOCUMENT.update().where(_DOCUMENT.c.id.in_(_IN))
_REFILE = _DOCUMENT.update().where(_DOCUMENT.c.cluster_id.in_(bindparam("clusters", expanding=True)))
_DROP = _CLUSTER.delete().where(_CLUSTER.c.id.in_(bindparam("clusters", expanding=True)))
_SET_ORIGIN = _CLUSTER.update().where(_CLUSTER.c.id == bindparam("cluster"))
_MEMBERS = (
    select(Document.id, Document.published, Document.first_seen_at, Source.tier)
    .join(Source, Source.id == Document.source_id)
    .where(Document.cluster_id == bindparam("cluster"))
)


def _precedence(member: Any) -> tuple[Any, ...]:
    """Order copies: the earliest day, then the most official source, then the first that we saw."""
    day = member.published or presence.china_day(member.first_seen_at)
    rank = OFFICIAL.index(member.tier) if member.tier in OFFICIAL else len(OFFICIAL)
    return day, rank, member.first_seen_at, member.id
