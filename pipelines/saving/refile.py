"""Brings the finds of a chunk of documents up to date with the rules in force: adds, relabels, withdraws, all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from crawler.items import Disclosure, Hit
from pipelines.saving import finds
from pipelines.saving.finds import Spot
from store.database import insert_missing
from store.models import Disclosure as DisclosureRow
from store.models import Hit as HitRow
from store.models import table_of

_HIT, _DISCLOSURE = table_of(HitRow), table_of(DisclosureRow)
_DOCUMENTS: BindParameter[Any] = bindparam("documents", expanding=True)
_HITS = select(_HIT).where(_HIT.c.document_id.in_(_DOCUMENTS))
_DISCLOSURES = select(_DISCLOSURE).where(_DISCLOSURE.c.document_id.in_(_DOCUMENTS))
_CHANGE_HIT = _HIT.update().where(_HIT.c.id == bindparam("row"))
_DROP_HIT = _HIT.delete().where(_HIT.c.id == bindparam("row"))
_CHANGE_DISCLOSURE = _DISCLOSURE.update().where(_DISCLOSURE.c.id == bindparam("row"))
_DROP_DISCLOSURE = _DISCLOSURE.delete().where(_DISCLOSURE.c.id == bindparam("row"))


@dataclass(frozen=True, slots=True)
class FoundText:
    """What stands in one version of a document by the rules in force."""

    spot: Spot
    hits: tuple[Hit, ...]
    disclosures: tuple[Disclosure, ...]


@dataclass(frozen=True, slots=True)
class Refiled:
    """What a chunk came to; `watched` are the documents in which something was found for the first time."""

    hits: int
    disclosures: int
    withdrawn: int
    watched: tuple[int, ...]


@dataclass(slots=True)
class _Changes:
    """Rows to write: new ones, values by row id, ids to remove."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def refile(
    connection: Connection, documents: Sequence[int], texts: Sequence[FoundText], terms: frozenset[str]
) -> Refiled:
    """Make the stored finds of some documents what the rules in force find in `texts`, the versions that hold any.

    Hits of terms that nobody looks for any more stay, finds of their time; so does every disclosure on which anyone ever
    decided. Keys, verdicts and first versions stay.
    """
    stored = connection.execute(_HITS, {"documents": documents}).all()
    told = connection.execute(_DISCLOSURES, {"documents": documents}).all()
    hits = _hit_changes(stored, texts, terms)
    disclosures = _disclosure_changes(connection, told, texts)
    _write(connection, hits, insert_missing(connection, _HIT, finds.HIT_KEY), (_CHANGE_HIT, _DROP_HIT))
    added = insert_missing(connection, _DISCLOSURE, ("key",))
    _write(connection, disclosures, added, (_CHANGE_DISCLOSURE, _DROP_DISCLOSURE))
    known = {row.document_id for row in stored}
    fresh = sorted({text.spot.document_id for text in texts} - known)
    return Refiled(len(hits.new), len(disclosures.new), len(hits.gone) + len(disclosures.gone), tuple(fresh))


def _hit_changes(stored: Iterable[Row[Any]], texts: Iterable[FoundText], terms: frozenset[str]) -> _Changes:
    changes = _Changes()
    found = {
        (text.spot.version_id, hit.place, hit.term, hit.start): (hit, text.spot) for text in texts for hit in text.hits
    }
    for row in stored:
        hit, spot = found.pop((row.version_id, row.place, row.term, row.start), (None, None))
        if hit is None:
            changes.gone += [row.id] if row.term in terms else []
        elif spot and (hit.end, hit.status, hit.why) != (row.end, row.status, row.why):
            fresh = finds.hit_row(hit, spot)
            changes.changed[row.id] = {name: fresh[name] for name in ("surface", "end", "status", "why", "context")}
    changes.new = [finds.hit_row(hit, spot) for hit, spot in found.values()]
    return changes


def _disclosure_changes(connection: Connection, told: Sequence[Row[Any]], texts: Iterable[FoundText]) -> _Changes:
    changes = _Changes()
    known = {row.key: row for row in told}
    fresh: dict[str, dict[str, Any]] = {}
    for text in texts:
        for key, found in finds.keyed(text.disclosures, text.spot).items():
            if key in known:
                _read_again(changes, known[key], found, text.spot.version_id)
            elif key in fresh:
                fresh[key]["last_version_id"] = text.spot.version_id
            else:
                fresh[key] = finds.disclosure_row(key, found, text.spot, None)
    verdicts = finds.verdicts_in_force(connection, fresh)
    changes.new = [{**row, "verdict": verdicts.get(key)} for key, row in fresh.items()]
    kept = {key for text in texts for key in finds.keyed(text.disclosures, text.spot)}
    unsaid = [row for row in told if row.verdict is None and row.key not in kept]
    judged = finds.newest_decisions(connection, [row.key for row in unsaid])
    changes.gone = [row.id for row in unsaid if row.key not in judged]
    return changes


def _read_again(changes: _Changes, row: Row[Any], found: Disclosure, version_id: int) -> None:
    """Note what is now read of a sentence in the version where it was first found, and that this version says it."""
    values: dict[str, Any] = {}
    if row.version_id == version_id:
        fresh = _with_loan(finds.disclosure_values(found), row)
        values = fresh if any(getattr(row, name) != value for name, value in fresh.items()) else {}
    before = changes.changed.get(row.id, {})
    if before or values or row.last_version_id != version_id:
        changes.changed[row.id] = {**before, **values, "last_version_id": version_id}


def _with_loan(values: dict[str, Any], row: Row[Any]) -> dict[str, Any]:
    """Keep the date that a copy lent where the page still gives none."""
    if row.date_from is None or values["date"] is not None:
        return values
    return {**values, "date": row.date, "date_precision": row.date_precision, "date_from": row.date_from}


def _write(connection: Connection, changes: _Changes, insert: Any, change_and_drop: tuple[Any, Any]) -> None:
    change, drop = change_and_drop
    if changes.new:
        connection.execute(insert, changes.new)
    for number, values in changes.changed.items():
        connection.execute(change, {**values, "row": number})
    if changes.gone:
        connection.execute(drop, [{"row": number} for number in changes.gone])
