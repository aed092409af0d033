"""Says what changed between two readings of a page and how much it matters, worded as an observation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log10

from store.sentences import align, sentences

LONGEST_QUOTED = 60
MUCH_SHORTER = 0.8
TERM_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Told:
    """One reading of a page: its text, the terms in it, the quotes of its disclosures, the addresses it links to."""

    text: str
    terms: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def priority(before: Told, after: Told) -> float:
    """Return how much a change deserves a look, 0 to 1, by EDGI's formula with the watched terms as term weight.

    The sum of: share of text changed on a logarithmic curve x 0.65; watched terms added or removed, 0.05 each up to 0.4;
    the longest unbroken run of changed text, 100 to 600 characters, up to 0.35; share of links changed x 0.3. Ours: a quote of
    a disclosure that went or came has the whole weight of the terms, however few characters it took.
    """
    gone, come = _changed(before.text, after.text)
    changed = sum(map(len, gone)) + sum(map(len, come))
    share = changed / max(1, len(before.text) + len(after.text))
    touched = any(_quotes_gone(before, after)) or any(_quotes_gone(after, before))
    terms = TERM_WEIGHT if touched else min(TERM_WEIGHT, 0.05 * _difference(before.terms, after.terms))
    run = min(1.0, max(0, _longest_run(before.text, after.text) - 100) / 500)
    links = _difference(before.links, after.links) / max(1, len(before.links) + len(after.links))
    return min(1.0, 0.65 * _curve(share) + terms + 0.35 * run + 0.3 * _curve(links))


def observation(before: Told, after: Told) -> str:
    """Return one sentence that says what a reader would see, naming a watched passage where one was touched."""
    gone, come = _quotes_gone(before, after), _quotes_gone(after, before)
    parts = [f"no longer says “{_short(quote)}”" for quote in gone[:1]] + [
        f"now says “{_short(quote)}”" for quote in come[:1]
    ]
    if parts:
        return "the page was edited in a watched passage: it " + " and ".join(parts) + _shortening(before, after)
    if Counter(before.terms) != Counter(after.terms):
        lost, won = Counter(before.terms) - Counter(after.terms), Counter(after.terms) - Counter(before.terms)
        named = [f"names {term} less often" for term in lost] + [f"names {term} more often" for term in won]
        return "the page was edited: it " + " and ".join(sorted(named)) + _shortening(before, after)
    if before.text == after.text:
        return "a field of the page was edited (title, date, issuer, number or attachments); its text was not"
    return "the page was edited; no watched passage was touched" + _shortening(before, after)


def _quotes_gone(before: Told, after: Told) -> list[str]:
    return [quote for quote in before.quotes if quote not in after.text]


def _shortening(before: Told, after: Told) -> str:
    old, new = len(before.text), len(after.text)
    return f"; it has {new} characters where it had {old}" if new < MUCH_SHORTER * old else ""


def _changed(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = Counter(sentences(before)), Counter(sentences(after))
    return list((old - new).elements()), list((new - old).elements())


def _longest_run(before: str, after: str) -> int:
    changed = (stretch for stretch in align(before, after) if stretch.kind == "changed")
    return max((max(len("".join(stretch.old)), len("".join(stretch.new))) for stretch in changed), default=0)


def _difference(before: Iterable[str], after: Iterable[str]) -> int:
    old, new = Counter(before), Counter(after)
    return sum(((old - new) + (new - old)).values())


def _curve(share: float) -> float:
    """Map 0..1 to 0..1 so that the first few per cent count most."""
    return log10(1 + 9 * min(1.0, share))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else text[: LONGEST_QUOTED - 1] + "…"
