"""A fetched page becomes a Reading: what it says, and what was found in it. Pure, and run in a worker with a deadline."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from crawler.attachments import read_attachment
from crawler.extract.attachments import file_name
from crawler.extract.decode import decode
from crawler.items import Document, Issue, Page, Provenance, Reading
from crawler.reading import read_document, read_parts
from crawler.sites import file_hosts_of, files_to_fetch
from crawler.sources import Source, selectors
from crawler.workers import ReadingFailed, Workers
from pipelines.tampering.marks import Looked, doubted, tamper_marks
from pipelines.watch import Watch, load_watch, watch_document

LONGEST_TEXT = 2_000_000
FILE_DEADLINE = 10.0
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


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
    if page.parts:
        said = read_parts(said, page.parts, select=publisher.select)
    reading = Reading(page, said.charset, said.family, said.document, issues=said.issues)
    if said.document is None:
        return reading
    return _marked(_found(reading, bounded(said.document), watch, publisher), publisher)


def _marked(reading: Reading, publisher: Publisher) -> Reading:
    """Return the reading with the reasons why its page is possibly hacked; a hit on such a page is never a confirmed one."""
    page, document = reading.page, reading.document
    source = decode(page.body, page.header("content-type")).text
    titles = (document.title,) if document and document.title else ()
    promised = page.link.title if page.link else None
    marks = tamper_marks(Looked(page.url, source, titles, document.body if document else "", publisher.name, promised))
    return replace(reading, hits=doubted(reading.hits, marks), suspicions=marks) if marks else reading


def read_file(page: Page, watch: Watch, publisher: Publisher = UNKNOWN, quick: bool = False) -> Reading:
    """Read a file that a page links to and find in it what the watch looks for; its title is the name it goes by.

    Its day is that of the document that it belongs to, as `page.link` gives it. Raises nothing for any bytes.
    """
    name = (page.link.title if page.link else "") or file_name(page.url) or page.url
    said = read_attachment(name, page.body, quick)
    reading = Reading(page, said.charset, said.family, said.document, issues=said.issues)
    if said.document is None:
        return reading
    dated = replace(said.document, published=page.link.published if page.link else None)
    return _found(replace(reading, document=dated), bounded(dated), watch, publisher)


def is_packed(body: bytes) -> bool:
    """Say whether an answer is a file of an office program and no page, whatever its address promised."""
    return body.startswith(_PACKED) or b"%PDF-" in body[:1024]


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
    return replace(read(page, _prepared[0], publisher), page=replace(page, body=b"", parts=()))


def read_file_prepared(page: Page, publisher: Publisher, quick: bool) -> Reading:
    """`read_file` with what `prepare` loaded; the bytes of the file do not travel back."""
    return replace(read_file(page, _prepared[0], publisher, quick), page=replace(page, body=b""))


async def read_in_worker(workers: Workers, page: Page, publisher: Publisher) -> Reading:
    """Read an answer, a page or a file, in a worker; one that breaks its worker becomes a Reading with an issue.

    A file on which the careful reader runs out of time, of memory or of its process is given once more to the quick one.
    """
    try:
        if not (page.kind == "attachment" or is_packed(page.body)):
            reading = await workers.run(read_prepared, page, publisher)
        else:
            reading = await _file_in_worker(workers, page, publisher)
    except ReadingFailed as failed:
        return Reading(page, "", "", None, issues=(Issue(failed.kind, failed.detail),))
    return replace(reading, page=page)


async def _file_in_worker(workers: Workers, page: Page, publisher: Publisher) -> Reading:
    try:
        return await workers.run_within(FILE_DEADLINE, read_file_prepared, page, publisher, False)
    except ReadingFailed as failed:
        if failed.kind == "parse-error":
            raise
        return await workers.run_within(FILE_DEADLINE, read_file_prepared, page, publisher, True)


def publisher_of(source: Source) -> Publisher:
    """What a source's file says that helps to read its pages."""
    return Publisher(source.name, source.region, selectors(source, None).model_dump(exclude_none=True))


class ReadPipeline:
    """Scrapy item pipeline: turns each Page into a Reading. What is neither document nor file is passed on unread."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_item(self, item: Page) -> Reading:
        """Return what the page says; the files of a document of a column that is visited are marked to be fetched."""
        if item.kind not in ("page", "attachment") or not 200 <= item.status < 300 or item.block is not None:
            return Reading(item, "", "", None)
        spider = self._crawler.spider
        source: Source = spider.catalogue[item.source_id]
        reading = await read_in_worker(spider.workers, item, publisher_of(source))
        if not item.column_url or reading.document is None or not reading.document.attachments:
            return reading
        files, issues = files_to_fetch(reading.document.attachments, file_hosts_of(source))
        return replace(reading, files=files, issues=(*reading.issues, *issues))
