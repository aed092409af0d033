"""One spider that visits the columns of many sources: pending pages first, then lists, then what the lists bring."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.configured import CONFIG, configure, extension_of
from crawler.extensions.health import Health, Listener
from crawler.extensions.pool import WorkerPool
from crawler.items import Issue, Link, ListReading, Page, Reading
from crawler.outcomes import Outcome, outcome_of
from crawler.reading import read_list
from crawler.rhythm import CHINA
from crawler.sites import hosts_of
from crawler.sources import Column, Source, column_url, load_sources, selectors
from crawler.spiders.answers import is_shell, outcome_of_answer, page_of, validators_of
from crawler.spiders.asking import ask_list, ask_page
from crawler.spiders.ledger import Ledger
from crawler.spiders.parts import Gatherer, Gathering
from crawler.spiders.visit import Visit, entry_of
from crawler.spiders.walk import Walk, own_rows
from crawler.wanted import Wanted, wanted_of
from crawler.workers import ReadingFailed
from store.config import Config
from store.frontier import DueColumn, Frontier, PendingPage
from store.problems import Problem


class MonitorSpider(scrapy.Spider):
    """Visits what is due. Arguments: `sources` (ids, comma-separated; all when empty), `due` (only what is due), `since`
    (a day to walk back to).
    """

    name = "monitor"

    def __init__(
        self, wanted: Wanted, catalogue: Mapping[str, Source], listener: Listener | None, **named: Any
    ) -> None:
        super().__init__(**named)
        self._wanted = wanted.sources or None
        self._only_due, self._since = wanted.due, wanted.since
        self._listener = listener
        self.catalogue = catalogue
        self._columns: dict[int, DueColumn] = {}
        self._asked: set[int] = set()

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Add the user's configuration to Scrapy's settings."""
        super().update_settings(settings)
        try:
            configure(settings)
        except Problem as problem:  # the one error for which `python -m scrapy` prints no traceback here
            raise UsageError(str(problem), print_help=False) from problem

    @classmethod
    def from_crawler(cls, crawler: Crawler, *arguments: Any, **named: Any) -> Self:
        """Build it as Scrapy does, from arguments in words; what makes no sense ends the process with the reason."""
        try:
            sources = named.pop("catalogue", None) or load_sources(crawler.settings[CONFIG].sources)
            asked = [name.strip() for name in named.pop("sources", "").split(",") if name.strip()]
            wanted = wanted_of(asked, named.pop("due", ""), named.pop("since", ""), sources)
        except Problem as problem:  # Scrapy would print a traceback of it
            raise SystemExit(str(problem)) from problem
        return super().from_crawler(crawler, wanted, sources, named.pop("listener", None), *arguments, **named)

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for every page that waits and every list that is due."""
        self._config: Config = self.settings[CONFIG]
        self._health = extension_of(self.crawler, Health)
        self.workers = extension_of(self.crawler, WorkerPool).workers
        self._health.listener = self._listener
        self._frontier = Frontier.open(self._config.url)
        self._ledger = Ledger(self._frontier, self._health, self._config)
        self._gatherer = Gatherer(self._ledger, self._config)
        self._do = self._ledger.do
        self.crawler.signals.connect(self.saved, signal=signals.item_scraped)
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

    def _onward(self, visit: Visit) -> Request:
        referer = column_url(visit.column, self._config.now())
        asking = ask_list(visit.url, visit.source, visit.column, number=visit.number, referer=referer)
        return self._bound(asking, visit)

    def _bound(self, request: Request, visit: Visit) -> Request:
        return request.replace(callback=self.parse_list, errback=self.lost_list, cb_kwargs={"visit": visit})

    def _page(self, page: PendingPage) -> Request:
        source, column = self.catalogue[page.source_id], self._column_of(page)
        self._asked.add(page.id)
        referer = column_url(column, self._config.now()) if column else None
        request = ask_page(page, source, column, referer)
        return request.replace(callback=self.parse_page, errback=self.lost_page, cb_kwargs={"page": page})

    def _column_of(self, page: PendingPage) -> Column | None:
        due = self._columns.get(page.column_id or 0)
        own = self.catalogue[page.source_id].columns
        return next((column for column in own if due is not None and column.url == due.url), None)

    async def parse_list(self, response: Response, visit: Visit) -> AsyncIterator[Request | Page]:
        """Keep the unknown addresses of a list before any of them is asked for, then ask; go on while the walk does.

        A page without rows that names the address of its data is no list yet: that address is asked, and judged.
        """
        if response.status == 304:
            await self._ledger.unchanged(visit)
            return
        page = page_of(response, visit.url, self._config.now(), visit.due.url)
        yield page
        outcome = outcome_of_answer(page)
        reading = outcome if outcome and not is_shell(page) else await self._read(page, visit)
        if isinstance(reading, Outcome):
            await self._ledger.lose(visit, reading)
            return
        onward = visit.to_its_data(reading)
        if onward is not None:
            yield self._onward(onward)
            return
        if visit.shows_again(reading):
            again = Issue("paging-ignored", f"page {visit.number} holds the rows of the page before it")
            await self.remark(again, visit.source.id, page.url)
            await self._ledger.finish(visit)
            return
        async for request in self._take_rows(response, visit, reading, outcome):
            yield request

    async def _take_rows(
        self, response: Response, visit: Visit, reading: ListReading, outcome: Outcome | None
    ) -> AsyncIterator[Request]:
        rows = own_rows(reading.links, hosts_of(visit.source))
        for issue in (*reading.issues, *rows.issues):
            await self.remark(issue, visit.source.id, response.url)
        if not rows.links:
            await self._ledger.lose(visit, outcome)
            return
        new = await self._ledger.keep(rows.links, visit, later=self._since is not None)
        for found in new:
            yield self._page(found)
        self._ledger.seen(visit, rows.links)
        here = visit.after(reading, rows.links, validators_of(response))
        following = here.following(reading)
        if following and visit.walk.goes_on(visit.number, rows.links, {found.url for found in new}):
            self._health.expect(1)
            self._health.done(visit.source.id, f"{visit.column.name}, page {visit.number}")
            yield self._onward(following)
            return
        await self._ledger.finish(here)

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

    async def lost_list(self, failure: Any) -> None:
        """A list that brought no answer: say why, and try again when it is next due."""
        visit: Visit = failure.request.cb_kwargs["visit"]
        outcome = outcome_of(failure.value)
        await self.remark(Issue(f"list-{outcome.kind}", outcome.detail), visit.source.id, visit.url)
        await self._ledger.lose(visit, outcome)

    async def parse_page(self, response: Response, page: PendingPage) -> AsyncIterator[Page | Request]:
        """Hand an answer on as it is, with the further pages of its document; the frontier hears when it is not the page."""
        now = self._config.now()
        self._health.done(page.source_id, page.title or page.url)
        if response.status == 304:
            await self._do(self._frontier.same, page.id, now)
            return
        link = Link(page.url, page.title or "", page.published) if page.title or page.published else None
        column = self._columns.get(page.column_id or 0)
        answer = page_of(response, page.url, now, column.url if column else "", link)
        outcome = outcome_of_answer(answer)
        if outcome is not None:
            await self._ledger.miss_page(page, answer, outcome)
        whole = outcome is not None or answer.kind != "page"
        source = self.catalogue[page.source_id]
        yield answer if whole else self._gatherer.onward(Gathering.of(source, self._column_of(page), answer))

    async def lost_page(self, failure: Any) -> None:
        """A page that brought no answer; one that we chose not to ask for yet stays pending."""
        page: PendingPage = failure.request.cb_kwargs["page"]
        outcome = outcome_of(failure.value)
        self._health.done(page.source_id, outcome.detail)
        await self._ledger.lose_page(page, outcome, getattr(failure.value, "target", None))

    async def saved(self, item: Any) -> None:
        """Ask for the files of a document that was just saved: they were kept as pending with it."""
        if not isinstance(item, Reading) or not item.files:
            return
        addresses = (item.page.requested_url, item.page.url)
        found = await self._do(self._frontier.files_of, addresses, self._config.now())
        new = [page for page in found if page.id not in self._asked]
        self._health.expect(len(new))
        for page in new:
            self.crawler.engine.crawl(self._page(page))

    async def remark(self, issue: Issue, source_id: str, url: str) -> None:
        """Keep something that was not understood, for a person to see."""
        await self._ledger.remark(issue, source_id, url)
