"""Turns hits and disclosures into rows: one row for one key, and a verdict in force stays in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from crawler.items import Disclosure, Hit
from pipelines.disclose import disclosure_key
from store.database import insert_missing
from store.models import Disclosure as DisclosureRow
from store.models import Hit as HitRow
from store.models import Verdict, table_of

HIT_KEY = ("version_id", "place", "term", "start")
_HIT, _DISCLOSURE, _VERDICT = table_of(HitRow), table_of(DisclosureRow), table_of(Verdict)
_HIT_FIELDS = tuple(field.name for field in fields(Hit))
_DISCLOSURE_FIELDS = tuple(field.name for field in fields(Disclosure))
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_KNOWN = select(_DISCLOSURE.c.key).where(_DISCLOSURE.c.key.in_(_KEYS))
_STILL_SAID = _DISCLOSURE.update().where(_DISCLOSURE.c.key.in_(_KEYS))
_VERDICTS = select(_VERDICT.c.key, _VERDICT.c.decision).where(_VERDICT.c.key.in_(_KEYS)).order_by(_VERDICT.c.id)
_VERSION_QUOTES = (
    select(_DISCLOSURE.c.quote).where(_DISCLOSURE.c.last_version_id == bindparam("version")).order_by(_DISCLOSURE.c.id)
)
_VERSION_TERMS = select(_HIT.c.term).where(_HIT.c.version_id == bindparam("version"))
_ANY_HIT = select(_HIT.c.id).where(_HIT.c.document_id == bindparam("document")).limit(1)


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
    """Write the hits of a new version; return how many there are."""
    rows = list({(hit.place, hit.term, hit.start): hit_row(hit, spot) for hit in hits}.values())
    if rows:
        connection.execute(insert_missing(connection, _HIT, HIT_KEY), rows)
    return len(rows)


def add_disclosures(connection: Connection, disclosures: Iterable[Disclosure], spot: Spot) -> int:
    """Write disclosures whose key is new and note of the others that this version still says so; return how many are new.

    A new row takes over the verdict that is in force for its key, if an analyst judged it before.
    """
    by_key = keyed(disclosures, spot)
    if not by_key:
        return 0
    known = sorted(connection.execute(_KNOWN, {"keys": sorted(by_key)}).scalars())
    if known:
        connection.execute(_STILL_SAID, {"keys": known, "last_version_id": spot.version_id})
    fresh = {key: found for key, found in by_key.items() if key not in known}
    verdicts = verdicts_in_force(connection, fresh)
    add_rows(connection, [disclosure_row(key, found, spot, verdicts.get(key)) for key, found in fresh.items()])
    return len(fresh)


def add_rows(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write rows of disclosures whose keys are not there yet."""
    if rows:
        connection.execute(insert_missing(connection, _DISCLOSURE, ("key",)), rows)


def keyed(disclosures: Iterable[Disclosure], spot: Spot) -> dict[str, Disclosure]:
    """Return disclosures that stand at a spot under their keys; of two with one key the last."""
    return {disclosure_key(spot.canonical, found): found for found in disclosures}


def hit_row(hit: Hit, spot: Spot) -> dict[str, Any]:
    """Return a hit as a row."""
    row = {name: getattr(hit, name) for name in _HIT_FIELDS}
    row.update(
        version_id=spot.version_id, document_id=spot.document_id, found_at=spot.found_at, found_later=spot.found_later
    )
    return row


def disclosure_values(found: Disclosure) -> dict[str, Any]:
    """Return what was read of a sentence, by column."""
    return {name: getattr(found, name) for name in _DISCLOSURE_FIELDS}


def disclosure_row(key: str, found: Disclosure, spot: Spot, verdict: str | None) -> dict[str, Any]:
    """Return a disclosure as the row of a key, first found at a spot."""
    row = disclosure_values(found)
    row.update(
        key=key,
        document_id=spot.document_id,
        version_id=spot.version_id,
        last_version_id=spot.version_id,
        source_id=spot.source_id,
        found_at=spot.found_at,
        found_later=spot.found_later,
        verdict=verdict,
    )
    return row


def verdicts_in_force(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return the newest decision for each key that has one; an undone decision (`new`) is none."""
    return {key: decision for key, decision in newest_decisions(connection, keys).items() if decision != "new"}


def newest_decisions(connection: Connection, keys: Iterable[str]) -> Mapping[str, str]:
    """Return the newest decision for each key on which anyone ever decided, undone ones (`new`) included."""
    asked = sorted(keys)
    return {row.key: row.decision for row in connection.execute(_VERDICTS, {"keys": asked})} if asked else {}


def quotes_of(connection: Connection, version_id: int) -> tuple[str, ...]:
    """Return the quotes of the disclosures that a version was the last to hold."""
    return tuple(connection.execute(_VERSION_QUOTES, {"version": version_id}).scalars())


def terms_of(connection: Connection, version_id: int) -> tuple[str, ...]:
    """Return the terms of the hits of a version, one for each hit."""
    return tuple(connection.execute(_VERSION_TERMS, {"version": version_id}).scalars())


def is_watched(connection: Connection, document_id: int) -> bool:
    """Say whether a document holds anything that was looked for."""
    return connection.execute(_ANY_HIT, {"document": document_id}).first() is not None
