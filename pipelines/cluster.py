"""Finds the same story on other sites: how much of one text stands in another, in one run or piece by piece."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from math import log

from pipelines.normalise import normalise

# Eight characters are about four words: long enough that set phrases of officialdom alone do not make two texts alike.
WIDTH = 8
SAMPLE = 16
SAMPLE_OF_A_LINE = 4
# Whole, cut, re-titled, converted and damaged copies keep two thirds and more of the smaller text in one run, menus and
# captions of their page included; reports of one event by two hands, and pages pieced together from one report, keep
# about a third (measured on our labelled texts). Formulas fill half of a short announcement, so it must be more alike.
ALIKE = 0.55
# A text of a line or two (应…邀请，…将于…进行国事访问) is a formula with a name in it: it is a copy only word for word.
LINE = 100
SHORT = 250
SHORT_ALIKE = 0.75

_SAID = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")

Weighed = Sequence[tuple[str, float]]


def plain(text: str) -> str:
    """Return what a text says without script, white space and punctuation: the form that copies share."""
    return "".join(_SAID.findall(normalise(text).text)).lower()


def shingles(said: str) -> frozenset[int]:
    """Return the hashes (63 bits) of a sampled part of the eight-character pieces of a plain text.

    A piece is sampled by its own hash, one in SAMPLE, so two texts sample the same pieces; a text shorter than a piece is
    one piece. Of a text of a line or two, one in SAMPLE_OF_A_LINE is kept, those sampled elsewhere among them. They serve
    to find candidates, and to know how common a passage is.
    """
    sample = SAMPLE_OF_A_LINE if len(said) < LINE else SAMPLE
    return frozenset(_hash(piece) for piece in _pieces(said) if _is_sampled(piece, sample))


def _pieces(said: str) -> Iterator[bytes]:
    wide = said.encode("utf-32-le")
    return (wide[start : start + 4 * WIDTH] for start in range(0, max(1, len(wide) - 4 * (WIDTH - 1)), 4))


def _is_sampled(piece: bytes, sample: int = SAMPLE) -> bool:
    return zlib.crc32(piece) % sample == 0


def name_mark(kind: str, name: str) -> int:
    """Return a mark for a name of a document that can stand among its pieces: pieces are positive, marks negative."""
    return -1 - _hash(f"{kind} {name}".encode())


def _hash(piece: bytes) -> int:
    return int.from_bytes(blake2b(piece, digest_size=8).digest(), "big") >> 1


def weights(counts: Mapping[int, int], documents: int) -> dict[int, float]:
    """Return the weight of each sampled piece, given in how many of `documents` texts it stands: rare ones say most.

    What stands in every hundredth text is boilerplate and weighs little. A small store is taken for a thousand texts, or
    the first reprints would make their own story look like boilerplate.
    """
    total = max(documents, 1000) + 1
    return {piece: log(total / max(1, count)) for piece, count in counts.items()}


def weighed(said: str, weight: Mapping[int, float]) -> Weighed:
    """Return every piece of a plain text, in order, with its weight.

    Only sampled pieces are counted; one between them weighs what the last one before it does, for boilerplate comes in
    sentences. Without any counted piece all weigh the same.
    """
    known = [weight.get(_hash(piece)) if _is_sampled(piece) else None for piece in _pieces(said)]
    last = next((value for value in known if value is not None), 1.0)
    filled: list[float] = []
    for value in known:
        last = last if value is None else value
        filled.append(last)
    return [(said[start : start + WIDTH], value) for start, value in enumerate(filled)]


def containment(one: Weighed, other: Weighed) -> float:
    """Return how much of the smaller text stands in the other, wherever it stands there: 0 to 1, by weight.

    Not the share of both together (Jaccard), for a copy cut off after two paragraphs is a copy still.
    """
    smaller, larger = sorted((dict(one), dict(other)), key=lambda text: sum(text.values()))
    whole = sum(smaller.values())
    return sum(smaller[piece] for piece in smaller.keys() & larger.keys()) / whole if whole else 0.0


def likeness_wanted(characters: int) -> float:
    """Return how much of a plain text of so many characters must stand in another in one run to make it a copy."""
    return SHORT_ALIKE if characters < SHORT else ALIKE


def in_one_run(one: Weighed, other: Weighed) -> float:
    """Return how much of the smaller text stands in the larger as one run: 0 to 1, by weight.

    Pieces of the larger text inside the run that the smaller one lacks count against it. So a copy may be cut off, or
    lose a sentence; a page put together from passages here and there is no copy of the report that they come from.
    """
    smaller, larger = sorted((dict(one), dict(other)), key=lambda text: sum(text.values()))
    whole = sum(smaller.values())
    return _best_run(larger.items(), smaller) / whole if whole else 0.0


def _best_run(larger: Iterable[tuple[str, float]], smaller: Mapping[str, float]) -> float:
    best = run = 0.0
    for piece, value in larger:
        run = max(0.0, run + (value if piece in smaller else -value))
        best = max(best, run)
    return min(best, sum(smaller.values()))
