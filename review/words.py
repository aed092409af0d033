"""The words in which findings are shown: English beside Chinese, one table for desk and digest."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.queries import FoundDisclosure, Gloss, Publication
from store.regions import by_code, province_of

TYPES = {
    "meeting": ("会议", "Meeting"),
    "membership": ("成员", "Membership"),
    "approval": ("审批", "Approval"),
    "document": ("文件", "Document"),
    "coordination": ("统筹", "Coordination"),
    "funding": ("资金", "Funding"),
    "establishment": ("组建", "Establishment"),
    "slogan": ("提法", "Slogan"),
    "mention": ("提及", "Mention"),
}
OUTCOMES = {
    "deliberated": ("审议", "deliberated"),
    "approved-in-principle": ("原则同意", "approved in principle"),
    "passed": ("审议通过", "passed"),
    "approved": ("批准", "approved"),
}
OBJECT_KINDS = {
    "document": ("文件", "document"),
    "plan": ("规划", "plan"),
    "lab": ("实验室", "laboratory"),
    "project": ("项目", "project"),
    "fund": ("资金", "fund"),
    "unnamed": ("未具名", "not named"),
    "slogan": ("提法", "slogan"),
}
ROLES = {
    "主任": "director",
    "常务副主任": "executive deputy director",
    "副主任": "deputy director",
    "委员": "member",
    "成员": "member",
    "成员单位": "member organisation",
    "办公室主任": "director of the office",
    "办公室副主任": "deputy director of the office",
    "秘书长": "secretary-general",
    "组长": "head of the group",
    "副组长": "deputy head of the group",
}
TIERS = {
    "central-party": ("中央党的机构", "Central Party body"),
    "state-council": ("国务院", "State Council"),
    "ministry": ("部委", "Ministry"),
    "agency": ("直属机构", "Agency"),
    "province": ("省级", "Province"),
    "municipality": ("直辖市", "Municipality"),
    "city": ("市级", "City"),
    "official-media": ("官方媒体", "Official media"),
    "academy": ("科研机构", "Academy"),
}
STATES = {
    "seen": ("可见", "lists were read, something new was there"),
    "quiet": ("无更新", "lists were read, nothing was new"),
    "blind": ("不可见", "no answer, an error, or a list without links"),
    "blocked": ("被拦截", "a block page answered instead of the site"),
    "suspect": ("可疑", "something was read, but not what is expected here"),
    "not-due": ("未到期", "no visit was planned"),
}
OBSERVED = {
    "edited": ("改动", "Edited"),
    "missing": ("未找到", "Not found"),
    "removed": ("撤下", "Removed"),
    "restored": ("恢复", "Found again"),
    "moved": ("移址", "Moved"),
    "redirected-offsite": ("转向他站", "Leads to another site"),
    "copy-differs": ("版本不一", "Copies differ"),
}
DECIDED = {
    "accepted": ("采纳", "Accepted"),
    "rejected": ("否决", "Rejected"),
    "later": ("稍后", "Put off"),
    "new": ("撤回", "Taken back"),
}
SHELF_NAMES = {
    "new": ("待审", "To review"),
    "later": ("稍后", "Later"),
    "accepted": ("采纳", "Accepted"),
    "rejected": ("否决", "Rejected"),
    "found-later": ("补查", "Found later"),
}
LOCAL_COMMISSION = "Party committee S&T commission"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a disclosure: what it is called, what the page says, and what that means in English (may be empty)."""

    label: str
    label_zh: str
    value: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Glossary:
    """The glosses of the terms in force."""

    glosses: tuple[Gloss, ...] = ()

    def of_term(self, term: str) -> str:
        """Return the gloss of a term id; the id itself when it is not in force."""
        return next((gloss.english for gloss in self.glosses if gloss.term == term), term)

    def of_name(self, name: str | None) -> str:
        """Return the gloss of a canonical Chinese name; empty when no term has that name."""
        return next((gloss.english for gloss in self.glosses if gloss.name == name), "") if name else ""

    def of_body(self, name: str, region: str | None) -> str:
        """Return the gloss of a body; a commission of a local Party committee is glossed by its place."""
        return self.of_name(name) or self._of_local_body(name, region)

    def _of_local_body(self, name: str, region: str | None) -> str:
        # The gloss of the term speaks of every level at once; a body of a known place has its own.
        place = place_in_english(region)
        return f"{place}: {LOCAL_COMMISSION}" if place and name.endswith("委科技委员会") else ""


def place_in_english(region: str | None) -> str:
    """Return a place by the English name of its province (Sichuan; 成都市, Sichuan); empty when unknown."""
    place, province = by_code(region), province_of(region)
    if place is None or province is None or province.name_en is None:
        return ""
    return province.name_en if place == province else f"{place.name}, {province.name_en}"


def facts(disclosure: FoundDisclosure, glossary: Glossary) -> tuple[Fact, ...]:
    """Return the facts of a disclosure that are known, in the order in which people ask for them."""
    return tuple(fact for fact in _all_facts(disclosure, glossary) if fact.value)


def title_of(publication: Publication) -> str:
    """Return the title of a publication; says so when the page has none, and when a person imported it."""
    return (publication.title or "(no title)") + (" (imported)" if publication.imported else "")


def date_in_words(day: str | None, precision: str | None) -> str:
    """Return a date with what is known of it: 2026-09-01, 2026-09 (month), on or before 2026-09-01."""
    if day is None:
        return ""
    return {"before": f"on or before {day}", "month": f"{day} (month)", "year": f"{day} (year)"}.get(
        precision or "", day
    )


def _all_facts(disclosure: FoundDisclosure, glossary: Glossary) -> Iterable[Fact]:
    yield Fact(
        "Body",
        "机构",
        disclosure.body or "",
        glossary.of_body(disclosure.body, disclosure.region) if disclosure.body else "",
    )
    yield Fact("Date", "日期", date_in_words(disclosure.date, disclosure.date_precision))
    yield Fact("Date lent by a copy", "日期据转载", disclosure.date_from or "")
    yield Fact(
        "Ordinal", "次数", "" if disclosure.ordinal is None else f"第{disclosure.ordinal}次", _nth(disclosure.ordinal)
    )
    yield Fact("Person", "人员", disclosure.person or "")
    yield Fact("Role", "职务", disclosure.role or "", ROLES.get(disclosure.role or "", ""))
    yield Fact("Capacity", "身份", disclosure.capacity or "")
    yield Fact("Action", "动作", disclosure.action or "")
    yield Fact("Object", "对象", disclosure.object or "", glossary.of_name(disclosure.object))
    yield Fact("Kind of object", "对象类别", *_pair(OBJECT_KINDS, disclosure.object_kind))
    yield Fact("Outcome", "结果", *_pair(OUTCOMES, disclosure.outcome))


def _pair(table: dict[str, tuple[str, str]], word: str | None) -> tuple[str, str]:
    return table.get(word, (word, "")) if word else ("", "")


def _nth(number: int | None) -> str:
    if number is None:
        return ""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
