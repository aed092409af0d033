"""The roster of a body: who has said to sit on it, in what capacity, first and last seen; a role holds on a date, never for good."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.dossier.spans import when_said
from store.queries.dossier import Statement

SeatKind = Literal["person", "office", "class"]
Holds = Literal["said", "between", "open"]

# The class noun that follows a body's name: 科技委员会委员, 科技委成员单位; never the 委员 of 委员会 itself.
_CLASS = re.compile(
    r"(?:委员会|科技委|领导小组)的?(?:全体|各|有关|部分|各有关)?"
    r"(?P<name>成员单位|组成单位|委员单位|常务委员|专职委员|委员(?!会)|组成人员)"
)
_UNITS = ("成员单位", "组成单位", "委员单位")


@dataclass(frozen=True, slots=True)
class Seat:
    """One holder of one role of a body.

    `kind`: a person by name; an office or unit without a name (省委书记 as 主任, 自然资源部 as 成员单位); or a class of
    members without names (委员, 成员单位), which proves that the class exists and nothing about who is in it.
    `capacities` are the capacities named with it. `days` are those on which it was said to hold, earliest first.
    """

    body: str
    kind: SeatKind
    holder: str
    role: str
    capacities: tuple[str, ...]
    days: tuple[date, ...]
    statements: tuple[Statement, ...]

    @property
    def first(self) -> date:
        """The first day on which it was said."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The last day on which it was said; nothing is known after it."""
        return self.days[-1]

    @property
    def stories(self) -> int:
        """The number of independent stories that say so."""
        return len({statement.story for statement in self.statements})

    @property
    def accepted(self) -> bool:
        """True when an analyst has accepted at least one of the statements."""
        return any(statement.accepted for statement in self.statements)

    def holds(self, day: date) -> Holds:
        """Say whether it held on a day: said of that day, between two days of which it was said, or open."""
        if day in self.days:
            return "said"
        return "between" if self.first < day < self.last else "open"


@dataclass(frozen=True, slots=True)
class Appearance:
    """A capacity in which a person of the roster appears, whatever the body: the capacity itself is a disclosure."""

    person: str
    capacity: str
    first: date
    last: date
    stories: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Who sits on a body as far as pages say; `elsewhere` are seats of the same people in other bodies."""

    body: str
    people: tuple[Seat, ...]
    offices: tuple[Seat, ...]
    classes: tuple[Seat, ...]
    elsewhere: tuple[Seat, ...]
    appearances: tuple[Appearance, ...]


def roster(body: str, said: Iterable[Statement], of_people: Iterable[Statement] = ()) -> Roster:
    """Return the roster of a body and of its office (whose name goes on from its own) from the statements about them.

    `of_people` are statements about its people anywhere: their seats in other bodies, and the capacities they appear in.
    """
    found = seats(s for s in said if _within(s.disclosure.body, body))
    names = {seat.holder for seat in found if seat.kind == "person"}
    about = [s for s in of_people if s.disclosure.person in names]
    return Roster(
        body,
        people=tuple(seat for seat in found if seat.kind == "person"),
        offices=tuple(seat for seat in found if seat.kind == "office"),
        classes=tuple(seat for seat in found if seat.kind == "class"),
        elsewhere=tuple(seat for seat in seats(about) if not _within(seat.body, body)),
        appearances=_appearances(about),
    )


def _within(body: str | None, whole: str) -> bool:
    return body in (whole, f"{whole}办公室")


def names_a_class(quote: str) -> bool:
    """Say whether a quote names a class of members of a body (委员, 成员单位) without naming who they are."""
    return _CLASS.search(quote) is not None


def people_named(said: Iterable[Statement]) -> tuple[str, ...]:
    """Return the people that memberships name, sorted."""
    members = (s.disclosure for s in said if s.disclosure.type == "membership")
    return tuple(sorted({disclosure.person for disclosure in members if disclosure.person}))


def seats(said: Iterable[Statement]) -> tuple[Seat, ...]:
    """Return the seats that statements name, those seen last first."""
    grouped: defaultdict[tuple[str, SeatKind, str, str], list[Statement]] = defaultdict(list)
    for statement in said:
        key = _seat(statement)
        if key is not None and statement.disclosure.body is not None:
            grouped[(statement.disclosure.body, *key)].append(statement)
    found = [Seat(*key, *_gathered(group)) for key, group in grouped.items()]
    return tuple(sorted(found, key=lambda seat: (-seat.last.toordinal(), seat.body, seat.kind, seat.holder)))


def _seat(statement: Statement) -> tuple[SeatKind, str, str] | None:
    """Return kind, holder and role of the seat that a statement names; None when it names none."""
    disclosure = statement.disclosure
    role = disclosure.role or ""
    if disclosure.type == "membership" and disclosure.person:
        return ("person", disclosure.person, role)
    if disclosure.type == "membership" and disclosure.capacity:
        return ("office", disclosure.capacity, role)
    match = _CLASS.search(disclosure.quote) if disclosure.type in ("membership", "mention") else None
    if match:
        return ("class", "成员单位" if match["name"] in _UNITS else match["name"], "")
    return ("class", role, "") if disclosure.type == "membership" and role else None


def _gathered(group: Sequence[Statement]) -> tuple[tuple[str, ...], tuple[date, ...], tuple[Statement, ...]]:
    ordered = sorted(group, key=lambda statement: (day_of(statement), statement.is_copy, statement.disclosure.id))
    capacities = dict.fromkeys(s.disclosure.capacity for s in ordered if s.disclosure.capacity)
    return tuple(capacities), tuple(sorted({day_of(statement) for statement in ordered})), tuple(ordered)


def _appearances(about: Iterable[Statement]) -> tuple[Appearance, ...]:
    grouped: defaultdict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in about:
        if statement.disclosure.person and statement.disclosure.capacity:
            grouped[(statement.disclosure.person, statement.disclosure.capacity)].append(statement)
    found = [
        Appearance(*key, min(map(day_of, group)), max(map(day_of, group)), len({s.story for s in group}))
        for key, group in grouped.items()
    ]
    return tuple(sorted(found, key=lambda appearance: (appearance.person, appearance.first)))


def day_of(statement: Statement) -> date:
    """Return the day to which a statement binds what it says: of the fact where it is known, else of the page."""
    return when_said(statement).day or statement.published
