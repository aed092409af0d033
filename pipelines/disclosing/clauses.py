"""Sentences and clauses of a Chinese text, as exact offsets; a paragraph is never mistaken for a sentence."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import re2

SENTENCE_END = "。！？!?"
CLAUSE_END = "，。；：！？,;:!?"
CLOSING = "”’」』）)\"'》"
OPENING = "“‘「『（("
_ENDS = re2.compile(rf"[{SENTENCE_END}]+[{CLOSING}]*|\r?\n|\r")
LONGEST_SENTENCE = 1000  # what runs on longer is a list or a table, and is cut so that work stays linear
_WRAPPED_LINES = 3  # so many lines of one width show that the width was set, not written
_SHORTEST_WRAP = 20  # a narrower column is a list or a poem, not running text


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of the text."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one text in order, found by position in logarithmic time."""

    spans: tuple[Span, ...]
    starts: tuple[int, ...] = field(repr=False, default=())

    def index_at(self, position: int) -> int:
        """Return the index of the sentence that holds a position, or of the last one before it."""
        return max(0, bisect_right(self.starts, position) - 1)


def split_sentences(text: str, kept_together: Iterable[tuple[int, int]] = ()) -> Sentences:
    """Split a text at 。！？ and at line ends; white space around a sentence belongs to none.

    A line end is no boundary inside a span of `kept_together` (a term that a line break cuts) nor where the text is
    hard-wrapped: at least three lines of one width that most lines share.
    """
    inside = sorted(kept_together)
    width = _wrap_width(text)
    spans: list[Span] = []
    start = line_start = 0
    for match in _ENDS.finditer(text):
        at, end = match.span()
        if text[at] in "\r\n":
            wrapped = width is not None and at - line_start >= width - 1
            line_start = end
            if wrapped or _around(at, inside) is not None:
                continue
            end = at
        spans += _pieces(text, start, end, inside)
        start = match.end()
    spans += _pieces(text, start, len(text), inside)
    return Sentences(tuple(spans), tuple(s.start for s in spans))


def _around(position: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    index = bisect_right(spans, (position, len(spans) and spans[-1][1])) - 1
    return spans[index] if index >= 0 and spans[index][0] < position < spans[index][1] else None


def _pieces(text: str, start: int, end: int, inside: Sequence[tuple[int, int]]) -> Iterator[Span]:
    span = trim(text, start, end)
    while span.end - span.start > LONGEST_SENTENCE:
        cut = _cut(text, span.start, inside)
        yield trim(text, span.start, cut)
        span = trim(text, cut, span.end)
    if span.start < span.end:
        yield span


def _cut(text: str, start: int, inside: Sequence[tuple[int, int]]) -> int:
    """Return where an overlong sentence is cut: behind its last comma in reach, never inside a kept span."""
    limit = start + LONGEST_SENTENCE
    comma = max(text.rfind(stop, start + LONGEST_SENTENCE // 2, limit) for stop in "，；、,;") + 1
    kept = _around(comma or limit, inside)
    return kept[0] if kept and kept[0] > start else comma or limit


def _wrap_width(text: str) -> int | None:
    lines = [len(line.rstrip()) for line in text.split("\n") if line.strip()]
    if len(lines) < _WRAPPED_LINES:
        return None
    width = max(lines)
    full = sum(1 for length in lines if length >= width - 1)
    return width if width >= _SHORTEST_WRAP and full >= _WRAPPED_LINES and full * 2 > len(lines) else None


def trim(text: str, start: int, end: int, edge: str = "") -> Span:
    """Return the span without white space, and without the characters of `edge`, at its two ends."""
    while start < end and (text[start].isspace() or text[start] in edge):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in edge):
        end -= 1
    return Span(start, end)


def clause_around(text: str, start: int, end: int, stops: str = CLAUSE_END) -> Span:
    """Widen a stretch to the nearest stops on both sides (the stops stay outside)."""
    while start > 0 and text[start - 1] not in stops:
        start -= 1
    while end < len(text) and text[end] not in stops:
        end += 1
    return Span(start, end)


def unpaired_trimmed(text: str, span: Span) -> Span:
    """Drop an opening quotation mark at the start or a closing one at the end whose partner lies outside the span."""
    start, end = span.start, span.end
    while start < end and text[start] in OPENING + CLOSING and not _paired(text[start:end]):
        start += 1
    while end > start and text[end - 1] in OPENING + CLOSING and not _paired(text[start:end]):
        end -= 1
    return Span(start, end)


def _paired(text: str) -> bool:
    pairs = zip("“‘「『（《", "”’」』）》", strict=True)
    return all(text.count(opening) == text.count(closing) for opening, closing in pairs)
