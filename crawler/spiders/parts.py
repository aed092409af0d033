"""The pages of one document, gathered one after another before it is handed on whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Self

from scrapy import Request
from scrapy.http import Response

from crawler.extract.parts import MOST_PARTS, further_pages
from crawler.items import Issue, Link, Page, Part
from crawler.outcomes import Outcome, outcome_of
from crawler.sources import Column, Source
from crawler.spiders.answers import outcome_of_answer, page_of
from crawler.spiders.asking import ask_part
from crawler.spiders.ledger import Ledger
from store.config import Config


@dataclass(frozen=True, slots=True)
class Gathering:
    """A document's first page with the parts that have come, the addresses of those ahead, and those asked for so far."""

    source: Source
    column: Column | None
    first: Page
    ahead: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: Source, column: Column | None, first: Page) -> Self:
        """Begin with the first page; nothing is ahead of a file, or of a document of one page."""
        return cls(source, column, first, further_pages(first.url, first.body) if first.kind == "page" else ())

    def after(self, part: Page | None) -> Self:
        """Go on after the next address ahead was asked for; `part` is its page, None when it did not come.

        A page may name further ones that the first one's pager left out.
        """
        asked = self.asked | {self.ahead[0]}
        if part is None:
            return replace(self, ahead=self.ahead[1:], asked=asked)
        kept = Part(part.url, part.body, part.header("content-type"))
        named = dict.fromkeys((*self.ahead[1:], *further_pages(self.first.url, part.body)))
        ahead = tuple(url for url in named if url not in asked)[: MOST_PARTS - len(asked)]
        return replace(self, first=replace(self.first, parts=(*self.first.parts, kept)), ahead=ahead, asked=asked)


class Gatherer:
    """One for each crawl: asks for the further pages of documents, each a capture, and hands every document on whole."""

    def __init__(self, ledger: Ledger, config: Config) -> None:
        self._ledger = ledger
        self._config = config

    def onward(self, gathering: Gathering) -> Page | Request:
        """The request for the next page of a document; the document when all of them have been asked for."""
        if not gathering.ahead:
            return gathering.first
        request = ask_part(gathering.ahead[0], gathering.source, gathering.column, gathering.first.url)
        self._ledger.health.expect(1)
        return request.replace(callback=self.parse_part, errback=self.lost_part, cb_kwargs={"gathering": gathering})

    async def parse_part(self, response: Response, gathering: Gathering) -> AsyncIterator[Page | Request]:
        """Keep a further page of a document and go on."""
        first = gathering.first
        link = Link(first.requested_url, first.link.title if first.link else "")
        part = page_of(response, gathering.ahead[0], self._config.now(), first.column_url, link)
        yield part
        outcome = outcome_of_answer(part)
        yield await self._after(gathering, None if outcome else part, outcome)

    async def lost_part(self, failure: Any) -> AsyncIterator[Page | Request]:
        """A further page that brought no answer is said; one that may not be asked for yet leaves its document pending."""
        gathering: Gathering = failure.request.cb_kwargs["gathering"]
        outcome = outcome_of(failure.value)
        if outcome.means == "not-due":
            self._ledger.health.done(gathering.source.id, outcome.detail)
        else:
            yield await self._after(gathering, None, outcome)

    async def _after(self, gathering: Gathering, part: Page | None, outcome: Outcome | None) -> Page | Request:
        first, source = gathering.first, gathering.source
        if outcome is not None:
            words = f"a further page of this document was not read ({outcome.detail}): {gathering.ahead[0]}"
            await self._ledger.remark(Issue("part-missing", words), source.id, first.requested_url)
        self._ledger.health.done(source.id, first.link.title if first.link else first.url)
        return self.onward(gathering.after(part))
