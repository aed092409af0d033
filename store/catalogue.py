"""Brings the rows of sources and columns up to date with what their files say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from store.database import upsert
from store.entries import SourceEntry
from store.models import Column, Source


def upsert_sources(connection: Connection, entries: Sequence[SourceEntry], now: datetime) -> None:
    """Add or update the sources; `registered_at` stays that of the first time."""
    names = ("id", "name", "name_en", "tier", "region", "homepage", "enabled")
    rows = [{**{name: getattr(entry, name) for name in names}, "registered_at": now} for entry in entries]
    if rows:
        connection.execute(upsert(connection, Source, ("id",), names[1:]), rows)


def upsert_columns(connection: Connection, entries: Sequence[SourceEntry]) -> None:
    """Add or update the columns of these sources and disable those that their files name no more."""
    rows = [
        {"source_id": entry.id, "name": column.name, "url": column.url, "family": column.family, "enabled": True}
        for entry in entries
        for column in entry.columns
    ]
    of_these = Column.source_id.in_([entry.id for entry in entries])
    connection.execute(update(Column).where(of_these).values(enabled=False))
    if rows:
        changes = ("source_id", "name", "family", "enabled")
        connection.execute(upsert(connection, Column, ("url",), changes), rows)
