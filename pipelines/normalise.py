"""Turns a text into the form in which it is searched, and keeps the way back to every character of the original."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from sys import maxsize

from pipelines.finding.offsets import Origins, cut, widen

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SPACE = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"

# NFKC would turn the punctuation that Chinese sentences are built of into ASCII; rules are written with these signs.
KEPT_PUNCTUATION = frozenset("，．：；？！（）［］…‥～＂＇／、。")

_EMOJI = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿĀÁǍÀĒÉĚÈŌÓǑÒ\u0300\u0301\u0304\u0308\u030c"
_SYLLABLE = (
    "(?:[bpmf]|d|t|n|l|g|k|h|j|q|x|zh?|ch?|sh?|r|y|w)?"
    "(?:i?ang?|i?ong|iao|[iu]e|u?ai|u?ang?|ei|ui|ao|ou|iu|[eiuü]ng?|er|[aoeiuü]|ve?)"
)
# Categories Cf and Cc without white space, and the selectors and fillers that print nothing.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)

_NO_GLYPH = re.compile(f"[{_INVISIBLE}]+")
_LETTERS = f"[a-zA-Z'’{SPACE}{_TONED}]{{0,40}}"
# Each expression begins with a plain class, so that a text without such signs costs one quick scan.
_NOISE = re.compile(
    rf"[(（\[【<&](?:"
    rf"(?<=[(（\[【])[{SPACE}]*[{_EMOJI}]+[{SPACE}]*[)）\]】]"  # (🤳) wherever it stands
    rf"|(?<=[{HAN}][(（]){_LETTERS}[{_TONED}]{_LETTERS}[)）]"  # 會(huì)
    rf"|(?<=[{HAN}][(（]){_SYLLABLE}[)）](?=[{HAN}])"  # 個(ge)面向: a neutral tone has no mark
    rf"|(?:(?<=[{HAN}]<)|(?<=[{HAN}][{SPACE}]<))/?[a-zA-Z][^<>]{{0,300}}>(?:[{SPACE}]*</?[a-zA-Z][^<>]{{0,300}}>)*"
    rf"(?=[{SPACE}]*[{HAN}])"  # markup that was escaped twice
    rf"|(?<=[{HAN}]&)(?:nbsp|ensp|emsp|thinsp|shy|zwj|zwnj|lrm|rlm|#160|#xa0|#12288|#x3000|#8203|#x200b);?"
    rf"(?:&(?:nbsp|ensp|emsp|thinsp|shy|zwj|zwnj|#160|#xa0|#12288|#8203);?)*(?=[{SPACE}]*[{HAN}])"
    rf")",
    re.IGNORECASE,
)
_STRAY = re.compile(
    rf"[{_EMOJI}\u0300-\u036f\u20d0-\u20f0](?<=[{HAN}].)[{_EMOJI}{SPACE}\u0300-\u036f\u20d0-\u20f0]*"
    rf"|[{_EMOJI}](?<=[{HAN}][{SPACE}].)[{_EMOJI}{SPACE}]*(?=[{HAN}])"
)
_ONE_HAN = re.compile(f"[{HAN}]")
_GAP = re.compile(rf"(?<=[{HAN}])[{SPACE}]+(?=[{HAN}])")
_GAP_QUICK = re.compile(rf"[{SPACE}](?<=[{HAN}][{SPACE}])[{SPACE}]*[{HAN}]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as it is searched: simplified script, NFKC, no invisible signs, emoji, glosses or white space between Han.

    The signs ，：；？！（）… stay full-width. `breaks` are the positions of `text` before which a line break stood that
    was dropped between two Han characters, `gaps` the same for any white space (a break is also a gap).
    """

    text: str
    source: str
    changes: tuple[Origins, ...] = ()
    gaps: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original that `text[start:end]` came from, noise inside included."""
        for change in reversed(self.changes):
            start, end = change.back(start, end)
        return start, end

    def normal_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of `text` that came from inside `source[start:end]`."""
        for change in self.changes:
            start, end = change.forth(start), change.forth(end)
        return start, end


@lru_cache(maxsize=4)
def normalise(text: str) -> Normalised:
    """Return the searched form of a text; a text that needs nothing costs two scans and is returned as it is."""
    if not is_restless(text):
        return _closed_up(text, text, ())
    visible, without_invisible = _without(_NO_GLYPH, text)
    quieter, without_noise = _without(_NOISE, visible)
    calm, without_strays = _without(_STRAY, quieter)
    folded, folding = _fold(calm)
    changes = (without_invisible, without_noise, without_strays, folding)
    return _closed_up(folded, text, tuple(change for change in changes if change))


def _closed_up(text: str, source: str, changes: tuple[Origins, ...]) -> Normalised:
    if _GAP_QUICK.search(text) is None:
        return Normalised(text, source, changes)
    spans = [gap.span() for gap in _GAP.finditer(text)]
    closed, closing = cut(text, spans)
    dropped = 0
    gaps, breaks = [], []
    for start, end in spans:
        gaps.append(start - dropped)
        if "\n" in (space := text[start:end]) or "\r" in space:
            breaks.append(start - dropped)
        dropped += end - start
    return Normalised(closed, source, (*changes, closing), tuple(gaps), tuple(breaks))


def _without(noise: re.Pattern[str], text: str) -> tuple[str, Origins | None]:
    spans = [found.span() for found in noise.finditer(text)]
    return cut(text, spans) if spans else (text, None)


def _fold(text: str) -> tuple[str, Origins | None]:
    """Bring each character to NFKC and simplified script; one that becomes several keeps its one place of origin."""
    odd = [(found.start(), _compatible(found.group())) for found in _incompatible().finditer(text)]
    if not odd:
        return simplified(text), None
    pieces: list[str] = []
    done = 0
    for at, compatible in odd:
        pieces += (text[done:at], compatible)
        done = at + 1
    folded = simplified("".join((*pieces, text[done:])))
    widths = [(at, len(compatible)) for at, compatible in odd if len(compatible) != 1]
    return folded, widen(widths, len(text)) if widths else None


@cache
def _compatible(character: str) -> str:
    if character in KEPT_PUNCTUATION:
        return character
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return unicodedata.normalize("NFKC", character)


@cache
def _incompatible() -> re.Pattern[str]:
    plane = [chr(c) for c in range(0x20, 0xD800)]
    steady = (a for a, b in zip(plane, _each_compatible(plane), strict=True) if a == b)
    return re.compile(rf"[^{_ranges(steady)}{''.join(KEPT_PUNCTUATION)}\s]")


def _each_compatible(characters: Iterable[str]) -> list[str]:
    """Return the NFKC of each character, in one call for all: a line break lets none join the next."""
    return unicodedata.normalize("NFKC", "\n".join(characters)).split("\n")


def _ranges(characters: Iterable[str]) -> str:
    """Return the inside of a character class for characters in ascending order; parsed 50 times as fast as their list."""
    runs: list[list[int]] = []
    for code in map(ord, characters):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in runs)


def simplified(text: str) -> str:
    """Return the text in simplified script, of the same length (乾坤 stays, 乾淨 becomes 干净)."""
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_simple(character) for character in text)


@cache
def _simple(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


@cache
def _converter():  # type: ignore[no-untyped-def] # opencc has no types
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _calm() -> tuple[str, ...]:
    """The characters of the first plane that normalising neither changes nor drops, white space apart."""
    plane = [chr(c) for c in (*range(0x20, 0xD800), *range(0xE000, 0x10000))]
    converted = _converter().convert("\n".join(plane)).split("\n")
    noise = re.compile(f"[{_INVISIBLE}{_EMOJI}{_TONED}\u0300-\u036f\u20d0-\u20f0<&]")
    return tuple(
        a
        for a, b, c in zip(plane, converted, _each_compatible(plane), strict=True)
        if a in KEPT_PUNCTUATION or (a == b == c and not noise.match(a))
    )


@cache
def _restless() -> re.Pattern[str]:
    # Negated, because a class with signs beyond the first plane loses the table that makes it quick.
    return re.compile(rf"[^{_ranges(_calm())}{SPACE}]")


@cache
def restless() -> str:
    """Return every character of the first plane that normalising could change or drop, white space apart."""
    calm, space = frozenset(_calm()), re.compile(f"[{SPACE}]")
    plane = map(chr, (*range(0xD800), *range(0xE000, 0x10000)))
    return "".join(character for character in plane if character not in calm and not space.match(character))


@cache
def fold(character: str) -> str:
    """Return what normalising makes of one character on its own: nothing for an invisible one, several for ㈱."""
    return "" if _NO_GLYPH.match(character) else simplified(_compatible(character))


def is_restless(text: str, start: int = 0, end: int = maxsize) -> bool:
    """Say whether normalising could change or drop a character of `text[start:end]`, white space apart."""
    return _restless().search(text, start, end) is not None


def holds_noise(text: str) -> bool:
    """Say whether a text holds a gloss, markup or an entity that normalising drops."""
    return _NOISE.search(text) is not None


def is_han(character: str) -> bool:
    """Say whether a character is a Han character, a radical or a sign used like one (々, 〇)."""
    return _ONE_HAN.match(character) is not None
