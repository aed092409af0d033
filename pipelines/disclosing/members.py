"""Who sits on a body: each person of a match in the capacity named, or the offices or the unit that sit there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import re2

from crawler.items import Disclosure
from pipelines.disclosing.marks import Marked
from pipelines.disclosing.offices import capacity, offices_after, offices_around, offices_in
from pipelines.disclosing.patterns import FIRST_PERSON, group_span
from pipelines.disclosing.people import Person
from pipelines.disclosing.rule_entries import PatternEntry
from pipelines.disclosing.things import name_of, organisation_in
from pipelines.finding.bodies import Body

_OTHER_ROLE = re2.compile(
    r"[，；,、][\x{E000}-\x{E3FF}]?(?:常务)?副?主任(?:共|一共|现|分别|均|也|则|还|设)*(?:为|是|由|：|有)"
)  # 主任为甲，副主任为乙: a list of its own begins


def members(match: Any, entry: PatternEntry, marked: Marked, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    """Yield one membership for each person that a match names; for offices or a unit without names, one with its capacity."""
    groups = match.groupdict()
    if groups.get("list"):
        yield from _listed(group_span(match, "list"), marked, body, plain)
    elif groups.get("offices"):
        yield from _office_holders(group_span(match, "offices"), marked, body, plain)
    elif groups.get("object"):
        unit = name_of(marked.plain(*group_span(match, "object")))
        yield replace(plain, capacity=unit and organisation_in(unit))
    elif entry.people == "anywhere":
        body_at = group_span(match, "body")[0]
        person = _nearest_person(marked, body_at)
        held = capacity(offices_around(marked, body_at, None), body)
        yield replace(plain, person=person.name if person else None, capacity=held)
    elif groups.get("person"):
        yield from _named(match, entry, marked, body, plain)
    else:
        yield plain


def _named(match: Any, entry: PatternEntry, marked: Marked, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    body_at, person_at = group_span(match, "body")[0], group_span(match, "person")[0]
    person = marked.person(match.group("person"))
    if person_at > body_at:
        offices = offices_around(marked, body_at, person_at)
        if not offices and marked.text[person_at - 1] in "：:":
            parted = marked.text.startswith("，", person_at + 1)  # 主任：某甲 市委书记
            offices = offices_after(marked, person_at + 1 + parted)
    else:
        offices = offices_around(marked, body_at, None) or offices_around(marked, person_at, None)
        offices = offices or offices_in(marked.plain(person_at + 1, body_at).rstrip("，、"))
        offices = offices or offices_after(marked, max(*group_span(match, "role"), body_at + 1))
    yield replace(plain, person=person.name if person else None, capacity=capacity(offices, body))
    if entry.people == "chain":
        yield from (replace(plain, person=other.name) for other in _chained(marked, person_at + 1))


def _nearest_person(marked: Marked, position: int) -> Person | None:
    """Return the person named last before a position, else first after it."""
    people = [
        (at, person) for at, c in enumerate(marked.text) if ord(c) >= FIRST_PERSON and (person := marked.person(c))
    ]
    before = [person for at, person in people if at < position]
    after = [person for at, person in people if at > position]
    return before[-1] if before else after[0] if after else None


def _chained(marked: Marked, at: int) -> Iterator[Person]:
    """Yield the people that 、 和 及 与 chain directly to a name."""
    while at + 1 < len(marked.text) and marked.text[at] in "、和及与":
        person = marked.person(marked.text[at + 1])
        if person is None:
            return
        yield person
        at += 2


def _listed(span: tuple[int, int], marked: Marked, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    """Yield each person of a list with the offices before the name; 副省长李国强和郭灵计 share theirs."""
    done = span[0]
    shared: str | None = None
    for at in range(*span):
        person = marked.person(marked.text[at])
        if person is None:
            continue
        if _OTHER_ROLE.search(marked.text[done:at]):
            return
        joined = marked.text[done:at] in ("、", "和", "及", "与", "以及")
        offices = offices_in(marked.plain(done, at).lstrip("，,、和及与"))
        shared = shared if joined else capacity(offices, body, complete=False)
        yield replace(plain, person=person.name, capacity=shared)
        done = at + 1


def _office_holders(span: tuple[int, int], marked: Marked, body: Body, plain: Disclosure) -> Iterator[Disclosure]:
    """Yield the holders of an office that are named, or the offices themselves as capacity (由省委书记和省长担任)."""
    people = list(_listed(span, marked, body, plain))
    for holder in people:
        held = holder.capacity
        yield replace(holder, capacity=capacity(held.split("、"), body) if held else None)
    offices = offices_in(marked.plain(*span))
    if offices and not people:
        yield replace(plain, capacity=capacity(offices, body, complete=False))
