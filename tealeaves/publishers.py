"""What the Chinese name of a publisher says: its place, its tier, and its English name where that follows by rule."""

import re

from crawler.source_fields import LOCAL_TIERS
from store.regions import Region, regions

NATIONAL = re.compile(r"^(?:中华人民共和国|中国|国家|国务院|全国|中央)")
_LABEL = re.compile(r"[（(][^（()）]*[)）]$")
_PAPER = re.compile(
    r"(?:日报|晚报|时报|早报|報|报社|新闻网|通讯社|新华社|广播电视台|电视台|杂志社?)$|^(?:人民|新华|光明|央视|求是|大江|红|中国经济|中国新闻|海外)[网網]"
)
_ACADEMY = re.compile(r"(?:科学院|工程院|社会科学院|研究院|研究所|大学|学院|科学技术协会|科协)$")
_PARTY = re.compile(r"^(?:中共中央|中央)|纪律检查委员会|纪委")
_COMMISSIONS = ("国家发展和改革委员会", "国家发展改革委", "国家民族事务委员会", "国家民委", "国家卫生健康委员会", "国家卫生健康委")  # fmt: skip
# The usual English names of departments that every province has.
_ORGANS = {
    "人民政府": "People’s Government",
    "科学技术厅": "Department of Science and Technology",
    "科技厅": "Department of Science and Technology",
    "科学技术委员会": "Science and Technology Commission",
    "科学技术局": "Bureau of Science and Technology",
    "科技局": "Bureau of Science and Technology",
    "发展和改革委员会": "Development and Reform Commission",
    "发展改革委": "Development and Reform Commission",
    "工业和信息化厅": "Department of Industry and Information Technology",
    "经济和信息化厅": "Department of Economy and Information Technology",
    "经济和信息化委员会": "Commission of Economy and Information Technology",
    "教育厅": "Department of Education",
    "教育委员会": "Education Commission",
    "财政厅": "Department of Finance",
    "财政局": "Finance Bureau",
    "人力资源和社会保障厅": "Department of Human Resources and Social Security",
    "自然资源厅": "Department of Natural Resources",
    "生态环境厅": "Department of Ecology and Environment",
    "农业农村厅": "Department of Agriculture and Rural Affairs",
    "卫生健康委员会": "Health Commission",
    "交通运输厅": "Department of Transport",
    "水利厅": "Department of Water Resources",
    "商务厅": "Department of Commerce",
    "国有资产监督管理委员会": "State-owned Assets Supervision and Administration Commission",
    "市场监督管理局": "Administration for Market Regulation",
    "知识产权局": "Intellectual Property Administration",
    "数据局": "Data Administration",
}


def bare(name: str) -> str:
    """Return a name without a remark in brackets at its end."""
    return _LABEL.sub("", name).strip()


def region_of(name: str) -> Region | None:
    """Return the place that a name begins with; of 四川省成都市科技局 it is the city."""
    return _placed(name)[0]


def _placed(name: str) -> tuple[Region | None, str]:
    """Return the place that a name begins with, and the rest of the name."""
    found: Region | None = None
    rest = name
    for level in () if NATIONAL.match(name) else ("province", "prefecture"):
        here = [r for r in regions() if r.level == level and rest.startswith((r.name, r.stem)) and _within(r, found)]
        if here:
            found = max(here, key=lambda r: len(r.name) if rest.startswith(r.name) else len(r.stem))
            rest = rest.removeprefix(found.name) if rest.startswith(found.name) else rest.removeprefix(found.stem)
    return found, rest


def _within(region: Region, outer: Region | None) -> bool:
    return outer is None or region.code[:2] == outer.code[:2]


def tier_of(name: str) -> str | None:
    """Return the tier of a publisher; None where its name does not say it."""
    region = region_of(name)
    if _PAPER.search(name):
        return "official-media"
    if region is not None:
        return _local_tier(name, region)
    if _ACADEMY.search(name):
        return "academy"
    if _PARTY.search(name):
        return "central-party"
    if name.startswith(("国务院办公厅", "中国政府网")):
        return "state-council"
    if name.endswith(("部", *_COMMISSIONS)):
        return "ministry"
    return "agency" if NATIONAL.match(name) and name.endswith(("局", "署", "会", "办", "办公室", "总局")) else None


def _local_tier(name: str, region: Region) -> str:
    if region.level == "prefecture":
        return "city"
    return "municipality" if region.name.endswith("市") else "province"


def english_of(name: str) -> str | None:
    """Return the English name of a provincial department of a usual kind; None for any other."""
    region, rest = _placed(name)
    if region is None or tier_of(name) not in LOCAL_TIERS or not region.name_en:
        return None
    organ = _ORGANS.get(rest)
    return f"{region.name_en} {organ}" if organ else None
