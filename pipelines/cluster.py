"""Finds the same story on other sites: how much of one text stands in another, in one run or piece by piece."""

import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from math import log

from pipelines.normalise import normalise

# Eight characters are about four words: long enough that set phrases of officialdom alone do not make two texts alike.
WIDTH = 8
SAMPLE = 8
# Whole, cut, re-titled, converted and damaged copies keep two thirds and more of the smaller text in one run, menus and
# captions of their page included; reports of one event by two hands, and pages pieced together from one report, keep
# about a third (measured on our labelled texts). Formulas fill half of a short announcement, so it must be more alike.
ALIKE = 0.55
SHORT = 250
SHORT_ALIKE = 0.75

_SAID = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")


def plain(text: str) -> str:
    """Return what a text says without script, white space and punctuation: the form that copies share."""
    return "".join(_SAID.findall(normalise(text).text)).lower()


def pieces(said: str, sample: int = SAMPLE) -> tuple[int, ...]:
    """Return the hashes (63 bits) of a sampled part of the eight-character pieces of a plain text, in its order.

    A piece is sampled by its own hash, one in `sample`, so two texts sample the same pieces; a text shorter than a piece
    is one piece.
    """
    wide = said.encode("utf-32-le")
    cut = (wide[start : start + 4 * WIDTH] for start in range(0, max(1, len(wide) - 4 * (WIDTH - 1)), 4))
    return tuple(_hash(piece) for piece in cut if zlib.crc32(piece) % sample == 0)


def shingles(said: str, sample: int = SAMPLE) -> frozenset[int]:
    """Return the sampled pieces of a plain text without their order."""
    return frozenset(pieces(said, sample))


def name_mark(kind: str, name: str) -> int:
    """Return a mark for a name of a document that can stand among its pieces: pieces are positive, marks negative."""
    return -1 - _hash(f"{kind} {name}".encode())


def _hash(piece: bytes) -> int:
    return int.from_bytes(blake2b(piece, digest_size=8).digest(), "big") >> 1


def weights(counts: Mapping[int, int], documents: int) -> dict[int, float]:
    """Return the weight of each piece, given in how many of `documents` texts it stands: rare ones say most.

    What stands in every hundredth text is boilerplate and weighs little. A small store is taken for a thousand texts, or
    the first reprints would make their own story look like boilerplate.
    """
    total = max(documents, 1000) + 1
    return {piece: log(total / max(1, count)) for piece, count in counts.items()}


def containment(one: Collection[int], other: Collection[int], weight: Mapping[int, float]) -> float:
    """Return how much of the smaller text stands in the other, wherever it stands there: 0 to 1, by weight.

    Not the share of both together (Jaccard), for a copy cut off after two paragraphs is a copy still.
    """
    ours, theirs = frozenset(one), frozenset(other)
    smaller = min(_weight(ours, weight), _weight(theirs, weight))
    return _weight(ours & theirs, weight) / smaller if smaller else 0.0


def likeness_wanted(characters: int) -> float:
    """Return how much of a plain text of so many characters must stand in another in one run to make it a copy."""
    return SHORT_ALIKE if characters < SHORT else ALIKE


def in_one_run(one: Sequence[int], other: Sequence[int], weight: Mapping[int, float]) -> float:
    """Return how much of the smaller text stands in the larger as one run: 0 to 1, by weight.

    Pieces of the larger text inside the run that the smaller one lacks count against it. So a copy may be cut off, or
    lose a sentence; a page put together from passages here and there is no copy of the report that they come from.
    """
    smaller, larger = sorted((one, other), key=lambda text: _weight(frozenset(text), weight))
    whole = _weight(frozenset(smaller), weight)
    return _best_run(larger, frozenset(smaller), weight) / whole if whole else 0.0


def _best_run(larger: Sequence[int], held: frozenset[int], weight: Mapping[int, float]) -> float:
    best = run = 0.0
    seen: set[int] = set()
    for piece in larger:
        if piece in seen:
            continue
        seen.add(piece)
        run = max(0.0, run + (weight.get(piece, 0.0) if piece in held else -weight.get(piece, 0.0)))
        best = max(best, run)
    return best


def _weight(held: Iterable[int], weight: Mapping[int, float]) -> float:
    return sum(weight.get(piece, 0.0) for piece in held)
