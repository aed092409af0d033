"""Runs one crawl: Scrapy's settings made in code, one engine for many sources, a report at the end."""

import logging
from collections.abc import Mapping

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.configured import CONFIG
from crawler.extensions.health import Health, Listener
from crawler.sight import CrawlReport
from crawler.sources import Source
from crawler.spiders.monitor import MonitorSpider
from crawler.wanted import Wanted
from store.config import Config
from store.problems import Problem

CANNOT_KEEP = "cannot_keep"  # the statistic in which a pipeline says why nothing more can be kept


def settings_for(config: Config, **changed: object) -> Settings:
    """Return the settings of a crawl with a configuration; independent of the working directory and of scrapy.cfg."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set(CONFIG, config, priority="cmdline")
    settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    for name, value in changed.items():
        settings.set(name, value, priority="cmdline")
    return settings


def crawl(
    config: Config,
    wanted: Wanted,
    listener: Listener | None = None,
    catalogue: Mapping[str, Source] | None = None,
    **changed: object,
) -> CrawlReport:
    """Crawl and return what came of it. The engine of Scrapy starts once in a process, so call this once.

    The database must have its tables already; `catalogue` are the sources when they have been loaded before.
    """
    process = AsyncCrawlerProcess(settings_for(config, **changed))
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    crawler = process.create_crawler(MonitorSpider)
    running = process.crawl(crawler, listener=listener, catalogue=catalogue, **wanted.arguments)
    process.start()
    running.result()  # what kept the engine from starting is raised here
    stopped = crawler.stats.get_value(CANNOT_KEEP) if crawler.stats else None
    if stopped:
        raise Problem(str(stopped))
    health = crawler.get_extension(Health)
    return health.report() if isinstance(health, Health) else CrawlReport()
