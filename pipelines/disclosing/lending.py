"""A page without a day takes the date of a sentence from a dated copy of the passage in which that sentence stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import takewhile

from crawler.items import Disclosure
from pipelines.cluster import plain

# So many characters in one run, the quote among them, are copied: a formula of officialdom (会议传达学习…精神，研究我省
# 贯彻落实措施) fills about forty, and two offices that write it down speak of two days.
PASSAGE = 60
_Facts = tuple[str, str | None, str | None, int | None, str | None, str | None]


@dataclass(frozen=True)
class Telling:
    """A text with what it discloses; `published` is its own day, None when it gives none."""

    address: str
    published: date | None
    title: str | None
    body: str
    disclosures: tuple[Disclosure, ...]

    @property
    def lacks_dates(self) -> bool:
        """Whether the page has no day of its own and something that it tells stays without a date."""
        return self.published is None and any(d.date is None for d in self.disclosures)

    @cached_property
    def said(self) -> str:
        """The plain text, title first."""
        return plain(self._whole)

    @property
    def _whole(self) -> str:
        return f"{self.title or ''}\n{self.body}"

    def passage(self, told: Disclosure) -> tuple[str, str, str]:
        """Return the plain text before a quote, the quote, and the plain text after it, a PASSAGE of each at most."""
        shift = 0 if told.place == "title" else len(self.title or "") + 1
        start, end = told.start + shift, told.end + shift
        before, after = self._whole[max(0, start - 4 * PASSAGE) : start], self._whole[end : end + 4 * PASSAGE]
        return plain(before)[-PASSAGE:], plain(told.quote), plain(after)[:PASSAGE]


class Lenders:
    """Dated texts, asked for the dates that undated copies of their passages lack."""

    def __init__(self, texts: Iterable[Telling]) -> None:
        """Take the texts that have a day; of several that lend the same date the earliest does."""
        self._told: dict[_Facts, list[tuple[Telling, Disclosure]]] = {}
        for text in sorted((text for text in texts if text.published), key=lambda text: text.published or date.max):
            for told in text.disclosures:
                if told.date is not None:
                    self._told.setdefault(_facts(told), []).append((text, told))

    def dated(self, page: Telling) -> tuple[Disclosure, ...]:
        """Return the disclosures of a page; those left without a date, where a copy lends one, with that date.

        `date_from` then names the copy. A page with a day of its own borrows nothing, and each sentence borrows only from
        a text that holds it, with the words around it, in one run: a page spliced from two texts has two lenders.
        """
        if not page.lacks_dates:
            return page.disclosures
        return tuple(told if told.date else next(self._lent(page, told), told) for told in page.disclosures)

    def _lent(self, page: Telling, told: Disclosure) -> Iterator[Disclosure]:
        before, quote, after = page.passage(told)
        for text, twin in self._told.get(_facts(told), ()):
            same_words = quote in (said := plain(twin.quote)) or said in quote
            if told.body in (None, twin.body) and same_words and _is_copied(before, quote, after, text.said):
                yield replace(told, date=twin.date, date_precision=twin.date_precision, date_from=text.address)


def _facts(told: Disclosure) -> _Facts:
    return told.type, told.person, told.role, told.ordinal, told.action, told.object


def _is_copied(before: str, quote: str, after: str, said: str) -> bool:
    """Say whether a quote stands in a plain text with so much of what is around it that both are one passage."""
    at = said.find(quote) if quote else -1
    while at >= 0:
        end = at + len(quote)
        left = _shared(before[::-1], said[max(0, at - PASSAGE) : at][::-1])
        if left + len(quote) + _shared(after, said[end : end + PASSAGE]) >= PASSAGE:
            return True
        at = said.find(quote, end)
    return False


def _shared(one: str, other: str) -> int:
    """Return with how many characters in common two texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
