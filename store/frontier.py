"""The crawler's only door to the store: what is due, what is pending, and what came of it.

A crawl killed at any moment loses nothing: addresses are kept before they are fetched, and every method is one short
transaction that can be repeated.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, Select, insert, or_, select, update

from store import alarms, catalogue, ledger, presence
from store.addresses import canonical
from store.database import insert_missing, reading, writing
from store.entries import (
    ColumnEntry,
    DueColumn,
    FoundLink,
    PendingPage,
    RunCounts,
    SourceEntry,
    SourceSight,
    Trouble,
    due_column,
    pending_page,
)
from store.models import Column, Event, Issue, Page, Run, Source, SourceState
from store.opening import open_store

__all__ = [
    "ColumnEntry",
    "DueColumn",
    "FoundLink",
    "Frontier",
    "PendingPage",
    "RunCounts",
    "SourceEntry",
    "SourceSight",
    "Trouble",
]

BATCH = 500


class Frontier:
    """Due columns, pending pages and the state of a run, over one engine. Safe to use from several processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the store at a database URL: the crawler knows no other way in."""
        return cls(open_store(url))

    def register(self, sources: Iterable[SourceEntry], now: datetime, *, whole: bool = True) -> None:
        """Make the store know these sources and columns as their files say them now.

        A column that a file no longer names is disabled, never deleted; with `whole` (the sources are the entire
        catalogue) so is a source that has no file any more.
        """
        entries = list(sources)
        with writing(self._engine) as connection:
            catalogue.upsert_sources(connection, entries, now)
            catalogue.upsert_columns(connection, entries)
            if whole:
                gone = Source.id.not_in([entry.id for entry in entries])
                connection.execute(update(Source).where(gone).values(enabled=False))

    def due(self, now: datetime, source_ids: Sequence[str] | None = None, *, force: bool = False) -> list[DueColumn]:
        """Return the enabled columns to visit at `now`, longest waiting first; `force`: all of them, due or not."""
        query = (
            select(Column)
            .join(Source, Source.id == Column.source_id)
            .where(Column.enabled, Source.enabled)
            .order_by(Column.due_at.is_not(None), Column.due_at, Column.id)
        )
        if not force:
            query = query.where(or_(Column.due_at.is_(None), Column.due_at <= now))
        with reading(self._engine) as connection:
            rows = connection.execute(_of_sources(query, Column.source_id, source_ids)).all()
        return [due_column(row) for row in rows]

    def keep(
        self,
        column_id: int,
        links: Iterable[FoundLink],
        now: datetime,
        *,
        found_later: bool = False,
        kind: str = "page",
    ) -> list[PendingPage]:
        """Keep the addresses of a list as pending pages and return those not known before; repeating it adds nothing.

        Raises ValueError for a link that is not an http or https address: the crawler reports it as an Issue first.
        """
        by_key = {canonical(link.url): link for link in links}
        with writing(self._engine) as connection:
            source_id = connection.execute(select(Column.source_id).where(Column.id == column_id)).scalar_one()
            common = {"source_id": source_id, "column_id": column_id, "kind": kind, "found_at": now}
            rows = [
                {
                    **common,
                    "canonical": key,
                    "url": link.url,
                    "found_title": link.title,
                    "found_published": link.published,
                    "found_later": found_later,
                }
                for key, link in by_key.items()
            ]
            kept = _insert_new(connection, rows)
            if kept:
                connection.execute(update(Column).where(Column.id == column_id).values(last_new_at=now))
        return kept

    def pending(self, now: datetime, source_ids: Sequence[str] | None = None) -> list[PendingPage]:
        """Return the pages not read yet, and those to be tried again at `now`, in the order they were found."""
        query = (
            select(Page)
            .where(Page.state != "fetched", or_(Page.next_check_at.is_(None), Page.next_check_at <= now))
            .where(or_(Page.state == "pending", Page.next_check_at.is_not(None)))
            .order_by(Page.id)
        )
        return self._pages(_of_sources(query, Page.source_id, source_ids))

    def rechecks(self, now: datetime, source_ids: Sequence[str] | None = None) -> list[PendingPage]:
        """Return the pages read before whose next look is due (1, 3, 7, 30, 90 days after; see `store.presence`)."""
        query = (
            select(Page).where(Page.state == "fetched", Page.next_check_at <= now).order_by(Page.next_check_at, Page.id)
        )
        return self._pages(_of_sources(query, Page.source_id, source_ids))

    def files_of(self, urls: Iterable[str], now: datetime) -> list[PendingPage]:
        """Return the files of the documents at these addresses that wait to be fetched for the first time, or again."""
        parents = select(Page.id).where(Page.canonical.in_([canonical(url) for url in urls]))
        query = (
            select(Page)
            .where(Page.parent_page_id.in_(parents), Page.kind == "attachment", Page.state == "pending")
            .where(or_(Page.next_check_at.is_(None), Page.next_check_at <= now))
            .order_by(Page.id)
        )
        return self._pages(query)

    def known(self, urls: Iterable[str]) -> set[str]:
        """Return those of the addresses that the store has a page for, so that a walk back can stop at old ground."""
        by_key = {canonical(url): url for url in urls}
        with reading(self._engine) as connection:
            keys = connection.execute(select(Page.canonical).where(Page.canonical.in_(list(by_key)))).scalars()
            return {by_key[key] for key in keys}

    def _pages(self, query: Select[Any]) -> list[PendingPage]:
        with reading(self._engine) as connection:
            return [pending_page(row, recheck=row.state == "fetched") for row in connection.execute(query)]

    def visited(
        self,
        column_id: int,
        at: datetime,
        due_at: datetime,
        links: int,
        validators: tuple[str | None, str | None] = (None, None),
        *,
        news_days: Sequence[date] = (),
        shows_days: bool = False,
    ) -> None:
        """Note that a column was read: how many links it had, its (etag, last_modified), when it is due again.

        `news_days` are all the days to remember on which it had something new; `shows_days` says that its rows show them.
        """
        days = [day.isoformat() for day in news_days]
        values: dict[str, Any] = {"visited_at": at, "due_at": due_at, "last_links": links, "news_days": days}
        values["shows_days"] = shows_days
        self._column(column_id, {**values, "etag": validators[0], "last_modified": validators[1]})

    def unchanged(self, column_id: int, at: datetime, due_at: datetime) -> None:
        """Note that a column answered 304: nothing new, its validators stay."""
        self._column(column_id, {"visited_at": at, "due_at": due_at})

    def postponed(self, column_id: int, due_at: datetime) -> None:
        """Note that a column could not be read (blocked, unreachable): when to try again; its last visit stays."""
        self._column(column_id, {"due_at": due_at})

    def _column(self, column_id: int, values: dict[str, Any]) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(Column).where(Column.id == column_id).values(**values))

    def same(self, page_id: int, at: datetime) -> None:
        """Note that a recheck of a page answered 304: it is there and unchanged."""
        with writing(self._engine) as connection:
            presence.there(connection, page_id, 304, at)

    def failed(self, page_id: int, status: int | None, reason: str, at: datetime) -> None:
        """Note that a page could not be fetched (timeout, 5xx, TLS …): tried again after 1, 2, 4 … hours.

        After `presence.MAX_ATTEMPTS` it is given up with an Issue `page-given-up`. A page that was read before keeps its state and
        is looked at again the next day.
        """
        with writing(self._engine) as connection:
            presence.not_reached(connection, page_id, "failed", (status, reason), at)

    def blocked(self, page_id: int, status: int | None, reason: str, at: datetime) -> None:
        """Note that a block page answered for a page: nothing is known of the page itself; tried again the next day."""
        with writing(self._engine) as connection:
            presence.not_reached(connection, page_id, "blocked", (status, reason), at)

    def missing(self, page_id: int, status: int, at: datetime) -> None:
        """Note that a page is not there (404, 410, soft 404).

        For a page read before this is an Event `missing` ("not found once, not yet a removal"), and `removed` after 14
        days of it while the source was healthy; for a page never read it is a failed attempt.
        """
        with writing(self._engine) as connection:
            read_before = connection.execute(select(Page.fetched_at).where(Page.id == page_id)).scalar_one()
            if read_before:
                presence.not_there(connection, page_id, status, at)
            else:
                presence.not_reached(
                    connection, page_id, "failed", (status, f"the list links to it, it answers {status}"), at
                )

    def redirected(self, page_id: int, target: str, at: datetime) -> None:
        """Note that a page sends its reader to another site, which was not followed: an Event, once; not tried again soon."""
        with writing(self._engine) as connection:
            page = connection.execute(select(Page).where(Page.id == page_id)).one()
            seen = (Event.page_id == page_id, Event.kind == "redirected-offsite", Event.detail == target)
            if connection.execute(select(Event.id).where(*seen).limit(1)).first() is None:
                presence.note_event(connection, "redirected-offsite", page, target, at)
            presence.not_reached(connection, page_id, "failed", (None, f"it redirects to {target}"), at)

    def start_run(self, source_id: str, now: datetime) -> int:
        """Note that a visit of a source begins; return the run's id."""
        with writing(self._engine) as connection:
            ledger.fill_states(connection, now, source_id)
            query = insert(Run).values(source_id=source_id, started_at=now).returning(Run.id)
            return connection.execute(query).scalar_one()

    def finish_run(self, run_id: int, counts: RunCounts, state: str, reason: str, now: datetime) -> None:
        """Note how a visit ended; the state of the source's day is noted apart, with `note_state`."""
        totals = {name: getattr(counts, name) for name in RunCounts.__slots__}
        with writing(self._engine) as connection:
            query = update(Run).where(Run.id == run_id).values(ended_at=now, state=state, reason=reason, **totals)
            connection.execute(query)

    def note_state(self, source_id: str, day: date, state: str, reason: str, now: datetime) -> None:
        """Note what we could see of a source on a day (Asia/Shanghai); of several visits the best sight stays.

        seen beats quiet beats suspect beats blocked beats blind beats not-due, for the state says what could be seen of
        the day at all; how each single visit ended stands in its Run. An equal state takes the newer reason.
        """
        rank = ledger.RANK.index(state)
        with writing(self._engine) as connection:
            here = (SourceState.source_id == source_id, SourceState.day == day)
            old = connection.execute(select(SourceState.state).where(*here)).scalar_one_or_none()
            if old is None:
                row = {"source_id": source_id, "day": day, "state": state, "reason": reason, "seen_at": now}
                connection.execute(insert(SourceState).values(**row))
            elif rank <= ledger.RANK.index(old):
                values = {"state": state, "reason": reason, "seen_at": now}
                connection.execute(update(SourceState).where(*here).values(**values))

    def note_sights(self, sights: Sequence[SourceSight], now: datetime) -> None:
        """Bring the alarms up to date with what the visits of one crawl saw, after their runs were finished."""
        with writing(self._engine) as connection:
            alarms.note_sights(connection, sights, now)

    def fill_states(self, now: datetime) -> int:
        """Give every enabled source a state for every day up to the day of `now`; return how many were written.

        Call it before a crawl (it judges the days since the last one by what was due then) and after it.
        """
        with writing(self._engine) as connection:
            return ledger.fill_states(connection, now)

    def note_issue(
        self,
        kind: str,
        detail: str,
        now: datetime,
        *,
        source_id: str | None = None,
        url: str | None = None,
        run_id: int | None = None,
    ) -> None:
        """Keep something that the crawl did not understand, for a person to see."""
        row = {"kind": kind, "detail": detail, "source_id": source_id, "url": url, "run_id": run_id, "at": now}
        with writing(self._engine) as connection:
            connection.execute(insert(Issue).values(**row))


def _of_sources(query: Select[Any], column: Any, source_ids: Sequence[str] | None) -> Select[Any]:
    return query if source_ids is None else query.where(column.in_(list(source_ids)))


def _insert_new(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[PendingPage]:
    kept: list[PendingPage] = []
    for start in range(0, len(rows), BATCH):
        query = insert_missing(connection, Page, ("canonical",)).returning(Page)
        kept += [pending_page(row) for row in connection.execute(query, list(rows[start : start + BATCH]))]
    return sorted(kept, key=lambda page: page.id)
