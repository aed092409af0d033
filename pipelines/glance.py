"""Tells in one pass over the bytes of a text whether it can hold a term at all, so that most texts cost nothing else."""

from collections.abc import Iterable
from itertools import pairwise

import re2

from pipelines.normalise import SPACE, restless_ranges

_MEMORY = 256 << 20  # for the states of the automaton, which RE2 builds as texts need them


class Glance:
    """One linear-time expression for everything that can lead to a place of these literals in the normalised text.

    That is: a literal as it stands; a character that normalising changes or drops; white space between two characters
    that stand next to each other in a literal. A text without any of these normalises to one without the literals.
    """

    def __init__(self, literals: Iterable[str]) -> None:
        literals = tuple(literals)
        options = re2.Options()
        options.never_capture = True
        options.max_mem = _MEMORY
        gaps = sorted({pair for literal in literals for pair in pairwise(literal)})
        alternatives = (
            "|".join(map(re2.escape, literals)),
            "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in restless_ranges()) + "]",
            *(f"{re2.escape(left)}[{SPACE}]+{re2.escape(right)}" for left, right in gaps),
        )
        self._search = re2.compile("|".join(alternatives), options).search

    def is_worth_a_look(self, text: str) -> bool:
        """Say whether a closer look can find anything; False is certain."""
        return self._search(text.encode("utf-8", "surrogatepass")) is not None
