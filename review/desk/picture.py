"""The coverage as a picture: provinces by days, each cell saying how many of the sources that were due could be seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from store.queries import SourceDays, StateOfDay
from store.queries.coverage import LOOKED
from store.regions import by_code, regions

NATIONAL = "national"
MAINLAND = 31
# From the worst to the best; a mark for each, so that the picture can be read without its colours.
MARKS = {"blind": "✕", "blocked": "■", "suspect": "?", "seen": "●", "quiet": "○", "not-due": "–"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The sources of a province on a day: how many ended in each state."""

    day: date
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        """How many were seen."""
        return sum(self.counts[state] for state in LOOKED)

    @property
    def due(self) -> int:
        """How many were to be seen."""
        return sum(self.counts.values()) - self.counts["not-due"]

    @property
    def state(self) -> str:
        """The worst state that any of them has; empty where no source was known."""
        return next((state for state in MARKS if self.counts[state]), "")

    @property
    def shade(self) -> str:
        """How it is coloured: by its worst state, but as partly seen when half of what was due could be seen."""
        partly = self.seen < self.due <= 2 * self.seen
        return "partly" if partly else self.state or "none"

    @property
    def mark(self) -> str:
        """The mark of that state, with the share that was seen when not all were."""
        if not self.state or self.seen == self.due:
            return MARKS.get(self.state, "")
        return f"{MARKS[self.state]} {self.seen}/{self.due}"

    @property
    def words(self) -> str:
        """The same in words."""
        if not self.state:
            return f"{self.day}: no source"
        said = ", ".join(f"{self.counts[state]} {state}" for state in MARKS if self.counts[state])
        return f"{self.day}: {self.seen} of {self.due} seen ({said})"


@dataclass(frozen=True, slots=True)
class Row:
    """A provincial unit (or the national sources) with a cell for each day; `code` is what its address names it by."""

    code: str
    name: str
    name_en: str
    sources: int
    cells: tuple[Cell, ...]


def picture(rows: Iterable[SourceDays], span: Sequence[date]) -> tuple[Row, ...]:
    """Return the national sources and each of the 31 mainland units, with a cell for each day of the span."""
    here: dict[str, list[SourceDays]] = {}
    for row in rows:
        here.setdefault(row.source.province or NATIONAL, []).append(row)
    units = [unit for unit in regions() if unit.level == "province"][:MAINLAND]
    known = [(NATIONAL, "全国", "National"), *((unit.code, unit.stem, unit.name_en or "") for unit in units)]
    return tuple(Row(*names, len(here.get(names[0], ())), _cells(here.get(names[0], ()), span)) for names in known)


def in_province(rows: Iterable[SourceDays], code: str | None) -> tuple[SourceDays, ...]:
    """Return the rows of a province, or of the national sources; all of them when none is named."""
    return tuple(row for row in rows if code is None or (row.source.province or NATIONAL) == code)


def is_place(code: str) -> bool:
    """Say whether the picture has a row of that name."""
    unit = by_code(code)
    return code == NATIONAL or (unit is not None and unit.level == "province")


def _cells(rows: Sequence[SourceDays], span: Sequence[date]) -> tuple[Cell, ...]:
    states: list[Iterable[StateOfDay | None]] = [row.states for row in rows]
    by_day = zip(*states, strict=True) if states else (() for _ in span)
    return tuple(
        Cell(day, Counter(state.state for state in here if state is not None))
        for day, here in zip(span, by_day, strict=True)
    )
