"""Texts as sentences, and which of them two texts share: the one way in which versions are compared, bounded in time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Beyond so many pairs of sentences between the first and the last change the alignment takes longer than anybody waits.
MOST_PAIRS = 4_000_000
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」』）)]*|[。！？；]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive sentences that are the same in both texts, or that take each other's place (either side may be empty)."""

    kind: Literal["same", "changed"]
    old: tuple[str, ...]
    new: tuple[str, ...]


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text with their closing marks; white space around them is left out."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return tuple(sentence for sentence in found if sentence)


def align(old: str, new: str) -> tuple[Stretch, ...]:
    """Return two texts as stretches of sentences in order; what lies between the first and last change of huge texts is one."""
    before, after = sentences(old), sentences(new)
    head = _same_at_start(before, after)
    tail = _same_at_start(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    stretches = [_same(before[:head]), *_aligned(*middle), _same(before[len(before) - tail :])]
    return tuple(stretch for stretch in stretches if stretch.old or stretch.new)


def _aligned(old: tuple[str, ...], new: tuple[str, ...]) -> Sequence[Stretch]:
    if len(old) * len(new) > MOST_PAIRS:
        return [Stretch("changed", old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Stretch("same" if kind == "equal" else "changed", old[a:b], new[c:d])
        for kind, a, b, c, d in matcher.get_opcodes()
    ]


def _same(shared: tuple[str, ...]) -> Stretch:
    return Stretch("same", shared, shared)


def _same_at_start(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
