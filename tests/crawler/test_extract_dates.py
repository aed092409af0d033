"""Every way a Chinese page writes a day; what is no day gives None."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates import SEAM, SHANGHAI, first_stamp, parse_epoch, row_day, stamps

NUMERALS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月15日", date(2024, 3, 15)),
        ("２０２４年３月１５日", date(2024, 3, 15)),
        ("2024 年 3 月 15 日", date(2024, 3, 15)),
        ("二〇二四年三月十五日", date(2024, 3, 15)),
        ("二○二四年十二月三十一日", date(2024, 12, 31)),
        ("二零一九年十月一日", date(2019, 10, 1)),
        ("[2024-03-05]", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("2024.03.05", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("2007-08-20-23:59:59", date(2007, 8, 20)),
        (f"15{SEAM}2024-03", date(2024, 3, 15)),
        (f"2024-03{SEAM}15", date(2024, 3, 15)),
        (f"2024{SEAM}03/15", date(2024, 3, 15)),
        (f"03-15{SEAM}2024", date(2024, 3, 15)),
    ],
)
def test_a_day_is_read_in_every_form(text: str, day: date) -> None:
    stamp = first_stamp(text)
    assert stamp is not None
    assert stamp.day == day


@pytest.mark.parametrize(
    "text",
    [
        "2024年13月1日",
        "2024-02-30",
        "二〇二四年三月",
        "3.14.15",
        "电话010-88881234",
        "1024-03-15",
        "2024年第3号",
        "",
        None,
    ],
)
def test_what_is_no_day_stays_unread(text: str | None) -> None:
    assert first_stamp(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-15 10:20:30", datetime(2024, 3, 15, 10, 20, 30, tzinfo=SHANGHAI)),
        ("2024年3月15日08:05", datetime(2024, 3, 15, 8, 5, tzinfo=SHANGHAI)),
        ("2024-03-15T20:30:00Z", datetime(2024, 3, 16, 4, 30, tzinfo=SHANGHAI)),
        ("2024-03-15T10:20:00+08:00", datetime(2024, 3, 15, 10, 20, tzinfo=SHANGHAI)),
        (
            f"2024{SEAM} {SEAM}07{SEAM}/{SEAM}22{SEAM} {SEAM}14:52:26",
            datetime(2024, 7, 22, 14, 52, 26, tzinfo=SHANGHAI),
        ),
    ],
)
def test_a_clock_time_beside_the_day_is_kept(text: str, instant: datetime) -> None:
    stamp = first_stamp(text)
    assert stamp is not None
    assert stamp.instant == instant
    assert stamp.day == instant.date()


def test_a_row_without_year_takes_the_last_such_day_before_the_visit() -> None:
    assert row_day("[12-30]", seen_on=date(2025, 3, 6)) == date(2024, 12, 30)
    assert row_day("03-06", seen_on=date(2025, 3, 6)) == date(2025, 3, 6)
    assert row_day("3月7日", seen_on=date(2025, 3, 6)) == date(2025, 3, 7)  # a day ahead: the server's clock
    assert row_day("02-29", seen_on=date(2025, 3, 6)) == date(2024, 2, 29)
    assert row_day("03-06") is None


def test_a_row_without_year_takes_it_from_the_address() -> None:
    assert row_day("12-31", seen_on=date(2026, 1, 5), address_day=date(2024, 1, 1)) == date(2023, 12, 31)


def test_the_days_of_a_sentence_come_in_order() -> None:
    text = "2023年5月1日至二〇二三年六月二日"
    assert [stamp.day for stamp in stamps(text)] == [date(2023, 5, 1), date(2023, 6, 2)]


def test_unix_times_are_days_in_china() -> None:
    stamp = parse_epoch("1637031872000")
    assert stamp is not None
    assert stamp.day == date(2021, 11, 16)
    assert parse_epoch(16) is None


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_written_in_chinese_numerals_is_read_back(day: date) -> None:
    def small(number: int) -> str:
        tens, ones = divmod(number, 10)
        return ("" if not tens else "十" if tens == 1 else NUMERALS[tens] + "十") + (
            "" if tens and not ones else NUMERALS[ones]
        )

    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    stamp = first_stamp(f"{year}年{small(day.month)}月{small(day.day)}日")
    assert stamp is not None
    assert stamp.day == day


@given(st.text(alphabet="0123456789年月日-/. 〇二十:T" + SEAM, max_size=30))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    first_stamp(text)
    row_day(text, seen_on=date(2025, 1, 1))
