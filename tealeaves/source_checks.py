"""Tries columns live, through the gates of the crawl, and says in words what came back."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

from crawler.fetch import Errand, Fetched, fetch_each, get_ready
from crawler.items import ListReading, Page
from crawler.middlewares.absences import IN_WORDS as ABSENCES
from crawler.middlewares.block_pages import IN_WORDS
from crawler.middlewares.redirects import is_front_page
from crawler.outcomes import Outcome
from crawler.reading import read_list
from crawler.rhythm import CHINA
from crawler.sources import Column, Source, column_url, expectation, selectors
from crawler.workers import ReadingFailed, Workers
from store.config import Config


class Verdict(Enum):
    """How a column answered."""

    OK = "ok"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What came back for one column, in words."""

    source: str
    column: str
    url: str
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    """A fetched column with what its page says; no reading when there is no page to read, or a worker gave it up.

    `shown` is the page that a person sees, where the rows came from another address that it names.
    """

    fetched: Fetched
    reading: ListReading | None = None
    failure: str = ""
    shown: Page | None = None


def errands(sources: Sequence[Source], now: datetime, *, disabled: bool = False) -> list[Errand]:
    """Return what there is to try: the enabled columns of these sources, and with `disabled` the others too."""
    columns = [(source, column) for source in sources for column in source.columns]
    return [Errand(source, column, column_url(column, now)) for source, column in columns if column.enabled or disabled]


def check_each(wanted: Sequence[Errand], config: Config) -> Iterator[Check]:
    """Try every column and yield what came of each; a list whose rows lie at another address is followed there once."""
    for look in look_each(wanted, config):
        yield judge(look)


def look_each(wanted: Sequence[Errand], config: Config) -> Iterator[Look]:
    """Fetch and read every column; pages are read in worker processes, for they may be hostile."""
    further: list[Errand] = []
    shown: dict[str, Page | None] = {}
    get_ready()
    with Workers() as workers, asyncio.Runner() as runner:
        for round_of in (wanted, further):
            for fetched in fetch_each(round_of, config) if round_of else ():
                look = runner.run(_read(fetched, workers))
                data_address = look.reading and not look.reading.links and look.reading.next_page
                if data_address and round_of is wanted:
                    further.append(replace(fetched.errand, url=data_address, referer=fetched.errand.url))
                    shown[data_address] = fetched.page
                else:
                    yield replace(look, shown=shown.get(fetched.errand.url, fetched.page))


async def _read(fetched: Fetched, workers: Workers) -> Look:
    page = fetched.page
    if page is None or page.block or page.status != 200:
        return Look(fetched)
    column, source = fetched.errand.column, fetched.errand.source
    family = None if column.family == "generic" else column.family
    select = selectors(source, column).model_dump(exclude_none=True)
    seen_on = page.fetched_at.astimezone(CHINA).date()
    try:
        reading = await workers.run(
            read_list,
            page.url,
            page.body,
            page.header("content-type"),
            family=family,
            select=select,
            seen_on=seen_on,
        )
    except ReadingFailed as failed:
        return Look(fetched, failure=failed.detail)
    return Look(fetched, reading)


def judge(look: Look) -> Check:
    """Say in words what came back for a column."""
    errand = look.fetched.errand
    verdict, words = _verdict(look, errand.source, errand.column)
    return Check(errand.source.id, errand.column.name, errand.column.url, verdict, words)


def _verdict(look: Look, source: Source, column: Column) -> tuple[Verdict, str]:
    page, outcome = look.fetched.page, look.fetched.outcome
    if page is None:
        return Verdict.FAILED, _why_not(outcome)
    if page.block in ABSENCES:
        return Verdict.FAILED, f"moved or gone: the site answers {page.status} with {ABSENCES[page.block]}"
    if page.block:
        return Verdict.FAILED, f"blocked by {IN_WORDS[page.block]} (status {page.status})"
    if page.status in (404, 410):
        return Verdict.FAILED, f"moved or gone: the site answers {page.status}"
    if page.status != 200:
        return Verdict.FAILED, f"the site answers {page.status}"
    if look.reading is None:
        return Verdict.FAILED, f"cannot be read: {look.failure}"
    return _links_in_words(look.reading, page, expectation(source, column).min_links, _redirection(page))


def _why_not(outcome: Outcome | None) -> str:
    if outcome is None:
        return "no answer"
    lead = {
        "off-site": "moved to another site",
        "tls": "TLS",
        "dns": "dns",
        "timeout": "timeout",
        "robots": "robots.txt",
    }
    known = lead.get(outcome.kind)
    return f"{known}: {outcome.detail}" if known else outcome.detail


def _redirection(page: Page) -> str:
    asked, came = urlsplit(page.requested_url), urlsplit(page.url)
    if (asked.hostname, asked.path, asked.query) == (came.hostname, came.path, came.query):
        return ""
    if is_front_page(page.url) and not is_front_page(page.requested_url):
        return f"redirected to the front page {page.url}: the list has moved"
    return f"redirected to {page.url}"


def _links_in_words(reading: ListReading, page: Page, least: int, redirection: str) -> tuple[Verdict, str]:
    notes = [redirection] if redirection else []
    notes += [issue.detail for issue in reading.issues if issue.kind == "family-mismatch"]
    if page.tls_verified is False:
        notes.append("TLS: nobody vouches for its certificate")
    if not reading.links:
        return Verdict.FAILED, "; ".join(["empty: no links found", *notes])
    days = [link.published for link in reading.links if link.published]
    newest = f", newest {max(days):%Y-%m-%d}" if days else ", none with a date"
    count = f"{len(reading.links)} links ({reading.family}{newest})"
    if len(reading.links) < least:
        return Verdict.DOUBTFUL, "; ".join([f"only {count}, {least} expected", *notes])
    moved = "the list has moved" in redirection
    return (Verdict.DOUBTFUL if moved or not days else Verdict.OK), "; ".join([f"ok {count}", *notes])
