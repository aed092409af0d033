"""What in the bytes of a text can hide a literal: if none of it stands there, the text can be searched as it is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from pipelines.normalise import fold, is_han, restless

# Signs that are dropped wherever they stand, as beginnings of their UTF-8 form: emoji and other pictures, private use,
# combining marks, invisible signs, rare spaces.
_PICTURES = ("e28c", "e28d", "e28e", "e28f", "e298", "e299", "e29a", "e29b", "e29c", "e29d", "e29e", "e29f")
_MORE_PICTURES = ("e2ac", "e2ad", "e2ae", "e2af", "f09f", "f3a0", "ee", *(f"ef{byte:x}" for byte in range(0x80, 0xA4)))
_MARKS = ("cc", "cd", "e283", "efb8")
_RARE = "\t\r\xa0\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2800\u2028\u2029\u202f\u205f" + "".join(
    map(chr, range(0x2000, 0x2010))
)
# What a gloss, markup or an entity begins with; a bracket around a picture needs no alarm beside that of the picture.
_OPENINGS = ("<", "&")
_GLOSSES = tuple(
    bracket.encode() + letter
    for bracket in "(（"
    for letter in (
        *(bytes([code]) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))),
        b"\xc3",
        b"\xc4",
        b"\xc5",
        b"\xc7",
    )
)
# White space is dropped only between Han: there it stands right behind a character that a literal goes on from.
_SPACES = "\n \u3000"
_FOLLOWING = re.compile(rb"(?:[\n ]|\xe3\x80\x80)*([\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})")


def alarms(literals: Iterable[str]) -> set[bytes]:
    """Return byte strings of which a text holds at least one if it holds a literal only after signs are changed.

    That is: a character that normalising turns into one of a literal (國, ２), and a sign that it drops, or the beginning
    of a gloss, of markup or of an entity.
    """
    characters = {character for literal in literals for character in literal}
    variants = (variant.encode() for character in characters for variant in _variants().get(character, ()))
    return {*variants, *_dropped()}


class Spaces:
    """White space between Han: where it can stand inside a literal, and whether it does."""

    def __init__(self, literals: Iterable[str]) -> None:
        pairs = {pair for literal in literals for pair in pairwise(literal) if is_han(pair[0]) and is_han(pair[1])}
        self._pairs = {(left.encode(), right.encode()) for left, right in pairs}
        self.patterns = {left + space.encode() for left, _ in self._pairs for space in _SPACES}

    def split_a_literal(self, encoded: bytes, first: int, last: int) -> bool:
        """Say whether the white space that a pattern found at `encoded[first:last]` has the next character behind it."""
        following = _FOLLOWING.match(encoded, last)
        left = encoded[first:last].decode()[0].encode()
        return following is not None and (left, following.group(1)) in self._pairs


def _dropped() -> Iterator[bytes]:
    yield from map(bytes.fromhex, (*_PICTURES, *_MORE_PICTURES, *_MARKS))
    yield from _GLOSSES
    yield from (character.encode() for character in (*_OPENINGS, *_RARE))
    yield from (character.encode() for character in restless() if not fold(character))


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    """Return the characters that normalising turns into a character, or into several among which it is."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for character in restless():
        for folded in fold(character):
            if folded != character:
                found[folded].append(character)
    return {folded: tuple(characters) for folded, characters in found.items()}
