"""Dates and ordinals as Chinese running text writes them; what cannot be resolved stays open."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import re2

from crawler.items import DatePrecision

DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "廿": 20}
FIRST_ROC_YEAR = 1911  # 民國元年 is 1912
DAY_WORDS = {
    **dict.fromkeys(("今天", "今日", "今早", "今晨", "今晚", "今上午", "今下午"), 0),
    **dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜", "昨上午", "昨下午"), 1),
    **dict.fromkeys(("前天", "前日"), 2),
}
YEAR_WORDS = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2}
YEAR_PARTS = ("全年", "年初", "年中", "年内", "上半年", "下半年")  # of the year that the text speaks of
MONTH_WORDS = {"本月": 0, "上月": 1, "上个月": 1}
WEEK_WORDS = {"本周": 0, "这周": 0, "本星期": 0, "这星期": 0, "上周": 1, "上星期": 1, "上礼拜": 1, "上上周": 2}
WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}

_PART_OF_YEAR = "初|底|末|中|全年|上半年|下半年"
_NUMBER = r"[0-9]{1,2}|[一二三四五六七八九十廿]{1,3}"
_ORDINAL = re2.compile(rf"第({_NUMBER})次|首次")
_YEAR = r"(?:19|20)[0-9]{2}|[一二][〇○零一二三四五六七八九]{3}"
# One alternation, longest forms first. A bare day (25日) and a bare month (3月) need a character before them that is
# no digit and no 第, which RE2 has to consume: hence the group `lead`.
_DATE = re2.compile(
    rf"(?P<iso>(?:19|20)[0-9]{{2}})[-/.](?P<iso_month>[0-9]{{1,2}})[-/.](?P<iso_day>[0-9]{{1,2}})"
    rf"|(?P<since>(?:19|20)[0-9]{{2}})[.](?P<since_month>0[1-9]|1[0-2])起"  # in a career: 2024.06起任…
    rf"|(?:(?P<year>{_YEAR})年|民国(?P<roc>{_NUMBER}|1[0-9]{{2}})年|(?P<year_word>{'|'.join(YEAR_WORDS)}))"
    rf"(?:(?P<month>{_NUMBER})月份?(?:(?P<day>{_NUMBER})[日号])?|年?(?:{_PART_OF_YEAR}))?"
    rf"|(?P<month_word>{'|'.join(MONTH_WORDS)})(?:(?P<word_day>{_NUMBER})[日号])?"
    rf"|(?P<week>{'|'.join(WEEK_WORDS)})(?P<weekday>[{''.join(WEEKDAYS)}])"
    rf"|(?P<day_word>{'|'.join(DAY_WORDS)})"
    rf"|(?P<year_part>{'|'.join(YEAR_PARTS)})"
    rf"|(?P<lead>^|[^0-9一二三四五六七八九十第个])"
    rf"(?:(?P<bare_month>{_NUMBER})月份?(?:(?P<bare_month_day>{_NUMBER})[日号])?|(?P<bare_day>{_NUMBER})日|(?P<bare_number>[0-9]{{1,2}})号)"
)
_AROUND = 12  # characters beside a date that can say what it is
# 2025年第三次…, 2024年度, 2025年工作要点 number a thing by its year: no date of an event.
_NUMBERS_A_THING = ("第", "度", "版", "至", "-", "—", "工作", "重点", "计划", "规划", "要点", "前", "以来", "建成")
_QUARTER = re2.compile(r"^第?[一二三四1-4]季度")
# 7月10日前报送, 9月底前, 自9月1日起施行: what is still to come dates no fact. 前往, 前来 are verbs.
_DEADLINE = re2.compile(
    r"^(?:[上中下]旬|[初中底末])?(?:(?:之|以)?前(?:$|[^往来去赴后夕者期景沿身线])|起?(?:正式)?(?:施行|实施|执行|生效))"
)
_UNTIL = re2.compile(r"(?:截至|截止|截止到|不晚于|不迟于|最迟|最晚)(?:到|于)?$")
# 年初组建, 全年，…: a part of the year dates what follows at once; in 围绕全年目标 it only describes.
_DATES_WHAT_FOLLOWS = re2.compile(
    r"^(?:[，,]|(?:已经?|就|即|又|先后|共|累计|一共|正式|由|经|获|被|还)*"
    r"(?:召开|举行|组建|成立|设立|揭牌|挂牌|获批|获准|批准|印发|出台|发布|审议|研究|通过|启动|建成|决定|同意|担任|当选))"
)
# 某政规〔2025〕14号, 14号文件, 3号楼: a number of something.
_NUMBERED_BEFORE = re2.compile(r"[〕\]】］）)第文函发字楼栋]$")
_NUMBERED_AFTER = re2.compile(
    r"^(?:文|令|公告|通知|建议|提案|议案|决议|楼|院|线|馆|厅|会议|路|机|星|卫星|门|车|井|实验|船|任务|工程)"
)
# 审议2024年…, 总结去年…, 部署今年…: adverbs of time stand before a Chinese verb, so a year right after one is part of its object.
_HANDLED = re2.compile(
    r"(?:听取|审议|研究|讨论|审定|审阅|通过|同意|批准|部署|安排|谋划|总结|回顾|盘点|印发|下达|下发|发布|公布|通报|汇报|报告|提交|制定|编制|明确|落实|完成|做好|推进|对接)"
    r"(?:通过|并|和|了|好|关于|对|的|全省|全市|全区|我省|我市|我区|各地|本省|本市)*$"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written, at `start`..`end` of the searched text; parts that the text leaves out are None.

    `back` counts days, weeks, months or years before the day of the text, in the unit named by `unit` (昨日, 上周五, 去年).
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    unit: str | None = None
    back: int = 0
    weekday: int | None = None
    written_as_stamp: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A resolved date: ISO text as long as its precision; with `before` a full day, the upper bound."""

    text: str
    precision: DatePrecision


def read_number(text: str) -> int:
    """Return the value of a number below 100 in Arabic or Chinese figures (十八, 二十三, 廿六, 07); raise ValueError."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    if text[0] == "廿":
        return 20 + (DIGITS[text[1]] if len(text) > 1 else 0)
    if len(text) != 1 or text not in DIGITS:
        raise ValueError(f"{text!r} is no number below 100")
    return DIGITS[text]


def read_ordinals(text: str) -> tuple[int, ...]:
    """Return n of every 第n次 and 首次 in a text, in order; 第一次至第三次 is 1, 2, 3."""
    found: list[int] = []
    done = 0
    for match in _ORDINAL.finditer(text):
        number = _number_or_none(match.group(1)) if match.group(1) else 1
        if number is not None:
            through = found and text[done : match.start()] in ("至", "到")
            found += range(found[-1] + 1, number + 1) if through else [number]
        done = match.end()
    return tuple(found)


def _number_or_none(text: str | None) -> int | None:
    try:
        return read_number(text) if text else None
    except (KeyError, ValueError):
        return None


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() else int("".join(str(DIGITS[c]) for c in text))


def find_dates(text: str, breaks: Sequence[int] = ()) -> tuple[DateMention, ...]:
    """Return the dates in a text in simplified script, in order, that can be those of a fact.

    Left out are impossible days (2月30日), document numbers (〔2025〕14号), deadlines (7月10日前) and years that belong to
    what is dealt with (审议2024年…情况). `breaks` are the positions in order at which a new line begins.
    """
    found = (_mention(match.groupdict(), match.start(), match.end()) for match in _DATE.finditer(text))
    return tuple(m for m in found if m is not None and not _dates_no_fact(m, text, breaks))


def _dates_no_fact(mention: DateMention, text: str, breaks: Sequence[int]) -> bool:
    line = bisect_right(breaks, mention.start)
    low = max(breaks[line - 1] if line else 0, mention.start - _AROUND)
    high = min(breaks[line] if line < len(breaks) else len(text), mention.end + _AROUND)
    before, after = text[low : mention.start], text[mention.end : high]
    if _is_of_a_thing(mention, before, after) or _DEADLINE.match(after) or _UNTIL.search(before):
        return True
    if text[mention.start : mention.end] in YEAR_PARTS:
        return _DATES_WHAT_FOLLOWS.match(after) is None
    return text[mention.end - 1] == "号" and bool(_NUMBERED_BEFORE.search(before) or _NUMBERED_AFTER.match(after))


def _is_of_a_thing(mention: DateMention, before: str, after: str) -> bool:
    """Say whether a mere year belongs to a thing: 2024年度…, 审议2024年…情况."""
    if mention.month is not None or mention.day is not None or mention.unit not in (None, "year"):
        return False
    return (after.startswith(_NUMBERS_A_THING) and not _QUARTER.match(after)) or _HANDLED.search(before) is not None


def _mention(part: dict[str, str | None], start: int, end: int) -> DateMention | None:
    start += len(part["lead"] or "")
    if part["day_word"]:
        return DateMention(start, end, unit="day", back=DAY_WORDS[part["day_word"]])
    if part["week"]:
        return DateMention(
            start, end, unit="week", back=WEEK_WORDS[part["week"]], weekday=WEEKDAYS[part["weekday"] or ""]
        )
    if part["year_part"]:
        return DateMention(start, end, unit="year")
    unit, back = None, 0
    if part["year_word"]:
        unit, back = "year", YEAR_WORDS[part["year_word"]]
    elif part["month_word"]:
        unit, back = "month", MONTH_WORDS[part["month_word"]]
    roc = _number_or_none(part["roc"])
    year = _year(part["iso"] or part["since"] or part["year"]) or (roc + FIRST_ROC_YEAR if roc else None)
    month = _number_or_none(part["iso_month"] or part["since_month"] or part["month"] or part["bare_month"])
    day = _number_or_none(
        part["iso_day"]
        or part["day"]
        or part["word_day"]
        or part["bare_month_day"]
        or part["bare_day"]
        or part["bare_number"]
    )
    if not _possible(year, month, day):
        return None
    return DateMention(start, end, year, month, day, unit, back, written_as_stamp=bool(part["iso"]))


def _possible(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(year or 2000, month or 1, day or 1)  # 2000 is a leap year: 2月29日 without a year may exist
    except ValueError:
        return False
    return True


def resolve(mention: DateMention, today: date | None) -> Moment | None:
    """Return the moment that a mention means, seen from the day of the text; None when that day is needed and unknown.

    A day without its year is the latest such day that is not after `today`: 12月30日 read on 2 January is last year's.
    """
    if mention.unit is not None:
        return _resolve_relative(mention, today)
    if mention.year is not None:
        return _moment(mention.year, mention.month, mention.day)
    if today is None:
        return None
    return _latest_not_after(mention, today)


def _resolve_relative(mention: DateMention, today: date | None) -> Moment | None:
    if today is None:
        return None
    if mention.unit == "day":
        return Moment((today - timedelta(days=mention.back)).isoformat(), "day")
    if mention.unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * mention.back)
        told = monday + timedelta(days=mention.weekday or 0)
        return Moment(told.isoformat(), "day") if told <= today else None
    if mention.unit == "year":
        return _moment(today.year - mention.back, mention.month, mention.day)
    months = today.year * 12 + today.month - 1 - mention.back
    return _moment(months // 12, months % 12 + 1, mention.day)


def _latest_not_after(mention: DateMention, today: date) -> Moment | None:
    month, year = mention.month or today.month, today.year
    if (month, mention.day or 1) > (today.month, today.day):
        year, month = (year - 1, month) if mention.month else _month_before(year, month)
    return _moment(year, month, mention.day)


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year - 1, 12) if month == 1 else (year, month - 1)


def _moment(year: int, month: int | None, day: int | None) -> Moment | None:
    if not _possible(year, month, day):
        return None
    if month is None:
        return Moment(f"{year:04}", "year")
    if day is None:
        return Moment(f"{year:04}-{month:02}", "month")
    return Moment(f"{year:04}-{month:02}-{day:02}", "day")
