"""Finds offices that are told without their body: 副主任李某 in the same sentence, 某甲任主任 in the next, 现任 in a biography."""

from collections.abc import Sequence

import re2

from pipelines.disclosing.clauses import CLAUSE_END
from pipelines.disclosing.marks import Mention
from pipelines.disclosing.people import Person
from pipelines.finding.bodies import Body
from pipelines.normalise import normalise

_BARE_ROLE = re2.compile(r"(?:常务副主任|副主任|主任)")
_LISTS_HOLDERS = re2.compile(r"(?:共|一共|现|分别|均|也|则|还|设)*(?:为|是|：|由|有)")
_COUNTS = "0123456789一二两三四五六七八九十若"
_ROLE_VERBS = (
    "任",
    "任双",
    "任“双",
    "任“",
    "为",
    "当选",
    "兼",
)  # 王某任副主任: the body was named in the sentence before
_OTHER_HOLDER = re2.compile(
    r"人大|政协|委员会|领导小组|发展改革委|发改委|国资委|卫健委|卫生健康委|经信委|住建委|办公室"
)
_IN_CAPACITY = re2.compile(r"(?:党组|党委|常委会)?(?:副|常务副)?(?:主席|主任|书记|局长|组长|主委)")
_OTHER_UNIT = re2.compile(
    r"科协|协会|工商联|联合会|基金|中心|实验室|研究院|学会|协会|研究会|专班|专家组|顾问|咨询|小组|公司|大学|学院"
)
_ROSTER_HEAD = re2.compile(r"名单|组成人员|组成如下|成员如下|会议纪要")
_ROSTER_LINE = re2.compile(r"^(?:常务副主任|副主任|主任|委员|成员|秘书长)[：:]")
_BIOGRAPHY = re2.compile(r"^\s*([\x{4e00}-\x{9fff}·]{2,12})，(?:男|女)[，,]")
# 现任 of today, and the last line of a career: 2024.06起兼任…
_HOLDS = re2.compile(
    r"(?:^|[，；])(现任)|(?:^|[，；\s])(?:19|20)[0-9]{2}[年.][0-9]{1,2}月?(?:起|至今|—|－|-|，)*(兼任|兼|任|担任|出任)"
)
_OF_A_CAREER = re2.compile(r"^\s*[（(]?(?:[0-9]{4}|现任|曾任|历任|先后|同年|其间|期间)")
_CAREER, _HEAD_OF_LINE = 4000, 60  # so many characters back a career can begin; so many of a line say what it is
_SOON, _LATER = 1, 6  # so many sentences after the body was named its offices may be told without it


def bare_roles(text: str, mentions: Sequence[Mention], people: set[int]) -> list[Mention]:
    """Return an office without its body (…，副主任李某出席) in a sentence that named the body before; `people` are where names begin."""
    found: list[Mention] = []
    for match in _BARE_ROLE.finditer(text):
        start = match.start()
        before = [m for m in mentions if m.end <= start and m.kind in ("named", "bare")]
        named = match.end() in people and text[start - 1] in "，；、"
        taken = text.endswith(_ROLE_VERBS, 0, start) and text[match.end() :].lstrip("”’」")[:1] in CLAUSE_END
        named = named or (text[start - 1] in "，；：" and _LISTS_HOLDERS.match(text, match.end()) is not None)
        posts = text.endswith("设", 0, start) and text[match.end() : match.end() + 1] in _COUNTS
        if not before or not (named or taken or posts):
            continue
        between = text[before[-1].end : start]
        if taken and not any(c in CLAUSE_END + "、" for c in between):
            continue
        if len(before[-1].bodies) == 1 and not _names_other_holder(between, taken):
            found.append(Mention(start, start, before[-1].bodies, "bare"))
    return found


def _names_other_holder(between: str, taken: bool) -> bool:
    """Say whether another body stands before an office; 区政协主席某乙任副主任 names one only in the capacity of who takes it."""
    return any(not (taken and _IN_CAPACITY.match(between, m.end())) for m in _OTHER_HOLDER.finditer(between))


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


def described(sentence: str, text: str, end: int) -> list[Person]:
    """Return who is meant by 现任 or 2024.06起兼任 in a biography: the one with whom it begins (某甲，男，…).

    The sentence ends at `end` of the text; between the line that names the person and it stand only lines of a career.
    """
    places = [max(match.start(1), match.start(2)) for match in _HOLDS.finditer(sentence)]
    name = _subject(text[max(0, end - _CAREER) : end].split("\n")) if places else None
    return [Person(at, at, name) for at in places] if name else []


def _subject(lines: Sequence[str]) -> str | None:
    for line in (normalise(line[:_HEAD_OF_LINE]).text for line in reversed(lines)):
        name = _BIOGRAPHY.match(line)
        if name:
            return str(name.group(1))
        if line.strip() and not _OF_A_CAREER.match(line):
            return None
    return None


def _is_office_alone(text: str, start: int, end: int, soon: bool) -> bool:
    """Say whether an office without its body is taken (某甲任主任，) or given (主任是某乙) in a clause of its own."""
    if _OTHER_HOLDER.search(text[:start]) or _OTHER_UNIT.search(text[:start]):
        return False
    if text.endswith(_ROLE_VERBS, 0, start) and text[end : end + 1] in CLAUSE_END:
        return soon
    return (start == 0 or text[start - 1] in "，；：") and text.startswith(("是", "为", "由"), end)
