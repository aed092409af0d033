"""The capacity in which somebody appears: the offices beside a name, without the lesser ones, with the place filled in."""

from collections.abc import Sequence

import re2

from pipelines.disclosing.marks import Marked
from pipelines.disclosing.patterns import FIRST_PERSON, LAST_PERSON
from pipelines.finding.bodies import Body
from store.regions import by_code

_OFFICE = re2.compile(
    r"^.{0,30}?(?:书记|省长|市长|区长|县长|州长|盟长|旗长|主席|主任|部长|厅长|局长|院长|校长|行长|会长|社长|所长|司长|处长|总理|委员长|委员|常委|"
    r"组长|秘书长|检察长|司令员|政委|院士|教授|理事长|董事长|总经理|总工程师|总[经会农审规设][\x{4e00}-\x{9fff}]师|成员|主委)$"
)
_LEADING = re2.compile(
    r"^(?:.*(?:[0-9一二三四五六七八九十]日|[上下]午|近日|日前|昨天|昨日|今天|今日|当天|获悉|了解|会上|由|[：:，,]))?"
    r"(?:据|由|是|为|即|有|以及|以|和|及|与|同|新任|现任|时任|我省|我市|我区|我县|全省|全市|分别)*"
)
_LEADERS = re2.compile(
    r"(?:主要领导|主要负责同志|主要负责人|党政一把手)(?:同志)?$"
)  # a class of holders: 市委、市政府主要领导
_JOINTS = re2.compile(r"[、/]|以及")
_HEAD_POST = re2.compile(r"(?:^|[^副理])(?:书记|省长|市长|区长|县长|州长|盟长|旗长|主席)$")
_LESSER = re2.compile(r"(?:[省市区县州盟旗]委|党委)?(?:副书记|常委)$")
# A bare local post and the level of committee whose place completes it.
_BARE_POST = re2.compile(r"^(省|市|区|县|州|盟|旗|自治区)(委书记|党委书记|长|主席|政府主席|人民政府主席)$")


def offices_around(marked: Marked, body_at: int, person_at: int | None) -> tuple[str, ...]:
    """Return the offices that one clause lists beside a body: those before the body, and those between it and the name."""
    start = body_at
    while start > 0 and not _closes_list(marked.text[start - 1]):
        start -= 1
    before = marked.plain(start, body_at)
    between = marked.plain(body_at + 1, person_at) if person_at is not None and person_at > body_at else ""
    return _offices(before) + _offices(between.partition("、")[2])


def offices_after(marked: Marked, position: int) -> tuple[str, ...]:
    """Return the offices that one clause lists behind a position (现任…委员、部总工程师; 主任：某甲 市委书记)."""
    end = position
    while end < len(marked.text) and not _closes_list(marked.text[end]):
        end += 1
    return _offices(marked.plain(position, end))


def _closes_list(char: str) -> bool:
    return char in "，。；：！？,;:!?（）()“”「」『』‘’" or FIRST_PERSON <= ord(char) <= LAST_PERSON


def offices_in(text: str) -> tuple[str, ...]:
    """Return the offices of a plain list such as 省委常委、组织部部长; 省委书记和省长 are two."""
    if _LEADERS.search(text):
        return (text.strip("，、 "),)
    return tuple(office for part in _offices(text) for office in _split_and(part))


def _split_and(office: str) -> tuple[str, ...]:
    first, joint, second = office.partition("和")
    if joint and _OFFICE.match(first) and _OFFICE.match(second):
        return first, second
    return (office,)


def _offices(text: str) -> tuple[str, ...]:
    parts = (_LEADING.sub("", part).strip("“”「」 的") for part in _JOINTS.split(text))
    return tuple(part for part in parts if _OFFICE.match(part))


def capacity(offices: Sequence[str], body: Body, complete: bool = True) -> str | None:
    """Return the capacity that offices amount to: 副书记 and 常委 step back behind a leading post, 省长 becomes 四川省省长."""
    leading = [office for office in offices if _HEAD_POST.search(office)]
    kept = [o for o in offices if not (leading and _LESSER.search(o) and not o.startswith("中"))]
    if not kept:
        return None
    return "、".join(_completed(office, body) if complete else office for office in kept)


def _completed(office: str, body: Body) -> str:
    region, match = by_code(body.region), _BARE_POST.match(office)
    if region is None or match is None or not region.name.endswith(match.group(1)):
        return office
    place = region.name
    if match.group(2).endswith("委书记"):
        return f"{region.committee}书记"
    return f"{place}{match.group(2)}" if match.group(1) == "自治区" else f"{place}{office}"
