"""The places in a text where a form stands, before they are labelled: one automaton, the longest form wins."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

from pipelines.finding.alarms import Alarms
from pipelines.finding.literals import CLOSER, IDLE, Rank, Uses, literals
from pipelines.finding.localities import attached_start
from pipelines.finding.scanner import Scanner
from pipelines.finding.spans import Spans
from pipelines.normalise import is_restless
from pipelines.terms import FalseFriend, Term, Terms

LONGEST_MATCH = 200  # characters of text that one match of a regular expression may span
BESIDE = 8  # characters beside a place in which a word could begin or end that runs over its edge


@dataclass(frozen=True, slots=True)
class Place:
    """A form of a term at `text[start:end]` of the normalised text.

    `weak` marks an everyday form; `choices` is set for a bare form, which may belong to any of several terms.
    """

    start: int
    end: int
    term: Term
    weak: bool = False
    choices: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A false friend at `text[start:end]` of the normalised text."""

    start: int
    end: int
    friend: FalseFriend


@dataclass(frozen=True, slots=True)
class Sightings:
    """Everything that stands in a text: the longest forms in order, the false friends, the marker words of navigation."""

    places: tuple[Place, ...]
    lookalikes: Spans[Lookalike]
    markers: tuple[int, ...]


ALARM = object()


class Automaton:
    """All literals of a term file, with what each of them can be: one automaton over the bytes of any text that tells
    whether a closer look is needed, one over the characters of a normalised text for that look.
    """

    def __init__(self, terms: Terms) -> None:
        uses = literals(terms)
        self._uses = list(uses.values())
        self._plain = [use.name if not (use.patterns or use.friends) else None for use in self._uses]
        self._anchors = [index for index, use in enumerate(self._uses) if use.patterns]
        self._only_anchors = {index for index in self._anchors if self._uses[index].is_only_anchor}
        self._search = AhoCorasick(list(uses), implementation=Implementation.DFA).find_matches_as_indexes
        rank = Rank(terms)
        ranks = {literal: rank.of(use) for literal, use in uses.items()}
        telling = [literal for literal, what in ranks.items() if what is not IDLE]
        self._alarms = Alarms(telling)
        self._literals = tuple(ranks)
        self._ranks: tuple[Any, ...] = (*ranks.values(), *([ALARM] * len(self._alarms.patterns)))
        patterns = (*(literal.encode() for literal in ranks), *self._alarms.patterns)
        self._lengths = tuple(map(len, patterns))
        self._scan = Scanner(patterns, {index for index, what in enumerate(self._ranks) if what is CLOSER})

    def as_it_stands(self, text: str) -> list[tuple[int, int, Term]] | None:
        """Return the places of terms in a text as it stands; None when only a closer look at its normal form can tell.

        The places are (start, end, term) of terms without conditions, the longest forms, in order. None: something in
        the text can hide a literal or change what stands beside one, or a literal has conditions.
        """
        encoded = text.encode("utf-8", "surrogatepass")
        endings = self._scan(encoded)
        if not endings:
            return []
        ranks, lengths = self._ranks, self._lengths
        named: list[tuple[int, int, int]] = []
        idle = False
        for index, end in endings:
            what = ranks[index]
            if what is ALARM:
                if self._alarms.rings(encoded, end - lengths[index], end):
                    return None
            elif what is CLOSER:
                return None
            elif what is IDLE:
                idle = True
            else:
                named.append((end - lengths[index], end, index))
        if not named:
            return []
        return None if idle else self._places_in(text, named)

    def _places_in(self, text: str, matches: list[tuple[int, int, int]]) -> list[tuple[int, int, Term]] | None:
        if len(matches) > 1:
            matches.sort(key=_outermost_bytes_first)
        places: list[tuple[int, int, Term]] = []
        furthest = start = end = 0
        for _, last, index in matches:
            if last <= furthest:
                continue
            furthest = last
            literal = self._literals[index]
            # The first that ends behind the place before is this one: what ends earlier lies inside that place.
            start = text.index(literal, max(start, end - len(literal) + 1))
            end = start + len(literal)
            if is_restless(text, max(0, start - BESIDE), end + BESIDE):
                return None
            places.append((start, end, self._ranks[index]))
        return places

    def sightings(self, text: str) -> Sightings | None:
        """Return what stands in a normalised text; None when no literal does."""
        matches = self._search(text, overlapping=True)
        if not matches:
            return None
        places: list[Place] = []
        lookalikes: list[Lookalike] = []
        markers: list[int] = []
        windows: dict[int, list[list[int]]] = {index: [] for index in self._anchors}
        for index, start, end in matches:
            if (term := self._plain[index]) is not None:
                places.append(_place(text, start, end, term))
                continue
            if index in windows:
                _widen(windows[index], start, end)
                if index in self._only_anchors:
                    continue
            use = self._uses[index]
            if use.marker:
                markers.append(start)
            if use.makes_place:
                places.extend(_places_of(use, text, start, end))
            for friend in use.friends:
                lookalikes.append(Lookalike(start, end, friend))
        for index, around in windows.items():
            for regex, entry in self._uses[index].patterns:
                for first, last in _matches(regex, text, around):
                    if isinstance(entry, Term):
                        places.append(_place(text, first, last, entry))
                    else:
                        lookalikes.append(Lookalike(first, last, entry))
        return Sightings(longest(places), Spans(lookalikes), tuple(markers))


def _place(text: str, start: int, end: int, term: Term) -> Place:
    return Place(attached_start(text, start, end) if term.place else start, end, term)


def _places_of(use: Uses, text: str, start: int, end: int) -> Iterator[Place]:
    if use.name:
        yield _place(text, start, end, use.name)
    if use.weak:
        yield Place(start, end, use.weak, weak=True)
    if use.bare:
        yield Place(start, end, use.bare[0], choices=use.bare)


def _widen(windows: list[list[int]], start: int, end: int) -> None:
    """Take the surroundings of an anchor into the last of some windows, or into a new one behind it."""
    if windows and start - LONGEST_MATCH <= windows[-1][1]:
        windows[-1][1] = end + LONGEST_MATCH
    else:
        windows.append([max(0, start - LONGEST_MATCH), end + LONGEST_MATCH])


def _matches(regex: Any, text: str, windows: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield the matches of a pattern around its anchors; every character is looked at once, however many anchors."""
    for low, high in windows:
        for match in regex.finditer(text[low:high]):
            yield low + match.start(), low + match.end()


def longest(places: Iterable[Place]) -> tuple[Place, ...]:
    """Keep one place where several cover the same span, and none that lies inside a longer one; in order of the text."""
    kept: list[Place] = []
    furthest = -1
    for place in sorted(places, key=_outermost_first):
        if place.end > furthest:
            kept.append(place)
            furthest = place.end
    return tuple(kept)


def _outermost_first(place: Place) -> tuple[int, int, bool]:
    return place.start, -place.end, bool(place.choices) or place.weak


def _outermost_bytes_first(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[0], -match[1]
