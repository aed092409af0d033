"""How long a list may be silent is learned from its own days, also from few of them, and a pinned row spoils nothing."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.items import Link, ListReading
from crawler.judgement import judge
from crawler.reading import read_list
from crawler.sight import Sight
from crawler.silence import KEPT, news_days, normal_silence
from crawler.sources import Column, Source
from crawler.spiders.visit import Visit
from crawler.spiders.walk import Walk
from store.frontier import DueColumn
from tests.site import list_page

TODAY = date(2026, 9, 30)
NOW = datetime(2026, 9, 30, 4, tzinfo=UTC)
URL = "https://kjt.example.gov.cn/list/"


def every(days: int, number: int, last: date = TODAY) -> list[date]:
    return [last - timedelta(days=days * n) for n in range(number)][::-1]


@pytest.mark.parametrize(
    ("days", "patience"),
    [
        ([], 60),
        ([TODAY], 60),
        (every(3, 5), 60),
        (every(30, 5), 180),
        (every(400, 3), 365),
        (every(1, 20), 21),
        (every(7, 20), 42),
        ([date(2019, 3, 1), date(2021, 5, 4), *every(1, 18)], 21),
    ],
)
def test_patience_follows_from_the_gaps_between_days_with_news(days: list[date], patience: int) -> None:
    assert normal_silence(days).days == patience


def test_only_the_newest_days_are_remembered_and_none_that_has_not_come() -> None:
    known = news_days(every(2, 100), [TODAY + timedelta(days=1), TODAY], TODAY)
    assert len(known) == KEPT
    assert known[-1] == TODAY


def visit(
    days: list[date],
    known: tuple[date, ...] = (),
    *,
    first: bool = False,
    expect: str = "",
    links: tuple[Link, ...] | None = None,
) -> Visit:
    """A visit of a list whose rows show these days."""
    column = Column(name="工作动态", url=URL, family="trs")
    rows = {"quiet_after": expect} if expect else {}
    source = Source.model_validate(
        {
            "name": "示例厅",
            "name_en": "Sample",
            "tier": "ministry",
            "homepage": "https://kjt.example.gov.cn/",
            "columns": [column.model_dump(exclude_none=True)],
            "expect": rows,
        }
    )
    seen = None if first else NOW - timedelta(hours=6)
    due = DueColumn(1, "kjt", URL, column.name, "trs", None, None, seen, first, len(days), seen, known, bool(known))
    links = links or tuple(Link(f"{URL}{n}.html", "通知", day) for n, day in enumerate(days))
    reading = ListReading("utf-8", "trs", links, None)
    return Visit(due, source, column, Walk(1, first), URL).after(reading, links, (None, None))


def judged(seen: Visit, **told: bool) -> tuple[str, str]:
    found = judge(Sight((seen.sight(NOW, **told),)))
    return found.state, found.reason.split(":")[0]


def test_a_list_that_a_redesign_left_behind_is_suspect_at_the_first_visit() -> None:
    assert judged(visit(every(3, 20, date(2024, 3, 1)), first=True), new=True) == ("suspect", "frozen")


def test_a_list_that_stays_alive_but_frozen_is_suspect_once_its_own_silence_is_exceeded() -> None:
    rows = every(3, 20, TODAY - timedelta(days=21))
    assert judged(visit(rows, tuple(rows))) == ("quiet", "nothing-new")
    rows = every(3, 20, TODAY - timedelta(days=22))
    assert judged(visit(rows, tuple(rows))) == ("suspect", "frozen")


def test_a_frozen_list_that_answers_not_modified_is_suspect_too() -> None:
    known = tuple(every(3, 20, TODAY - timedelta(days=22)))
    assert judged(visit([], known), unchanged=True) == ("suspect", "frozen")


def test_the_silence_that_the_file_allows_wins() -> None:
    rows = every(3, 20, TODAY - timedelta(days=22))
    assert judged(visit(rows, tuple(rows), expect="30d")) == ("quiet", "nothing-new")
    assert judged(visit(every(3, 20), tuple(every(3, 20)), expect="30d")) == ("quiet", "nothing-new")


def test_a_list_without_days_is_judged_by_when_something_was_found() -> None:
    assert visit([]).news_days(NOW, new=True) == (TODAY,)
    assert visit([]).news_days(NOW, new=False) == ()


def publisher(rate: float, chance: random.Random) -> list[date]:
    """A year and a half of an office's days with news: workdays only, nothing in the long holidays."""
    start = TODAY - timedelta(days=550)
    holidays = {date(2026, 2, 15) + timedelta(days=n) for n in range(9)} | {
        date(2025, 10, 1) + timedelta(days=n) for n in range(8)
    }
    span = [start + timedelta(days=n) for n in range(551)]
    return [day for day in span if day.weekday() < 5 and day not in holidays and chance.random() < rate]


@pytest.mark.parametrize("seed", [6])
def test_of_a_hundred_office_years_at_most_five_are_wrongly_called_frozen(seed: int) -> None:
    chance = random.Random(seed)
    alarms = 0
    for number in range(100):
        days = publisher((1.0, 0.6, 0.3, 0.1)[number % 4], chance)
        frozen = False
        for today in (TODAY - timedelta(days=n) for n in range(364, -1, -1)):
            known = news_days((), [day for day in days if day <= today], today)
            was, frozen = frozen, bool(known) and today - known[-1] > normal_silence(known)
            alarms += frozen and not was
    assert alarms <= 5


def test_a_hundred_offices_that_fall_silent_are_all_noticed_half_of_them_within_five_weeks() -> None:
    chance = random.Random(6)
    known = [news_days((), publisher((1.0, 0.6, 0.3, 0.1)[n % 4], chance), TODAY) for n in range(100)]
    waits = sorted(normal_silence(days).days for days in known)
    assert waits[50] <= 35
    assert waits[-1] <= 200


def test_a_hundred_healthy_quiet_runs_raise_no_alarm() -> None:
    chance = random.Random(100)
    for number in range(100):
        days = publisher((1.0, 0.6, 0.3, 0.1)[number % 4], chance)[-20:]
        rows = [(f"t{n}.html", f"关于第{n}批项目的公示", str(day)) for n, day in enumerate(days[::-1])]
        page = list_page(rows).encode()
        links = read_list(URL, page, "text/html; charset=utf-8", seen_on=TODAY).links
        first = visit(days, first=True, links=links)
        known = first.news_days(NOW, new=True)
        again = visit(days, known, links=links)
        for seen in (
            first.sight(NOW, new=True),
            again.sight(NOW),
            visit([], known).sight(NOW, unchanged=True),
        ):
            judged = judge(Sight((seen,), new_pages=0))
            assert (judged.state, judged.troubles, judged.healthy) == ("quiet", (), (URL,)), judged.reason
