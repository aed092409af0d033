"""Says where two texts that look like copies state different facts, or speak of different occasions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from pipelines.cluster import plain

NEARLY_THE_SAME = 0.75

_HAN = "〇零一二两三四五六七八九十百"
_NUMERAL = re.compile(f"[0-9{_HAN}千万亿]+")
# Which one of a series: 第3次, 十四届, 二〇二四年. Plain numbers before 次 count readers; a year with its month dates a page;
# the plain form has no 〇.
_WHICH = re.compile(
    f"(?:第[0-9]{{1,3}}|第?[{_HAN}]+)(?=[届次批期轮])|(?:[0-9]{{1,3}}|[{_HAN}]+)(?=周年)"
    f"|(?:[0-9]{{4}}|[{_HAN}]{{3,4}})(?=年(?![0-9{_HAN}]))"
)
AROUND = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """What one disclosure of a text states, as far as two copies can differ in it; `day` is a full date or None."""

    quote: str
    type: str = "meeting"
    body: str | None = None
    ordinal: int | None = None
    day: str | None = None
    person: str | None = None
    role: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a text says about a body in one sentence: as it stands, in plain form, and the facts."""

    quote: str
    said: str
    facts: tuple[Fact, ...]


def disagreements(ours: Sequence[Fact], theirs: Sequence[Fact]) -> list[tuple[str, str]]:
    """Return pairs of quotes, ours and theirs: nearly the same sentence about the same body, other facts.

    Facts are ordinal, day, person, role and outcome. What a copy leaves out, words or writes differently is no
    disagreement, nor is a date that hangs on the day of the page (昨日, or the bound of a meeting known by its 精神).
    """
    theirs_by_subject = _statements(theirs)
    found = (
        (statement.quote, twin.quote)
        for subject, statements in _statements(ours).items()
        for statement in statements
        if (twin := _twin(statement, theirs_by_subject.get(subject, ()))) and _differ(statement, twin)
    )
    return sorted(found)


def _statements(facts: Iterable[Fact]) -> dict[tuple[str, str], list[Statement]]:
    subjects: dict[tuple[str, str], list[Statement]] = {}
    for (kind, body, said), group in groupby(sorted(facts, key=_place), key=_place):
        told = tuple(group)
        subjects.setdefault((kind, body), []).append(Statement(told[0].quote, said, told))
    return subjects


def _place(fact: Fact) -> tuple[str, str, str]:
    return fact.type, fact.body or "", plain(fact.quote)


def _twin(statement: Statement, others: Sequence[Statement]) -> Statement | None:
    """Return the sentence of the others that is most like this one; None when it stands there word for word."""
    if any(other.said == statement.said for other in others):
        return None
    rated = [(SequenceMatcher(None, statement.said, other.said, autojunk=False).ratio(), other) for other in others]
    ratio, best = max(rated, key=lambda pair: pair[0], default=(0.0, None))
    return best if ratio >= NEARLY_THE_SAME else None


def _differ(ours: Statement, theirs: Statement) -> bool:
    names = ["ordinal", "person", "role", "outcome"]
    if _NUMERAL.findall(ours.said) != _NUMERAL.findall(theirs.said):
        names.append("day")
    return any(_exclude(_values(ours, name), _values(theirs, name)) for name in names)


def _exclude(ours: set[object], theirs: set[object]) -> bool:
    return bool(ours - theirs) and bool(theirs - ours)


def _values(statement: Statement, name: str) -> set[object]:
    return {getattr(fact, name) for fact in statement.facts} - {None}


def is_another_occasion(one: str, other: str) -> bool:
    """Say whether two plain texts fill the same words with another number of a series (…将发表二〇二四年新年贺词).

    So do the announcements of every year and of every session, which are otherwise alike word for word.
    """
    ours, theirs = _occasions(one), _occasions(other)
    return any(not ours[words] & theirs[words] for words in ours.keys() & theirs.keys())


def _occasions(said: str) -> dict[tuple[str, str], set[str]]:
    occasions: dict[tuple[str, str], set[str]] = {}
    for found in _WHICH.finditer(said):
        start, end = found.span()
        words = said[max(0, start - AROUND) : start], said[end : end + AROUND]
        occasions.setdefault(words, set()).add(found.group().removeprefix("第"))
    return occasions
