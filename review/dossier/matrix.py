"""Province by month: what local commissions did; a blank cell says whether nothing was found or nobody could look."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from review.dossier.spans import when_said
from store.queries.dossier import Statement
from store.queries.sights import Sight, SightMonth, add_up
from store.regions import Region, by_code, province_of, regions

MarkKind = Literal["founded", "met", "approved", "chair named", "mention"]
KINDS: tuple[MarkKind, ...] = ("founded", "met", "approved", "chair named", "mention")
Blank = Literal["no disclosure found", "partly seen", "not seen"]
Month = tuple[int, int]

_CHAIRS = ("主任", "第一主任", "组长")
_WITHOUT_COMMITTEE = ("71", "81", "82")  # Taiwan, Hong Kong, Macao
_BY_TYPE: dict[str, MarkKind] = {"establishment": "founded", "meeting": "met", "approval": "approved"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of disclosure about one body in one month.

    `by`: the pages tell only that it was so by then. `local` is False for the body of the province itself, True for one
    of a city, district or county in it.
    """

    kind: MarkKind
    body: str
    by: bool
    local: bool
    stories: int
    accepted: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One province in one month: its marks, strongest first, and how well its sources could be seen.

    `blank` is None where there are marks. Days on which no visit was due count neither way.
    """

    month: Month
    marks: tuple[Mark, ...]
    sight: Sight

    @property
    def blank(self) -> Blank | None:
        """Why the cell is empty: every source was read on each due day, some were not, or none was read at all."""
        if self.marks:
            return None
        if not self.sight.looked_days:
            return "not seen"
        return "partly seen" if self.sight.lost_days or self.sight.never_seen else "no disclosure found"


@dataclass(frozen=True, slots=True)
class Row:
    """One province; `undated` are marks that no month can be given."""

    province: Region
    cells: tuple[Cell, ...]
    undated: tuple[Mark, ...]


def months_between(first: date, last: date) -> tuple[Month, ...]:
    """Return the months from that of one day to that of another, both included."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple((n // 12, n % 12 + 1) for n in range(start, end + 1))


def province_matrix(
    said: Iterable[Statement], sights: Iterable[SightMonth], first: date, last: date
) -> tuple[Row, ...]:
    """Return one row for each of the 31 mainland provinces, in the order of the codes, with a cell for each month from `first` to `last`."""
    marked: defaultdict[str, defaultdict[Month | None, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for statement in said:
        province = province_of(statement.disclosure.region)
        if province is not None:
            marked[province.code][_month(statement)].append(statement)
    seen: defaultdict[tuple[str, Month], list[tuple[int, int]]] = defaultdict(list)
    for sight in sights:
        province = province_of(sight.region)
        if province is not None:
            seen[(province.code, (sight.year, sight.month))].append((sight.looked, sight.lost))
    months = months_between(first, last)
    return tuple(
        Row(
            province,
            tuple(Cell(m, _marks(marked[province.code][m]), add_up(seen[(province.code, m)])) for m in months),
            _marks(marked[province.code][None]),
        )
        for province in regions()
        if province.level == "province" and not province.code.startswith(_WITHOUT_COMMITTEE)
    )


def kind_of(statement: Statement) -> MarkKind:
    """Return the kind of mark that a statement makes."""
    disclosure = statement.disclosure
    if disclosure.type == "membership" and disclosure.person and disclosure.role in _CHAIRS:
        return "chair named"
    return _BY_TYPE.get(disclosure.type, "mention")


def _month(statement: Statement) -> Month | None:
    """Return the month in which it was, or the month by which it was; None where the page gives only a longer span."""
    span = when_said(statement)
    if span.earliest is None:
        return (span.latest.year, span.latest.month) if span.latest else None
    latest = span.latest or date.max
    same = (span.earliest.year, span.earliest.month) == (latest.year, latest.month)
    return (span.earliest.year, span.earliest.month) if same else None


def _marks(said: Sequence[Statement]) -> tuple[Mark, ...]:
    grouped: defaultdict[tuple[MarkKind, str], list[Statement]] = defaultdict(list)
    for statement in said:
        grouped[(kind_of(statement), statement.disclosure.body or "")].append(statement)
    found = [_mark(kind, body, group) for (kind, body), group in grouped.items()]
    return tuple(sorted(found, key=lambda mark: (KINDS.index(mark.kind), mark.local, mark.body)))


def _mark(kind: MarkKind, body: str, group: list[Statement]) -> Mark:
    place = by_code(group[0].disclosure.region)
    return Mark(
        kind,
        body,
        by=all(when_said(s).earliest is None for s in group),
        local=place is not None and place.level != "province",
        stories=len({s.story for s in group}),
        accepted=any(s.accepted for s in group),
        statements=tuple(group),
    )
