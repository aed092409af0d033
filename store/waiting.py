"""What waits to be fetched: columns that are due, pages found and not read yet, pages to look at again, files."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from store.addresses import canonical
from store.database import insert_missing
from store.entries import DueColumn, FoundLink, PendingPage, due_column, pending_page
from store.models import Column, Page, Source

BATCH = 500


def due(connection: Connection, now: datetime | None, source_ids: Sequence[str] | None) -> list[DueColumn]:
    """Return the enabled columns to visit at `now`, longest waiting first; all of them when `now` is None."""
    query = (
        select(Column)
        .join(Source, Source.id == Column.source_id)
        .where(Column.enabled, Source.enabled)
        .order_by(Column.due_at.is_not(None), Column.due_at, Column.id)
    )
    if now is not None:
        query = query.where(or_(Column.due_at.is_(None), Column.due_at <= now))
    return [due_column(row) for row in connection.execute(_of_sources(query, Column.source_id, source_ids))]


def keep(
    connection: Connection, column_id: int, links: Iterable[FoundLink], now: datetime, *, found_later: bool
) -> list[PendingPage]:
    """Keep the addresses of a list as pending pages and return those not known before, in the order of the list."""
    source_id = connection.execute(select(Column.source_id).where(Column.id == column_id)).scalar_one()
    common = {"source_id": source_id, "column_id": column_id, "kind": "page", "found_at": now}
    rows = [
        {
            **common,
            "canonical": key,
            "url": link.url,
            "found_title": link.title,
            "found_published": link.published,
            "found_later": found_later,
        }
        for key, link in {canonical(link.url): link for link in links}.items()
    ]
    kept = _insert_new(connection, rows)
    if kept:
        connection.execute(update(Column).where(Column.id == column_id).values(last_new_at=now))
    return kept


def _insert_new(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[PendingPage]:
    kept: list[PendingPage] = []
    for start in range(0, len(rows), BATCH):
        query = insert_missing(connection, Page, ("canonical",)).returning(Page)
        kept += [pending_page(row) for row in connection.execute(query, list(rows[start : start + BATCH]))]
    return sorted(kept, key=lambda page: page.id)


def pending(connection: Connection, now: datetime, source_ids: Sequence[str] | None) -> list[PendingPage]:
    """Return the pages not read yet, and those to be tried again at `now`, in the order they were found."""
    query = (
        select(Page)
        .where(Page.state != "fetched", or_(Page.next_check_at.is_(None), Page.next_check_at <= now))
        .where(or_(Page.state == "pending", Page.next_check_at.is_not(None)))
        .order_by(Page.id)
    )
    return _pages(connection, _of_sources(query, Page.source_id, source_ids))


def rechecks(connection: Connection, now: datetime, source_ids: Sequence[str] | None) -> list[PendingPage]:
    """Return the pages read before whose next look is due, longest waiting first."""
    query = select(Page).where(Page.state == "fetched", Page.next_check_at <= now)
    return _pages(connection, _of_sources(query.order_by(Page.next_check_at, Page.id), Page.source_id, source_ids))


def files_of(connection: Connection, urls: Iterable[str], now: datetime) -> list[PendingPage]:
    """Return the files of the documents at these addresses that wait to be fetched for the first time, or again."""
    parents = select(Page.id).where(Page.canonical.in_([canonical(url) for url in urls]))
    query = (
        select(Page)
        .where(Page.parent_page_id.in_(parents), Page.kind == "attachment", Page.state == "pending")
        .where(or_(Page.next_check_at.is_(None), Page.next_check_at <= now))
        .order_by(Page.id)
    )
    return _pages(connection, query)


def _pages(connection: Connection, query: Select[Any]) -> list[PendingPage]:
    return [pending_page(row, recheck=row.state == "fetched") for row in connection.execute(query)]


def _of_sources(query: Select[Any], column: Any, source_ids: Sequence[str] | None) -> Select[Any]:
    return query if source_ids is None else query.where(column.in_(list(source_ids)))
