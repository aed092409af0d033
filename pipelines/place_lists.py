"""Lists of places beside a body: 河南、吉林和四川的省委科技委员会 is three bodies, a place that only stands near is none."""

import re2

from pipelines.bodies import Body, body_of
from store.regions import Region, named

_COUNTED = (
    r"(?:等)?(?:[0-9]{1,2}|[一二三四五六七八九十两多数]{1,3}|若干)?个?"
    r"(?:省份|省区市|省市区|省区|省市|区县|县区|县市|地区|地方|城市|[省市区县地州])?"
)
_BEFORE_BODY = re2.compile(_COUNTED + r"(?:的|，|各自的?|分别的?)?$")
_FOUNDS = re2.compile(
    rf"^{_COUNTED}，?(?:也|已|已经|均|都|先后|相继|陆续|正式|分别|率先|同步|随后|此前|近期|年内|目前|又)*"
    r"(?:组建|成立|设立|建立|新设|新组建|新成立|有)了?(?:本?省级?|各自的?|本地的?|本级)?$"
)
_FOUNDED_IN = re2.compile(r"^(?:也|已|已经|均|都|先后|相继|陆续|目前|分别|此前|，|现)*(?:在|于)")
_JOINTS = ("以及", "、", "和", "及", "与", "，")
_LONGEST_NAME = 12
_LONGEST_TAIL = 30
_LEVELS = {
    "省级": "province",
    "省委": "province",
    "自治": "province",
    "市委": "prefecture",
    "区委": "county",
    "县委": "county",
}
_MUNICIPALITIES = ("11", "12", "31", "50")  # provincial units whose committee is a 市委


def listed_bodies(text: str, start: int, end: int) -> tuple[Body, ...]:
    """Return the bodies that a list of places makes of the bare name at `start`..`end` of a sentence; empty when none does.

    The list stands right before the name (…的省委科技委员会), is the subject of its founding (浙江、江西已组建省委科技委员会)
    or says where it was founded (省级党委科技委员会已在河南、浙江成立).
    """
    level = _LEVELS.get(text[start : start + 2])
    for at in _ends_of_lists(text, start):
        found = _places_before(text, at, level)
        if found:
            return tuple(body_of(region) for region in found)
    after = _FOUNDED_IN.match(text[end:])
    return tuple(body_of(region) for region in _places_from(text, end + after.end(), level)) if after else ()


def _ends_of_lists(text: str, start: int) -> list[int]:
    """Return the positions before a body at which a list of places that belongs to it may end, nearest first."""
    first = max(0, start - _LONGEST_TAIL, *(text.rfind(stop, 0, start) + 1 for stop in "。；！？"))
    direct = _BEFORE_BODY.search(text[first:start])
    ends = [first + direct.start()] if direct and direct.start() < start - first else []
    ends += [start] if text[start - 1 : start] in ("、", "和", "及", "与") else []
    return ends + [at for at in range(start - 1, first, -1) if _FOUNDS.match(text[at:start])]


def _places_before(text: str, end: int, level: str | None) -> tuple[Region, ...]:
    """Read a list of places backwards from `end`; a joint right before `end` belongs to the list."""
    found: list[Region] = []
    end -= len(_joint_before(text, end))
    while True:
        length, region = _place_before(text, end, level)
        if region is None:
            return tuple(reversed(found))
        found.append(region)
        end -= length
        joint = _joint_before(text, end)
        if not joint:
            return tuple(reversed(found))
        end -= len(joint)


def _joint_before(text: str, end: int) -> str:
    return next((j for j in _JOINTS if text.endswith(j, 0, end)), "")


def _place_before(text: str, end: int, level: str | None) -> tuple[int, Region | None]:
    for length in range(min(_LONGEST_NAME, end), 1, -1):
        region = _meant(text[end - length : end], level)
        if region is not None:
            return length, region
    return 0, None


def _places_from(text: str, start: int, level: str | None) -> tuple[Region, ...]:
    found: list[Region] = []
    while True:
        length, region = _place_at(text, start, level)
        if region is None:
            return tuple(found)
        found.append(region)
        start += length
        joint = next((j for j in _JOINTS if text.startswith(j, start)), None)
        if joint is None:
            return tuple(found)
        start += len(joint)


def _place_at(text: str, start: int, level: str | None) -> tuple[int, Region | None]:
    for length in range(min(_LONGEST_NAME, len(text) - start), 1, -1):
        region = _meant(text[start : start + length], level)
        if region is not None:
            return length, region
    return 0, None


def _meant(name: str, level: str | None) -> Region | None:
    here = [region for region in named(name) if level is None or _fits(region, level)]
    tops = [r for r in here if r.level == "province"] or [r for r in here if r.level == "prefecture"] or here
    return tops[0] if len(tops) == 1 else None


def _fits(region: Region, level: str) -> bool:
    if level == "prefecture" and region.code[:2] in _MUNICIPALITIES:
        return region.level == "province"
    return region.level == level
