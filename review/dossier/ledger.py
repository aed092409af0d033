"""The nouns of the meeting ledger: meetings with their intervals, the gaps between them, what contradicts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.dossier.evidence import Evidence
from review.dossier.spans import Span

Certainty = Literal["known", "bounded", "unknown"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting and the days on which it can have been.

    `ordinal` is None for a meeting that no page numbers; `may_be` are then the numbers that it can have. `evidence` is
    empty for a meeting that no page reports and that must have been: a later one is numbered, or `bounded_by` says that
    so many were held by a day. `disputed`: its evidence contradicts itself or the order of the numbers, so it bounds no
    other meeting.
    """

    ordinal: int | None
    span: Span
    evidence: tuple[Evidence, ...] = ()
    bounded_by: tuple[Evidence, ...] = ()
    congress: int | None = None
    may_be: tuple[int, ...] = ()
    disputed: bool = False

    @property
    def stories(self) -> int:
        """The number of independent stories that report it."""
        return len({evidence.story for evidence in self.evidence})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Evidence that cannot all be true: two-days, bounds-cross, out-of-order, count-too-early or copy-differs."""

    kind: str
    detail: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The days from one meeting to the next one: known to the day, bounded, or unknown (`longest` is None)."""

    before: Meeting
    after: Meeting
    shortest: int
    longest: int | None
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of the meetings of a body; `at_least` is the number of meetings that are proved."""

    body: str
    meetings: tuple[Meeting, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[Contradiction, ...]
    at_least: int

    @property
    def pace(self) -> tuple[float, float] | None:
        """The average days between two meetings, as (shortest, longest), over the widest pair of numbers with dates."""
        sure = [m for m in self.meetings if m.ordinal and not m.disputed and m.span.earliest and m.span.latest]
        last_congress = [m for m in sure if m.congress == sure[-1].congress]
        if len(last_congress) < 2:
            return None
        first, last = last_congress[0], last_congress[-1]
        shortest, longest = _days(first, last)
        steps = (last.ordinal or 0) - (first.ordinal or 0)
        return (shortest / steps, longest / steps) if steps and longest is not None else None


def gap_between(one: Meeting, next_: Meeting) -> Gap:
    """Return the days from one meeting to the one that the ledger lists next."""
    shortest, longest = _days(one, next_)
    if longest is None or longest < 0:
        return Gap(one, next_, shortest, None, "unknown")
    sure = one.ordinal is not None and one.span.day and next_.span.day and not (one.disputed or next_.disputed)
    # Between two meetings that no page numbers there may have been others.
    return Gap(one, next_, shortest if one.ordinal else 0, longest, "known" if sure else "bounded")


def _days(one: Meeting, next_: Meeting) -> tuple[int, int | None]:
    shortest = (next_.span.earliest - one.span.latest).days if one.span.latest and next_.span.earliest else 0
    longest = (next_.span.latest - one.span.earliest).days if one.span.earliest and next_.span.latest else None
    return max(0, shortest), longest


def at_least(numbered: Mapping[int, Meeting], apart: Sequence[Meeting]) -> int:
    """Return the number of meetings that are proved: the highest number, and those that must have come after it."""
    proved = _disjoint(apart)
    for n, meeting in numbered.items():
        after = [m for m in apart if meeting.span.latest and m.span.earliest and m.span.earliest > meeting.span.latest]
        proved = max(proved, n + (0 if meeting.disputed else _disjoint(after)))
    return proved


def _disjoint(meetings: Iterable[Meeting]) -> int:
    """Return how many of the meetings cannot be the same one."""
    number, end = 0, date.min
    for span in sorted((m.span for m in meetings), key=lambda s: s.latest or date.max):
        if span.earliest and span.latest and span.earliest > end:
            number, end = number + 1, span.latest
    return number


def chronological(meeting: Meeting) -> tuple[date, date, int]:
    """Return what meetings are sorted by: when they were at the latest, then at the earliest, then their number."""
    return (meeting.span.latest or date.max, meeting.span.earliest or date.min, meeting.ordinal or 0)
