"""The fields around a text: table first, then labelled lines near the title, then meta tags, then the signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.extract.dates import SEAM, Stamp, first_stamp, plain, stamps
from crawler.extract.labels import Labelled, labelled
from crawler.extract.lines import flat, squeezed
from crawler.extract.markup import Markup
from crawler.extract.tables import reads_like_number

_PUBLISHED_META = ("pubdate", "publishdate", "publishedtime", "firstpublishedtime", "articlepublishedtime", "publishtime", "pubtime",
                   "releasedate", "ogpublishtime", "weiboarticlecreateat", "datepublished", "publicationdate", "createdate", "date")  # fmt: skip
_SOURCE_META = ("contentsource", "source", "articlesource", "mediaid", "ogsource")
_ORGANISATION = re.compile(
    r"[\u3400-\u9fff·（）()、]{2,40}(?:部|委|局|厅|司|院|会|办|府|室|组|署|行|社|处|科|馆|台|站|团|所|厂|队|校|联|中心|集团|公司|法院|检察院|大学)"
)
_MEDIUM = re.compile(
    r"[\u3400-\u9fffA-Za-z·—－\-《》]{2,24}(?:社|报|网|台|部|委|局|厅|院|会|办|府|室|频道|客户端|日报|晚报|时报|在线|中心|发布|新闻|公众号)》?"
)
_PAPER = re.compile(r"《([\u3400-\u9fff]{2,12}报(?:海外版)?)》\s*[（(]\s*(?:19|20)\d\d")
_CLOSED = re.compile(r"[（(]\s*(?:(?:信息|文章|稿件)?来源|稿源)\s*[:：]\s*([^（()）]{2,30})\s*[)）]\s*$")
_CLOCK = re.compile(r"(?:今天|今日|现在)是|(?:当前|系统|北京)时间")  # the day of the visit, another one at each fetch
_DATE_LINE = 24
_BOX = 4
_SPOKEN_FOR = frozenset(("signed", "issuer", "doc_number", "index_number"))
_PARTS = re.compile(rf"{SEAM}\s+|\t|\s+{SEAM}|{SEAM}{{2,}}")


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the text: lines before it (from the title on when the title is known), lines after, table fields."""

    head: Sequence[str]
    tail: Sequence[str]
    head_fields: Sequence[Labelled] = field(default=())
    tail_fields: Sequence[Labelled] = field(default=())
    table_fields: Sequence[Labelled] = field(default=())
    after_title: int = 0


def value_of(name: str, around: Around) -> tuple[bool, str | None]:
    """Return whether a field's label stands on the page, and its value: table, nearest label above the text, label below it."""
    seen = False
    near = [entry for entry in around.head_fields if entry.line >= around.after_title]
    far = [entry for entry in around.head_fields if entry.line < around.after_title]
    for entries in (around.table_fields, near, around.tail_fields, far):
        for entry in entries:
            if entry.field == name:
                seen = True
                if entry.value:
                    return True, entry.value
        if seen:
            break
    return seen, None


def published_of(markup: Markup, around: Around) -> Stamp | None:
    """Return the day of publication: the visible label, a bare date near the title, meta tags; None when nothing reads as one."""
    clean = [Labelled(entry.field, entry.value, entry.line) for entry in around.head_fields]
    for name in ("published", "published_weak"):
        _, value = value_of(name, around)
        stamp = first_stamp(value) or _stamp_after_label(name, around, clean)
        if stamp:
            return stamp
    return _bare_date(around) or _from_meta(markup) or _date_box(around)


def source_of(markup: Markup, around: Around) -> str | None:
    """Return the 来源 as printed; a label with nothing beside it is None even where a meta tag knows better."""
    seen, value = value_of("source", around)
    if seen:
        return _clean_source(value)
    for name in _SOURCE_META:
        if source := _clean_source(markup.meta.get(name)):
            return source
    return _bare_source(around)


def closing_source(body: str) -> str | None:
    """Return the 来源 printed as the last words of a text."""
    for line in body.split("\n")[-2:]:
        if closed := _CLOSED.search(line):
            return _clean_source(closed[1])
        for entry in labelled([line]):
            if (
                entry.field == "source"
                and entry.line == 0
                and line.lstrip("（([").startswith(("来源", "來源", "稿源", "信息来源", "文章来源"))
            ):
                return _clean_source((entry.value or "").rstrip("）)]"))
    return None


def number_of(around: Around, body: str) -> str | None:
    """Return the 发文字号: labelled, else standing alone on a line under the title or at the head of the text."""
    seen, value = value_of("doc_number", around)
    if seen:
        return None if value is None else squeezed(value)
    lines = [*around.head[around.after_title :], *body.split("\n")[:6]]
    parts = (part for line in lines if len(line) < 300 for part in (line, *_PARTS.split(line)))
    return next((squeezed(part) for part in parts if len(part) < 60 and reads_like_number(part)), None)


def signature_of(body: str) -> tuple[str | None, Stamp | None]:
    """Return who signed a text and when: the organisation lines directly above a line that is nothing but a date."""
    lines = body.split("\n")
    for number, line in enumerate(lines):
        stamp = _whole_date(line)
        if stamp is None or number == 0:
            continue
        names: list[str] = []
        for above in reversed(lines[max(0, number - 12) : number]):
            name = squeezed(above)
            if not _ORGANISATION.fullmatch(name) or len(name) > 30:
                break
            names.insert(0, name)
        if names:
            return ",".join(names), stamp
    return None, _whole_date(lines[-1]) if len(lines) > 1 else None


def _whole_date(line: str) -> Stamp | None:
    if len(line) > _DATE_LINE or not line.rstrip().endswith(("日", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")):
        return None
    text = plain(squeezed(line))
    found = stamps(text)
    return found[0] if found and found[0].start == 0 and found[0].end == len(text) else None


def _stamp_after_label(name: str, around: Around, entries: Sequence[Labelled]) -> Stamp | None:
    """Return a date cut over elements after its label (2024 / 07-22 / 10:20)."""
    for entry in entries:
        if entry.field == name and entry.value and entry.line < len(around.head):
            line = around.head[entry.line]
            place = line.find(entry.value)
            if place >= 0 and (stamp := first_stamp(line[place : place + 60])):
                return stamp
    return None


def _bare_date(around: Around) -> Stamp | None:
    for line in _free_lines(around):
        if len(line) < 200 and not _CLOCK.search(line) and (stamp := first_stamp(line)):
            return stamp
    return None


def _date_box(around: Around) -> Stamp | None:
    """Return the day in a box beside the heading (18 / 2025-03): a line directly above the title that is nothing else."""
    for line in reversed(around.head[max(0, around.after_title - _BOX) : around.after_title]):
        stamp = first_stamp(line)
        if stamp and stamp.start == 0 and stamp.end == len(plain(line)):
            return stamp
    return None


def _free_lines(around: Around) -> list[str]:
    """Return the lines under the title that no label speaks for: the line of 成文日期 or 发文机关 holds no bare date or source."""
    taken = {
        entry.line
        for entry in around.head_fields
        if entry.field in _SPOKEN_FOR or (entry.field == "other" and entry.value and first_stamp(entry.value))
    }
    return [line for number, line in enumerate(around.head) if number >= around.after_title and number not in taken]


def _from_meta(markup: Markup) -> Stamp | None:
    return next((stamp for name in _PUBLISHED_META if (stamp := first_stamp(markup.meta.get(name)))), None)


def _clean_source(value: str | None) -> str | None:
    if value is None:
        return None
    value = next((part for part in value.split(SEAM) if part.strip(" :：")), "")
    text = re.split(r"[【\[|｜]|\s{2,}|\s(?=作者|责任编辑|编辑|发布时间|字号|点击|浏览)", flat(value))[0]
    text = re.sub(r"^(?:来源|信息来源|稿源)[:：]\s*", "", text).strip(" :：-—|")
    if not text or len(text) > 60 or (first_stamp(text) and len(text) < 22):
        return None
    return text


def _bare_source(around: Around) -> str | None:
    """Return an outlet's name that stands without a label beside the date under the title."""
    lines = _free_lines(around)
    dated = [number for number, line in enumerate(lines) if len(line) < 120 and first_stamp(line)]
    for number in dated[:1]:
        if paper := _PAPER.search(lines[number]):
            return paper[1]
        undated = _without_stamp(lines[number])
        for line in (undated, *lines[max(0, number - 1) : number], *lines[number + 1 : number + 2]):
            for part in re.split(rf"[{SEAM}\t|｜]|\s{{2,}}", line):
                if _MEDIUM.fullmatch(part.strip()) and len(part.strip()) <= 20:
                    return part.strip()
    return None


def _without_stamp(line: str) -> str:
    """Return a line with its date cut out: a single blank often parts it from the outlet's name."""
    text = plain(line)
    stamp = first_stamp(line)
    return line if stamp is None or stamp.end > len(text) else f"{text[: stamp.start]}\t{text[stamp.end :]}"
