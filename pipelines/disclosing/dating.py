"""Says when the fact of a match took place: in its sentence, with the event told, by a dated document, or unknown."""

from dataclasses import dataclass
from typing import Any

import re2

from pipelines.disclosing.clauses import Span, clause_around
from pipelines.disclosing.dates import Moment
from pipelines.disclosing.marks import Marked, Mention
from pipelines.disclosing.moments import Calendar, as_bound
from pipelines.disclosing.patterns import group_span
from pipelines.disclosing.rule_entries import RulesFile
from pipelines.finding.bodies import Body
from pipelines.rules import Pattern

_PASSED_ON = re2.compile(r"传达|学习|贯彻|领会|宣讲|宣传|落实")
_SPIRIT = re2.compile(r"精神|部署|要求")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read one sentence: its marks, the dates of the text, the rules.

    `told` is the day of the event that the text reports, `day` that or else the day of publication.
    """

    marked: Marked
    calendar: Calendar
    file: RulesFile
    told: Moment | None
    day: Moment | None

    @property
    def source(self) -> tuple[int, int]:
        """The span of the sentence in the original text."""
        return self.marked.source_span(0, len(self.marked.text))


@dataclass(frozen=True, slots=True)
class Case:
    """One match of one pattern in one sentence."""

    pattern: Pattern
    match: Any
    reading: Reading
    mention: Mention | None
    span: Span

    def group(self, name: str) -> str | None:
        value: str | None = self.match.groupdict().get(name)
        return value

    def plain(self, name: str) -> str:
        return self.reading.marked.plain(*group_span(self.match, name))


def moment_of(case: Case, body: Body) -> Moment | None:
    """Return the date of the fact that a match tells, by the date policy of its pattern; None when nothing gives it."""
    policy, reading = case.pattern.entry.date, case.reading
    if policy == "none":
        return None
    if policy == "before":
        return as_bound(reading.day)
    said = _said(case.match, reading)
    if policy == "founding":
        return _founding(reading, body, said, wherever=True) or said
    if policy == "stated":
        return _founding(reading, body, said) or said or as_bound(reading.day)
    bound = None if case.pattern.type == "coordination" else as_bound(reading.day)
    return bound if _studied(case) else said or _told(case) or bound


def _told(case: Case) -> Moment | None:
    """Return the day of the event that the text tells at a match."""
    start, _ = case.reading.marked.source_span(*case.match.span())
    return case.reading.calendar.event(start) or case.reading.told


def is_stated(case: Case) -> bool:
    """Say whether the sentence of a match itself dates it."""
    return _said(case.match, case.reading) is not None and not _studied(case)


def is_open_still(case: Case) -> bool:
    """Say whether neither the sentence nor the event that the text tells gives a day."""
    return case.pattern.entry.date == "event" and not _studied(case) and _told(case) is None


def _studied(case: Case) -> bool:
    """Say whether a meeting is only studied by others: 传达甲第四次会议和乙有关会议精神 stands around all the meetings it lists."""
    if case.pattern.type != "meeting":
        return False
    text, at = case.reading.marked.text, group_span(case.match, "body")[0]
    clause = clause_around(text, at, at + 1)
    return bool(_PASSED_ON.search(text[clause.start : at]) and _SPIRIT.search(text[case.match.end() : clause.end]))


def _said(match: Any, reading: Reading) -> Moment | None:
    """Return the date that the sentence of a match states for it."""
    thing = group_span(match, "object")
    inside = reading.marked.source_span(*thing) if thing[0] >= 0 else (0, 0)
    return reading.calendar.nearest_in(reading.source, reading.marked.source_span(*match.span()), inside)


def _founding(reading: Reading, body: Body, said: Moment | None, wherever: bool = False) -> Moment | None:
    """Return the date of the document that founded a body when the text speaks of that document.

    A sentence with another date keeps that; one without any takes it only in a text of that very month, or `wherever`
    duties are told.
    """
    for document in reading.file.documents:
        founds = (body.name or "").startswith(document.founds)
        if not founds or not reading.calendar.speaks_of(document, reading.source[0]):
            continue
        seen = said or reading.day
        agrees = seen is not None and (document.date.startswith(seen.text) or seen.text.startswith(document.date))
        if agrees or (said is None and wherever):
            return Moment(document.date, "month" if len(document.date) == 7 else "day")
    return None
