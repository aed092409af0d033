"""One spider that visits the columns of many sources: pending pages first, then lists, then what the lists bring."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import scrapy
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.configured import CONFIG, configure, extension_of
from crawler.extensions.health import Health, Listener
from crawler.extensions.pool import WorkerPool
from crawler.items import Issue, Link, ListReading, Page
from crawler.outcomes import Outcome, outcome_of
from crawler.reading import read_list
from crawler.rhythm import CHINA
from crawler.sources import Source, column_url, load_sources, next_due, selectors
from crawler.spiders.answers import outcome_of_answer, page_of, validators_of
from crawler.spiders.asking import ask_list, ask_page, hosts_of
from crawler.spiders.visit import Visit, entry_of
from crawler.spiders.walk import Walk, own_rows
from crawler.workers import ReadingFailed
from store.config import Config
from store.frontier import DueColumn, Frontier, PendingPage

P = ParamSpec("P")
T = TypeVar("T")


class MonitorSpider(scrapy.Spider):
    """Visits what is due. Arguments: `sources` (ids, comma-separated; all when empty), `due` (only what is due), `since`
    (a day to walk back to).
    """

    name = "monitor"

    def __init__(
        self, sources: str = "", due: str = "", since: str = "", listener: Listener | None = None, **named: Any
    ) -> None:
        super().__init__(**named)
        self._wanted = [name for name in sources.split(",") if name] or None
        self._only_due = bool(due)
        self._since = date.fromisoformat(since) if since else None
        self._listener = listener
        self.catalogue: dict[str, Source] = {}
        self._columns: dict[int, DueColumn] = {}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add the user's configuration to Scrapy's settings."""
        super().update_settings(settings)
        configure(settings)

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for every page that waits and every list that is due."""
        self._config: Config = self.settings[CONFIG]
        self._health = extension_of(self.crawler, Health)
        self.workers = extension_of(self.crawler, WorkerPool).workers
        self._health.listener = self._listener
        self._frontier = Frontier.open(self._config.url)
        self.catalogue = load_sources(self._config.sources)
        now = self._config.now()
        await self._do(self._frontier.register, [entry_of(source) for source in self.catalogue.values()], now)
        await self._do(self._frontier.fill_states, now)
        for request in await self._plan():
            yield request

    async def _plan(self) -> list[Request]:
        now, wanted = self._config.now(), self._wanted
        columns = await self._do(self._frontier.due, now, wanted, force=True)
        self._columns = {column.id: column for column in columns}
        due = await self._do(self._frontier.due, now, wanted) if self._only_due else columns
        pending = self._of_catalogue(await self._do(self._frontier.pending, now, wanted))
        rechecks = self._of_catalogue(await self._do(self._frontier.rechecks, now, wanted))
        touched = [page.source_id for page in (*pending, *rechecks)] + [column.source_id for column in due]
        for source_id in dict.fromkeys(touched):
            await self._health.begin(self._frontier, source_id, self.catalogue[source_id].name)
        for page in rechecks:
            self._health.tally(page.source_id).rechecked.add(page.url)
        requests = [*map(self._page, (*pending, *rechecks)), *map(self._list, due)]
        self._health.expect(len(requests))
        return requests

    def _of_catalogue(self, pages: Iterable[PendingPage]) -> list[PendingPage]:
        # A source whose file is gone keeps its pages in the store; without a file nothing says how to treat its host.
        return [page for page in pages if page.source_id in self.catalogue]

    def _list(self, due: DueColumn) -> Request:
        source = self.catalogue[due.source_id]
        column = next(column for column in source.columns if column.url == due.url)
        walk = Walk(column.pages, due.first_visit, self._since)
        visit = Visit(due, source, column, walk, column_url(column, self._config.now()))
        conditional = due if self._since is None and visit.url == due.url else None
        return self._bound(ask_list(visit.url, source, column, conditional), visit)

    def _bound(self, request: Request, visit: Visit) -> Request:
        return request.replace(callback=self.parse_list, errback=self.lost_list, cb_kwargs={"visit": visit})

    def _page(self, page: PendingPage) -> Request:
        source = self.catalogue[page.source_id]
        column = self._columns.get(page.column_id or 0)
        asks = column is not None and any(own.referer for own in source.columns if own.url == column.url)
        request = ask_page(page, source, column.url if column is not None and asks else None)
        return request.replace(callback=self.parse_page, errback=self.lost_page, cb_kwargs={"page": page})

    async def parse_list(self, response: Response, visit: Visit) -> AsyncIterator[Request | Page]:
        """Keep the unknown addresses of a list before any of them is asked for, then ask; go on while the walk does."""
        if response.status == 304:
            await self._do(self._frontier.unchanged, visit.due.id, self._config.now(), self._next(visit.source))
            self._note(visit, unchanged=True)
            return
        page = page_of(response, visit.url, self._config.now(), visit.due.url)
        yield page
        reading = outcome_of_answer(page) or await self._read(page, visit)
        if isinstance(reading, Outcome):
            await self._lose(visit, reading)
            return
        rows = own_rows(reading.links, hosts_of(visit.source))
        for issue in (*reading.issues, *rows.issues):
            await self.remark(issue, visit.source.id, page.url)
        if not rows.links:
            await self._lose(visit, None)
            return
        new = await self._keep(rows.links, visit)
        for found in new:
            yield self._page(found)
        here = self._seen(visit, response, reading, rows.links)
        if reading.next_page and visit.walk.goes_on(visit.number, rows.links, {found.url for found in new}):
            self._health.expect(1)
            self._health.done(visit.source.id, f"{visit.column.name}, page {visit.number}")
            yield self._bound(
                ask_list(reading.next_page, visit.source, visit.column), replace(here, number=here.number + 1)
            )
            return
        await self._finish(here)

    async def _read(self, page: Page, visit: Visit) -> ListReading | Outcome:
        family = None if visit.column.family == "generic" else visit.column.family
        select = selectors(visit.source, visit.column).model_dump(exclude_none=True)
        day = page.fetched_at.astimezone(CHINA).date()
        try:
            return await self.workers.run(
                read_list, page.url, page.body, page.header("content-type"), family=family, select=select, seen_on=day
            )
        except ReadingFailed as failed:
            await self.remark(Issue(failed.kind, failed.detail), visit.source.id, page.url)
            return Outcome(failed.kind, failed.detail)

    async def _keep(self, links: Iterable[Link], visit: Visit) -> list[PendingPage]:
        now, later = self._config.now(), self._since is not None
        new = await self._do(self._frontier.keep, visit.due.id, links, now, found_later=later)
        self._health.expect(len(new))
        self._health.tally(visit.source.id).new_pages += len(new)
        return new

    def _seen(self, visit: Visit, response: Response, reading: ListReading, links: tuple[Link, ...]) -> Visit:
        tally = self._health.tally(visit.source.id)
        tally.lists += 1
        tally.links += len(links)
        return visit.after(reading, links, validators_of(response))

    async def _finish(self, visit: Visit) -> None:
        now = self._config.now()
        await self._do(
            self._frontier.visited, visit.due.id, now, self._next(visit.source), visit.links, visit.validators
        )
        self._note(visit)

    async def _lose(self, visit: Visit, outcome: Outcome | None) -> None:
        """A page of the walk could not be seen. Without the first page the column is lost for this visit. Later on the list
        ends here, unless a first visit was kept from going on: it begins anew the next time.
        """
        ends = outcome is None or outcome.kind == "not-found" or not visit.due.first_visit
        if visit.number > 1 and ends:
            await self._finish(visit)
            return
        if outcome is None or outcome.means != "not-due":
            await self._do(self._frontier.postponed, visit.due.id, self._next(visit.source))
        if visit.number > 1 and outcome is not None:
            self._note(replace(visit, remarks=(*visit.remarks, f"page {visit.number}: {outcome.detail}")))
        else:
            self._note(replace(visit, links=0), outcome)

    def _note(self, visit: Visit, outcome: Outcome | None = None, *, unchanged: bool = False) -> None:
        tally, now = self._health.tally(visit.source.id), self._config.now()
        tally.columns[visit.due.url] = visit.sight(now, outcome, unchanged=unchanged, new=tally.new_pages > 0)
        tally.lists += unchanged
        self._health.done(visit.source.id, outcome.detail if outcome else visit.column.name)

    def _next(self, source: Source) -> datetime:
        now = self._config.now()
        return next_due(source, now, now)

    async def lost_list(self, failure: Any) -> None:
        """A list that brought no answer: say why, and try again when it is next due."""
        visit: Visit = failure.request.cb_kwargs["visit"]
        outcome = outcome_of(failure.value)
        await self.remark(Issue(f"list-{outcome.kind}", outcome.detail), visit.source.id, visit.url)
        await self._lose(visit, outcome)

    async def parse_page(self, response: Response, page: PendingPage) -> AsyncIterator[Page]:
        """Hand an answer on as it is; the frontier hears when it is not the page."""
        now = self._config.now()
        self._health.done(page.source_id, page.title or page.url)
        if response.status == 304:
            await self._do(self._frontier.same, page.id, now)
            return
        link = Link(page.url, page.title, page.published) if page.title else None
        column = self._columns.get(page.column_id or 0)
        answer = page_of(response, page.url, now, column.url if column else "", link)
        outcome = outcome_of_answer(answer)
        if outcome is not None:
            await self._miss(page, answer, outcome)
        yield answer

    async def _miss(self, page: PendingPage, answer: Page, outcome: Outcome) -> None:
        now = self._config.now()
        if answer.status in (404, 410):
            await self._do(self._frontier.missing, page.id, answer.status, now)
        elif answer.block is None:  # a block is noted where its capture is saved
            await self._do(self._frontier.failed, page.id, answer.status, outcome.detail, now)
        self._health.tally(page.source_id).pages.append(outcome)

    async def lost_page(self, failure: Any) -> None:
        """A page that brought no answer; one that we chose not to ask for yet stays pending."""
        page: PendingPage = failure.request.cb_kwargs["page"]
        outcome, now = outcome_of(failure.value), self._config.now()
        self._health.done(page.source_id, outcome.detail)
        self._health.tally(page.source_id).pages.append(outcome)
        if outcome.kind == "off-site":
            await self._do(self._frontier.redirected, page.id, str(failure.value.target), now)
        elif outcome.kind == "soft-404":
            await self._do(self._frontier.missing, page.id, 404, now)
        elif outcome.means != "not-due" and outcome.kind != "paused":
            await self.remark(Issue(f"page-{outcome.kind}", outcome.detail), page.source_id, page.url)
            await self._do(self._frontier.failed, page.id, None, outcome.detail, now)

    async def remark(self, issue: Issue, source_id: str, url: str) -> None:
        """Keep something that was not understood, for a person to see."""
        run_id, now = self._health.tally(source_id).run_id, self._config.now()
        await self._do(
            self._frontier.note_issue, issue.kind, issue.detail, now, source_id=source_id, url=url, run_id=run_id
        )

    async def _do(self, ask: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        return await asyncio.to_thread(ask, *arguments, **named)
