"""Finds the same story on other sites, by what two texts share, and says where copies disagree on facts."""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from math import log

from pipelines.normalise import normalise

# Eight characters are about four words: long enough that set phrases of officialdom alone do not make two texts alike.
WIDTH = 8
SAMPLE = 4
ALIKE = 0.7
NEARLY_THE_SAME = 0.75

_SAID = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_NUMERAL = re.compile(r"[0-9〇零一二两三四五六七八九十百千万亿]+")


def plain(text: str) -> str:
    """Return what a text says without script, white space and punctuation: the form that copies share."""
    return "".join(_SAID.findall(normalise(text).text)).lower()


def shingles(said: str, sample: int = SAMPLE) -> frozenset[int]:
    """Return the hashes (63 bits) of a sampled part of the eight-character pieces of a plain text.

    A piece is sampled by its own hash, one in `sample`, so two texts sample the same pieces; a text shorter than a piece
    is one piece.
    """
    wide = said.encode("utf-32-le")
    pieces = (wide[start : start + 4 * WIDTH] for start in range(0, max(1, len(wide) - 4 * (WIDTH - 1)), 4))
    return frozenset(_hash(piece) for piece in pieces if zlib.crc32(piece) % sample == 0)


def _hash(piece: bytes) -> int:
    return int.from_bytes(blake2b(piece, digest_size=8).digest(), "big") >> 1


def weights(counts: Mapping[int, int], documents: int) -> dict[int, float]:
    """Return the weight of each shingle, given in how many of `documents` texts it stands: rare ones say most.

    What stands in every hundredth text is boilerplate and weighs little. A small store is taken for a thousand texts, or
    the first reprints would make their own story look like boilerplate.
    """
    total = max(documents, 1000) + 1
    return {piece: log(total / max(1, count)) for piece, count in counts.items()}


def containment(one: frozenset[int], other: frozenset[int], weight: Mapping[int, float]) -> float:
    """Return how much of the smaller text stands in the other, 0 to 1, by weight; 0 when either is empty.

    Not the share of both together (Jaccard), for a copy cut off after two paragraphs is a copy still.
    """
    smaller = min(_weight(one, weight), _weight(other, weight))
    return _weight(one & other, weight) / smaller if smaller else 0.0


def _weight(pieces: Iterable[int], weight: Mapping[int, float]) -> float:
    return sum(weight.get(piece, 0.0) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Fact:
    """What one disclosure of a text states, as far as two copies can differ in it."""

    quote: str
    person: str | None = None
    ordinal: int | None = None
    date: str | None = None
    outcome: str | None = None


def disagreements(ours: Sequence[Fact], theirs: Sequence[Fact]) -> list[tuple[str, str]]:
    """Return pairs of quotes, ours and theirs, that are nearly the same sentence and state different facts.

    What a copy leaves out is no disagreement; another number, person, date or outcome in the same sentence is one.
    """
    mine, others = _by_quote(ours), _by_quote(theirs)
    found: list[tuple[str, str]] = []
    for said in mine.keys() - others.keys():
        twin = _twin(said, others.keys() - mine.keys())
        if twin is not None and _differ(said, mine[said], twin, others[twin]):
            found.append((mine[said][0].quote, others[twin][0].quote))
    return sorted(found)


def _by_quote(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(plain(fact.quote), []).append(fact)
    return groups


def _twin(said: str, others: Iterable[str]) -> str | None:
    rated = ((SequenceMatcher(None, said, other, autojunk=False).ratio(), other) for other in others)
    best = max(rated, default=(0.0, ""))
    return best[1] if best[0] >= NEARLY_THE_SAME else None


def _differ(said: str, ours: Sequence[Fact], twin: str, theirs: Sequence[Fact]) -> bool:
    if _NUMERAL.findall(said) != _NUMERAL.findall(twin):
        return True
    return any(_values(ours, name) != _values(theirs, name) for name in ("person", "ordinal", "date", "outcome"))


def _values(facts: Sequence[Fact], name: str) -> set[object]:
    return {getattr(fact, name) for fact in facts}
