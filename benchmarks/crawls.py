"""Three crawls of the same pages, each in a process of its own: ours, the naive pipeline, and stock Scrapy.

`python -m benchmarks.crawls ours|naive|stock FOLDER PORT …` prints the moment when the last page was done (the monotonic
clock, which the server shares) and the processor seconds that it took, workers included.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from benchmarks.sites import WATCHED

ROOT = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds() -> float:
    """What this process and its workers have used so far; workers belong to its process group."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[2]) == os.getpgrp():
            total += (int(fields[11]) + int(fields[12])) / TICK
    return total


class Stock(scrapy.Spider):
    """Asks for every document and does nothing with it."""

    name = "stock"

    async def start(self) -> Any:
        """Ask every site for its list."""
        for port in self.settings["PORTS"]:
            yield scrapy.Request(f"http://127.0.0.1:{port}/list/", callback=self.parse_list)

    def parse_list(self, response: Response) -> Iterator[scrapy.Request]:
        """Follow the rows."""
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, callback=self.parse)

    def parse(self, response: Response) -> None:
        """Nothing at all."""


class Naive(Stock):
    """As people write it: BeautifulSoup over the whole page, jieba over the whole text, an ORM commit a page."""

    name = "naive"

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        from benchmarks.naive import Notebook

        self._notebook = Notebook(sys.argv[2], WATCHED)

    def parse(self, response: Response) -> None:
        """Read, cut, store."""
        self._notebook.keep(response.url, response.text)


class Used:
    """Notes what the crawl has used at the moment when its last page is stored, before the workers end."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Used":
        """Build it as Scrapy does."""
        self = cls()
        crawler.signals.connect(self.say, signal=signals.spider_closed)
        return self

    def say(self) -> None:
        """Print the moment and the processor seconds."""
        print(f"DONE {time.monotonic()} {processor_seconds()}", flush=True)


def theirs(kind: str, ports: list[str]) -> None:
    """Run Scrapy with its own settings; the log is off, which helps it."""
    settings = {"PORTS": ports, "LOG_ENABLED": False, "EXTENSIONS": {"benchmarks.crawls.Used": 1}}
    process = CrawlerProcess(settings)
    process.crawl(Naive if kind == "naive" else Stock)
    process.start()


def ours(folder: str, ports: list[str]) -> None:
    """Run the crawl as `tealeaves crawl` does, evidence and workers included."""
    from crawler.run import crawl
    from crawler.settings import EXTENSIONS
    from crawler.wanted import Wanted
    from store.config import Config
    from store.opening import open_store

    write_sources(Path(folder) / "sources", ports)
    config = Config(data_dir=Path(folder), sources=Path(folder) / "sources", allow_private_addresses=True)
    open_store(config.url).dispose()
    crawl(config, Wanted(), EXTENSIONS={**EXTENSIONS, "benchmarks.crawls.Used": 1}, HOST_BUDGET=1_000_000)


def write_sources(folder: Path, ports: list[str]) -> None:
    """One source file for each site."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, port in enumerate(ports):
        home = f"http://127.0.0.1:{port}/"
        (folder / f"site-{number:04d}.yml").write_text(
            f"name: 网站{number}\nname_en: site {number}\ntier: ministry\nhomepage: {home}\ndelay: 0\n"
            f"columns:\n  - {{name: 通知公告, url: '{home}list/'}}\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    _, kind, folder, *ports = sys.argv
    if kind == "ours":
        ours(folder, ports)
    else:
        theirs(kind, ports)
