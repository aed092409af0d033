"""Chinese dates and ordinals in running text."""

from datetime import date

import pytest

from pipelines.disclosing.dates import Moment, find_dates, read_number, read_ordinals, resolve

TODAY = date(2025, 1, 2)


def moments(text: str, today: date | None = TODAY) -> list[Moment | None]:
    return [resolve(mention, today) for mention in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("会议于2024年6月18日召开", "2024-06-18", "day"),
        ("二〇二四年六月十八日", "2024-06-18", "day"),
        ("二○二三年十二月三十一日", "2023-12-31", "day"),
        ("2024-06-26 16:06", "2024-06-26", "day"),
        ("2024.6.7", "2024-06-07", "day"),
        ("2023年3月印发", "2023-03", "month"),
        ("2023年成立", "2023", "year"),
        ("去年3月出台", "2024-03", "month"),
        ("前年的改革", "2023", "year"),
        ("今年1月1日", "2025-01-01", "day"),
        ("昨日上午", "2025-01-01", "day"),
        ("昨天下午", "2025-01-01", "day"),
        ("今天举行", "2025-01-02", "day"),
        ("上月26日", "2024-12-26", "day"),
        ("12月30日", "2024-12-30", "day"),
        ("1月2日", "2025-01-02", "day"),
        ("廿六日", "2024-12-26", "day"),
        ("25日他在北京出席", "2024-12-25", "day"),
        ("民国113年6月26日", "2024-06-26", "day"),
    ],
)
def test_a_date_is_read_in_every_form_and_resolved_against_the_day_of_the_text(
    text: str, value: str, precision: str
) -> None:
    assert moments(text) == [Moment(value, precision)]  # type: ignore[arg-type]


def test_a_day_without_year_stays_open_when_the_day_of_the_text_is_unknown() -> None:
    assert moments("6月18日和昨天", None) == [None, None]


def test_a_full_date_needs_no_day_of_the_text() -> None:
    assert moments("2024年6月18日", None) == [Moment("2024-06-18", "day")]


@pytest.mark.parametrize(
    "text", ["2025年第三次集体学习", "2025年度工作", "2035年建成科技强国", "三个月内", "第25日", "有2月30日"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert moments(text) == []


def test_a_day_later_in_the_year_than_the_text_belongs_to_the_year_before() -> None:
    assert moments("2月29日", date(2024, 12, 1)) == [Moment("2024-02-29", "day")]
    assert moments("2月29日", date(2025, 12, 1)) == [None]


def test_places_of_dates_are_exact() -> None:
    text = "据悉，3月5日和2024年4月的两次会议"
    assert [text[m.start : m.end] for m in find_dates(text)] == ["3月5日", "2024年4月"]


@pytest.mark.parametrize(
    ("text", "value"), [("十", 10), ("十八", 18), ("二十", 20), ("九十九", 99), ("廿一", 21), ("07", 7)]
)
def test_numbers_below_one_hundred_are_read(text: str, value: int) -> None:
    assert read_number(text) == value


def test_a_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="百"):
        read_number("百")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("第三次会议", (3,)),
        ("首次会议", (1,)),
        ("第12次", (12,)),
        ("第二十三次", (23,)),
        ("第四次、第五次会议", (4, 5)),
        ("第二次至第四次会议", (2, 3, 4)),
        ("会议", ()),
    ],
)
def test_the_ordinals_of_meetings_are_read(text: str, values: tuple[int, ...]) -> None:
    assert read_ordinals(text) == values
