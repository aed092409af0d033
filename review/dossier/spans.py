"""When something happened, as far as the page says: the first and the last day on which it can have been."""

import calendar
from dataclasses import dataclass
from datetime import date

from store.queries.dossier import Statement


@dataclass(frozen=True, slots=True)
class Span:
    """The days between which something happened, both included; None where nothing bounds it on that side."""

    earliest: date | None = None
    latest: date | None = None

    @property
    def day(self) -> date | None:
        """The day, where only one is possible."""
        return self.earliest if self.earliest is not None and self.earliest == self.latest else None

    @property
    def possible(self) -> bool:
        """False when the bounds contradict each other."""
        return self.earliest is None or self.latest is None or self.earliest <= self.latest

    def within(self, other: "Span") -> "Span":
        """Return the days that both spans allow; not `possible` when there are none."""
        return Span(_later(self.earliest, other.earliest), _sooner(self.latest, other.latest))

    def joined(self, other: "Span") -> "Span":
        """Return the shortest span that holds both."""
        early = min(self.earliest, other.earliest) if self.earliest and other.earliest else None
        late = max(self.latest, other.latest) if self.latest and other.latest else None
        return Span(early, late)

    @property
    def in_words(self) -> str:
        """The span as people say it: 2024-06-18; 2024-01-01 to 2024-01-31; on or before 2024-01-31; not known."""
        if self.day is not None:
            return str(self.day)
        if self.earliest and self.latest:
            return f"{self.earliest} to {self.latest}"
        if self.latest:
            return f"on or before {self.latest}"
        return f"on or after {self.earliest}" if self.earliest else "not known"


def when_said(statement: Statement) -> Span:
    """Return when the fact of a statement happened.

    What a page reports has happened by the day of the page, so that day bounds every date that is not a single day; a
    statement without a date is bounded by it alone.
    """
    disclosure = statement.disclosure
    span = span_of(disclosure.date, disclosure.date_precision)
    if span.day is not None:
        return span
    bounded = span.within(Span(latest=statement.published))
    return bounded if bounded.possible else span


def span_of(text: str | None, precision: str | None) -> Span:
    """Return the days that a date of a disclosure allows (2024-06-18, 2024-06, 2024; with `before` an upper bound)."""
    if text is None:
        return Span()
    year, month, *_ = *(int(part) for part in text.split("-")), 0
    if not month:
        return Span(date(year, 1, 1), date(year, 12, 31))
    if text.count("-") == 1:
        return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    day = date.fromisoformat(text)
    return Span(latest=day) if precision == "before" else Span(day, day)


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else one or other


def _sooner(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
