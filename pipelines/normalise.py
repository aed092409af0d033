"""Turns a text into the form in which it is searched, and keeps the way back to every character of the original."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
SPACE = r"\s\u2800"

# NFKC would turn the punctuation that Chinese sentences are built of into ASCII; rules are written with these signs.
KEPT_PUNCTUATION = frozenset("，．：；？！（）［］…‥～＂＇／、。")

_EMOJI = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\ue000-\uf8ff\U0001f000-\U0001faff"
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
_NOISE = re.compile(
    rf"[(（\[【][{SPACE}]*[{_EMOJI}]+[{SPACE}]*[)）\]】]"  # (🤳) wherever it stands
    rf"|(?<=[{HAN}])[(（][a-zA-Z'’{SPACE}{_TONED}]{{0,40}}[{_TONED}][a-zA-Z'’{SPACE}{_TONED}]{{0,40}}[)）]"  # 會(huì)
    rf"|(?<=[{HAN}])[(（]{_SYLLABLE}[)）](?=[{HAN}])"  # 個(ge)面向: a neutral tone has no mark
    rf"|(?<=[{HAN}])[{SPACE}]*[{_EMOJI}]+[{SPACE}]*(?=[{HAN}])"
    rf"|(?<=[{HAN}])[\u0300-\u036f\u20d0-\u20f0]+"  # struck through, underlined
    rf"|(?<=[{HAN}])[{SPACE}]*(?:</?[a-zA-Z][^<>]{{0,300}}>[{SPACE}]*)+(?=[{HAN}])"  # markup that was escaped twice
    rf"|(?<=[{HAN}])(?:&(?:nbsp|ensp|emsp|thinsp|shy|zwj|zwnj|lrm|rlm|#160|#xa0|#12288|#x3000|#8203|#x200b);?)+(?=[{HAN}])",
    re.IGNORECASE,
)
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
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    gaps: tuple[int, ...] = ()
    breaks: tuple[int, ...] = ()

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original that `text[start:end]` came from, noise inside included."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            here = self.starts[start] if start < len(self.starts) else len(self.source)
            return here, here
        return self.starts[start], self.ends[end - 1]

    def normal_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of `text` that holds every character which came from inside `source[start:end]`."""
        if self.starts is None or self.ends is None:
            return start, end
        first = bisect_left(self.starts, start)
        return first, max(first, bisect_right(self.ends, end))


@lru_cache(maxsize=4)
def normalise(text: str) -> Normalised:
    """Return the searched form of a text; a text that needs nothing costs two scans and is returned as it is."""
    noisy = _needs_work().search(text) is not None
    if not noisy and _GAP_QUICK.search(text) is None:
        return Normalised(text, text)
    kept, positions = text, list(range(len(text)))
    if noisy:
        kept, positions, _ = _without(_NO_GLYPH.finditer(kept), kept, positions)
        kept, positions, _ = _without(_NOISE.finditer(kept), kept, positions)
        kept, positions = _fold(kept, positions)
    kept, positions, gaps = _without(_GAP.finditer(kept), kept, positions)
    breaks = tuple(at for at, space in gaps if "\n" in space or "\r" in space)
    return Normalised(kept, text, positions, [p + 1 for p in positions], tuple(at for at, _ in gaps), breaks)


def _without(
    spans: Iterable[re.Match[str]], text: str, positions: list[int]
) -> tuple[str, list[int], list[tuple[int, str]]]:
    """Cut the spans out of a text and its positions; say where in the result each cut lies and what it held."""
    pieces: list[str] = []
    kept: list[int] = []
    cuts: list[tuple[int, str]] = []
    done = 0
    for span in spans:
        start, end = span.span()
        pieces.append(text[done:start])
        kept.extend(positions[done:start])
        cuts.append((len(kept), span.group()))
        done = end
    if not cuts:
        return text, positions, cuts
    pieces.append(text[done:])
    kept.extend(positions[done:])
    return "".join(pieces), kept, cuts


def _fold(text: str, positions: list[int]) -> tuple[str, list[int]]:
    """Bring each character to NFKC and simplified script; one that becomes several keeps its one place of origin."""
    folded = [_compatible(character) for character in text]
    origins: list[int] = []
    for piece, at in zip(folded, positions, strict=True):
        origins.extend([at] * len(piece))
    return simplified("".join(folded)), origins


@cache
def _compatible(character: str) -> str:
    if character in KEPT_PUNCTUATION:
        return character
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return unicodedata.normalize("NFKC", character)


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
def _needs_work() -> re.Pattern[str]:
    """Match any character that normalising could change or drop, white space apart."""
    plane = [chr(c) for c in (*range(0x20, 0xD800), *range(0xE000, 0x10000))]
    converted = _converter().convert("\n".join(plane)).split("\n")
    noise = re.compile(f"[{_INVISIBLE}{_EMOJI}{_TONED}\u20d0-\u20f0<&]")
    calm = [a for a, b in zip(plane, converted, strict=True) if a == b == _compatible(a) and not noise.match(a)]
    # Negated, because a class with signs beyond the first plane loses the table that makes it quick.
    return re.compile(rf"[^{''.join(map(re.escape, calm))}{''.join(KEPT_PUNCTUATION)}\s]")
