"""Names of people, read from where Chinese reports put them: after an office, before a verb, in a list of such names."""

from collections.abc import Collection
from dataclasses import dataclass

import re2

from pipelines.disclosing.clauses import CLAUSE_END, CLOSING, OPENING
from pipelines.disclosing.names import DOTTED, cut_dotted, is_plausible, name_length

_USUAL_LENGTH = 3
_OFFICE_END = (
    r"书记|省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|主席|主任|部长|厅长|局长|院长|校长|行长|署长|会长|社长|所长|司长|处长|总理|总书记|委员长|委员|"
    r"常委|组长|秘书长|检察长|司令员|政委|政治委员|院士|教授|理事长|董事长|总经理|总裁|总师|总工程师|首席科学家|研究员|工程师|召集人|成员|党员|负责人|主委|同志|领导"
)
_AFTER_OFFICE = re2.compile(rf"(?:{_OFFICE_END})[：:]?")
SPEECH = "强调|指出|表示|要求|希望|认为|提出|介绍|谈到|说|讲话|讲道|提到|透露|坦言|撰文|致辞|寄语|勉励|呼吁|叮嘱|称"
_TITLE_AFTER_NAME = r"(?:总书记|国家主席|主席|总理|副总理|书记|省长|市长|部长|厅长|局长|主任|院士|教授|同志|先生|女士)?"
_SPEAKS = re2.compile(
    rf"{_TITLE_AFTER_NAME}(?:[0-9年月日上下午]{{2,12}})?(?:(?:在|就|还|最后|同时|进一步|随后|代表|明确|反复|多次|再次|深刻|郑重|会上|向|对)[^，。；！？]{{0,24}}?)?(?:{SPEECH})"
)
_SPEAKS_LATER = re2.compile(rf"，(?:并|还|同时|随后|最后|现场)*(?:{SPEECH})")  # 丁某先后来到…，强调要…
_NAMES_SOMEBODY = re2.compile(
    r"(?:主任|委员|组长|书记|省长|市长)(?:分别)?(?:为|是)|由|任命|推选|推举|会见|陪同|邀请|聘请|明确"
)
_STAYS_SUBJECT = ("的", "多次", "同志", "既", "还有", "先生")
_BECOMES = re2.compile(
    r"(?:同志)?(?:已|已经|正式|开始|首次|将|兼|不再)?(?:出任|担任|兼任|接任|就任|当选|升任|任|兼)|首次以|以[“「『]?"
)
_IS_DESCRIBED = re2.compile(r"，(?:男|女)[，,]")
# Minutes and lists of members: 主持：李某 市委书记、…
_ROSTER = re2.compile(r"(?:主持人?|出席|参加|参会|列席|召集人|组长|主任|委员|成员|秘书长|记录)[：:]")
# A list of leaders: 李某　市委副书记、市长，… on a line of its own.
_HEADS_LINE = re2.compile(
    rf"^[\x{{4e00}}-\x{{9fff}}]{{2,4}}[\x{{4e00}}-\x{{9fff}}]{{1,20}}(?:{_OFFICE_END})(?:$|[、，])"
)
_TITLE_STARTS = re2.compile(r"(?:中央|中共|全国|[省市区县州校院厅局]|自治|副|党|常务|主任|书记|总|首席)")
_IN_BRACKETS = re2.compile(rf"[（(][^（）()]{{1,40}}(?:{_OFFICE_END})[）)]")


@dataclass(frozen=True, slots=True)
class Person:
    """A name at its place: `text[start:end]`."""

    start: int
    end: int
    name: str


def find_people(text: str, known: frozenset[str] = frozenset(), gaps: Collection[int] = ()) -> tuple[Person, ...]:
    """Return the people named in a sentence: after an office, in a list that such a name opens, before a speech verb.

    `gaps` are positions before which white space stood: what follows an office there need not belong to it.
    """
    found: dict[int, Person] = {}
    for match in _AFTER_OFFICE.finditer(text):
        _take_list(text, match.end(), found, strict=match.end() in gaps)
    for match in _NAMES_SOMEBODY.finditer(text):
        _take_list(text, match.end(), found, strict=True)
    starts = [match.end() for match in _ROSTER.finditer(text)] + ([0] if gaps and _HEADS_LINE.search(text) else [])
    starts += [at + 1 for at, char in enumerate(text) if char in "；;" and starts and at > starts[0]]
    for start in starts:
        if length := _name_before_titles(text, start, gaps):
            found[start] = Person(start, start + length, text[start : start + length])
    for start in _clause_starts(text):
        person = _subject_at(text, start, known)
        if person:
            _take_list(text, start, found, strict=True)
            found.setdefault(start, person)
    for name in known:
        at = text.find(name)
        while at >= 0:
            found.setdefault(at, Person(at, at + len(name), name))
            at = text.find(name, at + len(name))
    return _without_overlaps(sorted(found.values(), key=lambda p: (p.start, -p.end)))


def _without_overlaps(people: list[Person]) -> tuple[Person, ...]:
    kept: list[Person] = []
    for person in people:
        if not kept or person.start >= kept[-1].end:
            kept.append(person)
    return tuple(kept)


def _take_list(text: str, start: int, found: dict[int, Person], strict: bool) -> None:
    """Take the name at `start`, and the names that 、 和 及 与 chain to it."""
    length = name_length(text, start, strict)
    while length:
        name = text[start : start + length]
        found[start] = Person(start, start + length, name)
        start += length
        joint = next((j for j in ("以及", "、", "和", "及", "与") if text.startswith(j, start)), None)
        if joint is None:
            return
        start += len(joint)
        length = name_length(text, start)


def _name_before_titles(text: str, start: int, gaps: Collection[int]) -> int:
    """Return the length of a name that its titles follow, which white space parts from it or a level of office begins."""
    lengths = [n for n in (_USUAL_LENGTH, 2, 4) if is_plausible(text, start, n)]
    parted = next((n for n in lengths if start + n in gaps), 0)
    return parted or next((n for n in lengths if _TITLE_STARTS.match(text, start + n)), 0)


def _clause_starts(text: str) -> list[int]:
    return [0] + [i + 1 for i, c in enumerate(text) if c in CLAUSE_END + OPENING + CLOSING + " 　"]


def _subject_at(text: str, start: int, known: frozenset[str]) -> Person | None:
    length = next((len(n) for n in known if text.startswith(n, start)), 0)
    lengths = [length] if length else [n for n in (3, 2, 4) if is_plausible(text, start, n)]
    dotted = DOTTED.match(text, start)
    if dotted and not _AFTER_OFFICE.search(text[start : dotted.end()]):
        lengths = [cut_dotted(text, start, dotted.end()) - start]
    for length in lengths:
        end = start + length
        if any(form.match(text, end) for form in (_SPEAKS, _BECOMES, _IN_BRACKETS, _IS_DESCRIBED)) or text.startswith(
            ("主持", "出席", "到会"), end
        ):
            return Person(start, end, text[start:end])
        if length == _USUAL_LENGTH and text.startswith(_STAYS_SUBJECT, end):
            return Person(start, end, text[start:end])
    return None


def speaker_before(text: str, position: int, known: frozenset[str] = frozenset()) -> str | None:
    """Return who is named as the speaker of what stands at `position` in a sentence (X强调，…); None when nobody is."""
    best: str | None = None
    people = [person for person in find_people(text, known) if person.end <= position]
    for person in people:
        if (match := _SPEAKS.match(text, person.end)) and match.end() <= position:
            best = person.name
    if best is None and _SPEAKS_LATER.search(text, 0, position) and all(person.start == 0 for person in people):
        return text[: name_length(text, 0)] or None
    return best
