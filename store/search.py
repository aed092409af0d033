"""Finds a phrase in everything stored: one stream of two-character tokens, the same on SQLite and PostgreSQL.

A text of n characters becomes n tokens (each character with its successor), so a phrase of two or more characters is
found exactly where it stands, inside words too. Trigrams find no two-character word, word tokens no word inside a word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import add as add_strings
from typing import Any

from opencc import OpenCC
from sqlalchemy import Connection, Row, text

from store.prepared import Prepared

# A tsvector counts positions up to 16,383 and 256 for a token, so PostgreSQL gets a text in pieces. Each piece repeats
# the last characters of the one before, so no phrase of up to OVERLAP characters falls between two.
PIECE = 3_000
OVERLAP = 64

_PLAIN = re.compile(r"[0-9a-z\u3400-\u4db5\u4e00-\u9fa5]")
_INVISIBLE = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_BETWEEN = "\x1f"
_END = "x0z"


@dataclass(frozen=True, slots=True)
class Found:
    """A version that holds the phrase; `current` is False when the document has stopped saying it."""

    document_id: int
    version_id: int
    current: bool


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=64)  # a text is folded for its hash and again for the index
def fold(value: str) -> str:
    """Return the form in which texts and phrases are compared: NFKC, simplified, lower case, no white space."""
    even = unicodedata.normalize("NFKC", value)
    return str(_simplifier().convert(_INVISIBLE.sub("", even))).lower()


class _Marks(dict[str, str]):
    """The spelling of each character inside a token: itself, or its number where a tokenizer would trip over it."""

    def __missing__(self, character: str) -> str:
        mark = self[character] = character if _PLAIN.match(character) else f"x{ord(character):x}z"
        return mark


_MARKS = _Marks()


def bigrams(folded: str) -> list[str]:
    """Return the tokens of a folded text: each character with its successor, the last one with an end mark."""
    marks = [_MARKS[character] for character in folded]
    return list(map(add_strings, marks, [*marks[1:], _END])) if marks else []


def add(connection: Connection, rows: Sequence[tuple[int, str | None, str]]) -> None:
    """Index versions, each given as (version id, title, body). A version never changes, so it is added once."""
    texts = [(version_id, fold(title or "") + _BETWEEN + fold(body)) for version_id, title, body in rows]
    if not texts:
        return
    if connection.dialect.name == "sqlite":
        values = [{"id": version_id, "tokens": " ".join(bigrams(folded))} for version_id, folded in texts]
    else:
        values = [
            {"id": version_id, "piece": number, "tokens": _positions(piece)}
            for version_id, folded in texts
            for number, piece in enumerate(_pieces(folded))
        ]
    for row in values:
        _ADD[connection.dialect.name].run(connection, row)


_ADD = {
    "sqlite": Prepared(text("INSERT INTO version_search(rowid, tokens) VALUES (:id, :tokens)")),
    "postgresql": Prepared(
        text(
            "INSERT INTO version_search(version_id, piece, tokens) VALUES (:id, :piece, CAST(:tokens AS tsvector))"
            " ON CONFLICT DO NOTHING"
        )
    ),
}


def _pieces(folded: str) -> list[str]:
    return [folded[max(0, start - OVERLAP) : start + PIECE] for start in range(0, len(folded), PIECE)]


def _positions(piece: str) -> str:
    return " ".join(f"{token}:{place}" for place, token in enumerate(bigrams(piece), 1))


def search(connection: Connection, phrase: str, limit: int = 50) -> list[Found]:
    """Return the documents that hold a phrase, each once with its newest version that does, newest first.

    Exact for phrases of two and more characters after folding; a single character is looked up as the first of a token.
    An empty phrase finds nothing.
    """
    folded = fold(phrase)
    found: dict[int, Found] = {}
    for row in _matches(connection, folded, limit) if folded and limit > 0 else ():
        if row.document_id in found or not _holds(connection, row.id, folded):
            continue
        found[row.document_id] = Found(row.document_id, row.id, row.id == row.current_version_id)
        if len(found) == limit:
            break
    return list(found.values())


_MATCH = {
    "sqlite": (
        "SELECT rowid AS id FROM version_search WHERE version_search MATCH :query AND rowid < :below"
        " ORDER BY rowid DESC LIMIT :limit"
    ),
    "postgresql": (
        "SELECT DISTINCT version_id AS id FROM version_search"
        " WHERE tokens @@ CAST(:query AS tsquery) AND version_id < :below ORDER BY version_id DESC LIMIT :limit"
    ),
}
_SELECT = (
    "SELECT version.id, version.document_id, document.current_version_id FROM ({match}) AS match"
    " JOIN version ON version.id = match.id JOIN document ON document.id = version.document_id ORDER BY version.id DESC"
)


def _matches(connection: Connection, folded: str, limit: int) -> Iterator[Row[Any]]:
    """Yield the matching versions, newest first, a pageful at a time."""
    dialect = connection.dialect.name
    statement = text(_SELECT.format(match=_MATCH[dialect]))
    query, below, pageful = _query(folded[:OVERLAP], dialect), 2**62, 2 * limit
    while rows := connection.execute(statement, {"query": query, "below": below, "limit": pageful}).all():
        yield from rows
        if len(rows) < pageful:
            return
        below = rows[-1].id


def _query(folded: str, dialect: str) -> str:
    *tokens, last = bigrams(folded)
    if dialect == "sqlite":
        return f'"{" ".join(tokens)}"' if tokens else f"{last.removesuffix(_END)}*"
    return " <-> ".join(tokens) if tokens else f"{last.removesuffix(_END)}:*"


def _holds(connection: Connection, version_id: int, folded: str) -> bool:
    """Say whether a version really holds a phrase that is longer than what the index can be asked for."""
    if len(folded) <= OVERLAP:
        return True
    query = text("SELECT title, body FROM version WHERE id = :id")
    row = connection.execute(query, {"id": version_id}).one()
    return folded in fold(row.title or "") or folded in fold(row.body)
