"""Turns hits and disclosures into rows: one row for one key, and a verdict in force stays in force."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from crawler.items import Disclosure, Hit
from pipelines.disclose import disclosure_key
from store.database import insert_missing
from store.models import Disclosure as DisclosureRow
from store.models import Hit as HitRow
from store.models import Verdict


@dataclass(frozen=True, slots=True)
class Spot:
    """Where finds belong: a version of a document, the document's canonical address, and when they were found."""

    document_id: int
    version_id: int
    source_id: str
    canonical: str
    found_at: datetime
    found_later: bool = False


def add_hits(connection: Connection, hits: Iterable[Hit], spot: Spot) -> int:
    """Write hits that are not there yet; return how many were."""
    common = {
        "version_id": spot.version_id,
        "document_id": spot.document_id,
        "found_at": spot.found_at,
        "found_later": spot.found_later,
    }
    rows = [{**common, **asdict(hit)} for hit in hits]
    if not rows:
        return 0
    query = insert_missing(connection, HitRow, ("version_id", "place", "term", "start")).returning(HitRow.id)
    return len(connection.execute(query, rows).all())


def add_disclosures(connection: Connection, disclosures: Iterable[Disclosure], spot: Spot) -> int:
    """Write disclosures whose key is new and note of the others that this version still says so; return how many are new.

    A new row takes over the verdict that is in force for its key, if an analyst judged it before.
    """
    by_key = {disclosure_key(spot.canonical, found): found for found in disclosures}
    known = set(_known(connection, by_key))
    if known:
        still = update(DisclosureRow).where(DisclosureRow.key.in_(sorted(known)))
        connection.execute(still.values(last_version_id=spot.version_id))
    fresh = {key: found for key, found in by_key.items() if key not in known}
    verdicts = verdicts_in_force(connection, fresh)
    rows = [_row(key, found, spot, verdicts.get(key)) for key, found in fresh.items()]
    if rows:
        connection.execute(insert_missing(connection, DisclosureRow, ("key",)), rows)
    return len(rows)


def _known(connection: Connection, keys: Iterable[str]) -> Sequence[str]:
    return connection.execute(select(DisclosureRow.key).where(DisclosureRow.key.in_(sorted(keys)))).scalars().all()


def _row(key: str, found: Disclosure, spot: Spot, verdict: str | None) -> dict[str, Any]:
    return {
        **asdict(found),
        "key": key,
        "document_id": spot.document_id,
        "version_id": spot.version_id,
        "last_version_id": spot.version_id,
        "source_id": spot.source_id,
        "found_at": spot.found_at,
        "found_later": spot.found_later,
        "verdict": verdict,
    }


def verdicts_in_force(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return the newest decision for each key that has one; an undone decision (`new`) is none."""
    query = select(Verdict.key, Verdict.decision).where(Verdict.key.in_(sorted(keys))).order_by(Verdict.id)
    newest = {row.key: row.decision for row in connection.execute(query)}
    return {key: decision for key, decision in newest.items() if decision != "new"}


def quotes_of(connection: Connection, version_id: int) -> tuple[str, ...]:
    """Return the quotes of the disclosures that a version was the last to hold."""
    query = select(DisclosureRow.quote).where(DisclosureRow.last_version_id == version_id).order_by(DisclosureRow.id)
    return tuple(connection.execute(query).scalars())


def terms_of(connection: Connection, version_id: int) -> tuple[str, ...]:
    """Return the terms of the hits of a version, one for each hit."""
    return tuple(connection.execute(select(HitRow.term).where(HitRow.version_id == version_id)).scalars())


def is_watched(connection: Connection, document_id: int) -> bool:
    """Say whether a document holds anything that was looked for."""
    query = select(HitRow.id).where(HitRow.document_id == document_id).limit(1)
    return connection.execute(query).first() is not None


def keys_of(disclosures: Iterable[Disclosure], spot: Spot) -> set[str]:
    """Return the keys of disclosures that stand at a spot."""
    return {disclosure_key(spot.canonical, found) for found in disclosures}


def relabel(connection: Connection, hits: Iterable[Hit], spot: Spot) -> None:
    """Bring the labels of a version's hits up to date: how sure each is, and why not."""
    fresh = {(hit.place, hit.term, hit.start): hit for hit in hits}
    for row in connection.execute(select(HitRow).where(HitRow.version_id == spot.version_id)).all():
        hit = fresh.get((row.place, row.term, row.start))
        if hit is not None and (hit.end, hit.status, hit.why) != (row.end, row.status, row.why):
            connection.execute(update(HitRow).where(HitRow.id == row.id).values(**asdict(hit)))


def reread(connection: Connection, disclosures: Iterable[Disclosure], spot: Spot) -> None:
    """Bring what was read of a sentence up to date (date, role, outcome, confidence …); its key and verdict stay."""
    by_key = {disclosure_key(spot.canonical, found): found for found in disclosures}
    here = (DisclosureRow.version_id == spot.version_id, DisclosureRow.key.in_(sorted(by_key)))
    for row in connection.execute(select(DisclosureRow).where(*here)).all():
        fresh = asdict(by_key[row.key])
        if any(getattr(row, name) != value for name, value in fresh.items()):
            connection.execute(update(DisclosureRow).where(DisclosureRow.id == row.id).values(**fresh))


def withdraw(connection: Connection, spot: Spot, hits: Iterable[Hit], terms: Iterable[str]) -> int:
    """Remove hits of a version that the terms in force no longer make; return how many.

    Only for the terms given: a hit of a term that nobody looks for any more stays what it was, a find of its time.
    """
    kept = {(hit.place, hit.term, hit.start) for hit in hits}
    query = select(HitRow.id, HitRow.place, HitRow.term, HitRow.start).where(HitRow.version_id == spot.version_id)
    rows = connection.execute(query.where(HitRow.term.in_(sorted(terms))))
    gone = [row.id for row in rows if (row.place, row.term, row.start) not in kept]
    connection.execute(delete(HitRow).where(HitRow.id.in_(gone)))
    return len(gone)


def withdraw_unjudged(connection: Connection, document_id: int, kept: Iterable[str]) -> int:
    """Remove a document's disclosures that the rules in force no longer make and nobody has judged; return how many."""
    unjudged = (DisclosureRow.document_id == document_id, DisclosureRow.verdict.is_(None))
    judged_once = select(Verdict.id).where(Verdict.key == DisclosureRow.key).exists()
    gone = delete(DisclosureRow).where(*unjudged, ~judged_once, DisclosureRow.key.not_in(sorted(kept)))
    return connection.execute(gone).rowcount
