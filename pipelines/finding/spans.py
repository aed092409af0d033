"""Answers which of many spans touch one span, without walking through all of them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar


class HasSpan(Protocol):
    """Something at `text[start:end]`."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it has ended."""


SpanT = TypeVar("SpanT", bound=HasSpan)


class Spans(Generic[SpanT]):
    """Things with a start and an end, in order of their starts."""

    def __init__(self, things: Iterable[SpanT]) -> None:
        self.in_order = sorted(things, key=lambda thing: (thing.start, -thing.end))
        self._starts = [thing.start for thing in self.in_order]
        self._longest = max((thing.end - thing.start for thing in self.in_order), default=0)

    def touching(self, start: int, end: int) -> Iterator[SpanT]:
        """Yield the things that share at least one character with a span."""
        first = bisect_left(self._starts, start - self._longest)
        for thing in self.in_order[first : bisect_left(self._starts, end)]:
            if thing.end > start:
                yield thing

    def nearest(self, span: HasSpan) -> tuple[SpanT, int] | None:
        """Return the thing that stands nearest to a span, with the number of characters between; None without things."""
        at = bisect_left(self._starts, span.start)
        around = self.in_order[max(0, at - 2) : at + 2]
        best = min(around, key=lambda thing: gap_between(thing, span), default=None)
        return (best, gap_between(best, span)) if best else None


def gap_between(one: HasSpan, other: HasSpan) -> int:
    """Return how many characters lie between two spans, 0 when they touch or overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
