"""The crawler's only door to the store: what is due, what is pending, and what came of it.

A crawl killed at any moment loses nothing: addresses are kept before they are fetched, and every method is one short
transaction that can be repeated.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Engine, insert, select, update

from store import alarms, catalogue, ledger, presence, waiting
from store.database import reading, writing
from store.entries import (
    ColumnEntry,
    DueColumn,
    FoundLink,
    PendingPage,
    RunCounts,
    SourceEntry,
    SourceSight,
    Trouble,
)
from store.models import Column, Issue, Page, Run, Source
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
            ledger.note_switched_off(connection, [entry.id for entry in entries if entry.enabled], now)
            catalogue.upsert_sources(connection, entries, now)
            catalogue.upsert_columns(connection, entries)
            if whole:
                gone = Source.id.not_in([entry.id for entry in entries])
                connection.execute(update(Source).where(gone).values(enabled=False))

    def due(self, now: datetime, source_ids: Sequence[str] | None = None, *, force: bool = False) -> list[DueColumn]:
        """Return the enabled columns to visit at `now`, longest waiting first; `force`: all of them, due or not."""
        with reading(self._engine) as connection:
            return waiting.due(connection, None if force else now, source_ids)

    def keep(
        self,
        column_id: int,
        links: Iterable[FoundLink],
        now: datetime,
        *,
        found_later: bool = False,
    ) -> list[PendingPage]:
        """Keep the addresses of a list as pending pages and return those not known before; repeating it adds nothing.

        Raises ValueError for a link that is not an http or https address: the crawler reports it as an Issue first.
        """
        with writing(self._engine) as connection:
            return waiting.keep(connection, column_id, links, now, found_later=found_later)

    def pending(self, now: datetime, source_ids: Sequence[str] | None = None) -> list[PendingPage]:
        """Return the pages not read yet, and those to be tried again at `now`, in the order they were found."""
        with reading(self._engine) as connection:
            return waiting.pending(connection, now, source_ids)

    def rechecks(self, now: datetime, source_ids: Sequence[str] | None = None) -> list[PendingPage]:
        """Return the pages read before whose next look is due (1, 3, 7, 30, 90 days after; see `store.presence`)."""
        with reading(self._engine) as connection:
            return waiting.rechecks(connection, now, source_ids)

    def files_of(self, urls: Iterable[str], now: datetime) -> list[PendingPage]:
        """Return the files of the documents at these addresses that wait to be fetched for the first time, or again."""
        with reading(self._engine) as connection:
            return waiting.files_of(connection, urls, now)

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
            presence.leads_elsewhere(connection, page_id, target, at)

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
        with writing(self._engine) as connection:
            ledger.note_state(connection, source_id, day, (state, reason), now)

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
