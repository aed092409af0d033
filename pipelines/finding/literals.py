"""The literals of a term file, and what each of them can mean when it stands in a text."""

from dataclasses import dataclass
from typing import Any

from pipelines.finding.navigation import MARKERS
from pipelines.normalise import normalise
from pipelines.terms import FalseFriend, Term, Terms, compile_regex

IDLE, CLOSER = object(), object()


@dataclass(slots=True)
class Uses:
    """What one literal can be."""

    name: Term | None = None
    weak: Term | None = None
    bare: tuple[Term, ...] = ()
    friends: tuple[FalseFriend, ...] = ()
    patterns: tuple[tuple[Any, Term | FalseFriend], ...] = ()
    marker: bool = False

    @property
    def makes_place(self) -> bool:
        """True when the literal by itself is a form of some term."""
        return bool(self.name or self.weak or self.bare)

    @property
    def is_only_anchor(self) -> bool:
        """True when the literal only shows where a pattern is to be tried."""
        return not (self.makes_place or self.friends or self.marker)


class Rank:
    """Sorts literals by what their bare presence in a text means."""

    def __init__(self, terms: Terms) -> None:
        self._friends_of = {term for friend in terms.false_friends for term in friend.of}
        self._combined = {
            term
            for combination in terms.combinations
            if combination.watch
            for term in (*combination.all, *combination.any)
        }

    def of(self, use: Uses) -> Term | object:
        """Return the term itself when its presence is a hit without conditions, IDLE when the literal alone means
        nothing (the word 上一篇, a false friend that is not kept, an unwatched term), else CLOSER.
        """
        entries = [entry for _, entry in use.patterns]
        friends = (*use.friends, *(entry for entry in entries if isinstance(entry, FalseFriend)))
        terms = [term for term in (use.name, use.weak, *use.bare, *entries) if isinstance(term, Term)]
        watched = [term for term in terms if term.watch or term.id in self._combined]
        if not watched:
            return CLOSER if any(friend.keep for friend in friends) else IDLE
        return watched[0] if terms == [use.name] and not friends and self._is_free(watched[0]) else CLOSER

    def _is_free(self, term: Term) -> bool:
        conditions = term.place or term.requires or term.excludes or term.valid or term.joins
        return not conditions and term.id not in self._friends_of and term.id not in self._combined


def literals(terms: Terms) -> dict[str, Uses]:
    """Return every literal that can make a place, a false friend or a marker of navigation, with what it can be."""
    uses: dict[str, Uses] = {}

    def of(form: str) -> Uses:
        return uses.setdefault(normalise(form).text, Uses())

    for term in terms.terms:
        for form in term.forms:
            of(form).name = term
        for form in term.weak:
            of(form).weak = term
        for form in term.bare:
            of(form).bare += (term,)
    for friend in terms.false_friends:
        for form in friend.forms:
            of(form).friends += (friend,)
    entries: tuple[Term | FalseFriend, ...] = (*terms.terms, *terms.false_friends)
    for entry in entries:
        for pattern in entry.patterns:
            of(pattern.anchor).patterns += ((compile_regex(pattern.find), entry),)
    for marker in MARKERS:
        of(marker).marker = True
    return uses
