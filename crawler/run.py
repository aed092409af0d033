"""Runs one crawl: Scrapy's settings made in code, one engine for many sources, a report at the end."""

import logging
from dataclasses import dataclass
from datetime import date

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.configured import CONFIG
from crawler.extensions.health import Health, Listener
from crawler.sight import CrawlReport
from crawler.spiders.monitor import MonitorSpider
from store.config import Config


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to crawl: these sources (all when empty), only what is due, or back to a day."""

    sources: tuple[str, ...] = ()
    due: bool = False
    since: date | None = None

    @property
    def arguments(self) -> dict[str, str]:
        """The same as arguments of the spider."""
        since = self.since.isoformat() if self.since else ""
        return {"sources": ",".join(self.sources), "due": "yes" if self.due else "", "since": since}


def settings_for(config: Config, **changed: object) -> Settings:
    """Return the settings of a crawl with a configuration; independent of the working directory and of scrapy.cfg."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set(CONFIG, config, priority="cmdline")
    for name, value in changed.items():
        settings.set(name, value, priority="cmdline")
    return settings


def crawl(config: Config, wanted: Wanted, listener: Listener | None = None, **changed: object) -> CrawlReport:
    """Crawl and return what came of it. The engine of Scrapy starts once in a process, so call this once.

    The database must have its tables already. Raises YamlErrors before anything is asked for.
    """
    process = AsyncCrawlerProcess(settings_for(config, **changed))
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    crawler = process.create_crawler(MonitorSpider)
    running = process.crawl(crawler, listener=listener, **wanted.arguments)
    process.start()
    running.result()  # what kept the engine from starting is raised here
    health = crawler.get_extension(Health)
    return health.report() if isinstance(health, Health) else CrawlReport()
