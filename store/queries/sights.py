"""How well sources could be seen over a span: per source and month, the days looked at and the days lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, extract, func, select

from store.models import Source, SourceState

LOOKED = ("seen", "quiet")
LOST = ("blind", "blocked", "suspect")


@dataclass(frozen=True, slots=True)
class SightMonth:
    """One source in one month: days on which its lists were read, days on which they were due and could not be."""

    source_id: str
    region: str | None
    year: int
    month: int
    looked: int
    lost: int


@dataclass(frozen=True, slots=True)
class Sight:
    """How well a set of sources could be seen in a span of days.

    `sources` have a recorded day in it; `not_seen` of them were lost on `lost_days` days in all (source by source),
    and `never_seen` were not read on a single day. `looked_days` is the number of days on which a list was read.
    """

    sources: int
    not_seen: int
    never_seen: int
    looked_days: int
    lost_days: int

    @property
    def line(self) -> str:
        """The sight in one line: M sources, K of them not seen on D days."""
        return f"{self.sources} sources, {self.not_seen} of them not seen on {self.lost_days} source-days"


def sight_months(connection: Connection, first: date, last: date) -> tuple[SightMonth, ...]:
    """Return every source and month between two days for which a state was recorded."""
    year, month = extract("year", SourceState.day), extract("month", SourceState.day)
    rows = connection.execute(
        select(SourceState.source_id, Source.region, year, month, _days(LOOKED), _days(LOST))
        .join(Source, Source.id == SourceState.source_id)
        .where(SourceState.day.between(first, last))
        .group_by(SourceState.source_id, Source.region, year, month)
        .order_by(SourceState.source_id, year, month)
    )
    return tuple(
        SightMonth(id, region, int(y), int(m), int(looked), int(lost)) for id, region, y, m, looked, lost in rows
    )


def sight(connection: Connection, first: date, last: date, province: str | None = None) -> Sight:
    """Return how well all sources, or those of a province (six digits), could be seen between two days."""
    wanted = (
        select(SourceState.source_id, _days(LOOKED), _days(LOST))
        .where(SourceState.day.between(first, last))
        .group_by(SourceState.source_id)
    )
    if province is not None:
        wanted = wanted.join(Source, Source.id == SourceState.source_id).where(Source.region.like(f"{province[:2]}%"))
    return add_up([(int(looked), int(lost)) for _, looked, lost in connection.execute(wanted)])


def add_up(sources: Sequence[tuple[int, int]]) -> Sight:
    """Return the sight of sources, each given as its days (looked at, lost)."""
    return Sight(
        sources=len(sources),
        not_seen=sum(lost > 0 for _, lost in sources),
        never_seen=sum(not looked for looked, _ in sources),
        looked_days=sum(looked for looked, _ in sources),
        lost_days=sum(lost for _, lost in sources),
    )


def last_look(connection: Connection, day: date) -> date | None:
    """Return the last day up to `day` on which the lists of any source were read; None when nobody ever looked."""
    looked = select(func.max(SourceState.day)).where(SourceState.day <= day, SourceState.state.in_(LOOKED))
    return connection.execute(looked).scalar_one()


def _days(states: Sequence[str]) -> ColumnElement[int]:
    return func.sum(case((SourceState.state.in_(states), 1), else_=0))
