"""Obeys robots.txt as RFC 9309 says: missing allows, broken servers disallow, an answer that is no robots.txt is none."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.guard import host_key
from crawler.items import Issue
from crawler.middlewares.block_pages import IN_WORDS, block_of
from crawler.middlewares.politeness import Politeness
from crawler.outcomes import NotFetched, outcome_of
from crawler.routes import SAME_WAY

AGENT = "tealeaves"
LONGEST_DELAY = 120.0
_MOST_BYTES = 500 * 1024  # RFC 9309, 2.5
_FIRST = 1000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host's robots.txt says to us. `text` is kept for the day, None when it must be asked for again.

    `refusal` says why nothing may be asked; `remark` what was odd about the answer.
    """

    text: str | None
    refusal: str = ""
    remark: str = ""

    @property
    def delay(self) -> float | None:
        """The Crawl-delay for us in seconds; None when there is none."""
        seconds: float | None = _parsed(self.text or "").crawl_delay(AGENT)
        return seconds

    def allows(self, url: str) -> bool:
        """Whether we may ask for an address."""
        return not self.refusal and bool(_parsed(self.text or "").can_fetch(url, AGENT))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    return Protego.parse(text)


def rules_of(response: Response) -> Rules:
    """Read the answer to a request for robots.txt (RFC 9309, 2.3.1)."""
    block = block_of(response.status, [], response.body)
    text = response.body[:_MOST_BYTES].decode("utf-8-sig", "replace")
    looks_like_html = text.lstrip()[:1] == "<"
    if response.status < 300 and not looks_like_html:
        return Rules(text)
    if block or response.status < 400:
        what = IN_WORDS[block] if block else "a web page"
        return Rules(
            "", remark=f"robots.txt answers with {what} (status {response.status}): there are no rules to obey"
        )
    if response.status >= 500:
        return Rules(None, refusal=f"robots.txt answers {response.status}, so nothing may be asked (RFC 9309)")
    return Rules("")


def rules_of_failure(error: Exception) -> Rules:
    """What it means that robots.txt brought no answer: unreachable disallows; an odd redirect is no robots.txt."""
    outcome = outcome_of(error)
    if outcome.kind in ("off-site", "redirect-loop", "odd-address"):
        return Rules("", remark=f"robots.txt {outcome.detail}: there are no rules to obey")
    raise error


class Robots:
    """Asks for robots.txt once for each host and day, through the same gates as any page."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._asked: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build it as Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise NotFetched when robots.txt forbids the address, or asks for a longer delay than we can wait."""
        if request.meta.get("kind") == "robots":
            return
        rules = await self._rules(request)
        if rules.refusal:
            raise NotFetched("robots-unreachable", rules.refusal)
        if (rules.delay or 0) > LONGEST_DELAY:
            raise NotFetched(
                "crawl-delay",
                f"robots.txt asks for {rules.delay:g} s between requests: too long, left alone",
                "blocked",
            )
        if not rules.allows(request.url):
            raise NotFetched("robots", "robots.txt asks us not to read this", "blocked")
        request.meta["crawl_delay"] = rules.delay

    async def _rules(self, request: Request) -> Rules:
        key = host_key(request.url)
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._ask(key, request))
        return await asyncio.shield(self._asked[key])

    async def _ask(self, key: str, request: Request) -> Rules:
        politeness: Politeness = self._crawler.get_downloader_middleware(Politeness)
        kept = await politeness.kept_robots(key)
        if kept is not None:
            return Rules(kept)
        parts = urlsplit(request.url)
        meta: dict[str, Any] = {name: request.meta[name] for name in SAME_WAY if name in request.meta}
        asking = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            priority=_FIRST,
            meta={**meta, "kind": "robots"},
            callback=NO_CALLBACK,
        )
        try:
            rules = rules_of(await self._crawler.engine.download_async(asking))
        except Exception as error:  # noqa: BLE001 - whatever ended it is told apart in rules_of_failure, which raises the rest
            rules = rules_of_failure(error)
        if rules.remark:
            await self._crawler.spider.remark(
                Issue("robots-unavailable", rules.remark), request.meta["source_id"], asking.url
            )
        if rules.text is not None:
            await politeness.keep_robots(key, rules.text)
        return rules
