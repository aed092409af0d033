"""Turns one match of a form into disclosures: who, in what capacity, what, when, how far; unknown stays None."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crawler.items import Disclosure
from pipelines.bodies import Body
from pipelines.clauses import CLAUSE_END, CLOSING, OPENING, Span, clause_around, unpaired_trimmed
from pipelines.dates import Moment, find_dates, read_ordinal
from pipelines.marks import Marked, Mention
from pipelines.members import members
from pipelines.moments import Calendar, as_bound
from pipelines.patterns import group_span
from pipelines.rule_entries import RulesFile
from pipelines.rules import Pattern
from pipelines.things import all_titles, kind_of, name_of, organisation_in, outcome_of, thing_before, things_of

_NOBODY = Body(None)
_EDGES = CLAUSE_END + OPENING + CLOSING + "、…—"
# Where the action is one of these, the object is who does it, or with whom.
_DONE_BY_SOMEBODY = ("负责", "领导", "报告", "汇报", "会同", "联合", "商", "承担", "履行")
_LISTS_TITLES = ("approval", "document", "coordination")
_SHORT_CLAUSE = 14  # 9月6日上午， belongs to the clause that it dates
_REFUSED, _INFERRED = 0.6, 0.9  # how much a body that stays unnamed, or is only understood, lowers the confidence


@dataclass(frozen=True, slots=True)
class Found:
    """A disclosure with the mention that it rests on (None: no body named) and the words it spans in the marked sentence."""

    disclosure: Disclosure
    mention: Mention | None
    span: Span
    date_is_stated: bool = False
    whole_sentence: bool = False


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
class _Case:
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


def read_match(pattern: Pattern, match: Any, reading: Reading) -> tuple[Found, ...]:
    """Return what one match discloses: one for each body, person and title that it names."""
    mark = match.groupdict().get("body")
    mention = reading.marked.mention(mark) if mark else None
    case = _Case(pattern, match, reading, mention, quote_span(pattern, match, reading.marked))
    stated = reading.calendar.nearest_in(reading.source, *reading.marked.source_span(*match.span())) is not None
    whole = pattern.entry.quote == "sentence"
    return tuple(
        Found(disclosure, mention, case.span, stated, whole)
        for body in (mention.bodies if mention else (_NOBODY,))
        for disclosure in _each(case, body, _plain(case, body))
    )


def founding_inside_name(reading: Reading, at: int, verb: str) -> Iterator[Found]:
    """Yield the founding that a body's name tells when the verb stands inside it (中央成立科技委)."""
    marked = reading.marked
    mention = marked.mention(marked.text[at])
    span = unpaired_trimmed(marked.text, clause_around(marked.text, at, at + 1))
    start, end = marked.source_span(span.start, span.end)
    moment = reading.calendar.nearest_in(reading.source, start, end) or as_bound(reading.day)
    for body in mention.bodies:
        disclosure = Disclosure(
            type="establishment",
            body=body.name,
            region=body.region,
            quote=marked.source(start, end),
            start=start,
            end=end,
            confidence=0.85,
            pattern="establishment/verb-inside-the-name",
            date=moment.text if moment else None,
            date_precision=moment.precision if moment else None,
            action=verb,
        )
        yield Found(disclosure, mention, span)


def quote_span(pattern: Pattern, match: Any, marked: Marked) -> Span:
    """Return the clause, or the sentence, that carries a match; a short clause that only dates it goes with it."""
    if pattern.entry.quote == "sentence":
        return unpaired_trimmed(marked.text, Span(0, len(marked.text.rstrip("。！？"))))
    start, end = match.span()
    while start < end and marked.text[start] in _EDGES:
        start += 1
    while end > start and marked.text[end - 1] in _EDGES and marked.text[end - 1] not in CLOSING:
        end -= 1
    return unpaired_trimmed(marked.text, _with_its_date(marked, clause_around(marked.text, start, end)))


def _with_its_date(marked: Marked, clause: Span) -> Span:
    """Widen a clause by the short clause before it when that names a day (9月6日，…)."""
    if clause.start < 2 or marked.text[clause.start - 1] not in "，,":
        return clause
    before = clause_around(marked.text, clause.start - 2, clause.start - 1)
    if before.end - before.start <= _SHORT_CLAUSE and find_dates(marked.plain(before.start, before.end)):
        return Span(before.start, clause.end)
    return clause


def _plain(case: _Case, body: Body) -> Disclosure:
    """Build the disclosure with the facts that do not depend on people or titles."""
    marked, entry = case.reading.marked, case.pattern.entry
    start, end = marked.source_span(case.span.start, case.span.end)
    moment = _moment(case, body)
    said = "".join(case.group(f"action{i}") or "" for i in range(1, 5))
    action = entry.action or case.group("verb") or said or None
    ordinal = case.group("ordinal")
    return Disclosure(
        type=case.pattern.type,
        body=body.name,
        region=body.region,
        quote=marked.source(start, end),
        start=start,
        end=end,
        confidence=_confidence(case, body),
        pattern=case.pattern.name,
        date=moment.text if moment else None,
        date_precision=moment.precision if moment else None,
        ordinal=read_ordinal(ordinal) if ordinal else None,
        role=entry.role or case.group("role"),
        action=action,
        outcome=outcome_of(action, case.reading.file) if case.pattern.type == "approval" else None,
    )


def _confidence(case: _Case, body: Body) -> float:
    value = case.pattern.entry.confidence
    if body.name is None:
        value *= _REFUSED
    if case.mention is not None and (case.mention.kind != "named" or case.mention.listed):
        value *= _INFERRED
    return round(value, 3)


def _moment(case: _Case, body: Body) -> Moment | None:
    policy, reading = case.pattern.entry.date, case.reading
    if policy == "none":
        return None
    if policy == "before":
        return as_bound(reading.day)
    start, end = reading.marked.source_span(*case.match.span())
    said = reading.calendar.nearest_in(reading.source, start, end)
    if policy == "founding":
        return _founding(reading, body, said) or said
    if policy == "stated":
        return (said and _founding(reading, body, said)) or said or as_bound(reading.day)
    bound = None if case.pattern.type == "coordination" else as_bound(reading.day)
    return said or reading.calendar.event(start) or reading.told or bound


def _founding(reading: Reading, body: Body, said: Moment | None) -> Moment | None:
    """Return the known date of a body's founding when the text speaks of the reform that founded it."""
    for entry in reading.file.known:
        agrees = said is None or entry.date.startswith(said.text) or said.text.startswith(entry.date)
        founds = entry.named and (body.name or "").startswith(entry.body)
        if founds and agrees and reading.calendar.told_nearby(reading.source[0], entry.named):
            return Moment(entry.date, "month" if len(entry.date) == 7 else "day")
    return None


def _each(case: _Case, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    if case.pattern.type == "membership":
        yield from members(case.match, case.pattern.entry, case.reading.marked, body, plain)
    elif case.pattern.entry.object_before or case.group("object"):
        for thing in _things(case):
            yield _with_object(plain, thing, case.reading.file)
    else:
        yield plain


def _things(case: _Case) -> tuple[str, ...]:
    """Return the things that a match speaks of: each title of a list, else the one thing before or after the verb."""
    marked = case.reading.marked
    listed = case.pattern.type in _LISTS_TITLES
    if not case.pattern.entry.object_before:
        thing = case.plain("object")
        return (things_of(thing, case.reading.file.kinds) if listed else ()) or (thing,)
    before = thing_before(marked.text, _content_start(case.match))
    at = marked.text.find(before) if before else 0
    thing = marked.plain(at, at + len(before))
    return (all_titles(thing) if listed else ()) or (thing,)


def _content_start(match: Any) -> int:
    """Return where a match begins behind the edge character that a leading ^ took."""
    start, end = match.span()
    takes_edge = start < end and match.group()[0] in _EDGES
    return int(start) + takes_edge


def _with_object(plain: Disclosure, thing: str, file: RulesFile) -> Disclosure:
    name = name_of(thing)
    if plain.type == "coordination" and plain.action in _DONE_BY_SOMEBODY and name:
        name = organisation_in(name)
    decided = plain.type != "coordination" or (plain.action or "").endswith(tuple(v.verb for v in file.verbs))
    return replace(plain, object=name, object_kind=kind_of(name, file.kinds) if decided else None)
