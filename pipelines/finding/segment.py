"""Asks jieba where words end, only where its answer can matter, and never through a cache that others could write."""

import logging
import warnings
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

MOST_QUIET = 100_000
NEIGHBOURHOOD = 200  # characters on each side; no sentence chains words over edges for so long


def _jieba() -> Any:
    # Its first import compiles patterns with invalid escapes: SyntaxWarnings, which are errors under `python -W error`.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    return jieba


class Segmenter:
    """jieba's dictionary with our words added; built at the first question, about half a second of CPU."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)
        self._quiet: set[str] = set()  # three characters over whose last edge no word can run, whatever stands around
        self.cut = lru_cache(maxsize=4096)(self._cut)  # the same words stand around the same term again and again

    def __reduce__(self) -> tuple[type["Segmenter"], tuple[tuple[str, ...]]]:
        return Segmenter, (self._words,)

    @cached_property
    def tokenizer(self) -> Any:
        """The jieba tokenizer: read from the packaged dict.txt, not from a cache in the shared temporary directory."""
        tokenizer = _jieba().Tokenizer()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
        for word in self._words:
            tokenizer.add_word(word)
        return tokenizer

    @cached_property
    def _prefixes(self) -> dict[str, int]:
        # jieba keeps every word with its frequency and every beginning of a word with 0.
        frequencies: dict[str, int] = self.tokenizer.FREQ
        return frequencies

    @cached_property
    def _long_beginnings(self) -> frozenset[str]:
        return frozenset(beginning[-3:] for beginning in self._prefixes if len(beginning) > 3)

    @cached_property
    def _longest_word(self) -> int:
        return max(map(len, self._prefixes))

    def straddling(self, text: str, start: int, end: int) -> tuple[str | None, str | None]:
        """Return the words that jieba lets run over the left and the right edge of a place, None where it ends there.

        jieba is asked only when its dictionary has a word that crosses an edge; without one the edge is a word's end,
        since every way to read the text passes it.
        """
        quiet = self._quiet
        if text[start - 2 : start + 1] in quiet and text[end - 2 : end + 1] in quiet:
            return None, None
        if not (self._may_cross(text, start) or self._may_cross(text, end)):
            return None, None
        low, high = self._surroundings(text, start, end)
        spans = self.cut(text[low:high], end - start == 1)
        return _across(text, low, start, spans), _across(text, low, end, spans)

    def _may_cross(self, text: str, edge: int) -> bool:
        """Say whether a word of the dictionary begins before an edge and ends behind it."""
        two, three = text[edge - 1 : edge + 1], text[edge - 2 : edge + 1]
        if three in self._quiet:
            return False
        prefixes = self._prefixes
        frequency = prefixes.get(two)
        if frequency is None:
            if len(three) == 3 and three not in prefixes and three not in self._long_beginnings:
                self._note_quiet(three)
                return False
        elif frequency or self._goes_on(text, edge - 1, edge):
            return len(two) == 2
        if three in prefixes and (prefixes[three] or self._goes_on(text, edge - 2, edge)):
            return len(three) == 3
        return three in self._long_beginnings and any(
            text[first : edge + 1] in prefixes and self._goes_on(text, first, edge)
            for first in range(edge - 3, max(edge - self._longest_word, 0) - 1, -1)
        )

    def _note_quiet(self, three: str) -> None:
        if len(self._quiet) > MOST_QUIET:
            self._quiet.clear()
        self._quiet.add(three)

    def _goes_on(self, text: str, first: int, edge: int) -> bool:
        prefixes = self._prefixes
        for last in range(edge + 1, len(text) + 1):
            frequency = prefixes.get(text[first:last])
            if frequency is None:
                return False
            if frequency:
                return True
        return False

    def _surroundings(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span around a place at whose edges no word of the dictionary runs over."""
        low, high = start, end
        while low > 0 and start - low < NEIGHBOURHOOD and self._may_cross(text, low):
            low -= 1
        while high < len(text) and high - end < NEIGHBOURHOOD and self._may_cross(text, high):
            high += 1
        return low, high

    def _cut(self, text: str, guess: bool) -> list[tuple[int, int]]:
        # guess: only characters that stand alone are ever joined to words that the dictionary does not have.
        spans = []
        at = 0
        for word in self.tokenizer.cut(text, HMM=guess):
            spans.append((at, at + len(word)))
            at += len(word)
        return spans


def _across(text: str, low: int, edge: int, spans: list[tuple[int, int]]) -> str | None:
    at = edge - low
    for first, last in spans:
        if first < at < last:
            return text[low + first : low + last]
    return None
