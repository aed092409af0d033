"""Province by month: what was disclosed, and why a cell is blank."""

from datetime import date

from review.dossier.matrix import months_between, province_matrix
from store.database import reading
from store.queries.sights import SightMonth, sight, sight_months
from tests.review.rows import Store
from tests.review.statements import by, on, statement

FIRST, LAST = date(2026, 8, 1), date(2026, 9, 30)


def cells(said=(), sights=(), province="510000"):
    rows = province_matrix(said, sights, FIRST, LAST)
    return next(row for row in rows if row.province.code == province)


def seen(looked, lost=0, month=8, source="sichuan-kjt"):
    return SightMonth(source, "510000", 2026, month, looked, lost)


def test_every_mainland_province_has_a_cell_for_every_month():
    rows = province_matrix((), (), FIRST, LAST)

    assert len(rows) == 31
    assert {len(row.cells) for row in rows} == {2}


def test_a_blank_cell_says_whether_anybody_could_look():
    assert cells(sights=[seen(31)]).cells[0].blank == "no disclosure found"
    assert cells(sights=[seen(20, 11)]).cells[0].blank == "partly seen"
    assert cells(sights=[seen(31), seen(0, 31, source="sichuan-gov")]).cells[0].blank == "partly seen"
    assert cells(sights=[seen(0, 31)]).cells[0].blank == "not seen"
    assert cells().cells[0].blank == "not seen"
    assert cells(sights=[seen(20, 11), seen(31, source="sichuan-gov")]).cells[0].sight.lost_days == 11


def test_marks_stand_in_the_month_of_the_event_and_not_of_the_page():
    met = on("2026-08-18", published="2026-09-02", region="510000", ordinal=1)

    row = cells([met], [seen(31), seen(30, month=9)])

    assert [mark.kind for mark in row.cells[0].marks] == ["met"]
    assert row.cells[0].blank is None
    assert row.cells[1].blank == "no disclosure found"


def test_each_kind_of_disclosure_has_its_mark_strongest_first():
    said = [
        on("2026-08-18", region="510000", type="mention"),
        on("2026-08-18", region="510000", type="membership", person="周明远", role="主任"),
        on("2026-08-18", region="510000", type="membership", person="李远山", role="副主任"),
        on("2026-08-18", region="510000", type="approval", outcome="passed"),
        on("2026-08-18", region="510000"),
        on("2026-08-18", region="510000", type="establishment"),
    ]

    kinds = [mark.kind for mark in cells(said).cells[0].marks]
    assert kinds == ["founded", "met", "approved", "chair named", "mention"]


def test_what_is_known_only_by_a_day_is_marked_so_and_a_year_has_no_month():
    row = cells(
        [
            by("2026-08-18", region="510000"),
            statement("2026-09-01", date="2025", date_precision="year", region="510000"),
        ]
    )

    assert row.cells[0].marks[0].by
    assert len(row.undated) == 1


def test_a_city_counts_in_its_province_and_says_that_it_is_local():
    row = cells([on("2026-08-18", region="510100", body="成都市委科技委员会")])

    assert [(mark.body, mark.local) for mark in row.cells[0].marks] == [("成都市委科技委员会", True)]


def test_states_of_days_add_up_by_source_and_month(store: Store):
    store.source("sichuan-kjt")
    store.source("most", region=None)
    for day, state in ((1, "seen"), (2, "quiet"), (3, "blocked"), (4, "not-due"), (5, "blind")):
        store.state("sichuan-kjt", date(2026, 8, day), state)
    store.state("sichuan-kjt", date(2026, 9, 1), "seen")
    store.state("most", date(2026, 8, 1), "suspect")

    with reading(store.engine) as connection:
        months = sight_months(connection, FIRST, LAST)
        whole, here = sight(connection, FIRST, LAST), sight(connection, FIRST, LAST, "510000")

    assert {(m.source_id, m.month): (m.looked, m.lost) for m in months} == {
        ("sichuan-kjt", 8): (2, 2),
        ("sichuan-kjt", 9): (1, 0),
        ("most", 8): (0, 1),
    }
    assert (whole.sources, whole.not_seen, whole.never_seen, whole.looked_days, whole.lost_days) == (2, 2, 1, 3, 3)
    assert (here.sources, here.looked_days) == (1, 3)


def test_months_run_over_the_turn_of_the_year():
    assert months_between(date(2025, 11, 30), date(2026, 2, 1)) == ((2025, 11), (2025, 12), (2026, 1), (2026, 2))
