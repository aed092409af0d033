"""What the catalogue covers: by tier, by province, what is switched off and why. Pure, over loaded sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.source_fields import FOLDERS
from crawler.sources import Source
from store.regions import province_of, regions

MAINLAND = 31
SCIENCE = ("科学技术", "科技", "中关村")


@dataclass(frozen=True, slots=True)
class TierRow:
    """The sources of one tier; `read` have a column that is visited."""

    tier: str
    sources: int
    read: int
    columns: int
    columns_read: int


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """The sources of one provincial unit, its cities included; each field counts sources as (known, read)."""

    code: str
    name: str
    name_en: str
    government: tuple[int, int]
    science: tuple[int, int]
    departments: tuple[int, int]
    cities: tuple[int, int]
    media: tuple[int, int]

    @property
    def lacks(self) -> tuple[str, ...]:
        """The kinds of source that a province needs and that none is read for."""
        needed = {"government": self.government, "science department": self.science, "media": self.media}
        return tuple(kind for kind, (_, read) in needed.items() if not read)


@dataclass(frozen=True, slots=True)
class Off:
    """A source or a column that is not visited, and why; `column` is None for a source without columns."""

    source: str
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The catalogue seen as a whole."""

    tiers: tuple[TierRow, ...]
    provinces: tuple[ProvinceRow, ...]
    off: tuple[Off, ...]


def coverage(sources: Mapping[str, Source]) -> Coverage:
    """Return what the catalogue covers; every one of the 31 mainland provincial units has a row."""
    found = list(sources.values())
    tiers = tuple(_tier(name, [s for s in found if s.tier == name]) for name in FOLDERS)
    units = [unit for unit in regions() if unit.level == "province"][:MAINLAND]
    by_unit = {unit.code: [s for s in found if _unit(s) == unit.code] for unit in units}
    provinces = tuple(_province(unit.code, unit.stem, unit.name_en or unit.stem, by_unit[unit.code]) for unit in units)
    return Coverage(tiers, provinces, tuple(off for source in found for off in _off(source)))


def _tier(name: str, here: list[Source]) -> TierRow:
    columns = [column for source in here for column in source.columns]
    return TierRow(name, len(here), _read(here), len(columns), sum(column.enabled for column in columns))


def _province(code: str, name: str, name_en: str, here: list[Source]) -> ProvinceRow:
    bodies = [s for s in here if s.tier in ("province", "municipality")]
    government = [s for s in bodies if s.name.endswith("人民政府")]
    science = [s for s in bodies if s not in government and any(word in s.name for word in SCIENCE)]
    rest = [s for s in bodies if s not in government and s not in science]
    cities = [s for s in here if s.tier == "city"]
    media = [s for s in here if s.tier == "official-media"]
    return ProvinceRow(code, name, name_en, *((len(s), _read(s)) for s in (government, science, rest, cities, media)))


def _unit(source: Source) -> str | None:
    unit = province_of(source.region)
    return unit.code if unit else None


def _read(sources: Iterable[Source]) -> int:
    return sum(source.enabled for source in sources)


def _off(source: Source) -> list[Off]:
    if not source.columns:
        return [Off(source.id, None, source.reason)]
    return [Off(source.id, column.name, column.reason) for column in source.columns if not column.enabled]
