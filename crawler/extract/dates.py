"""Every way a Chinese page writes a day: read exactly, or not at all."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
SEAM = "\u2063"  # where one inline element ends and the next begins (invisible separator: no white space to re)

_DIGITS = str.maketrans("〇○ＯOo零一二三四五六七八九", "000000123456789")
_GAP = rf"[\s{SEAM}]*"
_TIME = rf"(?:[T日\s{SEAM}-]*(?P<hour>[01]?\d|2[0-3]){_GAP}[:时]{_GAP}(?P<minute>[0-5]\d)(?:{_GAP}[:分]{_GAP}(?P<second>[0-5]\d))?(?:\.\d+)?{_GAP}(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
_FULL = re.compile(
    rf"(?<!\d)(?P<year>(?:19|20)\d\d){_GAP}(?:年{_GAP}(?P<m1>\d{{1,2}}){_GAP}月{_GAP}(?P<d1>\d{{1,2}}){_GAP}日?"
    rf"|(?P<sep>[-/.]){_GAP}(?P<m2>\d{{1,2}}){_GAP}(?P=sep){_GAP}(?P<d2>\d{{1,2}}))(?!\d){_TIME}"
)
_YEAR = re.compile(r"(?:19|20)\d\d|年")  # no form of a full date is without
_NUMERALS = "〇○ＯOo零一二三四五六七八九"
_WRITTEN = re.compile(
    rf"(?P<year>[{_NUMERALS}]{{4}})\s*年\s*(?P<month>[{_NUMERALS}十]{{1,3}})\s*月\s*(?P<day>[{_NUMERALS}十廿卅]{{1,4}})\s*日"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:(\d\d)(\d\d)(\d\d)?)?(?!\d)")
_SPLIT_DAY_LAST = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{{1,2}})月?[\s{SEAM}]+(\d{{1,2}})(?!\d|\s*[-/.:月年])"
)
_SPLIT_DAY_FIRST = re.compile(
    rf"(?<![\d:.-])(\d{{1,2}})日?[\s{SEAM}]+((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{{1,2}})(?!\d)"
)
_SPLIT_YEAR_FIRST = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)年?[\s{SEAM}]+(\d{{1,2}}){_GAP}[-/.月]{_GAP}(\d{{1,2}})(?!\d){_TIME}"
)
_SPLIT_YEAR_LAST = re.compile(
    rf"(?<![\d:.-])(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})日?[\s{SEAM}]+((?:19|20)\d\d)(?!\d|\s*[-/.])"
)
_NO_YEAR = re.compile(r"(?<![\d.年/-])(\d{1,2})\s*(?:[-/月])\s*(\d{1,2})(?:日)?(?![\d./-])")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day as printed (Asia/Shanghai), the instant when a clock time stood beside it, and where in the text it stood."""

    day: date
    instant: datetime | None = None
    start: int = 0
    end: int = 0


def plain(text: str) -> str:
    """Return a text with full-width digits and punctuation made plain (NFKC), so that one pattern reads all forms."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def stamps(text: str) -> list[Stamp]:
    """Return every full date of a text in order; offsets index the text after `plain`."""
    found: list[Stamp] = []
    text = plain(text)
    for match in _FULL.finditer(text):
        stamp = _stamp(match, match["m1"] or match["m2"], match["d1"] or match["d2"])
        if stamp:
            found.append(stamp)
    for match in _WRITTEN.finditer(text):
        day = _day(_number(match["year"]), _number(match["month"]), _number(match["day"]))
        if day:
            found.append(Stamp(day, None, match.start(), match.end()))
    return sorted(found, key=lambda stamp: stamp.start)


def first_stamp(text: str | None) -> Stamp | None:
    """Return the first full date of a text, also in the compact form 20240315 and split over elements; None when none."""
    if not text:
        return None
    text = plain(text)
    if not _YEAR.search(text):
        return None
    whole = stamps(text)
    return whole[0] if whole else _split(text) or _compact(text)


def parse_epoch(value: str | int | float) -> Stamp | None:
    """Return the day of a Unix time in seconds or milliseconds, as JSON lists print it; None when it is not one."""
    digits = str(value).split(".")[0].strip()
    if not digits.isdigit() or len(digits) not in (10, 13):
        return None
    instant = datetime.fromtimestamp(int(digits) / (1000 if len(digits) == 13 else 1), UTC).astimezone(SHANGHAI)
    return Stamp(instant.date(), instant) if _day(instant.year, instant.month, instant.day) else None


def row_day(text: str, *, seen_on: date | None = None, address_day: date | None = None) -> date | None:
    """Return the day printed in a list row; a day without a year takes it from the address, else the last one before seen_on."""
    stamp = first_stamp(text)
    if stamp:
        return stamp.day
    matches = list(_NO_YEAR.finditer(plain(text)))
    if not matches:
        return None
    month, day = int(matches[-1][1]), int(matches[-1][2])
    if address_day:
        return _nearest_year(address_day, month, day)
    return _last_before(seen_on, month, day) if seen_on else None


def has_day(text: str) -> bool:
    """Say whether a text prints a day, with or without its year."""
    return first_stamp(text) is not None or bool(_NO_YEAR.search(plain(text)))


def _stamp(match: re.Match[str], month: str, day: str, year: str | None = None) -> Stamp | None:
    value = _day(int(year or match["year"]), int(month), int(day))
    if value is None:
        return None
    instant = _instant(match, value)
    return Stamp(instant.date() if instant and match["zone"] else value, instant, match.start(), match.end())


def _instant(match: re.Match[str], day: date) -> datetime | None:
    if not match["hour"]:
        return None
    zone = _zone(match["zone"])
    return datetime(
        day.year, day.month, day.day, int(match["hour"]), int(match["minute"]), int(match["second"] or 0), tzinfo=zone
    ).astimezone(SHANGHAI)


def _zone(text: str | None) -> timezone:
    if text is None:
        return SHANGHAI
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=min(hours, 14), minutes=minutes % 60))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1949 <= year <= 2100 else None
    except ValueError:
        return None


def _number(text: str) -> int:
    """Return 二〇二四, 十五, 廿一, 三十 as a number."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(tens.translate(_DIGITS) or "1") * 10 + int(ones.translate(_DIGITS) or "0")
    return int(text.translate(_DIGITS))


def _split(text: str) -> Stamp | None:
    """Return a date whose day, or year, stands in an element of its own."""
    orders = (
        (_SPLIT_YEAR_FIRST, (1, 2, 3)),
        (_SPLIT_DAY_LAST, (1, 2, 3)),
        (_SPLIT_DAY_FIRST, (2, 3, 1)),
        (_SPLIT_YEAR_LAST, (3, 1, 2)),
    )
    for pattern, (year, month, day) in orders:
        for match in pattern.finditer(text):
            value = _day(int(match[year]), int(match[month]), int(match[day]))
            if value:
                instant = _instant(match, value) if pattern is _SPLIT_YEAR_FIRST else None
                return Stamp(value, instant, match.start(), match.end())
    return None


def _compact(text: str) -> Stamp | None:
    for match in _COMPACT.finditer(text):
        value = _day(int(match[1]), int(match[2]), int(match[3]))
        if value:
            return Stamp(value, None, match.start(), match.end())
    return None


def _last_before(seen_on: date, month: int, day: int) -> date | None:
    """Return the last such day that is not later than the day after it was seen (clocks differ by a day, never by more)."""
    years = (seen_on.year + 1, seen_on.year, seen_on.year - 1, seen_on.year - 4)
    days = (_day(year, month, day) for year in years)
    return next((value for value in days if value and value <= seen_on + timedelta(days=1)), None)


def _nearest_year(near: date, month: int, day: int) -> date | None:
    days = [value for year in (near.year - 1, near.year, near.year + 1) if (value := _day(year, month, day))]
    return min(days, key=lambda value: abs(value - near), default=None)
