"""A page without a day takes the date of a sentence from a dated copy of its passage, and from nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from crawler.items import Disclosure
from pipelines.disclosing.lending import Lenders, Telling
from tests.fakes import disclosure

QUOTE = "甘肃省委科技委员会第二次会议昨日在兰州召开"
REPORT = (
    "入夏以来，各地接连晒出科技工作的新打算。" + QUOTE + "，听取了三项重点任务的进展，研究了下一步的安排。"
    "与会人员走进实验室，同一线的科研人员面对面交谈，当场答复了两件难事。"
)
OTHER = "连日来，市里的气温一路走高，气象台接连发布三次预警，提醒市民减少外出，注意防暑降温。\n"
TOLD = {"body": "甘肃省委科技委员会", "ordinal": 2}


def page(text: str, address: str = "https://copy.example.cn/1.html", quote: str = QUOTE) -> Telling:
    return Telling(address, None, None, text, (disclosure(text, quote, **TOLD),))


def dated(text: str, day: date, told: str, address: str = "https://first.example.cn/1.html") -> Telling:
    found = disclosure(text, QUOTE, **TOLD, date=told, date_precision="day")
    return Telling(address, day, None, text, (found,))


FIRST = dated(REPORT, date(2025, 7, 2), "2025-07-01")


def borrowed(page: Telling, *copies: Telling) -> Disclosure:
    (told,) = Lenders(copies).dated(page)
    return told


def test_an_undated_copy_takes_the_date_and_names_the_copy_that_lent_it() -> None:
    told = borrowed(page("转载\n" + REPORT[: len(REPORT) - 20]), FIRST)
    assert (told.date, told.date_precision, told.date_from) == ("2025-07-01", "day", FIRST.address)


def test_noise_inside_the_copy_does_not_hide_it() -> None:
    noisy = REPORT.replace("实验室", "实(🤳)验室").replace("打算", "打 算")
    assert borrowed(page(noisy), FIRST).date == "2025-07-01"


def test_the_earliest_dated_copy_lends() -> None:
    late = dated(REPORT, date(2026, 7, 2), "2026-07-01", "https://late.example.cn/1.html")
    assert borrowed(page(REPORT), late, FIRST).date == "2025-07-01"


def test_a_page_with_a_day_of_its_own_borrows_nothing() -> None:
    own = replace(page(REPORT), published=date(2025, 9, 9))
    assert borrowed(own, FIRST).date is None


def test_a_date_that_the_page_gives_stays() -> None:
    own = page(REPORT)
    given = replace(own.disclosures[0], date="2025", date_precision="year")
    assert borrowed(replace(own, disclosures=(given,)), FIRST) == given


def test_the_same_formula_in_another_report_lends_nothing() -> None:
    other = OTHER + QUOTE + "。\n" + "有读者来信询问公交线路调整的情况，交通部门答复说方案仍在征求意见。"
    assert borrowed(page(other), FIRST).date is None


def test_a_spliced_page_borrows_for_the_spliced_part_alone() -> None:
    own = "陇南市委科技委员会第三次会议前天召开"
    text = OTHER + own + "，部署了防汛。\n" + REPORT
    spliced = replace(
        page(text),
        disclosures=(disclosure(text, own, body="陇南市委科技委员会", ordinal=3), disclosure(text, QUOTE, **TOLD)),
    )
    of_its_own, copied = Lenders([FIRST]).dated(spliced)
    assert of_its_own.date is None
    assert copied.date == "2025-07-01"


@pytest.mark.parametrize("fact", [{"ordinal": 3}, {"body": "陇南市委科技委员会"}, {"type": "mention"}])
def test_another_fact_in_the_same_words_lends_nothing(fact: dict[str, object]) -> None:
    told = replace(FIRST.disclosures[0], **fact)  # type: ignore[arg-type] # one field of several types
    assert borrowed(page(REPORT), replace(FIRST, disclosures=(told,))).date is None


def test_a_title_is_part_of_the_passage() -> None:
    title = QUOTE
    text = REPORT.replace(QUOTE, "会议")
    found = disclosure(title, QUOTE, **TOLD, place="title")
    copy = Telling("https://copy.example.cn/2.html", None, title, text, (found,))
    first = replace(
        FIRST, title=title, body=text, disclosures=(replace(found, date="2025-07-01", date_precision="day"),)
    )
    assert borrowed(copy, first).date == "2025-07-01"
