"""The coverage page shows provinces by days, readable without colour and without a mouse, and no day of it is blank."""

import re
from datetime import date, timedelta

import pytest

from review.desk.picture import MARKS, in_province, picture
from store import queries
from store.database import reading
from store.frontier import Frontier, SourceSight, Trouble
from tests.review.rows import START, Store
from tests.review.visitor import NOW, Tags, open_desk

FIRST = date(2026, 9, 1)
SPAN = [FIRST, FIRST + timedelta(days=1)]


@pytest.fixture
def filled(small: Store) -> Store:
    """Three sources in Sichuan, one in Hubei, one national; the first day is recorded, the second has not been."""
    small.source("most", tier="ministry", region=None)
    for name, state in (("a", "seen"), ("b", "blocked"), ("c", "blind")):
        small.source(name)
        small.state(name, FIRST, state, f"because of {name}")
    small.source("d", region="420000")
    small.state("d", FIRST, "quiet")
    small.state("most", FIRST, "not-due")
    return small


def cells(store: Store) -> dict[str, list[tuple[str, str]]]:
    with reading(store.engine) as connection:
        rows = queries.source_days(connection, SPAN[0], SPAN[-1], NOW)
    return {row.name_en: [(cell.shade, cell.mark) for cell in row.cells] for row in picture(rows, SPAN)}


def test_a_cell_shows_the_worst_state_and_the_share_that_was_seen(filled: Store) -> None:
    shown = cells(filled)
    assert len(shown) == 32
    assert shown["Sichuan"] == [("blind", "✕ 1/3"), ("blind", "✕ 0/3")]
    assert shown["Hubei"] == [("quiet", "○"), ("blind", "✕ 0/1")]
    assert shown["National"][0] == ("not-due", "–")
    assert shown["Tibet"] == [("none", ""), ("none", "")]


def test_half_seen_is_shown_as_partly_seen(small: Store) -> None:
    for name, state in (("a", "seen"), ("b", "suspect")):
        small.source(name)
        small.state(name, FIRST, state)
    assert cells(small)["Sichuan"][0] == ("partly", "? 1/2")


def test_every_state_has_a_mark_of_its_own() -> None:
    assert len(set(MARKS.values())) == 6
    assert set(MARKS) == {"seen", "quiet", "blind", "blocked", "suspect", "not-due"}


def test_the_page_says_each_cell_in_words_and_leads_to_the_province_by_key(filled: Store) -> None:
    page = open_desk(filled).get("/coverage?days=2").text
    assert "2026-09-01: 1 of 3 seen (1 blind, 1 blocked, 1 seen)" in Tags(page).text
    assert page.count("data-row") == page.count("data-open") == 32
    assert 'data-open href="/coverage?days=2&amp;province=510000#sources"' in page


def test_a_province_shows_its_own_sources_only(filled: Store) -> None:
    page = open_desk(filled).get("/coverage?days=2&province=420000").text
    table = page[page.index('id="sources"') :]
    assert "Hubei" in table
    assert len(re.findall(r'<th scope="row">', table)) == 1
    assert "No source of this province" in open_desk(filled).get("/coverage?province=540000").text
    for wrong in ("999999", "510100", "x"):
        assert open_desk(filled).get(f"/coverage?province={wrong}").status_code == 400


def test_national_sources_are_a_place_of_their_own(filled: Store) -> None:
    with reading(filled.engine) as connection:
        rows = queries.source_days(connection, FIRST, FIRST, NOW)
    assert [row.source.id for row in in_province(rows, "national")] == ["most"]
    assert len(in_province(rows, None)) == 5


def test_what_stands_in_trouble_is_listed_with_its_reason_and_its_last_sight(filled: Store) -> None:
    trouble = Trouble("x", "no-rows: the list answered, but no rows were found in it")
    Frontier(filled.engine).note_sights([SourceSight("c", "blind", (trouble,))], START)
    text = " ".join(Tags(open_desk(filled).get("/coverage").text).text.split())
    assert "In trouble" in text
    assert "no-rows: the list answered" in text
    assert re.search(r"2026-09-01 ?overdue: it is due since more than six hours", text)
