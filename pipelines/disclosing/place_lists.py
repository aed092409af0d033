"""Lists of places beside a body: 河南、吉林和四川的省委科技委员会 is three bodies, a place that only stands near is none."""

from collections.abc import Sequence

import re2

from pipelines.finding.bodies import Body, body_of
from pipelines.finding.localities import within_place_before
from store.regions import Region, named

_COUNTED = (
    r"(?:等)?(?:[0-9]{1,2}|[一二三四五六七八九十两多数]{1,3}|若干)?个?"
    r"(?:省份|省区市|省市区|省区|省市|区县|县区|县市|地区|地方|城市|[省市区县地州])?"
)
_BEFORE_BODY = re2.compile(_COUNTED + r"(?:的|，|各自的?|分别的?)?$")
_CLOSES_LIST = re2.compile(
    r"[等0-9一二三四五六七八九十两多数个份的，各分]|[省市区县地]{2}"
)  # 市 alone only ends a name
_EACH = r"(?:也|已|已经|均|都|先后|相继|陆续|正式|分别|率先|同步|随后|此前|近期|年内|目前|又|同日|同时|各自)"
_OWN = r"(?:本?省级?|各自的?|本地的?|本级)?"
_ACTS = re2.compile(
    rf"^{_COUNTED}，?(?:{_EACH}*(?:组建|成立|设立|建立|新设|新组建|新成立|有)|{_EACH}+(?:召开|举行|开))了?{_OWN}$"
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


def listed_bodies(text: str, start: int, end: int, own: Region | None = None) -> tuple[Body, ...]:
    """Return the bodies that a list of places makes of the name at `start`..`end` of a sentence; empty when none does.

    The list stands right before the name (…的省委科技委员会), is the subject that founds or convenes (浙江、江西已组建
    省委科技委员会) or says where it was founded (省级党委科技委员会已在河南、浙江成立). A name with its `own` place is only
    the last of a list (浙江、江西省委科技委员会); a place right before that is the one it lies in (深圳市南山区委…).
    """
    level = own.level if own else _LEVELS.get(text[start : start + 2])
    for at in _ends_of_lists(text, start, own is None):
        found = _places_before(text, at, level)
        if found:
            return tuple(body_of(region) for region in found)
    after = _FOUNDED_IN.match(text[end:])
    if after is None or own is not None:
        return ()
    return tuple(body_of(region) for region in _places_from(text, end + after.end(), level))


def _ends_of_lists(text: str, start: int, bare: bool) -> list[int]:
    """Return the positions before a body at which a list of places that belongs to it may end, nearest first."""
    first = max(0, start - _LONGEST_TAIL, *(text.rfind(stop, 0, start) + 1 for stop in "。；！？"))
    joint = [start] if text[start - 1 : start] in ("、", "和", "及", "与") else []
    if not bare:
        return joint
    direct = _BEFORE_BODY.search(text[first:start])
    ends = [first + direct.start()] if direct and _CLOSES_LIST.search(direct.group()) else []
    return ends + joint + [at for at in range(start - 1, first, -1) if _ACTS.match(text[at:start])]


def _places_before(text: str, end: int, level: str | None) -> tuple[Region, ...]:
    """Read a list of places backwards from `end`; a joint right before `end` belongs to the list."""
    found: list[Region] = []
    end -= len(_joint_before(text, end))
    while True:
        length, region = _place_before(text, end, level, found)
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


def _place_before(text: str, end: int, level: str | None, beside: Sequence[Region]) -> tuple[int, Region | None]:
    """Return the length of the place name that ends at `end`, the place that holds it included (成都市武侯区), and the place.

    Of two places with one name it is the one in the city of those `beside` it: 江北区 before 镇海区 lies in 宁波.
    """
    for length in range(min(_LONGEST_NAME, end), 1, -1):
        called = _called(text[end - length : end], level)
        start, here = within_place_before(text, end - length, called) if called else (end, ())
        if len(here) > 1:
            here = tuple(region for region in here if region.code[:4] in {other.code[:4] for other in beside})
        if len(here) == 1:
            return end - start, here[0]
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
    here = _called(name, level)
    return here[0] if len(here) == 1 else None


def _called(name: str, level: str | None) -> tuple[Region, ...]:
    """Return the highest places of a name: 吉林 is the province before it is the city."""
    here = tuple(region for region in named(name) if level is None or _fits(region, level))
    tops = tuple(r for r in here if r.level == "province") or tuple(r for r in here if r.level == "prefecture")
    return tops or here


def _fits(region: Region, level: str) -> bool:
    if level == "prefecture" and region.code[:2] in _MUNICIPALITIES:
        return region.level == "province"
    return region.level == level
