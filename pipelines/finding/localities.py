"""Finds the place name that belongs to a body, and the place that a sentence or a publisher speaks for."""

import re

from store.regions import Region, committees, named

LONGEST_NAME = 16  # 积石山保安族东乡族撒拉族自治县委 has 16 characters

_OWNING = re.compile(
    r"(?:等(?:多个|[一二三四五六七八九十0-9]+个?)?(?:省份|省区市|省市区|省市|省区|省|地|市|区|县)?)?的\Z|等(?:多个|[一二三四五六七八九十0-9]+个?)?(?:省份|省区市|省)\Z"
)
_FOUNDS_IT = re.compile("(?:决定|正式|率先|新|也|已|已经|相继)*(?:主持)?(?:组建|成立|设立|召开|举行)了?$")
_LEVEL = re.compile("(?:自治区|自治州|[省市区县州旗盟地])(?:党?委(?!员))?")
_COMMITTEE_END = re.compile("[省市区县州旗盟地党]委")


def attached_start(text: str, start: int, end: int) -> int:
    """Return where the place name begins that stands directly before a body's form, `start` when there is none.

    四川 before 省委科技委员会, 内蒙古 before 自治区党委科技委员会, 余杭 before 区委科技委员会, 杭州 before 市数据局.
    """
    head_end = start + len(_head_of(text[start:end]))
    if head_end == start:
        return start
    for first in range(max(0, head_end - LONGEST_NAME), start):
        if is_place(text[first:head_end]):
            return first
    return start


def _head_of(surface: str) -> str:
    """Return with what a form begins that a place name can complete: 省委, 自治区党委, 市; nothing when it begins otherwise."""
    committee = committee_of(surface)
    if committee != surface:
        return committee
    level = _LEVEL.match(surface)
    return level.group() if level else ""


def committee_of(surface: str) -> str:
    """Return the Party committee in the form of a body's name: 四川省委 of 四川省委科技委员会 and of 四川省委成立科技委员会."""
    head, _, _ = surface.partition("科")
    return _FOUNDS_IT.sub("", head)


def is_place(name: str) -> bool:
    """Say whether a text is the name of a Party committee with its place, or the full name of a place."""
    return name in committees() or any(region.name == name for region in named(name))


def attached_regions(surface: str) -> tuple[Region, ...]:
    """Return the regions whose committee a body's surface names (several when the name is shared: 鼓楼区委…)."""
    head = committee_of(surface)
    return committees().get(head) or tuple(region for region in named(head) if region.name == head)


def within_place_before(text: str, end: int, regions: tuple[Region, ...]) -> tuple[int, tuple[Region, ...]]:
    """Return where the place begins that ends at `end` and holds some of the regions, and those; `end` and all when none does.

    深圳市 before 南山区委 names the city that the district lies in; it is no second owner.
    """
    for first in range(max(0, end - LONGEST_NAME), end - 1):
        for place in named(text[first:end]):
            prefix = place.code.rstrip("0") if place.level == "province" else place.code[:4]
            held = tuple(region for region in regions if region != place and region.code.startswith(prefix))
            if held and place.level != "county":
                return first, held
    return end, regions


def without_places(text: str, end: int) -> int:
    """Return the end of the text before any place names that close it: 民盟广东 -> after 民盟."""
    while (shorter := _before_one_place(text, end)) != end:
        end = shorter
    return end


def _before_one_place(text: str, end: int) -> int:
    for first in range(max(0, end - LONGEST_NAME), end - 1):
        if named(text[first:end]):
            return first
    return end


def named_committees(text: str) -> list[tuple[int, int, tuple[Region, ...]]]:
    """Return every Party committee that a text names with its place, as (start, end, regions), in order.

    四川省委, 内蒙古自治区党委, 余杭区委; a committee of a democratic party (民盟广东省委) is left out.
    """
    found: list[tuple[int, int, tuple[Region, ...]]] = []
    for match in _COMMITTEE_END.finditer(text):
        end = match.end()
        first = next((at for at in range(max(0, end - LONGEST_NAME), end - 2) if text[at:end] in committees()), None)
        if first is not None and text[first - 1 : first] not in tuple("盟社团革建进工"):
            found.append((first, end, committees()[text[first:end]]))
    return found


def place_of_source(name: str | None, suffix: str) -> Region | None:
    """Return the place that a publisher's name begins with and whose committee ends in `suffix` (余杭晨报, 区委)."""
    for length in range(min(len(name or ""), LONGEST_NAME), 1, -1):
        found = [region for region in named((name or "")[:length]) if region.committee.endswith(suffix)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def owners_before(text: str, end: int, suffix: str) -> tuple[Region, ...]:
    """Return the places that own what begins at `end`: 河南、吉林和四川的 gives three, 四川省的 one, anything else none."""
    tail = _OWNING.search(text, max(0, end - 200), end)
    if tail is None:
        return ()
    owners: list[Region] = []
    at = tail.start()
    while region := _place_ending(text, at, suffix):
        owners.insert(0, region[1])
        at = region[0]
        if text[at - 1 : at] not in tuple("、和及与，"):
            break
        at -= 1
    return tuple(owners)


def _place_ending(text: str, end: int, suffix: str) -> tuple[int, Region] | None:
    for first in range(max(0, end - LONGEST_NAME), end - 1):
        found = [region for region in named(text[first:end]) if region.committee.endswith(("委", suffix))]
        levels = [region for region in found if region.level == "province"] or found
        if len(levels) == 1:
            return first, levels[0]
    return None
