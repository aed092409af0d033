"""The GB/T 2260 table: which place a name means, its six-digit code, and how the Party committee there is called.

Names and codes of the 34 provincial units, all prefectures and all counties as the statistics bureau published them for
2023-06-30 (`regions.tsv`; statistical areas such as development zones are left out, they have no GB/T 2260 code).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Level = Literal["province", "prefecture", "county"]

# code prefix, stem, abbreviations in use on number plates and in document numbers, English name
_PROVINCES = """
11 北京 京 Beijing
12 天津 津 Tianjin
13 河北 冀 Hebei
14 山西 晋 Shanxi
15 内蒙古 蒙 Inner Mongolia
21 辽宁 辽 Liaoning
22 吉林 吉 Jilin
23 黑龙江 黑 Heilongjiang
31 上海 沪,申 Shanghai
32 江苏 苏 Jiangsu
33 浙江 浙 Zhejiang
34 安徽 皖 Anhui
35 福建 闽 Fujian
36 江西 赣 Jiangxi
37 山东 鲁 Shandong
41 河南 豫 Henan
42 湖北 鄂 Hubei
43 湖南 湘 Hunan
44 广东 粤 Guangdong
45 广西 桂 Guangxi
46 海南 琼 Hainan
50 重庆 渝 Chongqing
51 四川 川,蜀 Sichuan
52 贵州 贵,黔 Guizhou
53 云南 云,滇 Yunnan
54 西藏 藏 Tibet
61 陕西 陕,秦 Shaanxi
62 甘肃 甘,陇 Gansu
63 青海 青 Qinghai
64 宁夏 宁 Ningxia
65 新疆 新 Xinjiang
71 台湾 台 Taiwan
81 香港 港 Hong Kong
82 澳门 澳 Macao
"""
_PEOPLES = (
    "满族|回族|藏族|壮族|苗族|侗族|瑶族|彝族|白族|傣族|黎族|畲族|羌族|怒族|佤族|土族|水族|京族|蒙古族|朝鲜族|哈尼族|"
    "土家族|布依族|仡佬族|拉祜族|纳西族|景颇族|布朗族|撒拉族|毛南族|仫佬族|锡伯族|阿昌族|普米族|德昂族|独龙族|基诺族|裕固族|"
    "保安族|东乡族|傈僳族|哈萨克族|达斡尔族|鄂温克族|鄂伦春族|塔吉克族|柯尔克孜族|维吾尔族|"
    "哈萨克|柯尔克孜|塔吉克|锡伯|蒙古|各族"
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})*自治([州县旗])$")
_SUFFIX = re.compile(r"(?:特别行政区|新区|地区|[省市区县旗盟])$")


@dataclass(frozen=True, slots=True)
class Region:
    """A place of the table.

    `code` has six digits, `name` is the full name (内蒙古自治区), `stem` the everyday one (内蒙古), `committee` the Party
    committee there in its short form (四川省委, 内蒙古自治区党委, 凉山州委, 余杭区委). `shorts` and `name_en` are given for
    provincial units only.
    """

    code: str
    name: str
    level: Level
    stem: str
    committee: str
    shorts: tuple[str, ...] = ()
    name_en: str | None = None


@cache
def regions() -> tuple[Region, ...]:
    """Return the whole table in the order of the codes."""
    lines = (Path(__file__).parent / "regions.tsv").read_text(encoding="utf-8").splitlines()
    provinces = {prefix: rest for prefix, *rest in (line.split(" ", 3) for line in _PROVINCES.strip().splitlines())}
    return tuple(_region(*line.split("\t"), provinces=provinces) for line in lines)


def _region(code: str, name: str, *, provinces: dict[str, list[str]]) -> Region:
    if code.endswith("0000"):
        stem, shorts, name_en = provinces[code[:2]]
        committee = f"{name}党委" if name.endswith("自治区") else f"{name}委"
        return Region(code, name, "province", stem, committee, tuple(shorts.split(",")), name_en)
    stem = _stem(name)
    return Region(code, name, "prefecture" if code.endswith("00") else "county", stem, _committee(name, stem))


def _stem(name: str) -> str:
    """Return 凉山 for 凉山彝族自治州, 余杭 for 余杭区; a name of two characters stays whole (赵县, 城区)."""
    if _AUTONOMOUS.search(name):
        return _AUTONOMOUS.sub("", name) or name
    stem = _SUFFIX.sub("", name)
    return stem if len(stem) > 1 else name


def _committee(name: str, stem: str) -> str:
    if autonomous := _AUTONOMOUS.search(name):
        return f"{stem}{autonomous.group(1)}委"
    if name.endswith("地区"):
        return f"{stem}地委"
    return f"{name}区委" if name.endswith("新区") else f"{name}委"


@cache
def _by_code() -> dict[str, Region]:
    return {region.code: region for region in regions()}


def by_code(code: str | None) -> Region | None:
    """Return the region with a six-digit code; None for None or an unknown code."""
    return _by_code().get(code) if code else None


def province_of(code: str | None) -> Region | None:
    """Return the provincial unit in which a code lies."""
    return by_code(f"{code[:2]}0000") if code else None


def _index(keys: Iterable[tuple[str, Region]]) -> dict[str, tuple[Region, ...]]:
    found: defaultdict[str, list[Region]] = defaultdict(list)
    for key, region in keys:
        if region not in found[key]:
            found[key].append(region)
    return {key: tuple(here) for key, here in found.items()}


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    return _index((key, r) for r in regions() for key in (r.name, r.stem, *r.shorts, (r.name_en or r.name).lower()))


def named(name: str) -> tuple[Region, ...]:
    """Return every region that bears a name: full, everyday, abbreviated (川) or, for provinces, English."""
    return _by_name().get(name, ()) or _by_name().get(name.lower(), ())


def resolve(name: str) -> Region | None:
    """Return the one region that a name means: the highest level that bears it; None when several of that level do.

    吉林 is the province and not the city in it; 鼓楼区 (four cities have one) is None.
    """
    found = named(name)
    for level in ("province", "prefecture", "county"):
        here = [region for region in found if region.level == level]
        if here:
            return here[0] if len(here) == 1 else None
    return None


@cache
def committees() -> dict[str, tuple[Region, ...]]:
    """Return the regions by the name of their Party committee, in every form that stands in texts.

    四川省委, 四川省委员会; 内蒙古自治区党委, 内蒙古党委, 内蒙古自治区委; 凉山州委, 凉山彝族自治州委; 浦东新区区委, 浦东新区委.
    """
    return _index((form, region) for region in regions() for form in _committee_forms(region))


def _committee_forms(region: Region) -> tuple[str, ...]:
    forms = [region.committee, f"{region.name}委", f"{region.name}委员会"]
    if region.level == "province" and region.name.endswith("自治区"):
        forms += [f"{region.stem}党委", f"{region.stem}区党委", f"{region.stem}自治区党委", f"{region.stem}自治区委"]
    elif not region.committee.endswith("区区委"):
        forms.append(f"{region.committee}员会")
    return tuple(forms)
