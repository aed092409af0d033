"""Which section of a dossier a statement belongs to; one statement can belong to several."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from review.dossier.reference import SECTIONS, SectionName
from review.dossier.roster import names_a_class
from review.dossier.spans import when_said
from store.queries.dossier import Statement

_CHAIN = re.compile(r"(?:报请|提请|呈请|呈报|上报|提交|报送|报).{0,24}?(?:审议|审定|审批|批准|审核|审查)")
_FUND = "fund"
_PLACES: dict[str, SectionName] = {
    "membership": "members",
    "establishment": "office",
    "coordination": "office",
    "document": "office",
    "meeting": "cadence",
    "approval": "approvals",
    "funding": "spending",
    "slogan": "slogans",
    "mention": "slogans",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in a section; `newer` when its fact (or, undated, its page) is later than the claims were written."""

    statement: Statement
    newer: bool


@dataclass(frozen=True, slots=True)
class Section:
    """What was disclosed for one section: what an analyst accepted and, apart, what the machine found; newest first."""

    name: SectionName
    accepted: tuple[Entry, ...]
    machine: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Both, the accepted first."""
        return (*self.accepted, *self.machine)


Words = Mapping[SectionName, Sequence[str]]


def sort_into_sections(
    said: Iterable[Statement], local: Iterable[Statement], words: Words, written: date
) -> tuple[Section, ...]:
    """Return the eight sections with the statements about a body and, in `provincial`, those about local commissions.

    A slogan of a local commission stands in both. Copies of one story that say the same are one entry, the origin's.
    """
    placed: defaultdict[SectionName, list[Statement]] = defaultdict(list)
    for statement in said:
        for name in sections_of(statement, words):
            placed[name].append(statement)
    placed["provincial"] = list(local)
    return tuple(_section(name, placed[name], written) for name in SECTIONS)


def sections_of(statement: Statement, words: Words) -> tuple[SectionName, ...]:
    """Return the sections of a statement about the body itself: by its type, then by the words of its quote."""
    disclosure = statement.disclosure
    if disclosure.type == "slogan":
        return ("slogans",)
    by_words = [
        name
        for name, marks in words.items()
        if any(mark in disclosure.quote or mark in (disclosure.object or "") for mark in marks)
    ]
    first: SectionName = _PLACES.get(disclosure.type, "slogans")
    if disclosure.type == "mention" and (disclosure.capacity or names_a_class(disclosure.quote)):
        first = "members"
    elif disclosure.type == "mention" and by_words:
        return tuple(by_words)
    elif disclosure.type == "coordination" and _CHAIN.search(disclosure.quote):
        first = "approvals"
    if disclosure.object_kind == _FUND and disclosure.type != "funding":
        by_words.append("spending")
    return tuple(dict.fromkeys([first, *by_words]))


def day_of_fact(statement: Statement) -> date:
    """Return the day that decides whether a statement is newer than a text: of the fact, else of the page."""
    return when_said(statement).earliest or statement.published


def _section(name: SectionName, said: Iterable[Statement], written: date) -> Section:
    single = _without_copies(said)
    ordered = sorted(single, key=lambda s: (day_of_fact(s), s.published, s.disclosure.id), reverse=True)
    entries = [Entry(statement, day_of_fact(statement) > written) for statement in ordered]
    accepted, machine = (tuple(e for e in entries if e.statement.accepted is wanted) for wanted in (True, False))
    return Section(name, accepted, machine)


def _without_copies(said: Iterable[Statement]) -> list[Statement]:
    """Return one statement for each fact of a story: an accepted one, else the origin's, else the one found first."""
    facts: dict[tuple[object, ...], Statement] = {}
    for statement in sorted(said, key=lambda s: (not s.accepted, s.is_copy, s.disclosure.id)):
        d = statement.disclosure
        date_told = None if d.date_precision == "before" else d.date
        who_and_what = (d.type, d.body, d.person, d.role, d.object, d.ordinal, d.outcome)
        plain = d.quote if d.type == "mention" else None
        facts.setdefault((statement.story, *who_and_what, date_told, plain), statement)
    return list(facts.values())
