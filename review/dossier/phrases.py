"""New set phrases (提法): what rises beside watched terms, by how often, how freely bounded, and against an earlier window."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import inf
from operator import itemgetter

from sqlalchemy import Connection

from store.queries.contexts import Context, contexts

Window = tuple[date, date]

_SHORTEST, _LONGEST = 4, 16
_HAN = re.compile(r"[\u3400-\u9fff]+")
_EDGE = "|"
_CONTAINED = 0.8
# A set phrase neither begins nor ends with a word that only joins others.
_JOINING = re.compile(r"^[的了和与及或在是等为对将被把而也还就从到]|[的和与及或在是等为对将被把而了]$")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a phrase must do to be shown.

    At least `stories` stories in the window use it, it stands between at least `freedom` different neighbours on either
    side, and it is at least `ratio` times as frequent as before.
    """

    stories: int = 5
    freedom: int = 3
    ratio: float = 3.0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with the stories that use it: now of `of_now`, before of `of_before`; `ratio` is inf when it is new."""

    text: str
    now: int
    of_now: int
    before: int
    of_before: int
    freedom: int

    @property
    def ratio(self) -> float:
        """How many times as frequent as before, by the share of stories that use it."""
        if not self.before or not self.of_before:
            return inf
        return (self.now / self.of_now) / (self.before / self.of_before)


def rising_phrases(
    connection: Connection, terms: Sequence[str], now: Window, before: Window, rules: Rules | None = None
) -> tuple[Phrase, ...]:
    """Return the phrases that rise beside terms from one window of days to another, most used first.

    Counted are stories, not copies; no segmenter decides what a word is. With nothing before, all phrases are new, and
    `of_before` 0 says that there was nothing to compare with.
    """
    return rising(contexts(connection, terms, *now), contexts(connection, terms, *before), rules or Rules())


def rising(now: Sequence[Context], before: Sequence[Context], rules: Rules) -> tuple[Phrase, ...]:
    """Return the phrases that rise from the sentences of `before` to those of `now`."""
    runs, of_now = _runs(now), len({context.story for context in now})
    of_before = len({context.story for context in before})
    counted = _count(runs, rules.stories)
    free = {text: freedom for text, freedom in _freedoms(runs, counted).items() if freedom >= rules.freedom}
    shaped = {text: counted[text] for text in free if not _JOINING.search(text)}
    watched = {context.surface for context in (*now, *before)}
    whole = [text for text in _without_parts(shaped) if not _holds_any(text, watched)]
    earlier = _count_known(_runs(before), set(whole))
    found = [Phrase(text, counted[text], of_now, earlier[text], of_before, free[text]) for text in whole]
    risen = [phrase for phrase in found if phrase.ratio >= rules.ratio]
    return tuple(sorted(risen, key=lambda p: (-p.now, -len(p.text), p.text))[: rules.limit])


Run = tuple[int, str]


def _runs(found: Iterable[Context]) -> list[Run]:
    """Return the runs of Han characters beside the terms, each once a story: the term itself is cut out."""
    runs: set[Run] = set()
    for context in found:
        for part in context.sentence.split(context.surface):
            runs.update((context.story, run) for run in _HAN.findall(part) if len(run) >= _SHORTEST)
    return sorted(runs)


def _count(runs: Sequence[Run], least: int) -> dict[str, int]:
    """Return every phrase that at least so many stories use, with their number.

    Lengths are counted from two characters up, and a longer phrase only where both its shorter parts were frequent
    enough, so both work and memory shrink with each length.
    """
    counted: dict[str, int] = {}
    places: list[_Places] = [(story, run, range(len(run) - 1)) for story, run in runs]
    for length in range(2, _LONGEST + 1):
        frequent = _frequent(places, length, least)
        if length >= _SHORTEST:
            counted |= frequent
        places = list(_longer(places, length, frequent))
    return counted


_Places = tuple[int, str, Sequence[int]]  # story, run, where in the run a phrase of the length in hand may begin


def _frequent(places: Iterable[_Places], length: int, least: int) -> dict[str, int]:
    number: Counter[str] = Counter()
    for _, told in groupby(places, key=itemgetter(0)):
        number.update({run[at : at + length] for _, run, starts in told for at in starts})
    return {text: n for text, n in number.items() if n >= least}


def _longer(places: Iterable[_Places], length: int, frequent: dict[str, int]) -> Iterator[_Places]:
    for story, run, starts in places:
        alive = {at for at in starts if run[at : at + length] in frequent}
        onward = [at for at in alive if at + 1 in alive]
        if onward:
            yield story, run, onward


def _freedoms(runs: Iterable[Run], counted: dict[str, int]) -> dict[str, int]:
    """Return for each phrase the smaller number of different neighbours it has on the left and on the right.

    The edge of a run (a punctuation mark, the term) is as good as a new neighbour each time: a phrase ends there.
    """
    left: defaultdict[str, set[str]] = defaultdict(set)
    right: defaultdict[str, set[str]] = defaultdict(set)
    for number, (_, run) in enumerate(runs):
        for text, at in _occurrences(run, counted):
            left[text].add(run[at - 1] if at else f"{_EDGE}{number}")
            end = at + len(text)
            right[text].add(run[end] if end < len(run) else f"{_EDGE}{number}")
    return {text: min(len(left[text]), len(right[text])) for text in counted}


def _occurrences(run: str, known: "dict[str, int] | set[str]") -> Iterator[tuple[str, int]]:
    for at in range(len(run) - _SHORTEST + 1):
        for end in range(at + _SHORTEST, min(len(run), at + _LONGEST) + 1):
            text = run[at:end]
            if text in known:
                yield text, at
            elif isinstance(known, dict):
                break  # every longer phrase from here would hold this one, which is not frequent


def _without_parts(counted: dict[str, int]) -> list[str]:
    """Return the phrases that are not mostly a part of a longer one."""
    part_of: dict[str, int] = {}
    for text, number in counted.items():
        for length in range(_SHORTEST, len(text)):
            for at in range(len(text) - length + 1):
                part = text[at : at + length]
                part_of[part] = max(part_of.get(part, 0), number)
    return [text for text, number in counted.items() if part_of.get(text, 0) < _CONTAINED * number]


def _count_known(runs: Iterable[Run], known: set[str]) -> Counter[str]:
    return Counter(text for _, text in {(story, text) for story, run in runs for text, _ in _occurrences(run, known)})


def _holds_any(text: str, words: set[str]) -> bool:
    return any(text[at:end] in words for at in range(len(text)) for end in range(at + 2, len(text) + 1))
