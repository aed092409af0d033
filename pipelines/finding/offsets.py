"""Keeps the way back from a changed text to the text it was made from, run by run instead of sign by sign."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Origins:
    """One change of a text: the run that begins at `starts[i]` of the new text began at `olds[i]` of the old one.

    Characters within a run keep their distances. `length` is the length of the new text.
    """

    starts: tuple[int, ...]
    olds: tuple[int, ...]
    length: int

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the old text from which a span of the new one came."""
        if start >= end:
            here = self._back(start)
            return here, here
        return self._back(start), self._back(end - 1) + 1

    def _back(self, position: int) -> int:
        run = bisect_right(self.starts, position) - 1
        return self.olds[run] + position - self.starts[run]

    def forth(self, position: int) -> int:
        """Return the first position of the new text that came from `position` of the old one or from behind it."""
        run = bisect_left(self.olds, position)
        if run < len(self.olds) and self.olds[run] == position:
            return self.starts[run]
        limit = self.starts[run] if run < len(self.starts) else self.length
        return min(limit, self.starts[run - 1] + position - self.olds[run - 1]) if run else 0


def cut(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, Origins]:
    """Return a text without the spans, which are in order and apart, and the way back."""
    pieces: list[str] = []
    starts, olds = [0], [0]
    length = done = 0
    for start, end in spans:
        pieces.append(text[done:start])
        length += start - done
        done = end
        if starts[-1] == length:
            starts.pop()
            olds.pop()
        starts.append(length)
        olds.append(end)
    pieces.append(text[done:])
    return "".join(pieces), Origins(tuple(starts), tuple(olds), length + len(text) - done)


def widen(widths: Iterable[tuple[int, int]], length: int) -> Origins:
    """Return the way back from a text in which the signs at some places became several, or none: (place, how many)."""
    starts, olds = [0], [0]
    new = old = 0
    for place, width in (*widths, (length, 0)):
        new += place - old
        old = place
        if place == length:
            break
        for _ in range(width):
            starts.append(new)
            olds.append(place)
            new += 1
        old = place + 1
        starts.append(new)
        olds.append(old)
    runs = [
        (s, o) for (s, o), (following, _) in pairwise([*zip(starts, olds, strict=True), (new + 1, 0)]) if s != following
    ]
    return Origins(tuple(s for s, _ in runs), tuple(o for _, o in runs), new)
