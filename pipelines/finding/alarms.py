"""What in the bytes of a text can hide a literal: if nothing of it does, the text can be searched as it is."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pipelines.normalise import fold, holds_noise, is_han, is_restless, restless

# Signs that are dropped wherever they stand, as beginnings of their UTF-8 form: emoji and other pictures, private use,
# combining marks, invisible signs, rare spaces.
_PICTURES = ("e28c", "e28d", "e28e", "e28f", "e298", "e299", "e29a", "e29b", "e29c", "e29d", "e29e", "e29f")
_MORE_PICTURES = ("e2ac", "e2ad", "e2ae", "e2af", "f09f", "f3a0", "ee", *(f"ef{byte:x}" for byte in range(0x80, 0xA4)))
_MARKS = ("cc", "cd", "e283", "efb8")
_RARE = "\t\r\xa0\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2800\u2028\u2029\u202f\u205f" + "".join(
    map(chr, range(0x2000, 0x2010))
)
# What markup or an entity begins with; a bracket around a picture needs no alarm beside that of the picture.
_OPENINGS = ("<", "&")
# What a gloss begins with: a bracket, and a letter with or without a tone, an apostrophe or white space.
_BRACKETS = (b"(", "（".encode())
_LETTERS = (*(bytes([code]) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))), b"\xc3", b"\xc4", b"\xc5", b"\xc7")
_GLOSSES = tuple(
    bracket + letter
    for bracket in _BRACKETS
    for letter in (*_LETTERS, *(sign.encode() for sign in ("ḿ", "'", "’", " ", "\n", "\u3000")))
)
_LONGEST_GLOSS = 260  # bytes
# White space is dropped only between Han: there it stands right behind a character that a literal goes on from.
_SPACES = "\n \u3000"
_SPACED = re.compile(rb"(?:[\n ]|\xe3\x80\x80)*")


class Alarms:
    """Byte strings of which a text holds at least one that rings if it holds a literal only after signs are changed.

    They look at the first sign of a literal that is not as it should be. That is a sign that normalising drops, or the
    beginning of a gloss, of markup or of an entity, wherever it stands; or, behind what a literal begins with, white
    space or a character that normalising turns into the next one (國, ２): these ring only if the literal can go on.
    """

    def __init__(self, literals: Iterable[str]) -> None:
        following: defaultdict[bytes, set[str]] = defaultdict(set)
        for literal in literals:
            for alarm, goes_on in (*_spaced(literal), *_varied(literal)):
                following[alarm.encode()].add(goes_on)
        self._following = dict(following)
        self.patterns = (*{*_dropped(), *_GLOSSES}, *self._following)

    def rings(self, encoded: bytes, first: int, last: int) -> bool:
        """Say whether the pattern found at `encoded[first:last]` can hide a literal."""
        alarm = encoded[first:last]
        if (following := self._following.get(alarm)) is not None:
            return "" in following or _goes_on(encoded, last, following)
        if alarm.startswith(_BRACKETS):
            around = encoded[max(0, first - 4) : last + _LONGEST_GLOSS]
            return holds_noise(around.decode("utf-8", "ignore"))
        return True


def _goes_on(encoded: bytes, last: int, following: set[str]) -> bool:
    spaced = _SPACED.match(encoded, last)
    at = spaced.end() if spaced else last
    next_one = encoded[at : at + 4].decode("utf-8", "ignore")[:1]
    return next_one in following or is_restless(next_one)


def _spaced(literal: str) -> Iterator[tuple[str, str]]:
    """Yield each beginning of a literal with white space behind it, and the character that must follow."""
    for at in range(1, len(literal)):
        if is_han(literal[at - 1]) and is_han(literal[at]):
            yield from ((literal[:at] + space, literal[at]) for space in _SPACES)


def _varied(literal: str) -> Iterator[tuple[str, str]]:
    """Yield each beginning of a literal with a variant of the next character, and the character that must follow.

    A variant can be folded to several characters (㈱, ℃), of which a literal may need only the last ones, or the first.
    """
    for at, character in enumerate(literal):
        for variant in _variants().get(character, ()):
            folded = fold(variant)
            for start in (at - offset for offset, one in enumerate(folded) if one == character):
                end = start + len(folded)
                if folded.startswith(literal[max(0, start) : end], max(0, -start)):
                    yield literal[: max(0, start)] + variant, literal[end : end + 1]


def _dropped() -> Iterator[bytes]:
    yield from map(bytes.fromhex, (*_PICTURES, *_MORE_PICTURES, *_MARKS))
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
