"""Turns one match of a form into disclosures: who, in what capacity, what, when, how far; unknown stays None."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import re2

from crawler.items import Disclosure
from pipelines.disclosing.clauses import Span, clause_around, unpaired_trimmed
from pipelines.disclosing.dates import read_ordinals
from pipelines.disclosing.dating import Case, Reading, is_open_still, is_stated, moment_of
from pipelines.disclosing.marks import Mention
from pipelines.disclosing.members import members
from pipelines.disclosing.moments import as_bound
from pipelines.disclosing.patterns import group_span
from pipelines.disclosing.quotes import DONE_BY_SOMEBODY, action_of, quote_span, spoken_of
from pipelines.disclosing.rule_entries import RulesFile
from pipelines.disclosing.things import (
    all_titles,
    kind_of,
    name_of,
    organisation_in,
    outcome_of,
    things_of,
)
from pipelines.finding.bodies import Body
from pipelines.rules import Pattern

_NOBODY = Body(None)
_LISTS_TITLES = ("approval", "document", "coordination")
_TOGETHER = re2.compile(r"联合|共同|分别|同时|同日|先后|相继|均|都|各自|一起")
_REFUSED, _INFERRED = 0.6, 0.9  # how much a body that stays unnamed, or is only understood, lowers the confidence


@dataclass(frozen=True, slots=True)
class Found:
    """A disclosure with the mention that it rests on (None: no body named) and the words it spans in the marked sentence.

    Its date is `stated` by its own sentence, or still `open`: neither the sentence nor the event told names a day.
    """

    disclosure: Disclosure
    mention: Mention | None
    span: Span
    date_is_stated: bool = False
    date_is_open: bool = False
    whole_sentence: bool = False


def read_match(pattern: Pattern, match: Any, reading: Reading) -> tuple[Found, ...]:
    """Return what one match discloses: one for each body, person and title that it names."""
    mark = match.groupdict().get("body")
    mention = reading.marked.mention(mark) if mark else None
    span = quote_span(pattern, match, reading.marked)
    case = Case(pattern, match, reading, mention, span)
    stated = is_stated(case)
    whole, is_open = pattern.entry.quote == "sentence", not stated and is_open_still(case)
    return tuple(
        Found(disclosure, speaker, case.span, stated, is_open, whole)
        for speaker in _speakers(case)
        for body in (speaker.bodies if speaker else (_NOBODY,))
        for disclosure in _each(case, body, _plain(case, body))
    )


def _speakers(case: Case) -> tuple[Mention | None, ...]:
    """Return the mention of a match, and those chained before it of whom it is told as well (甲和乙联合召开会议)."""
    if case.mention is None or case.pattern.type not in ("meeting", "establishment"):
        return (case.mention,)
    marked, at = case.reading.marked, group_span(case.match, "body")[0]
    if case.pattern.type == "meeting" and not _TOGETHER.search(marked.text[at : case.match.end()]):
        return (case.mention,)
    return (*marked.chained_before(at), case.mention)


def founding_inside_name(reading: Reading, at: int, verb: str) -> Iterator[Found]:
    """Yield the founding that a body's name tells when the verb stands inside it (中央成立科技委)."""
    marked = reading.marked
    mention = marked.mention(marked.text[at])
    span = unpaired_trimmed(marked.text, clause_around(marked.text, at, at + 1))
    start, end = marked.source_span(span.start, span.end)
    moment = reading.calendar.nearest_in(reading.source, (start, end), (0, 0)) or as_bound(reading.day)
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


def _plain(case: Case, body: Body) -> Disclosure:
    """Build the disclosure with the facts that do not depend on people or titles."""
    marked, entry = case.reading.marked, case.pattern.entry
    start, end = marked.source_span(case.span.start, case.span.end)
    moment = moment_of(case, body)
    action = entry.action or case.group("verb") or action_of(case.match) or None
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
        ordinal=next(iter(read_ordinals(ordinal)), None) if ordinal else None,
        role=entry.role or case.group("role"),
        action=action,
        outcome=outcome_of(action, case.reading.file) if case.pattern.type == "approval" else None,
    )


def _confidence(case: Case, body: Body) -> float:
    value = case.pattern.entry.confidence
    if body.name is None:
        value *= _REFUSED
    if case.mention is not None and (case.mention.kind != "named" or case.mention.listed):
        value *= _INFERRED
    return round(value, 3)


def _each(case: Case, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    if case.pattern.type == "membership":
        yield from members(case.match, case.pattern.entry, case.reading.marked, body, plain)
    elif case.pattern.entry.object_before or case.group("object"):
        for thing in _things(case):
            yield _with_object(plain, thing, case.reading.file)
    else:
        yield plain
        for ordinal in read_ordinals(case.group("ordinal") or "")[1:]:
            yield replace(plain, ordinal=ordinal)


def _things(case: Case) -> tuple[str, ...]:
    """Return the things that a match speaks of: each title of a list, else the one thing before or after the verb."""
    marked = case.reading.marked
    listed = case.pattern.type in _LISTS_TITLES
    if not case.pattern.entry.object_before:
        thing = case.plain("object")
        return (things_of(thing, case.reading.file.kinds) if listed else ()) or (thing,)
    before = spoken_of(case.pattern, case.match, marked)
    at = marked.text.find(before) if before else 0
    thing = marked.plain(at, at + len(before))
    return (all_titles(thing) if listed else ()) or (thing,)


def _with_object(plain: Disclosure, thing: str, file: RulesFile) -> Disclosure:
    name = name_of(thing)
    if plain.type == "coordination" and plain.action in DONE_BY_SOMEBODY and name:
        name = organisation_in(name)
    decided = plain.type != "coordination" or (plain.action or "").endswith(tuple(v.verb for v in file.verbs))
    return replace(plain, object=name, object_kind=kind_of(name, file.kinds) if decided else None)
