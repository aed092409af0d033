"""A dossier as plain values for JSON: every statement with its quote and its page, every unknown null."""

from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from pydantic import BaseModel

from store.queries.dossier import Statement

_DISCLOSURE = (
    *("key", "type", "body", "region", "date", "date_precision", "date_from", "ordinal", "person", "role", "capacity"),
    *("action", "object", "object_kind", "outcome", "quote", "confidence", "pattern", "found_later", "verdict"),
)
_PAGE = ("document_id", "title", "url", "source_id", "source_name", "current")
# What a person reads off the parts is put beside them.
_DERIVED = ("stories", "accepted", "first", "last", "ratio", "blank", "pace", "state", "in_words")


def as_plain(value: Any) -> Any:
    """Return dicts, lists, strings and numbers for any value of this package; an infinite ratio becomes null."""
    if isinstance(value, Statement):
        return _statement(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return _parts(value)
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not isfinite(value) else value


def _parts(value: Any) -> dict[str, Any]:
    names = [field.name for field in fields(value)]
    derived = [
        name for name in _DERIVED if name not in names and isinstance(getattr(type(value), name, None), property)
    ]
    return {name: as_plain(getattr(value, name)) for name in (*names, *derived)}


def _statement(statement: Statement) -> dict[str, Any]:
    told = {name: getattr(statement.disclosure, name) for name in _DISCLOSURE}
    page = {name: getattr(statement.publication, name) for name in _PAGE}
    when = {"published": statement.published.isoformat(), "fetched_at": statement.fetched_at.isoformat()}
    return {**told, **page, **when, "story": statement.story, "is_copy": statement.is_copy}
