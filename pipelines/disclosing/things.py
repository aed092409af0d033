"""What is decided, issued or paid for: the thing's name without its tail, its kind, and how far a decision goes."""

from collections.abc import Sequence

import re2

from pipelines.disclosing.clauses import CLAUSE_END
from pipelines.disclosing.rule_entries import KindEntry, RulesFile

_TITLE = re2.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》(?:[（(][^（）()]{1,20}[）)])?")
_HEAD = re2.compile(
    r"^(?:了|的|并|后|关于|将|把|对|一份|一项|一批|一家|两家|[0-9一二两三四五六七八九十]+[个项家份件批]|该|这份|这个|这项|这一|其|另有|(?:这里|那里|当地|我省|我市|我区|该省|该市|该校|我校|本市|本省)的|第[0-9一二三四五六七八九十百]+条|据介绍|据悉|据了解|，|、|以及|和)+"
)
_TAIL = re2.compile(
    r"(?:等(?:[^等]{0,8}(?:文件稿?|事项|议题|材料|内容|情况|工作|方面|问题|一批))?|事项)?(?:的?(?:起草|编制|制定)(?:说明|情况))?$"
)
_UNNAMED = re2.compile(
    r"^(?:了|等|的|有关|相关|若干|重要|一批|系列|其他|多项|多份|几份|[0-9一二三四五六七八九十]+[个项份件])+(?:制度|政策)?(?:文件稿?|事项|议题|材料|议程|方案)$"
)
_BEFORE_PREDICATE = re2.compile(
    r"(?:已|已经|于|也|均|都|日前|近日|近期|正|正在|拟|将|须|需|应|要|按程序|按照程序|经程序|依程序|今年|去年|顺利|成功|正式|分别|先后|相继|并|随后|再|还|曾|此前|目前|整体|具体|统一|负责|一并|决定|同意|抓紧|及时|年初|年底|年内|上月|本月|昨日|昨天|今天|[0-9]{1,4}[年月日号]|[、，])+$"
)
# 工作规则和办公室细则 is a list of two, 教育和科技规划 is not: the joint stands behind a whole name.
_JOINED = re2.compile(r"(规则|细则|办法|制度|要点|意见|报告|清单|规定|措施|方案|规划|计划|纲要)(?:以及|和|及|与)")
# What follows a named thing in the same clause when the thing is not its end: 重点任务清单|抓好落实.
_NO_PART_OF_NAME = re2.compile(
    r"((?:规则|细则|办法|制度|要点|意见|报告|通知|名单|清单|规定|决定|措施|方案|规划|计划|纲要|指南|文件)》?(?:等)?)"
    r"(?:抓|做|推进|推动|落实|开展|加强|要求|组织|认真|执行|已|并|对|提出|明确|指出|中|，|里|把|将|为|在|来|以来|后|时|近日|日前|正式|于|由|也|今天|昨天|昨日|发布|印发|出台|获|经|自).*$"
)
_ONLY_TELLS = re2.compile(r"^(?:请|希望|要求)|(?:于|在|应|须)$|(?:获悉|了解到?|获知|介绍|报道|消息|讯|透露|表示|指出)$")
_ONLY_DATES = re2.compile(
    r"^(?:[昨今前去明]|[0-9年月日号上下午中旬初底天晚]|近日|近期|日前|随后|此前|目前|会前|会后|会上|同时)*$"
)
# 由科技厅汇总后 names who acts; the thing stands in the clause before, behind 将 or 把.
_ONLY_ACTS = re2.compile(r"^(?:.{0,20}[电讯]（[^（）]*）)?(?:再|并|后|统一|经|由|交)*(?:由|经)[^，；]{2,16}$")
_ACTED = re2.compile(r"(?:批准|研究|审议|同意|审定|审核|论证|评审|讨论|推荐|申报|部署|授权)$")
_TAKEN_IN_HAND = re2.compile(r"(?:将|把)([^，；]{2,24}?)(?:报送|上报|提交|汇总|送|交|报[至到省市区国科中])")
_PUT_FORWARD = re2.compile(r"^[^《》，]{2,24}(?:提出|起草|拟订|拟定)(?:了|的)?([^完后]{3,})$")
# 某项目近日启动: what happens to a thing is no part of its name.
_BEGINS = re2.compile(
    r"(?:已|于|近日|日前|正式|全面|顺利|成功|将|现|今年|今天|当天|[0-9]{1,4}[年月日])+"
    r"(?:启动|开工|印发|发布|实施|落户|落地|建成|揭牌|投用|开建|挂牌|立项|上线|推进|对外).*$"
)
_OPENS_WITH_VERB = re2.compile(r"^(?:由|并|于|正式|将|已|现|从|在|要|也|为|予以|决定|同意|印发|实施|启动)")
_ORGANISATION = re2.compile(r"^.{2,24}?(?:委员会|领导小组|办公室|部|厅|局|科学院|政府|单位)")
_CLAUSES = re2.compile(r"[，；：,;:]")
_CLAUSES_BACK = 2
_ENDS_SEARCH = "；;。！？!?"
_KEEPS = re2.compile(r"^(?:保留|设立|组建|由|其中|同时|并|继续|原)+")
_REBUILT = re2.compile(r"^(?:由|交由|交|给)?(?:重新)?(?:重组|组建|改组|调整)后的(?:新)?")


def is_unnamed(thing: str) -> bool:
    """Say whether a thing is only hinted at (有关文件, 相关事项)."""
    return _UNNAMED.search(thing) is not None


def name_of(thing: str) -> str | None:
    """Return a thing's name without counting words before it and 等事项 after it; None when nothing is left."""
    if is_unnamed(thing):
        return thing.removeprefix("了")
    titles = titles_of(thing)
    if titles:
        return "".join(titles)
    if proposed := _PUT_FORWARD.match(thing):
        thing = proposed.group(1)
    bare = _TAIL.sub("", _HEAD.sub("", _NO_PART_OF_NAME.sub(r"\1", thing.strip()))).strip("“”「」『』\"'、，的 ")
    bare = _JOINED.sub(lambda match: match.group(1) + "、", _REBUILT.sub("", bare))
    return bare if len(bare) > 1 else None


def titles_of(thing: str) -> tuple[str, ...]:
    """Return each 《…》 of a list of documents; empty when the thing is not named by titles."""
    return tuple(_TITLE.findall(thing)) if thing.lstrip("了关于的、，").startswith("《") else ()


def things_of(thing: str, kinds: Sequence[KindEntry]) -> tuple[str, ...]:
    """Return each thing of a list that titles open: 《…办法》《…方案》和年度工作要点 are three; empty when no title opens it."""
    titles = titles_of(thing)
    rest = thing.rpartition("》")[2] if titles else ""
    more = rest.lstrip("、和及与以并") if rest[:1] in "、和及与以" else ""
    return (*titles, more) if more and kind_of(more, kinds) not in (None, "unnamed") else titles


def all_titles(thing: str) -> tuple[str, ...]:
    """Return every 《…》 of a stretch of text."""
    return tuple(_TITLE.findall(thing))


def kind_of(thing: str | None, kinds: Sequence[KindEntry]) -> str | None:
    """Return the kind of a thing by the kind word that stands last in its name; what follows 等 counts only when the names have none."""
    if not thing:
        return None
    if is_unnamed(thing):
        return "unnamed"
    named, _, rest = thing.partition("等")
    return _kind_by_last_word(named.rstrip("》）)"), kinds) or _kind_by_last_word(rest, kinds)


def _kind_by_last_word(name: str, kinds: Sequence[KindEntry]) -> str | None:
    places = [
        (name.rfind(word) + len(word), len(word), entry.kind) for entry in kinds for word in entry.words if word in name
    ]
    return max(places)[2] if places else None


def outcome_of(verb: str | None, file: RulesFile) -> str | None:
    """Return how far a verb of decision goes (审议 deliberated … 批准 approved); None for any other verb."""
    return next((entry.outcome for entry in file.verbs if entry.verb == verb), None)


def thing_before(text: str, position: int) -> str:
    """Return the thing that a predicate at `position` speaks of: the subject of its clause, else of the clause before.

    A clause that only says when it was is passed over; one that says who tells it (记者3月2日获悉) has no such thing, and
    a semicolon ends the search: then the result is empty.
    """
    end, looked = position, 0
    while looked < _CLAUSES_BACK:
        start = max((text.rfind(stop, 0, end) for stop in CLAUSE_END), default=-1) + 1
        subject = text[start:end]
        cut = _BEFORE_PREDICATE.search(subject)
        subject = subject[: cut.start()] if cut else subject
        if _ONLY_ACTS.match(subject) and (taken := _TAKEN_IN_HAND.search(_clause_before(text, start))):
            return str(taken.group(1))
        only_dates = _ONLY_DATES.match(subject) or (_ONLY_ACTS.match(subject) and _ACTED.search(subject))
        if len(subject.strip()) > 1 and not only_dates:
            return "" if _ONLY_TELLS.search(subject) else subject
        if start < 1 or text[start - 1] in _ENDS_SEARCH:
            return ""
        looked += not only_dates or not subject
        end = start - 1
    return ""


def _clause_before(text: str, start: int) -> str:
    return text[
        max((text.rfind(stop, 0, max(0, start - 1)) for stop in CLAUSE_END), default=-1) + 1 : max(0, start - 1)
    ]


def thing_after(text: str, position: int) -> str:
    """Return the thing with which the next clause opens (经…审议通过，某规划近日印发); empty when it opens with a verb."""
    start = position
    while start < len(text) and text[start] not in CLAUSE_END:
        start += 1
    end = start + 1
    while end < len(text) and text[end] not in CLAUSE_END:
        end += 1
    clause = _BEGINS.sub("", text[start + 1 : end])
    return "" if _OPENS_WITH_VERB.match(clause) else clause


def organisation_in(thing: str) -> str:
    """Return the organisation that a clause opens with, else the whole clause."""
    match = _ORGANISATION.match(thing)
    return str(match.group()) if match else thing


def organisation_before(text: str, position: int) -> str | None:
    """Return the organisation that the clauses before a predicate speak of, the nearest clause first; None when none does."""
    start = max(text.rfind(stop, 0, position) for stop in "。！？") + 1
    for clause in reversed(_CLAUSES.split(text[start:position])):
        match = _ORGANISATION.match(_KEEPS.sub("", clause))
        if match:
            return str(match.group())
    return None
