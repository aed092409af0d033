"""Keeps count of what a run sees, source by source, and writes each source's state when it ends."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from zoneinfo import ZoneInfo

from scrapy import Request, signals
from scrapy.http import Response

from crawler.configured import config_of
from crawler.items import Reading
from crawler.judgement import Judgement, judge
from crawler.outcomes import Outcome
from crawler.sight import ColumnSight, CrawlReport, Sight, SourceReport
from store.config import Config
from store.frontier import Frontier, RunCounts, SourceSight

CHINA = ZoneInfo("Asia/Shanghai")
log = logging.getLogger(__name__)


@dataclass
class Tally:
    """The running count of one source."""

    source_id: str
    name: str
    run_id: int
    requests: int = 0
    lists: int = 0
    links: int = 0
    new_pages: int = 0
    documents: int = 0
    reread: int = 0
    again: int = 0
    hits: int = 0
    disclosures: int = 0
    columns: dict[str, ColumnSight] = field(default_factory=dict)
    pages: list[Outcome] = field(default_factory=list)
    rechecked: set[str] = field(default_factory=set)
    with_news: set[str] = field(default_factory=set)

    def sight(self) -> Sight:
        """What the visit saw so far."""
        return Sight(tuple(self.columns.values()), tuple(self.pages), self.new_pages, self.documents, self.again)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is: requests that have been answered, those known to be ahead, and the newest thing that happened.

    `documents` and `disclosures` are new ones that are stored; `ended` marks the last word, after which nothing changes.
    """

    done: int
    known: int
    documents: int
    disclosures: int
    last: str
    ended: bool = False


Listener = Callable[[Progress], None]


class Health:
    """The one place that counts; the spider tells it what it saw, `report` is what the command prints."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._tallies: dict[str, Tally] = {}
        self._done = 0
        self._known = 0
        self._reports: list[SourceReport] = []
        self.frontier: Frontier | None = None
        self.listener: Listener | None = None

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        self = cls(config_of(crawler.settings))
        crawler.signals.connect(self.counted_request, signal=signals.request_reached_downloader)
        crawler.signals.connect(self.counted_item, signal=signals.item_scraped)
        crawler.signals.connect(self.finish, signal=signals.spider_closed)
        return self

    async def begin(self, frontier: Frontier, source_id: str, name: str) -> None:
        """Begin the visit of a source."""
        self.frontier = frontier
        run_id = await asyncio.to_thread(frontier.start_run, source_id, self._config.now())
        self._tallies[source_id] = Tally(source_id, name, run_id)

    def tally(self, source_id: str) -> Tally:
        """Return the running count of a source whose visit began."""
        return self._tallies[source_id]

    def expect(self, requests: int) -> None:
        """Tell that so many more requests are known to be ahead."""
        self._known += requests

    def done(self, source_id: str, what: str) -> None:
        """Tell that one of the expected requests has ended, and how."""
        self._done += 1
        self._tell(f"{self._tallies[source_id].name}: {what}")

    def _tell(self, last: str, *, ended: bool = False) -> None:
        if self.listener:
            documents = sum(tally.documents for tally in self._tallies.values())
            disclosures = sum(tally.disclosures for tally in self._tallies.values())
            self.listener(Progress(self._done, max(self._known, self._done), documents, disclosures, last, ended))

    def counted_request(self, request: Request) -> None:
        """Count a request that goes out, robots.txt and redirects included."""
        tally = self._tallies.get(request.meta.get("source_id", ""))
        if tally:
            tally.requests += 1

    def counted_item(self, item: Any, response: Response | None) -> None:
        """Count what was read from a page and is new to the store; a document that it knows already is counted apart."""
        if not isinstance(item, Reading) or item.document is None or item.kept is None:
            return
        tally, kept = self._tallies[item.page.source_id], item.kept
        tally.hits += kept.hits
        tally.disclosures += kept.disclosures
        # Files are read with their documents and counted as none: a list promises documents.
        if item.page.kind == "page":
            tally.documents += kept.new_document
            tally.reread += not kept.new_document
            tally.again += not kept.new_document and item.page.requested_url not in tally.rechecked

    def finish(self) -> None:
        """Judge every source that was tried; write its run, its state of the day (Asia/Shanghai) and what is an alarm."""
        sights = []
        for tally in self._tallies.values():
            judgement = judge(tally.sight())
            self._write(tally, judgement)
            sights.append(SourceSight(tally.source_id, judgement.state, judgement.troubles, judgement.healthy))
            names = (name for name in SourceReport.__slots__ if name not in ("state", "reason"))
            counts = {name: getattr(tally, name) for name in names}
            self._reports.append(SourceReport(**counts, state=judgement.state, reason=judgement.reason))
            log.info("%s: %s, %s", tally.source_id, judgement.state, judgement.reason)
        if self.frontier:
            self.frontier.note_sights(sights, self._config.now())
            self.frontier.fill_states(self._config.now())
        self._tell("", ended=True)

    def _write(self, tally: Tally, judgement: Judgement) -> None:
        if self.frontier is None:
            return
        now = self._config.now()
        counts = RunCounts(tally.requests, tally.lists, tally.links, tally.new_pages, tally.documents)
        self.frontier.finish_run(tally.run_id, counts, judgement.state, judgement.reason, now)
        day = now.astimezone(CHINA).date()
        self.frontier.note_state(tally.source_id, day, judgement.state, judgement.reason, now)

    def report(self) -> CrawlReport:
        """What the crawl did, once it has ended."""
        return CrawlReport(tuple(self._reports), self._config.now().astimezone(CHINA).date())
