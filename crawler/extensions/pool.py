"""Opens the worker processes when a crawl begins and ends them with it."""

from typing import Any, Self

from scrapy import signals

from crawler.configured import config_of
from crawler.preparing import Preparation
from crawler.workers import Workers


class WorkerPool:
    """`crawler.get_extension(WorkerPool).workers` is where pages are read.

    The setting WORKER_PREPARE names, as a string, the function that a worker calls once: the crawler does not import it.
    """

    def __init__(self, prepare: Preparation, count: int) -> None:
        self.workers = Workers(prepare, count)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does; the workers start with their first page."""
        config = config_of(crawler.settings)
        prepare = Preparation(
            crawler.settings["WORKER_PREPARE"], (str(config.keywords.resolve()), str(config.disclosures.resolve()))
        )
        self = cls(prepare, crawler.settings.getint("WORKER_COUNT"))
        crawler.signals.connect(self.workers.close, signal=signals.spider_closed)
        return self
