"""Finds offices that are told without their body: 副主任李某 in the same sentence, 某甲任主任 in the next, 现任 in a biography."""

from collections.abc import Sequence

import re2

from pipelines.disclosing.clauses import CLAUSE_END
from pipelines.disclosing.marks import Mention
from pipelines.disclosing.people import Person
from pipelines.finding.bodies import Body

_BARE_ROLE = re2.compile(r"(?:常务副主任|副主任|主任)")
_LISTS_HOLDERS = ("为", "是", "：", "由")
_COUNTS = "0123456789一二两三四五六七八九十若"
_ROLE_VERBS = ("任", "任双", "为", "当选", "兼")  # 王某任副主任: the body was named in the sentence before
_OTHER_HOLDER = re2.compile(
    r"人大|政协|委员会|领导小组|发展改革委|发改委|国资委|卫健委|卫生健康委|经信委|住建委|办公室"
)
_OTHER_UNIT = re2.compile(
    r"科协|协会|工商联|联合会|基金|中心|实验室|研究院|学会|协会|研究会|专班|专家组|顾问|咨询|小组|公司|大学|学院"
)
_ROSTER_HEAD = re2.compile(r"名单|组成人员|组成如下|成员如下|会议纪要")
_ROSTER_LINE = re2.compile(r"^(?:常务副主任|副主任|主任|委员|成员|秘书长)[：:]")
_BIOGRAPHY = re2.compile(r"^\s*([\x{4e00}-\x{9fff}·]{2,12})，(?:男|女)[，,]")
_NOW_HOLDS = re2.compile(r"(?:^|[，；])现任")
_SOON, _LATER = 1, 6  # so many sentences after the body was named its offices may be told without it


def bare_roles(text: str, mentions: Sequence[Mention], people: set[int]) -> list[Mention]:
    """Return an office without its body (…，副主任李某出席) in a sentence that named the body before; `people` are where names begin."""
    found: list[Mention] = []
    for match in _BARE_ROLE.finditer(text):
        start = match.start()
        before = [m for m in mentions if m.end <= start and m.kind in ("named", "bare")]
        named = match.end() in people and text[start - 1] in "，；、"
        taken = text.endswith(_ROLE_VERBS, 0, start) and text[match.end() : match.end() + 1] in CLAUSE_END
        named = named or (text[start - 1] in "，；" and text.startswith(_LISTS_HOLDERS, match.end()))
        posts = text.endswith("设", 0, start) and text[match.end() : match.end() + 1] in _COUNTS
        if not before or not (named or taken or posts):
            continue
        between = text[before[-1].end : start]
        if taken and not any(c in CLAUSE_END + "、" for c in between):
            continue
        if len(before[-1].bodies) == 1 and not _OTHER_HOLDER.search(between):
            found.append(Mention(start, start, before[-1].bodies, "bare"))
    return found


class UnnamedOffices:
    """The offices of a body that an earlier sentence named; asked for each sentence of a text in order."""

    def __init__(self) -> None:
        self._named_at, self._roster = -_LATER, False

    def find(self, text: str, mentions: Sequence[Mention], index: int, known: tuple[Body, ...]) -> list[Mention]:
        """Return 某甲任主任, 主任是某乙 and the lines of a list of members that mean the body `known` from before."""
        since, roster = index - self._named_at, self._roster
        named = [m for m in mentions if m.kind in ("named", "bare")]
        if named:
            self._named_at = -_LATER if _OTHER_UNIT.search(text, max(m.end for m in named)) else index
            self._roster = _ROSTER_HEAD.search(text) is not None
        if not known or since > _LATER:
            return []
        if roster and not named and _ROSTER_LINE.match(text):
            return [Mention(0, 0, known, "bare")]
        limit = min((m.start for m in named), default=len(text))
        return [
            Mention(match.start(), match.start(), known, "bare")
            for match in _BARE_ROLE.finditer(text[:limit])
            if _is_office_alone(text, match.start(), match.end(), since <= _SOON)
        ]


def described(text: str, paragraph: str) -> list[Person]:
    """Return who is meant by 现任 in a biography: the one with whom its paragraph begins (某甲，男，…。现任…)."""
    holds, name = _NOW_HOLDS.search(text), _BIOGRAPHY.match(paragraph)
    if holds is None or name is None:
        return []
    at = holds.end() - len("现任")
    return [Person(at, at, name.group(1))]


def _is_office_alone(text: str, start: int, end: int, soon: bool) -> bool:
    """Say whether an office without its body is taken (某甲任主任，) or given (主任是某乙) in a clause of its own."""
    if _OTHER_HOLDER.search(text[:start]) or _OTHER_UNIT.search(text[:start]):
        return False
    if text.endswith(_ROLE_VERBS, 0, start) and text[end : end + 1] in CLAUSE_END:
        return soon
    return (start == 0 or text[start - 1] in "，；：") and text.startswith(("是", "为", "由"), end)
