"""Fetches single pages outside a crawl, through the very gates of the crawl: guard, robots.txt, lanes, gaps, budgets."""

import multiprocessing
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.guard import is_loopback, oddity
from crawler.items import Page
from crawler.outcomes import Outcome, outcome_of
from crawler.sources import Column, Source
from store import hosts
from store.config import Config
from store.problems import Problem

_LOADED = ("scrapy.crawler", "crawler.spiders.asking", "crawler.spiders.answers", "crawler.reading")


@dataclass(frozen=True, slots=True)
class Errand:
    """One address to fetch as the crawl would for a column of a source; date templates are already filled in `url`.

    `referer` is the page that named the address, sent where the column asks for one.
    """

    source: Source
    column: Column
    url: str
    referer: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an errand: the page as it was answered (a block page included), or how it ended without one."""

    errand: Errand
    page: Page | None = None
    outcome: Outcome | None = None


class FetchError(Problem):
    """No page came back; the message says why, `kind` is that of the outcome (dns, timeout, robots …)."""

    def __init__(self, url: str, outcome: Outcome) -> None:
        super().__init__(f"{url}: {outcome.detail}")
        self.kind = outcome.kind


def errand_for(url: str, *, referer: bool = False) -> Errand:
    """Return the errand of a bare address, whose site is its own host; raise FetchError for an odd address.

    With `referer` it is asked for as a column is whose file asks for one.
    """
    if odd := oddity(url):
        raise FetchError(url, Outcome("odd-address", odd))
    parts = urlsplit(url)
    column = Column.model_construct(name="page", url=url, referer=referer)
    delay = 0.0 if is_loopback(parts.hostname or "") else None
    source = Source.model_construct(
        name="page", name_en="page", tier="agency", delay=delay, homepage=f"{parts.scheme}://{parts.netloc}/"
    )
    return Errand(source.model_copy(update={"columns": (column,)}), column, url)


def fetch(url: str, config: Config) -> Page:
    """Fetch one page politely and store nothing; raise FetchError when no page came back or something blocks it."""
    fetched = next(iter(fetch_each([errand_for(url)], config)))
    if fetched.page is None:
        raise FetchError(url, fetched.outcome or Outcome("connection", "no answer"))
    return fetched.page


def get_ready() -> None:
    """Start the fork server with the crawl engine and the readers loaded, so that every process after it starts at once."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_LOADED))
    forkserver.ensure_running()


def fetch_each(errands: Sequence[Errand], config: Config) -> Iterator[Fetched]:
    """Fetch addresses side by side, each host in its own lane, and yield what came of each as it comes.

    The crawl runs in a process of its own, since a Twisted reactor starts only once in a process.
    """
    waiting = {errand.url: errand for errand in errands}
    get_ready()
    context = multiprocessing.get_context("forkserver")
    with _with_store(config) as ready:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_crawl, args=(there, list(errands), ready), daemon=True)
        process.start()
        there.close()
        try:
            while waiting:
                fetched: Fetched = here.recv()
                waiting.pop(fetched.errand.url, None)
                yield fetched
        except EOFError:
            ended = Outcome("connection", "the fetching process ended before it answered")
            yield from (Fetched(errand, outcome=ended) for errand in waiting.values())
        finally:
            here.close()
            process.join(5)
            process.kill()
            process.join()


@contextmanager
def _with_store(config: Config) -> Iterator[Config]:
    # Politeness counts requests in the store. Looking at one page must not create the user's store, so without one the
    # hosts are kept in a folder that goes away.
    path = config.url.removeprefix("sqlite:///")
    if path == config.url or Path(path).exists():
        hosts.make_ready(config.url)
        yield config
        return
    with tempfile.TemporaryDirectory(prefix="tealeaves-") as folder:
        kept = config.model_copy(update={"database_url": f"sqlite:///{folder}/hosts.sqlite"})
        hosts.make_ready(kept.url)
        yield kept


def _crawl(connection: Connection, errands: list[Errand], config: Config) -> None:
    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response
    from scrapy.settings import Settings

    from crawler.configured import CONFIG, configure
    from crawler.spiders.answers import page_of
    from crawler.spiders.asking import ask_list

    class ErrandSpider(Spider):
        name = "errand"

        async def start(self) -> AsyncIterator[Any]:
            for errand in errands:
                request = ask_list(errand.url, errand.source, errand.column, referer=errand.referer)
                yield request.replace(callback=self.answered, errback=self.failed, cb_kwargs={"errand": errand})

        async def answered(self, response: Response, errand: Errand) -> None:
            page = page_of(response, errand.url, config.now(), errand.column.url)
            connection.send(Fetched(errand, page))

        async def failed(self, failure: Any) -> None:
            connection.send(Fetched(failure.request.cb_kwargs["errand"], outcome=outcome_of(failure.value)))

        async def remark(self, *_: object) -> None:
            """What the gates notice on the way (an odd robots.txt) is no news for a single page."""

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    bare = {"SPIDER_MODULES": [], "EXTENSIONS": {}, "ITEM_PIPELINES": {}, "LOG_LEVEL": "CRITICAL"}
    for name, value in {**bare, CONFIG: config}.items():
        settings.set(name, value, priority="cmdline")
    configure(settings)
    process = AsyncCrawlerProcess(settings)
    process.crawl(ErrandSpider)
    process.start()
    connection.close()
