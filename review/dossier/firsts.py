"""First appearances: the first time something was seen in a source, in a province, anywhere; what is news of it, what is not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from store.queries.coverage import shanghai_day
from store.queries.first_seen import Sighting
from store.regions import province_of

Scope = Literal["anywhere", "province", "source"]


@dataclass(frozen=True, slots=True)
class First:
    """The first time something was seen in a scope.

    `where` is empty for anywhere, else the code of the province or the id of the source. `sighting` is the earliest by
    the date of the page. `news` is False when it was found later, when it reprints a page that has it too, or when the
    scope was known to have it on an earlier day. `stories` counts the independent stories in the scope so far.
    """

    what: tuple[str, ...]
    scope: Scope
    where: str
    sighting: Sighting
    news: bool
    stories: int


def first_appearances(sightings: Iterable[Sighting]) -> tuple[First, ...]:
    """Return the first appearance of each thing in each scope in which it was seen, earliest first."""
    scopes: defaultdict[tuple[tuple[str, ...], Scope, str], list[Sighting]] = defaultdict(list)
    seen = tuple(sightings)
    told = {(s.what, s.place.story) for s in seen if not s.place.is_copy}
    for sighting in seen:
        province = province_of(sighting.place.region)
        scopes[(sighting.what, "anywhere", "")].append(sighting)
        scopes[(sighting.what, "source", sighting.place.source_id)].append(sighting)
        if province is not None:
            scopes[(sighting.what, "province", province.code)].append(sighting)
    return tuple(sorted((_first(key, here, told) for key, here in scopes.items()), key=_order))


def _first(
    key: tuple[tuple[str, ...], Scope, str], seen: list[Sighting], told: set[tuple[tuple[str, ...], int]]
) -> First:
    first = min(seen, key=_age)
    reprint = first.place.is_copy and (first.what, first.place.story) in told
    # One crawl finds pages in any order, so only what was found on an earlier day was known before.
    found = shanghai_day(first.found_at)
    known = any(shanghai_day(other.found_at) < found for other in seen)
    return First(*key, first, not (first.found_later or reprint or known), len({s.place.story for s in seen}))


def _age(sighting: Sighting) -> tuple[object, ...]:
    """Order by the day of the page; on one day the origin of a story comes before its copies, then what we had first."""
    return (sighting.place.published, sighting.place.is_copy, sighting.found_at, sighting.place.document_id)


def _order(first: First) -> tuple[object, ...]:
    return (first.sighting.place.published, first.what, first.scope, first.where)
