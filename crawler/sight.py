"""Judges what a visit could see of a source: pure, from what each of its columns and pages brought."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.outcomes import Outcome

QUIET, SEEN, BLIND, BLOCKED, SUSPECT, NOT_DUE = "quiet", "seen", "blind", "blocked", "suspect", "not-due"
MUCH_LESS = 0.5


@dataclass(frozen=True, slots=True)
class ColumnSight:
    """What one visit of a column brought: its rows, or why there are none.

    `least` is the number of rows that its file expects, `before` what the last visit found, `silent_for` how long nothing
    new has come, of which `patience` is normal. `dated` is the number of rows with a day.
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

    @property
    def readable(self) -> bool:
        """Whether the list itself could be seen."""
        return self.unchanged or (self.outcome is None and self.links > 0)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one visit of a source brought in all. `pages` are the ways in which single pages could not be read."""

    columns: tuple[ColumnSight, ...] = ()
    pages: tuple[Outcome, ...] = ()
    new_pages: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of a source after a visit, and the reason in words."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a crawl did at one source."""

    source_id: str
    name: str
    state: str
    reason: str
    requests: int = 0
    lists: int = 0
    links: int = 0
    new_pages: int = 0
    documents: int = 0
    hits: int = 0
    disclosures: int = 0


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did: one report for each source that it tried."""

    sources: tuple[SourceReport, ...] = ()
    day: date | None = None
    error: str = field(default="")

    def total(self, count: str) -> int:
        """The sum of one count (requests, lists, links, new_pages, documents, hits, disclosures) over the sources."""
        return sum(getattr(source, count) for source in self.sources)

    def states(self) -> dict[str, int]:
        """How many sources ended in each state."""
        names = [source.state for source in self.sources]
        return {name: names.count(name) for name in (SEEN, QUIET, SUSPECT, BLOCKED, BLIND, NOT_DUE)}


def judge(sight: Sight) -> Judgement:
    """Say what a visit could see. A list without rows is blind, never quiet; new documents outweigh a doubt elsewhere."""
    unread = [column for column in sight.columns if not column.readable]
    if sight.columns and len(unread) == len(sight.columns) and not sight.documents:
        return _unseen(unread)
    doubts = [f"{column.name}: {_why_unread(column)}" for column in unread]
    doubts += [doubt for column in sight.columns if column.readable for doubt in _doubts(column)]
    doubts += _unread_pages(sight)
    if sight.documents:
        return Judgement(SEEN, _joined(f"{sight.documents} new document{'s' if sight.documents > 1 else ''}", doubts))
    if any(page.means == "blocked" for page in sight.pages):
        return Judgement(BLOCKED, _joined("the list is seen, its pages are not", doubts))
    if doubts:
        return Judgement(SUSPECT, _joined("", doubts))
    return Judgement(QUIET, "the lists were read, nothing new")


def _unseen(columns: list[ColumnSight]) -> Judgement:
    meanings = {column.outcome.means if column.outcome else "blind" for column in columns}
    state = BLOCKED if "blocked" in meanings else NOT_DUE if meanings == {"not-due"} else BLIND
    reasons = list(dict.fromkeys(_why_unread(column) for column in columns))
    return Judgement(state, _joined("", reasons))


def _why_unread(column: ColumnSight) -> str:
    return column.outcome.detail if column.outcome else "the list answered, but no rows were found in it"


def _doubts(column: ColumnSight) -> list[str]:
    if column.unchanged:
        return _silence(column)
    found = list(column.remarks)
    if column.links < column.least:
        found.append(f"{column.links} rows where at least {column.least} are expected")
    elif column.before and column.links < column.before * MUCH_LESS:
        found.append(f"{column.links} rows, the last visit found {column.before}")
    if column.links >= 3 and column.dated == 0 and column.before is None:
        found.append("no row shows a day")
    return [f"{column.name}: {doubt}" for doubt in (*found, *_silence(column))]


def _silence(column: ColumnSight) -> list[str]:
    if column.patience and column.silent_for and column.silent_for > column.patience:
        return [f"{column.name}: nothing new for {column.silent_for.days} days, normal is up to {column.patience.days}"]
    return []


def _unread_pages(sight: Sight) -> list[str]:
    kinds: dict[str, list[Outcome]] = {}
    for page in sight.pages:
        if page.means != "not-due":
            kinds.setdefault(page.kind, []).append(page)
    lost = [f"{_pages(len(pages))} not read ({pages[0].detail})" for pages in kinds.values()]
    if sight.new_pages and not sight.documents and not sight.pages:
        lost.append(f"{_pages(sight.new_pages)} found and none read as a document")
    return lost


def _pages(number: int) -> str:
    return f"{number} page{'s' if number > 1 else ''}"


def _joined(head: str, rest: list[str]) -> str:
    parts = [head, *rest[:3]] if head else rest[:3]
    more = len(rest) - 3
    return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")
