"""A fetched page becomes a Reading: what it says, and what was found in it. Pure, and run in a worker with a deadline."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from crawler.items import Document, Issue, Page, Provenance, Reading
from crawler.reading import read_document
from crawler.sources import selectors
from crawler.workers import ReadingFailed
from pipelines.watch import Watch, load_watch, watch_document

LONGEST_TEXT = 2_000_000


@dataclass(frozen=True, slots=True)
class Publisher:
    """What a source's file says that helps to read its pages: name, region code, CSS overrides."""

    name: str | None = None
    region: str | None = None
    select: dict[str, str] = field(default_factory=dict)


UNKNOWN = Publisher()


def read(page: Page, watch: Watch, publisher: Publisher = UNKNOWN) -> Reading:
    """Read a page and find in its body and in its title what the watch looks for.

    Offsets index the text of their `place`. Raises nothing for any bytes; what was not understood is an issue.
    """
    said = read_document(page.url, page.body, page.header("content-type"), select=publisher.select, link=page.link)
    reading = Reading(page, said.charset, said.family, said.document, issues=said.issues)
    return reading if said.document is None else _found(reading, bounded(said.document), watch, publisher)


def bounded(document: Document) -> Document:
    """Return the document with no more text than a search can bear (2 million characters)."""
    return document if len(document.body) <= LONGEST_TEXT else replace(document, body=document.body[:LONGEST_TEXT])


def _found(reading: Reading, document: Document, watch: Watch, publisher: Publisher) -> Reading:
    cut = reading.document is not None and len(document.body) < len(reading.document.body)
    issues = [Issue("text-cut", f"only the first {LONGEST_TEXT} characters were searched")] if cut else []
    known = Provenance(document.title, publisher.name, publisher.region, document.published)
    hits, disclosures = watch_document(document, watch, known)
    found = (*reading.issues, *issues)
    return replace(reading, document=document, hits=hits, disclosures=disclosures, issues=found)


_prepared: list[Watch] = []


def prepare(keywords: str, disclosures: str) -> None:
    """Load what is watched for, once for each worker process, and read a page, so that nothing is loaded under a deadline."""
    _prepared[:] = [load_watch(Path(keywords), Path(disclosures))]
    read(_first_page(), _prepared[0])


def _first_page() -> Page:
    text = "<p>中央科技委员会召开会议，研究部署科技工作。</p>" * 20
    body = f"<html><head><title>会议</title></head><body><div>{text}</div></body></html>".encode()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    url = "https://example.gov.cn/a.html"
    return Page(url, url, "page", 200, (("Content-Type", "text/html"),), body, at, "example", url)


def read_prepared(page: Page, publisher: Publisher) -> Reading:
    """`read` with what `prepare` loaded; the bytes of the page do not travel back."""
    return replace(read(page, _prepared[0], publisher), page=replace(page, body=b""))


class ReadPipeline:
    """Scrapy item pipeline: turns each Page into a Reading. What is not a document is passed on unread."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_item(self, item: Page) -> Reading:
        """Return what the page says; a page that breaks its worker becomes a Reading with an issue."""
        if item.kind != "page" or not 200 <= item.status < 300 or item.block is not None:
            return Reading(item, "", "", None)
        try:
            reading: Reading = await self._crawler.spider.workers.run(
                read_prepared, item, self._publisher(item.source_id)
            )
        except ReadingFailed as failed:
            return Reading(item, "", "", None, issues=(Issue(failed.kind, failed.detail),))
        return replace(reading, page=item)

    def _publisher(self, source_id: str) -> Publisher:
        source = self._crawler.spider.catalogue[source_id]
        return Publisher(source.name, source.region, selectors(source, None).model_dump(exclude_none=True))
