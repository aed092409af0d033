"""Finds the place name that belongs to a body, and the place that a sentence or a publisher speaks for."""

from store.regions import Region, committees, named

LONGEST_NAME = 16  # 积石山保安族东乡族撒拉族自治县委 has 16 characters


def attached_start(text: str, start: int, end: int) -> int:
    """Return where the place name begins that stands directly before a body's form, `start` when there is none.

    四川 before 省委科技委员会, 内蒙古 before 自治区党委科技委员会, 余杭 before 区委科技委员会.
    """
    head_end = text.find("科", start, end)
    if head_end < 0:
        return start
    for first in range(max(0, head_end - LONGEST_NAME), start):
        if is_place(text[first:head_end]):
            return first
    return start


def is_place(name: str) -> bool:
    """Say whether a text is the name of a Party committee with its place, or the full name of a place."""
    return name in committees() or any(region.name == name for region in named(name))


def attached_regions(surface: str) -> tuple[Region, ...]:
    """Return the regions whose committee a body's surface names (several when the name is shared: 鼓楼区委…)."""
    head, _, _ = surface.partition("科")
    return committees().get(head) or tuple(region for region in named(head) if region.name == head)


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
