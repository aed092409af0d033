"""One connection per host, a gap between requests, a daily budget, and a host that is unwell or says so is left alone."""

import asyncio
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.http import Response

from crawler.configured import config_of
from crawler.guard import host_key, is_loopback
from crawler.outcomes import NotFetched, Outcome, outcome_of
from store.config import Config
from store.hosts import CHINA, Grant, Hosts, owner_name

LOT = 20
FAILURES = 3
PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(days=2)
_UNWELL = frozenset({"timeout", "refused", "connection", "tls"})


def gap(floor: float, crawl_delay: float | None, own: float | None, host: str) -> float:
    """Seconds between two requests to a host: the floor or its Crawl-delay, whichever is longer.

    A source's own delay takes the place of the floor on loopback only, where the sample and the tests live.
    """
    base = own if own is not None and is_loopback(host) else floor
    return max(base, crawl_delay or 0.0)


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """Return the instant that a Retry-After header names, in seconds or as a date; None when it is missing or no such thing."""
    text = (value or "").strip()
    if text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), LONGEST_PAUSE)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return min(when, now + LONGEST_PAUSE) if when.tzinfo else None


@dataclass
class _Visit:
    """What this process knows of a host."""

    left: int = 0
    day: date | None = None
    failures: int = 0
    closed: Outcome | None = None
    last: datetime | None = None
    not_before: float = 0.0


class Politeness:
    """Sets each request's slot and gap; `admit` is asked by the download handler in the moment of sending."""

    def __init__(self, crawler: Any, config: Config) -> None:
        self._crawler = crawler
        self._config = config
        self._floor = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._budget = crawler.settings.getint("HOST_BUDGET")
        self._hosts = Hosts.open(config.url, owner_name())
        self._visits: dict[str, _Visit] = {}
        self._first: dict[str, asyncio.Future[Grant]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does; the configuration comes with the settings."""
        self = cls(crawler, config_of(crawler.settings))
        crawler.signals.connect(self.let_go, signal=signals.spider_closed)
        return self

    def process_request(self, request: Request) -> None:
        """Put a request into its host's own lane."""
        key = host_key(request.url)
        host = key.rpartition(":")[0]
        seconds = gap(self._floor, request.meta.get("crawl_delay"), request.meta.get("delay"), host)
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[key] = {"concurrency": 1, "delay": seconds, "jitter": 0.0}
        if key in downloader.slots:
            downloader.slots[key].delay = seconds
        request.meta["download_slot"] = key
        request.meta["gap"] = seconds

    async def admit(self, request: Request) -> None:
        """Raise NotFetched when the host must not be asked now; otherwise count the request."""
        key = request.meta["download_slot"]
        visit = self._visits.setdefault(key, _Visit())
        today = self._config.now().astimezone(CHINA).date()
        if visit.closed is None and (visit.left == 0 or visit.day != today):
            await self._take(key, visit, request.meta["gap"])
        if visit.closed is not None:
            raise NotFetched(visit.closed.kind, visit.closed.detail, visit.closed.means)
        wait = visit.not_before - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        visit.left -= 1
        visit.last = self._config.now()

    async def _take(self, key: str, visit: _Visit, seconds: float) -> None:
        now = self._config.now()
        grant = await self._grant(key, visit)
        visit.left, visit.day = grant.requests, now.astimezone(CHINA).date()
        if grant.refusal:
            visit.closed = Outcome("budget" if "budget" in grant.refusal else "left-alone", grant.refusal, "not-due")
        elif visit.last is None and grant.last_at is not None:
            # Another process asked this host last: the gap holds across processes.
            rest = seconds - (now - grant.last_at).total_seconds()
            visit.not_before = time.monotonic() + min(max(rest, 0.0), seconds)

    async def _grant(self, key: str, visit: _Visit) -> Grant:
        early = self._first.pop(key, None)
        if early is not None and visit.last is None:
            return await early
        return await asyncio.to_thread(self._hosts.take, key, LOT, self._budget, self._config.now())

    async def kept_robots(self, key: str) -> str | None:
        """Return the robots.txt of a host when it was read within a day; None when it must be asked for."""
        if key not in self._first:
            taking = asyncio.to_thread(self._hosts.take, key, LOT, self._budget, self._config.now())
            self._first[key] = asyncio.ensure_future(taking)
        return (await self._first[key]).robots

    async def keep_robots(self, key: str, text: str) -> None:
        """Keep a host's robots.txt for the day."""
        await asyncio.to_thread(self._hosts.keep_robots, key, text, self._config.now())

    async def process_response(self, request: Request, response: Response) -> Response:
        """Leave a host alone that says so (429, 503, Retry-After), or that failed three times in a row."""
        key = request.meta["download_slot"]
        visit = self._visits.setdefault(key, _Visit())
        visit.failures = visit.failures + 1 if response.status >= 500 and response.status != 521 else 0
        header = response.headers.get("Retry-After")
        until = retry_after(header.decode("latin-1") if header else None, self._config.now())
        if response.status in (429, 503):
            await self._close(key, until or self._config.now() + PAUSE, f"it answered {response.status}")
        elif visit.failures >= FAILURES:
            await self._close(
                key, self._config.now() + PAUSE, f"it answered {response.status} {FAILURES} times in a row"
            )
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Count what a sick host does; what we refused ourselves does not count."""
        outcome = outcome_of(exception)
        key = request.meta.get("download_slot")
        if key is None or outcome.kind not in _UNWELL:
            return
        visit = self._visits.setdefault(key, _Visit())
        visit.failures += 1
        if visit.failures >= FAILURES:
            await self._close(key, self._config.now() + PAUSE, f"{outcome.detail}, {FAILURES} times in a row")

    async def _close(self, key: str, until: datetime, why: str) -> None:
        visit = self._visits[key]
        if visit.closed is None:
            visit.closed = Outcome("paused", f"the host is left alone until {until:%Y-%m-%d %H:%M} UTC: {why}")
            await asyncio.to_thread(self._hosts.pause, key, until)

    def let_go(self) -> None:
        """Give the hosts back when the crawl ends."""
        for key, visit in self._visits.items():
            self._hosts.release(key, visit.last, visit.left)
