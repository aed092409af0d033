"""What a visit saw of a source: column by column, page by page, and what a crawl reports of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.outcomes import Outcome

QUIET, SEEN, BLIND, BLOCKED, SUSPECT, NOT_DUE = "quiet", "seen", "blind", "blocked", "suspect", "not-due"


@dataclass(frozen=True, slots=True)
class ColumnSight:
    """What one visit of a column brought: its rows, or why there are none.

    `least` is the number of rows that its file expects, `before` what the last visit found, `silent_for` how long nothing
    new has come, of which `patience` is normal. `dated` is the number of rows with a day, `ahead` of those with a day to
    come; `was_dated` says that rows of earlier visits showed days. `remarks` are doubts as "word: sentence".
    """

    name: str
    links: int = 0
    dated: int = 0
    unchanged: bool = False
    outcome: Outcome | None = None
    least: int = 1
    before: int | None = None
    silent_for: timedelta | None = None
    patience: timedelta | None = None
    remarks: tuple[str, ...] = ()
    url: str = ""
    ahead: int = 0
    was_dated: bool = False

    @property
    def readable(self) -> bool:
        """Whether the list itself could be seen."""
        return self.unchanged or (self.outcome is None and self.links > 0)

    @property
    def not_asked(self) -> bool:
        """Whether we chose not to ask for it now, which says nothing about it."""
        return self.outcome is not None and self.outcome.means == "not-due"

    @property
    def about(self) -> str:
        """What an alarm about this list is kept under."""
        return self.url or self.name


@dataclass(frozen=True, slots=True)
class Sight:
    """What one visit of a source brought in all. `pages` are the ways in which single pages could not be read, `again` is
    the number of pages not read before that hold a document known already.
    """

    columns: tuple[ColumnSight, ...] = ()
    pages: tuple[Outcome, ...] = ()
    new_pages: int = 0
    documents: int = 0
    again: int = 0


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a crawl did at one source: `documents`, `hits` and `disclosures` are new ones, `reread` are known documents."""

    source_id: str
    name: str
    state: str
    reason: str
    requests: int = 0
    lists: int = 0
    links: int = 0
    new_pages: int = 0
    documents: int = 0
    reread: int = 0
    hits: int = 0
    disclosures: int = 0


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did: one report for each source that it tried."""

    sources: tuple[SourceReport, ...] = ()
    day: date | None = None
    error: str = field(default="")

    def total(self, count: str) -> int:
        """The sum of one count (requests, lists, links, new_pages, documents, reread, hits, disclosures) over the sources."""
        return sum(getattr(source, count) for source in self.sources)

    def states(self) -> dict[str, int]:
        """How many sources ended in each state."""
        names = [source.state for source in self.sources]
        return {name: names.count(name) for name in (SEEN, QUIET, SUSPECT, BLOCKED, BLIND, NOT_DUE)}
