"""Asks jieba where words end, only where its answer can matter, and never through a cache that others could write."""

import logging
import re
import warnings
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Any

# jieba cuts each run of these signs on its own (jieba.re_han_default), so a run around a place is cut as in the whole text.
_RUN = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]*")

LONGEST_RUN = 2000  # a run with no punctuation for this long is no sentence: only its neighbourhood is cut
NEIGHBOURHOOD = 400


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
        self.cut_run = lru_cache(maxsize=64)(self._cut_run)

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
        frequencies: dict[str, int] = self.tokenizer.FREQ
        return frequencies

    @cached_property
    def _longest_word(self) -> int:
        return max(map(len, self._prefixes))

    def straddling(self, text: str, start: int, end: int) -> tuple[str | None, str | None]:
        """Return the words that jieba lets run over the left and the right edge of a place, None where it ends there.

        jieba is asked only when its dictionary has a word that crosses an edge; without one the edge is a word's end,
        since every path through the run passes it.
        """
        left, right = self._may_cross(text, start), self._may_cross(text, end)
        if not (left or right):
            return None, None
        low, high = _run_around(text, start, end)
        edges = self.cut_run(text[low:high])
        return _across(text, low, start, edges), _across(text, low, end, edges)

    def _may_cross(self, text: str, edge: int) -> bool:
        """Say whether a word of the dictionary begins before an edge and ends behind it; its prefixes tell quickly."""
        if not 0 < edge < len(text):
            return False
        prefixes = self._prefixes
        for first in range(edge - 1, max(edge - self._longest_word, 0) - 1, -1):
            if text[first : edge + 1] in prefixes:
                last = edge + 1
                while (piece := text[first:last]) in prefixes:
                    if prefixes[piece]:
                        return True
                    last += 1
                    if last > len(text):
                        break
        return False

    def _cut_run(self, run: str) -> tuple[tuple[int, int], ...]:
        spans = []
        at = 0
        for word in self.tokenizer.cut(run):
            spans.append((at, at + len(word)))
            at += len(word)
        return tuple(spans)


def _run_around(text: str, start: int, end: int) -> tuple[int, int]:
    before = text[max(0, start - LONGEST_RUN) : start]
    first = start - _length_of_run(before[::-1])
    last = end + _length_of_run(text[end : end + LONGEST_RUN])
    if last - first > LONGEST_RUN:
        return max(first, start - NEIGHBOURHOOD), min(last, end + NEIGHBOURHOOD)
    return first, last


def _length_of_run(text: str) -> int:
    run = _RUN.match(text)
    return run.end() if run else 0


def _across(text: str, low: int, edge: int, spans: tuple[tuple[int, int], ...]) -> str | None:
    return next((text[low + a : low + b] for a, b in spans if low + a < edge < low + b), None)
