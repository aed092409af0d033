"""What the tests of finding share: the bundled finder, short calls, lists of plain terms, noise."""

import random
from functools import cache

from crawler.items import Hit, Provenance
from pipelines.match import Finder, find_hits
from pipelines.terms import Term, Terms, load_terms
from store.config import bundled

NOISE = (" ", "\n", "\u3000", "\xa0", "\u200b", "\xad", "(🤳)", "🐢", "<b>", "&nbsp;", "\u200b\n")


@cache
def bundled_finder() -> Finder:
    return Finder(load_terms(bundled("keywords.yml")))


def hits(text: str, provenance: Provenance | None = None) -> tuple[Hit, ...]:
    return find_hits(text, bundled_finder(), provenance or Provenance())


def confirmed(text: str, provenance: Provenance | None = None) -> list[tuple[str, str]]:
    return [(hit.term, hit.surface) for hit in hits(text, provenance) if hit.status == "confirmed"]


def plain_terms(words: list[str]) -> Terms:
    return Terms(
        terms=tuple(
            Term(id=f"t{number}", canonical=word, gloss=word, kind="body", weight=1, confirm=True)
            for number, word in enumerate(words)
        )
    )


def scattered(word: str, chance: random.Random) -> str:
    """Return a word with noise at some of its inner edges."""
    return word[0] + "".join(
        (chance.choice(NOISE) if chance.random() < 0.3 else "") + character for character in word[1:]
    )
