"""The pieces of texts that find copies: which documents share them, and how common each is."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, text

from store.database import insert_missing
from store.models import DocumentShingle, table_of

RARE = 200  # a piece that stands in more documents is boilerplate or a set phrase: it finds no copies
CANDIDATES = 8

# One parameter for all pieces: hundreds of parameters cost more than the look-ups.
_LISTED = {
    "sqlite": "(SELECT value AS hash FROM json_each(:pieces)) AS piece",
    "postgresql": "unnest(CAST(:pieces AS bigint[])) AS piece(hash)",
}
_COUNT = (
    "SELECT hash, held FROM (SELECT piece.hash AS hash, (SELECT count(*) FROM (SELECT 1 FROM document_shingle AS held"
    " WHERE held.hash = piece.hash LIMIT :most) AS capped) AS held FROM {listed}) AS counted WHERE held > 0"
)
_NEAREST = (
    "SELECT held.document_id, count(*) FILTER (WHERE held.hash >= 0) AS pieces,"
    " count(*) FILTER (WHERE held.hash < 0) AS names"
    " FROM {listed} JOIN document_shingle AS held ON held.hash = piece.hash"
    " GROUP BY held.document_id ORDER BY 3 DESC, 2 DESC, 1 LIMIT :most"
)
_TABLE = table_of(DocumentShingle)
_FORGET = _TABLE.delete().where(_TABLE.c.hash == bindparam("piece"), _TABLE.c.document_id == bindparam("document"))


def _for_both(sql: str) -> dict[str, TextClause]:
    return {dialect: text(sql.format(listed=listed)) for dialect, listed in _LISTED.items()}


_COUNTS, _NEARS = _for_both(_COUNT), _for_both(_NEAREST)


@dataclass(frozen=True, slots=True)
class Shared:
    """What a document shares with a list: so many pieces, so many names."""

    pieces: int
    names: int


def remember(connection: Connection, document_id: int, pieces: Collection[int]) -> None:
    """Keep the pieces (and, negative, the name marks) of a document."""
    if pieces:
        # In order, so that neighbours on the same leaf of the index are written one after the other.
        rows = [{"hash": piece, "document_id": document_id} for piece in sorted(pieces)]
        connection.execute(insert_missing(connection, _TABLE, ("hash", "document_id")), rows)


def forget(connection: Connection, document_id: int, pieces: Collection[int]) -> None:
    """Drop the pieces of a document's former text, before those of a new version are kept.

    They are named, not looked up: an index on documents would double what is written for each document with finds.
    """
    if pieces:
        connection.execute(_FORGET, [{"piece": piece, "document": document_id} for piece in sorted(pieces)])


def counts(connection: Connection, pieces: Collection[int]) -> dict[int, int]:
    """Return in how many documents each piece stands, without those in none; RARE + 1 is any number above RARE."""
    if not pieces:
        return {}
    rows = connection.execute(_COUNTS[connection.dialect.name], {**_listed(connection, pieces), "most": RARE + 1})
    return {row[0]: row[1] for row in rows}


def nearest(connection: Connection, pieces: Collection[int]) -> dict[int, Shared]:
    """Return the documents that share most of some pieces, at most CANDIDATES; those that share a name come first."""
    if not pieces:
        return {}
    rows = connection.execute(_NEARS[connection.dialect.name], {**_listed(connection, pieces), "most": CANDIDATES})
    return {row.document_id: Shared(row.pieces, row.names) for row in rows}


def _listed(connection: Connection, pieces: Collection[int]) -> dict[str, Any]:
    return {"pieces": json.dumps(list(pieces)) if connection.dialect.name == "sqlite" else list(pieces)}
