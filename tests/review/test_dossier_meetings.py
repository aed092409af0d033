"""The meeting ledger: partial disclosures become intervals, and contradictions stay visible."""

from datetime import date

import pytest

from review.dossier.evidence import held_so_many
from review.dossier.meetings import meeting_ledger
from review.dossier.spans import Span, when_said
from tests.review.statements import BODY, by, on, statement

FIRST, SECOND, THIRD = date(2024, 6, 18), date(2025, 3, 12), date(2026, 2, 27)


def ledger(*said):
    return meeting_ledger(BODY, said)


def spans(found):
    return {m.ordinal: (m.span.earliest, m.span.latest) for m in found.meetings}


def kinds(found):
    return [contradiction.kind for contradiction in found.contradictions]


def test_two_meetings_on_known_days_are_a_known_interval_apart():
    found = ledger(on("2024-06-18", ordinal=1), on("2025-03-12", ordinal=2))

    assert [(g.shortest, g.longest, g.certainty) for g in found.gaps] == [(267, 267, "known")]
    assert found.at_least == 2 and found.pace == (267, 267)


def test_a_numbered_meeting_proves_the_ones_before_it():
    found = ledger(on("2024-06-18", ordinal=1), on("2026-02-27", ordinal=3))

    assert spans(found)[2] == (FIRST, THIRD)
    second = found.meetings[1]
    assert second.evidence == () and second.ordinal == 2
    assert [g.certainty for g in found.gaps] == ["bounded", "bounded"]
    assert (found.gaps[0].shortest, found.gaps[0].longest) == (0, (THIRD - FIRST).days)


def test_the_average_interval_bridges_a_meeting_that_nobody_dated():
    assert ledger(on("2024-06-18", ordinal=1), on("2026-02-27", ordinal=3)).pace == (309.5, 309.5)


def test_a_meeting_known_by_its_spirit_is_bounded_above_and_by_the_meeting_before():
    found = ledger(on("2024-06-18", ordinal=1), by("2025-04-01", ordinal=2), by("2025-03-20", ordinal=2))

    assert spans(found)[2] == (FIRST, date(2025, 3, 20))
    assert found.meetings[1].stories == 2


def test_without_any_lower_bound_the_interval_is_unknown():
    found = ledger(by("2024-06-18", ordinal=1), by("2025-03-20", ordinal=2))

    assert [(g.longest, g.certainty) for g in found.gaps] == [(None, "unknown")]
    assert found.pace is None


def test_a_later_meeting_bounds_an_earlier_one():
    found = ledger(by("2025-09-01", ordinal=1), on("2025-03-12", ordinal=2))

    assert spans(found)[1] == (None, SECOND)


def test_months_and_years_are_spans_that_the_day_of_the_page_cuts():
    month = statement("2024-06-20", date="2024-06", date_precision="month", ordinal=1)
    year = statement("2025-08-01", date="2024", date_precision="year", ordinal=2)

    found = ledger(month, year)

    assert spans(found) == {1: (date(2024, 6, 1), date(2024, 6, 20)), 2: (date(2024, 6, 1), date(2024, 12, 31))}


def test_two_different_days_for_one_number_are_shown_and_not_resolved():
    found = ledger(on("2024-06-18", ordinal=1), on("2024-06-21", ordinal=1), on("2025-03-12", ordinal=2))

    assert kinds(found) == ["two-days"]
    assert len(found.contradictions[0].evidence) == 2
    assert spans(found)[1] == (FIRST, date(2024, 6, 21)) and found.meetings[0].disputed
    assert found.gaps[0].certainty == "bounded"


def test_a_higher_number_before_a_lower_one_is_a_contradiction_and_bounds_nothing():
    found = ledger(on("2025-03-12", ordinal=1), on("2024-06-18", ordinal=2), on("2026-02-27", ordinal=3))

    assert kinds(found) == ["out-of-order"]
    assert spans(found) == {1: (SECOND, SECOND), 2: (FIRST, FIRST), 3: (THIRD, THIRD)}
    assert {g.certainty for g in found.gaps} == {"unknown", "bounded"}


def test_a_spirit_studied_before_the_day_of_the_meeting_is_a_contradiction():
    found = ledger(on("2025-03-12", ordinal=2), by("2025-01-05", ordinal=2))

    assert kinds(found) == ["bounds-cross"]


def test_at_least_three_by_a_day_bounds_the_third():
    counted = by("2024-01-20", quote="截至目前，中央科技委员会已召开至少三次会议。", type="mention")

    found = ledger(counted, on("2023-06-01", ordinal=1))

    assert found.at_least == 3
    assert spans(found)[3] == (date(2023, 6, 1), date(2024, 1, 20))
    assert found.meetings[2].bounded_by and not found.meetings[2].evidence


def test_a_count_that_comes_too_early_is_a_contradiction():
    counted = by("2024-01-20", quote="中央科技委员会已召开三次会议。")

    assert kinds(ledger(counted, on("2024-06-18", ordinal=3))) == ["count-too-early"]


def test_an_unnumbered_spirit_proves_a_first_meeting_and_no_more():
    found = ledger(by("2023-08-11"), by("2023-09-20"), by("2024-01-20"))

    assert found.at_least == 1
    assert spans(found) == {1: (None, date(2023, 8, 11))}


def test_copies_of_one_story_count_once():
    origin = on("2024-06-18", ordinal=1, cluster=7, document=1001, origin=1001)
    copy = on("2024-06-18", published="2024-06-20", ordinal=1, cluster=7, document=1002, origin=1001)
    title = on("2024-06-18", ordinal=1, cluster=7, document=1001, origin=1001, place="title")

    found = ledger(copy, title, origin)

    assert found.meetings[0].stories == 1 and len(found.meetings[0].evidence) == 1
    assert found.meetings[0].evidence[0].statements[0].publication.document_id == 1001


def test_a_copy_with_another_date_does_not_move_the_event_but_shows():
    origin = on("2024-06-18", ordinal=1, cluster=7, document=1001, origin=1001)
    wrong = on("2025-06-18", ordinal=1, cluster=7, document=1002, origin=1001)

    found = ledger(wrong, origin)

    assert spans(found) == {1: (FIRST, FIRST)}
    assert kinds(found) == ["copy-differs"]


def test_a_copy_is_never_older_than_its_origin():
    early = by("2024-06-01", cluster=7, document=2, origin=1, origin_published=FIRST)

    assert early.published == FIRST


def test_a_meeting_without_number_on_the_day_of_a_numbered_one_is_that_meeting():
    found = ledger(on("2024-06-18", ordinal=1), on("2024-06-18"))

    assert [m.ordinal for m in found.meetings] == [1]
    assert found.meetings[0].stories == 2


def test_a_meeting_without_number_on_another_day_stays_apart_and_says_which_it_can_be():
    found = ledger(on("2024-06-18", ordinal=1), on("2025-01-05"), on("2025-03-12", ordinal=3))

    apart = next(m for m in found.meetings if m.ordinal is None)
    assert apart.may_be == (2,)
    assert found.at_least == 3


def test_meetings_after_the_last_number_are_counted_on_top_of_it():
    found = ledger(on("2024-06-18", ordinal=2), on("2024-09-01"), on("2024-12-01"))

    assert found.at_least == 4


def test_between_meetings_without_numbers_there_may_have_been_others():
    found = ledger(on("2024-06-18"), on("2024-12-01"))

    assert [(g.shortest, g.longest, g.certainty) for g in found.gaps] == [(0, 166, "bounded")]


def test_numbers_begin_anew_with_a_new_party_congress():
    found = ledger(
        on("2024-06-18", ordinal=1, quote="十二届四川省委科技委员会第一次会议召开"),
        on("2026-02-27", ordinal=3, quote="十二届四川省委科技委员会第三次会议召开"),
        on("2027-09-01", ordinal=1, quote="十三届四川省委科技委员会第一次会议召开"),
    )

    assert not found.contradictions
    assert [(m.congress, m.ordinal) for m in found.meetings] == [(12, 1), (12, 2), (12, 3), (13, 1)]
    assert found.at_least == 4


def test_accepted_evidence_is_told_from_what_the_machine_found():
    found = ledger(on("2024-06-18", ordinal=1, verdict="accepted"), on("2025-03-12", ordinal=2))

    assert [e.accepted for m in found.meetings for e in m.evidence] == [True, False]


@pytest.mark.parametrize(
    ("quote", "number"),
    [
        ("中央科技委员会已召开三次全体会议", 3),
        ("成立以来省委科技委员会先后召开了12次会议", 12),
        ("省委科技委员会召开会议两次", 2),
        ("省委科技委员会召开第三次会议", None),
        ("省委科技委员会每年召开两次会议", None),
        ("省委科技委员会计划年内召开三次会议", None),
        ("会议第三次强调要抓好落实", None),
    ],
)
def test_a_number_of_meetings_is_read_and_a_rule_or_a_number_in_order_is_not(quote, number):
    assert held_so_many(quote) == number


def test_a_day_is_a_day_and_a_bound_is_a_bound():
    assert when_said(on("2024-06-18")) == Span(FIRST, FIRST)
    assert when_said(by("2024-06-18")) == Span(None, FIRST)
    assert when_said(statement("2024-06-18")) == Span(None, FIRST)
    assert Span(FIRST, SECOND).in_words == "2024-06-18 to 2025-03-12"


def test_nothing_said_is_an_empty_ledger():
    assert ledger() == ledger(statement("2024-06-18", type="membership"))
    assert ledger().at_least == 0
