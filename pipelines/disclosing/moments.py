"""When the things happened that a text tells: explicit dates first, then the event that the text reports, else open."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import re2

from pipelines.disclosing.clauses import CLAUSE_END, Sentences
from pipelines.disclosing.dates import DateMention, Moment, find_dates, resolve
from pipelines.disclosing.rule_entries import DocumentEntry
from pipelines.normalise import normalise

_LEAD_SENTENCES = 4  # a report says when it happened in its first sentences, headings and date line included
_NEARBY_SENTENCES = 4
_NEWS_DAYS = 60  # a full date further from the day of the text is history that the text recalls
_REPRINT_DAYS = 7  # a page shows a report of an agency or a paper some days after its dateline
_STAMPED = re2.compile(r"(?:发布|更新|时间|日期|来源|作者|浏览|字号|编辑)[^。，]{0,12}$")
# 时间：9月16日上午 over 地点：…, 主持：… is the head of minutes: the day of the meeting, not of the page.
_HELD_AT = re2.compile(r"^\s*(?:会议|召开|举行|活动)?\s*时\s*间\s*[：:]")
_MINUTES = re2.compile(r"(?m)^\s*(?:会议)?(?:地\s*点|主\s*持\s*人?|出\s*席|参加人员|参会人员|列\s*席)\s*[：:]")
_REVIEWED = re2.compile(r"((?:19|20)[0-9]{2})年度?[^。0-9]{0,24}(?:总结|回顾|盘点|年报|年度报告|述职|大事记|综述)")
_TITLE_LINES = 3
_LONGEST_STAMP, _LONGEST_HEAD = 200, 600
_HAPPENED = re2.compile(r"^(?:是|时间|的时间|是|为|则)*(?:于|在|於)$|^(?:的)?(?:时间|日期)(?:是|为|：)$")
# 自2024年成立以来，已召开三次会议: the date is that of the founding, whatever is told next.
_SINCE_FOUNDED = re2.compile(r"^(?:正式|宣告)?(?:成立|组建|设立|挂牌|揭牌)(?:以来|之后|后|至今|起)")
_DATELINE = re2.compile(r"^[0-9年月]{0,8}[0-9]{1,2}[日号](?:电|電|讯|訊|消息)")  # 新华社北京6月26日电
_ONLY_STAMP = re2.compile(
    r"^[\s（(\[【]*(?:(?:19|20)[0-9]{2})[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?[\s0-9:：）)\]】星期一二三四五六日]*$"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A resolved date at its place in the source text; `stamp` when it is the page's own date line, `full` when it names its year."""

    start: int
    end: int
    moment: Moment
    stamp: bool
    full: bool


class Calendar:
    """The dates of one text, resolved, and the day from which the text speaks."""

    def __init__(
        self, text: str, sentences: Sentences, published: date | None, documents: Sequence[DocumentEntry]
    ) -> None:
        self._text, self._sentences, self._documents = text, sentences, documents
        normal = normalise(text)
        mentions = [(m, *normal.source_span(m.start, m.end)) for m in find_dates(normal.text, normal.breaks)]
        stamps = {start for m, start, _ in mentions if self._is_stamp(m, start)}
        self.stamp = self._stamp(mentions, stamps)
        self.dateline = self._dateline(mentions, published)
        self.today = self._today(mentions, self.dateline or published)
        self.dated = tuple(
            Dated(start, end, moment, start in stamps, m.year is not None or m.unit == "year")
            for m, start, end in self._with_years(mentions)
            if (moment := resolve(m, self.today)) is not None and not self._in_title(start)
        )
        self._starts = [d.start for d in self.dated]
        self._news = [(d.start, d.moment) for d in self.dated if self._tells_news(d)]

    def _sentence(self, position: int) -> str:
        return self._sentences.spans[self._sentences.index_at(position)].of(self._text) if self._sentences.spans else ""

    def _with_years(self, mentions: list[tuple[DateMention, int, int]]) -> list[tuple[DateMention, int, int]]:
        """Give a month without year the year that its sentence named before: 2024年3月成立，5月召开 is May 2024."""
        found: list[tuple[DateMention, int, int]] = []
        sentence, named = -1, DateMention(0, 0)
        for mention, start, end in mentions:
            index = self._sentences.index_at(start)
            if index == sentence and _follows(mention, named, self.today):
                mention = replace(mention, year=named.year)
            if mention.year is not None and not mention.written_as_stamp:
                sentence, named = index, mention
            found.append((mention, start, end))
        return found

    def _is_stamp(self, mention: DateMention, start: int) -> bool:
        if mention.day is None or mention.unit is not None:
            return False
        if _DATELINE.match(self._text[start : start + 20]):
            return True
        # The line as far as it can matter: one that runs on is text, however long, and must not be copied for each date.
        line_start = self._text.rfind("\n", max(0, start - _LONGEST_STAMP), start) + 1 or max(0, start - _LONGEST_STAMP)
        line_end = self._text.find("\n", start, start + _LONGEST_STAMP)
        before = self._text[line_start:start]
        if _HELD_AT.match(before) and self._is_minutes:
            return False
        line = self._text[line_start : line_end if line_end >= 0 else start + _LONGEST_STAMP]
        return bool(_ONLY_STAMP.match(line.strip()) or _STAMPED.search(before)) or (
            mention.written_as_stamp and "。" not in line
        )

    @cached_property
    def _is_minutes(self) -> bool:
        return _MINUTES.search(self._text) is not None

    def _in_title(self, start: int) -> bool:
        before = self._text[max(0, start - 60) : start]
        return before.rfind("《") > before.rfind("》")

    def _stamp(self, mentions: list[tuple[DateMention, int, int]], stamps: set[int]) -> date | None:
        full = [m for m, start, _ in mentions if start in stamps and m.year and m.month and m.day]
        return date(full[0].year or 0, full[0].month or 0, full[0].day or 0) if full else None

    def _dateline(self, mentions: list[tuple[DateMention, int, int]], published: date | None) -> date | None:
        """Return the day of a dateline in the lead (济南9月11日电), None when the page is not of the days after it."""
        lead = max((span.end for span in self._sentences.spans[:_LEAD_SENTENCES]), default=0)
        for mention, start, _ in mentions:
            if (
                start < lead
                and mention.day
                and mention.unit is None
                and _DATELINE.match(self._text[start : start + 20])
            ):
                moment = resolve(mention, published or self.stamp)
                told = date.fromisoformat(moment.text) if moment and moment.precision == "day" else None
                late = (published - told).days if published and told else 0
                return told if 0 <= late <= _REPRINT_DAYS else None
        return None

    def _today(self, mentions: list[tuple[DateMention, int, int]], published: date | None) -> date | None:
        told = self._year_told(mentions) or self._year_reviewed()
        if told is not None and (published is None or published.year != told):
            return date(told, 12, 31)
        return published or self.stamp or self._latest_full_date(mentions)

    def _latest_full_date(self, mentions: list[tuple[DateMention, int, int]]) -> date | None:
        days = [date(m.year, m.month, m.day) for m, *_ in mentions if m.year and m.month and m.day]
        return max(days, default=None)

    def _year_told(self, mentions: list[tuple[DateMention, int, int]]) -> int | None:
        """Work out the text's year from a document that it names and dates only relatively: 去年3月…《党和国家机构改革方案》."""
        for mention, start, _ in mentions:
            if mention.unit != "year" or mention.month is None:
                continue
            sentence = normalise(self._sentence(start)).text
            for document in self._documents:
                if _is_named(document, sentence) and mention.month == int(document.date[5:7]):
                    return int(document.date[:4]) + mention.back
        return None

    def _year_reviewed(self) -> int | None:
        """Return the year on which the text's heading looks back (2024年工作总结): 全年 and 年初 are of that year."""
        lines = self._text[:_LONGEST_HEAD].split("\n", _TITLE_LINES)[:_TITLE_LINES]
        headings = (normalise(line).text for line in lines if "。" not in line)
        return next((int(match.group(1)) for line in headings if (match := _REVIEWED.search(line))), None)

    def in_sentence(self, start: int, end: int) -> tuple[Dated, ...]:
        """Return the dates between two positions of the source text."""
        first = bisect_left(self._starts, start)
        return tuple(d for d in self.dated[first : bisect_left(self._starts, end)] if not d.stamp)

    def nearest_in(self, sentence: tuple[int, int], match: tuple[int, int], thing: tuple[int, int]) -> Moment | None:
        """Return the date of a sentence that belongs to a match: right after its verb (成立于3月), else the last before its end.

        A day named later in the sentence comes last. A date inside the `thing` that is decided or issued (研究今年工作) is
        part of its name.
        """
        dates = [
            d for d in self.in_sentence(*sentence) if not thing[0] <= d.start < thing[1] and self._can_date(d, match)
        ]
        joined = [d for d in dates if d.start >= match[1] and _HAPPENED.match(self._text[match[1] : d.start])]
        before = [d for d in dates if d.start < match[1]]
        after = [d for d in dates if d.start >= match[1] and d.moment.precision == "day"]
        chosen = joined[:1] or self._nearest_before(before, sentence[0], match[0]) or after[:1]
        return chosen[0].moment if chosen else None

    def _can_date(self, dated: Dated, match: tuple[int, int]) -> bool:
        within = match[0] <= dated.start < match[1]
        return within or _SINCE_FOUNDED.match(self._text[dated.end : dated.end + 10]) is None

    def _nearest_before(self, before: list[Dated], sentence: int, start: int) -> list[Dated]:
        """Return the last date, but no mere year of an earlier clause where a day is named too (5月2日，对照2024年清单，…)."""
        clause = max(self._text.rfind(stop, sentence, start) for stop in CLAUSE_END)
        closer = [d for d in before if d.moment.precision != "year" or d.start > clause]
        return closer[-1:] or before[-1:]

    def event(self, position: int) -> Moment | None:
        """Return the day of the event that the text is telling at a position: the last day named before it, else the lead's."""
        at = bisect_left(self._news, (position,))
        if at:
            return self._news[at - 1][1]
        if self._sentences.index_at(position) > _LEAD_SENTENCES:
            return None
        return self._news[0][1] if self._news else None

    def lead(self) -> Moment | None:
        """Return the day named in the lead of the text, None when the lead names none."""
        spans = self._sentences.spans
        written = [i for i in range(len(spans)) if not self._is_heading(i)]
        limit = spans[written[min(len(written), _LEAD_SENTENCES) - 1]].end if written else 0
        return next((moment for start, moment in self._news if start < limit), None)

    def _tells_news(self, dated: Dated) -> bool:
        """Say whether a date can be that of the event reported: a day, no date line, and no full date of long ago."""
        if dated.moment.precision != "day" or dated.stamp:
            return False
        told = date.fromisoformat(dated.moment.text)
        return not dated.full or self.today is None or abs((self.today - told).days) <= _NEWS_DAYS

    def _is_heading(self, index: int) -> bool:
        return self._sentences.spans[index].of(self._text)[-1:] not in "。！？!?”」』"

    def speaks_of(self, document: DocumentEntry, position: int) -> bool:
        """Say whether the sentence at a position, or the few before it, speak of a document.

        They do by its title, or by a short name in a sentence, or after one, that names the body it founds.
        """
        index = self._sentences.index_at(position)
        start = self._sentences.spans[max(0, index - _NEARBY_SENTENCES)].start
        nearby = normalise(self._text[start : self._sentences.spans[index].end]).text
        return _is_named(document, nearby)


def _follows(mention: DateMention, named: DateMention, today: date | None) -> bool:
    """Say whether a month without year can be one of the year named before it: not before that date, not after today."""
    if mention.year is not None or mention.unit is not None or mention.month is None or named.year is None:
        return False
    if mention.month < (named.month or 1):
        return False
    return today is None or (named.year, mention.month, mention.day or 1) <= (today.year, today.month, today.day)


def _is_named(document: DocumentEntry, text: str) -> bool:
    short = document.founds in text and any(name in text for name in document.short)
    return short or document.title in text


def as_bound(moment: Moment | None) -> Moment | None:
    """Turn a day into an upper bound; None stays None."""
    if moment is None or moment.precision != "day":
        return None
    return Moment(moment.text, "before")
