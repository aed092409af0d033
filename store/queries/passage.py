"""A quote in its context: the sentences around it, with the quote and the terms inside marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’」』）)]*|\n+")
SENTENCES_AROUND = 2
LONGEST_SIDE = 240


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text that is to be seen: `label` says what it is."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text: whether it is quoted, and the label of the term that it is (None: no term)."""

    text: str
    quoted: bool
    label: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive pieces of a text; `cut_before` and `cut_after` say whether the text goes on beyond them."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool

    @property
    def text(self) -> str:
        """The passage as it stands in the text."""
        return "".join(piece.text for piece in self.pieces)


def quote_in_context(text: str, quote: Mark, marks: Iterable[Mark]) -> Passage:
    """Return the quote with up to two sentences on either side; `marks` outside of that are left out."""
    start, end = _before(text, quote.start), _after(text, quote.end)
    pieces = tuple(mark_up(text, (start, end), [quote], marks))
    return Passage(pieces, cut_before=bool(text[:start].strip()), cut_after=bool(text[end:].strip()))


def mark_up(text: str, span: tuple[int, int], quotes: Sequence[Mark], marks: Iterable[Mark]) -> Iterable[Piece]:
    """Yield the span of the text as pieces that change wherever a quote or a mark begins or ends."""
    start, end = span
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    edges = {start, end}
    for mark in (*quotes, *inside):
        edges.update(edge for edge in (mark.start, mark.end) if start < edge < end)
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        quoted = any(quote.start <= left < quote.end for quote in quotes)
        label = next((mark.label for mark in inside if mark.start <= left < mark.end), None)
        yield Piece(text[left:right], quoted, label)


def _before(text: str, start: int) -> int:
    floor = max(0, start - LONGEST_SIDE)
    ends = [match.end() for match in SENTENCE_END.finditer(text, floor, start)]
    # The last end is where the quote's own sentence begins; the ones before it open the sentences to show.
    enough = len(ends) > SENTENCES_AROUND
    return _skip_blank(text, ends[-SENTENCES_AROUND - 1] if enough else floor, start)


def _after(text: str, end: int) -> int:
    ceiling = min(len(text), end + LONGEST_SIDE)
    ends = [match.end() for match in SENTENCE_END.finditer(text, end, ceiling)]
    # A quote that stops inside a sentence is followed by the rest of that sentence, which is not counted.
    wanted = SENTENCES_AROUND if SENTENCE_END.fullmatch(text[end - 1 : end]) else SENTENCES_AROUND + 1
    return ends[wanted - 1] if len(ends) >= wanted else ceiling


def _skip_blank(text: str, position: int, stop: int) -> int:
    while position < stop and text[position].isspace():
        position += 1
    return position
