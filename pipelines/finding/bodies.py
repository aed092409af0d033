"""Says whose commission a hit speaks of: 省委科技委员会 becomes 四川省委科技委员会, or stays without a name."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from crawler.items import Hit, Provenance
from pipelines.finding.localities import (
    attached_regions,
    committee_of,
    named_committees,
    owners_before,
    place_of_source,
    within_place_before,
)
from pipelines.normalise import normalise
from pipelines.terms import Leader
from store.regions import Region, by_code, named, province_of

CENTRAL = {"cstc": "中央科技委员会", "cstc-office": "中央科技委员会办公室"}
NATIONAL = {"advisory-committee": "国家科技咨询委员会", "ethics-committee": "国家科技伦理委员会"}
LOCAL = "local-stc"

# What stands before 科技委 in a hit without a place name, and how the committee's name with its place ends.
_SUFFIXES = {
    "省委": "省委",
    "省委员会": "省委",
    "自治区党委": "自治区党委",
    "自治区委": "自治区党委",
    "自治区委员会": "自治区党委",
    "区党委": "自治区党委",
    "市委": "市委",
    "市委员会": "市委",
    "区委": "区委",
    "区委员会": "区委",
    "县委": "县委",
    "县委员会": "县委",
    "州委": "州委",
    "自治州委": "州委",
    "自治州委员会": "州委",
    "旗委": "旗委",
    "盟委": "盟委",
    "地委": "地委",
}
_SENTENCE_END = re.compile("[。！？；\n]")
_NEAR = 400  # so far back in an endless sentence a word can still speak of a body
_ANYONE = re.compile(
    "有的省|有些省|有的市|一些省|不少省|多个省|多省|各省|各地|多地|部分省|其他省|外省|兄弟省|每个省|哪些省"
)
_REPORTED_BY = re.compile(r"据(?P<name>[\u4e00-\u9fff]{2,4}?)(?:方面|发布|日报|省委|新闻)")
_LEADER_ACT = re.compile("主持|出席|讲话|强调|指出|要求|任|担任|参加")


@dataclass(frozen=True, slots=True)
class Body:
    """A body by its canonical name and GB/T 2260 region (None for central bodies); both None: it must be refused."""

    name: str | None
    region: str | None = None


UNRESOLVED = Body(None)


def body_of(region: Region) -> Body:
    """Return the commission of a region's Party committee."""
    return Body(f"{region.committee}科技委员会", region.code)


def office_of(body: Body) -> Body:
    """Return the office of a body: the central commission's is a body of its own, a local one's goes by its commission."""
    return Body(CENTRAL["cstc-office"]) if body.name == CENTRAL["cstc"] else body


class BodyResolver:
    """Names the bodies of one text's hits.

    The place comes, in this order, from the hit itself, from the same sentence (福建省委书记、省委科技委员会主任), from the
    publisher, from a leader in the sentence, from the nearest other mention of such a committee, and never from a place
    that only stands near.
    """

    def __init__(self, text: str, provenance: Provenance, hits: Sequence[Hit], leaders: Sequence[Leader] = ()) -> None:
        self._normal = normalise(text)
        self._text = self._normal.text
        self._provenance = provenance
        self._hits = sorted(hits, key=lambda hit: hit.start)
        self._leaders = leaders
        self._by_suffix: dict[str, tuple[list[int], list[Region]]] = {}
        self._acting: dict[tuple[int, int], set[str]] = {}

    def __call__(self, hit: Hit) -> Body:
        """Return the body of a hit; Body(None) when the text does not say whose it is."""
        if hit.term in CENTRAL:
            return Body(CENTRAL[hit.term])
        surface = normalise(hit.surface).text
        if hit.term in NATIONAL:
            return Body(NATIONAL[hit.term]) if surface.startswith("国家") else UNRESOLVED
        if hit.term != LOCAL:
            return UNRESOLVED
        if surface.startswith("科技委"):
            return self._antecedent(hit)
        if regions := attached_regions(surface):
            start, _ = self._normal.normal_span(hit.start, hit.end)
            return self._one_of(within_place_before(self._text, start, regions)[1], surface)
        suffix = _SUFFIXES.get(committee_of(surface))
        return self._bare(hit, suffix) if suffix else UNRESOLVED

    def _antecedent(self, hit: Hit) -> Body:
        at = bisect_left(self._named_starts, hit.start)
        return self(self._named_hits[at - 1]) if at else UNRESOLVED

    @cached_property
    def _named_hits(self) -> list[Hit]:
        """The hits that name a committee, and not only 科技委."""
        named_terms = (h for h in self._hits if h.term in (LOCAL, "cstc"))
        return [h for h in named_terms if not normalise(h.surface).text.startswith("科技委")]

    @cached_property
    def _named_starts(self) -> list[int]:
        return [hit.start for hit in self._named_hits]

    def _one_of(self, regions: tuple[Region, ...], surface: str) -> Body:
        nearest = self._near_publisher(regions)
        if len(nearest) == 1:
            return body_of(nearest[0])
        return Body(f"{committee_of(surface)}科技委员会")

    def _near_publisher(self, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        """Return the one of several places of a name that lies nearest to the publisher; all of them when none does."""
        known = self._provenance.region or ""
        for length in (6, 4, 2):
            near = tuple(region for region in regions if len(known) == 6 and region.code[:length] == known[:length])
            if len(near) == 1:
                return near
        return regions

    def _bare(self, hit: Hit, suffix: str) -> Body:
        start, _ = self._normal.normal_span(hit.start, hit.end)
        begin = self._sentence_start(start)
        if owners := owners_before(self._text, start, suffix):
            return body_of(owners[0]) if len(owners) == 1 and owners[0].committee.endswith(suffix) else UNRESOLVED
        if _ANYONE.search(self._text, max(begin, start - _NEAR), start):
            return UNRESOLVED
        region = (
            self._nearest(suffix, begin, start)
            or self._publisher(suffix)
            or self._leader(suffix, begin, self._sentence_end(start))
            or self._nearest(suffix, 0, start)
            or self._reporter(suffix, start)
            or self._nearest_after(suffix, start)
            or self._in_title(suffix)
            or self._led_by(self._acting_anywhere, suffix)
        )
        return body_of(region) if region else UNRESOLVED

    @cached_property
    def _mentions(self) -> list[tuple[int, int, tuple[Region, ...]]]:
        return [
            (start, end, self._near_publisher(within_place_before(self._text, start, regions)[1]))
            for start, end, regions in named_committees(self._text)
        ]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return sorted({*(match.end() for match in _SENTENCE_END.finditer(self._text)), *self._normal.breaks})

    def _sentence_start(self, at: int) -> int:
        index = bisect_right(self._sentence_ends, at)
        return self._sentence_ends[index - 1] if index else 0

    def _sentence_end(self, at: int) -> int:
        index = bisect_right(self._sentence_ends, at)
        return self._sentence_ends[index] if index < len(self._sentence_ends) else len(self._text)

    def _fitting_mentions(self, suffix: str) -> tuple[list[int], list[Region]]:
        """Return where committees of a kind begin that the text names with their place, and their regions."""
        if suffix not in self._by_suffix:
            fitting = [(at, region) for at, _, found in self._mentions if (region := _fitting(found, suffix))]
            self._by_suffix[suffix] = [at for at, _ in fitting], [region for _, region in fitting]
        return self._by_suffix[suffix]

    def _nearest(self, suffix: str, low: int, high: int) -> Region | None:
        starts, regions = self._fitting_mentions(suffix)
        at = bisect_left(starts, high)
        return regions[at - 1] if at and starts[at - 1] >= low else None

    def _nearest_after(self, suffix: str, low: int) -> Region | None:
        starts, regions = self._fitting_mentions(suffix)
        at = bisect_left(starts, low)
        return regions[at] if at < len(regions) else None

    def _publisher(self, suffix: str) -> Region | None:
        code = self._provenance.region
        levels = (by_code(code), by_code(f"{code[:4]}00"), province_of(code)) if code else ()
        for region in levels:
            if region and region.committee.endswith(suffix):
                return region
        return place_of_source(self._provenance.source_name, suffix)

    def _leader(self, suffix: str, low: int, high: int) -> Region | None:
        if (low, high) not in self._acting:
            self._acting[low, high] = self._acting_in(self._text[low:high])
        return self._led_by(self._acting[low, high], suffix)

    def _acting_in(self, text: str) -> set[str]:
        day = self._provenance.published
        return {leader.region for leader in self._leaders if in_office(leader, day) and acts(leader.name, text)}

    @cached_property
    def _acting_anywhere(self) -> set[str]:
        return self._acting_in(self._text)

    def _led_by(self, codes: set[str], suffix: str) -> Region | None:
        fitting = [region for code in codes if (region := by_code(code)) and region.committee.endswith(suffix)]
        return fitting[0] if len(fitting) == 1 else None

    def _reporter(self, suffix: str, start: int) -> Region | None:
        begin = max(self._sentence_start(start), start - _NEAR)
        reporter = _REPORTED_BY.search(self._text, begin, start)
        return _fitting(named(reporter["name"]), suffix) if reporter else None

    def _in_title(self, suffix: str) -> Region | None:
        title = normalise(self._provenance.title or "").text
        return next((region for _, _, found in named_committees(title) if (region := _fitting(found, suffix))), None)


def _fitting(regions: Iterable[Region], suffix: str) -> Region | None:
    fitting = [region for region in regions if region.committee.endswith(suffix)]
    return fitting[0] if len(fitting) == 1 else None


def in_office(leader: Leader, day: date | None) -> bool:
    """Say whether a leader can have held the office on a day, open ends included; with no day known, whether no end is known."""
    if day is None:
        return leader.until is None
    return (leader.since is None or leader.since <= day) and (leader.until is None or day <= leader.until)


def acts(name: str, text: str) -> bool:
    """Say whether a text lets the bearer of a name hold an office or do something, not merely contains the name."""
    at = text.find(name)
    while at >= 0:
        if text.endswith(("书记", "省长", "主席", "主任", "市长"), 0, at) or _LEADER_ACT.match(text, at + len(name)):
            return True
        at = text.find(name, at + 1)
    return False
