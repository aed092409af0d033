"""Turns one match of a form into disclosures: who, in what capacity, what, when, how far; unknown stays None."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crawler.items import Disclosure
from pipelines.clauses import CLAUSE_END, CLOSING, OPENING, Span, clause_around, unpaired_trimmed
from pipelines.dates import Moment, find_dates, read_ordinal
from pipelines.bodies import Body
from pipelines.marks import Marked, Mention
from pipelines.moments import Calendar, as_bound
from pipelines.offices import capacity, offices_around, offices_in
from pipelines.patterns import FIRST_PERSON, group_span
from pipelines.people import Person
from pipelines.rules import Pattern, RulesFile
from pipelines.things import all_titles, kind_of, name_of, organisation_in, outcome_of, thing_before, things_of

_NOBODY = Body(None)
_DONE_BY_SOMEBODY = ("负责", "领导", "报告", "汇报", "会同", "联合", "商", "承担", "履行")  # the object is who does it, or with whom
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


def read_match(pattern: Pattern, match: Any, reading: Reading) -> tuple[Found, ...]:
    """Return what one match discloses: one for each body, person and title that it names."""
    groups = match.groupdict()
    mention = reading.marked.mention(groups["body"]) if groups.get("body") else None
    bodies = mention.bodies if mention else (_NOBODY,)
    span = quote_span(pattern, match, reading.marked)
    stated = reading.calendar.nearest_in(reading.source, *reading.marked.source_span(*match.span())) is not None
    found: list[Found] = []
    for body in bodies:
        plain = _plain(pattern, match, reading, body, mention, span)
        for disclosure in _each(pattern, match, reading, body, plain):
            found.append(Found(disclosure, mention, span, stated, pattern.entry.quote == "sentence"))
    return tuple(found)


def founding_inside_name(reading: Reading, mention: Mention, body: Body, verb: str, at: int) -> Found:
    """Return the founding that a body's name tells when the verb stands inside it (中央成立科技委)."""
    marked = reading.marked
    span = unpaired_trimmed(marked.text, clause_around(marked.text, at, at + 1))
    start, end = marked.source_span(span.start, span.end)
    moment = reading.calendar.nearest_in(reading.source, start, end) or as_bound(reading.day)
    disclosure = Disclosure(
        "establishment",
        body.name,
        marked.source(start, end),
        start,
        end,
        0.85,
        "establishment/verb-inside-the-name",
        body.region,
        moment.text if moment else None,
        moment.precision if moment else None,
        action=verb,
    )
    return Found(disclosure, mention, span)


def quote_span(pattern: Pattern, match: Any, marked: Marked) -> Span:
    """Return the clause, or the sentence, that carries a match; a short clause that only dates it goes with it."""
    start, end = match.span()
    while start < end and marked.text[start] in CLAUSE_END + OPENING + CLOSING + "、…—":
        start += 1
    while end > start and marked.text[end - 1] in CLAUSE_END + OPENING + "、…—":
        end -= 1
    if pattern.entry.quote == "sentence":
        return unpaired_trimmed(marked.text, Span(0, len(marked.text.rstrip("。！？"))))
    return unpaired_trimmed(marked.text, with_its_date(marked, clause_around(marked.text, start, end)))


def with_its_date(marked: Marked, clause: Span) -> Span:
    """Widen a clause by the short clause before it when that names a day (9月6日，…)."""
    if clause.start < 2 or marked.text[clause.start - 1] not in "，,":
        return clause
    before = clause_around(marked.text, clause.start - 2, clause.start - 1)
    if before.end - before.start <= _SHORT_CLAUSE and find_dates(marked.plain(before.start, before.end)):
        return Span(before.start, clause.end)
    return clause


def _plain(
    pattern: Pattern, match: Any, reading: Reading, body: Body, mention: Mention | None, span: Span
) -> Disclosure:
    """Build the disclosure with the facts that do not depend on people or titles."""
    marked, groups = reading.marked, match.groupdict()
    start, end = marked.source_span(span.start, span.end)
    moment = _moment(pattern, match, reading, body)
    verb = groups.get("verb")
    action = pattern.entry.action or verb or "".join(groups.get(f"action{i}") or "" for i in range(1, 5)) or None
    return Disclosure(
        type=pattern.type,
        body=body.name,
        region=body.region,
        quote=marked.source(start, end),
        start=start,
        end=end,
        confidence=_confidence(pattern, body, mention),
        pattern=pattern.name,
        date=moment.text if moment else None,
        date_precision=moment.precision if moment else None,
        ordinal=read_ordinal(groups["ordinal"]) if groups.get("ordinal") else None,
        role=pattern.entry.role or groups.get("role"),
        action=action,
        outcome=outcome_of(action, reading.file) if pattern.type == "approval" else None,
    )


def _confidence(pattern: Pattern, body: Body, mention: Mention | None) -> float:
    value = pattern.entry.confidence
    if body.name is None:
        value *= _REFUSED
    if mention is not None and (mention.kind != "named" or mention.listed):
        value *= _INFERRED
    return round(value, 3)


def _moment(pattern: Pattern, match: Any, reading: Reading, body: Body) -> Moment | None:
    policy, calendar = pattern.entry.date, reading.calendar
    source = reading.source
    start, end = reading.marked.source_span(*match.span())
    if policy == "none":
        return None
    if policy == "before":
        return as_bound(reading.day)
    said = calendar.nearest_in(source, start, end)
    if policy == "founding":
        return _founding(reading, body, said, source[0]) or said
    if policy == "stated":
        reform = _founding(reading, body, said, source[0]) if said else None
        return reform or said or as_bound(reading.day)
    bound = None if pattern.type == "coordination" else as_bound(reading.day)
    return said or calendar.event(start) or reading.told or bound


def _founding(reading: Reading, body: Body, said: Moment | None, position: int) -> Moment | None:
    """Return the known date of a body's founding when the text speaks of the reform that founded it."""
    for entry in reading.file.known:
        agrees = said is None or entry.date.startswith(said.text) or said.text.startswith(entry.date)
        founds = entry.named and (body.name or "").startswith(entry.body)
        if founds and agrees and reading.calendar.told_nearby(position, entry.named):
            return Moment(entry.date, "month" if len(entry.date) == 7 else "day")
    return None


def _each(pattern: Pattern, match: Any, reading: Reading, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    if pattern.type == "membership":
        yield from _members(pattern, match, reading, body, plain)
    elif pattern.entry.object_before:
        thing = _unmarked(reading, thing_before(reading.marked.text, _content_start(match)))
        titles = all_titles(thing) if plain.type in ("approval", "document", "coordination") else ()
        for title in titles or (thing,):
            yield _with_object(plain, title, reading)
    elif match.groupdict().get("object"):
        thing = reading.marked.plain(*group_span(match, "object"))
        for title in (things_of(thing, reading.file.kinds) if plain.type in ("approval", "document") else ()) or (thing,):
            yield _with_object(plain, title, reading)
    else:
        yield plain


def _content_start(match: Any) -> int:
    """Return where a match begins behind the edge character that a leading ^ took."""
    start, end = match.span()
    return start + 1 if start < end and match.group()[0] in CLAUSE_END + OPENING + CLOSING + "、…—" else start


def _unmarked(reading: Reading, thing: str) -> str:
    at = reading.marked.text.find(thing) if thing else 0
    return reading.marked.plain(at, at + len(thing))


def _with_object(plain: Disclosure, thing: str, reading: Reading) -> Disclosure:
    name = name_of(thing)
    if plain.type == "coordination" and plain.action in _DONE_BY_SOMEBODY and name:
        name = organisation_in(name)
    decided = plain.type != "coordination" or (plain.action or "").endswith(tuple(v.verb for v in reading.file.verbs))
    return replace(plain, object=name, object_kind=kind_of(name, reading.file.kinds) if decided else None)


def _members(pattern: Pattern, match: Any, reading: Reading, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    marked, groups = reading.marked, match.groupdict()
    if groups.get("list"):
        yield from _listed_members(group_span(match, "list"), reading, body, plain)
    elif groups.get("offices"):
        yield from _office_holders(group_span(match, "offices"), reading, body, plain)
    elif groups.get("object"):
        unit = name_of(marked.plain(*group_span(match, "object")))
        yield replace(plain, capacity=unit and organisation_in(unit))
    else:
        yield from _named_members(pattern, match, reading, body, plain)


def _named_members(pattern: Pattern, match: Any, reading: Reading, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    marked = reading.marked
    body_at = group_span(match, "body")[0]
    person_at = group_span(match, "person")[0] if match.groupdict().get("person") else None
    if pattern.entry.people == "anywhere":
        person = _nearest_person(marked, body_at)
        yield replace(plain, person=person.name if person else None)
        return
    person = marked.person(match.group("person")) if person_at is not None else None
    between = person_at if person_at is not None and person_at > body_at else None
    offices = offices_around(marked, body_at, between)
    yield replace(plain, person=person.name if person else None, capacity=capacity(offices, body))
    if pattern.entry.people == "chain" and person_at is not None:
        for other in _chained(marked, person_at + 1):
            yield replace(plain, person=other.name)


def _nearest_person(marked: Marked, position: int) -> Person | None:
    people = [(i, marked.person(c)) for i, c in enumerate(marked.text) if ord(c) >= FIRST_PERSON]
    known = [(i, p) for i, p in people if p is not None]
    before = [p for i, p in known if i < position]
    after = [p for i, p in known if i > position]
    return before[-1] if before else after[0] if after else None


def _chained(marked: Marked, at: int) -> Iterator[Person]:
    """Yield the people that 、 和 及 与 chain directly to a name."""
    while at + 1 < len(marked.text) and marked.text[at] in "、和及与":
        person = marked.person(marked.text[at + 1])
        if person is None:
            return
        yield person
        at += 2


def _listed_members(span: tuple[int, int], reading: Reading, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    """Yield each person of a list with the offices before the name; 副省长李国强和郭灵计 share theirs."""
    marked, done = reading.marked, span[0]
    shared: str | None = None
    for at in range(*span):
        person = marked.person(marked.text[at])
        if person is None:
            continue
        joined = marked.text[done:at] in ("、", "和", "及", "与", "以及")
        offices = offices_in(marked.plain(done, at).lstrip("，,、和及与"))
        shared = shared if joined else capacity(offices, body, complete=False)
        yield replace(plain, person=person.name, capacity=shared)
        done = at + 1


def _office_holders(span: tuple[int, int], reading: Reading, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    """Yield the holders of an office that are named, or the offices themselves as capacity (由省委书记和省长担任)."""
    people = list(_listed_members(span, reading, body, plain))
    if people:
        yield from (replace(p, capacity=_complete(p.capacity, body)) for p in people)
        return
    offices = offices_in(reading.marked.plain(*span))
    if offices:
        yield replace(plain, capacity=capacity(offices, body, complete=False))


def _complete(held: str | None, body: Body) -> str | None:
    return capacity(held.split("、"), body) if held else None
