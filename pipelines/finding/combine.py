"""Reads terms together: combinations of terms in one text, and how much a text weighs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.finding.spans import HasSpan, Spans
from pipelines.terms import Combination, Term, Terms

LIGHT = 3  # a term of this weight or less carries no text alone, it counts only beside a heavier one


class Found(HasSpan, Protocol):
    """A labelled place of a term: `why` is empty when it is confirmed."""

    @property
    def term(self) -> Term:
        """The term that was found."""

    @property
    def why(self) -> str:
        """Why the place is suspect."""


@dataclass(frozen=True, slots=True)
class Together:
    """A combination at the span from its first to its last member; without `near`, at its first member."""

    start: int
    end: int
    combination: Combination


def combined(finds: Sequence[Found], combinations: Iterable[Combination]) -> Iterator[Together]:
    """Yield each combination that the confirmed places of a text make, once, at the first place where they do."""
    by_term: dict[str, list[Found]] = {}
    for find in finds:
        if not find.why:
            by_term.setdefault(find.term.id, []).append(find)
    places = {term: Spans(found) for term, found in by_term.items()}
    for combination in combinations:
        if together := _first(combination, places):
            yield together


def _first(combination: Combination, places: Mapping[str, Spans[Found]]) -> Together | None:
    leading, *others = [(member,) for member in combination.all] + ([combination.any] if combination.any else [])
    for anchor in (find for member in leading if member in places for find in places[member].in_order):
        members = [_nearest(anchor, choice, combination.near, places) for choice in others]
        met = [anchor, *(member for member in members if member)]
        if len(met) == len(others) + 1:
            span = met if combination.near else [anchor]
            return Together(min(f.start for f in span), max(f.end for f in span), combination)
    return None


def _nearest(
    anchor: Found, choice: Sequence[str], near: int | None, places: Mapping[str, Spans[Found]]
) -> Found | None:
    candidates = (places[member].nearest(anchor) for member in choice if member in places)
    best = min((found for found in candidates if found), key=lambda found: found[1], default=None)
    return best[0] if best and (near is None or best[1] <= near) else None


def weight(finds: Sequence[Found], terms: Terms) -> int:
    """Return how much a text weighs, 0 to 10: its heaviest confirmed term or combination; light ones carry none."""
    weights = [find.term.weight for find in finds if not find.why]
    weights += [together.combination.weight for together in combined(finds, terms.combinations)]
    heaviest = max(weights, default=0)
    return heaviest if heaviest > LIGHT else 0
