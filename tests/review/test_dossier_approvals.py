"""The approvals register: the ladder of verbs, who climbed it, and nothing promoted."""

from datetime import date

from review.dossier.approvals import approvals_register
from review.dossier.spans import Span
from tests.review.statements import BODY, by, on, statement

PLAN = {"type": "approval", "object": "《四川省算力基础设施规划》", "object_kind": "plan"}


def test_disclosures_of_one_object_show_its_ladder_lowest_step_first():
    said = [
        on("2025-06-01", action="审议通过", outcome="passed", **PLAN),
        on("2025-03-12", action="研究", outcome="deliberated", **{**PLAN, "object": "四川省算力基础设施规划（草案）"}),
    ]

    (approval,) = approvals_register(said)

    assert [(r.outcome, r.when.day) for r in approval.rungs] == [
        ("deliberated", date(2025, 3, 12)),
        ("passed", date(2025, 6, 1)),
    ]
    assert approval.highest(BODY) == "passed"


def test_a_study_is_never_an_approval():
    (approval,) = approvals_register([on("2025-03-12", action="研究", outcome="deliberated", **PLAN)])

    assert approval.highest(BODY) == "deliberated"


def test_what_nobody_approved_by_name_is_not_given_to_the_body():
    said = [
        on("2025-03-12", action="审议", outcome="deliberated", **PLAN),
        by("2025-09-01", action="获批", outcome="approved", **{**PLAN, "body": None}),
    ]

    (approval,) = approvals_register(said)

    assert approval.highest(BODY) == "deliberated"
    assert approval.highest(None) == "approved"


def test_unnamed_objects_of_different_stories_are_never_one():
    unnamed = {"type": "approval", "object": "有关文件", "object_kind": "unnamed", "outcome": "passed"}

    found = approvals_register([on("2025-03-12", **unnamed), on("2025-06-01", **unnamed)])

    assert [a.named for a in found] == [False, False]


def test_copies_count_once_and_dates_that_disagree_show():
    said = [
        on("2025-03-12", outcome="passed", cluster=5, document=1, origin=1, **PLAN),
        on("2025-03-12", outcome="passed", cluster=5, document=2, origin=1, **PLAN),
        on("2025-03-19", outcome="passed", **PLAN),
    ]

    (rung,) = approvals_register(said)[0].rungs

    assert rung.stories == 2 and not rung.agreed
    assert rung.when == Span(date(2025, 3, 12), date(2025, 3, 19))


def test_bounds_of_several_pages_tighten_the_date():
    said = [
        statement("2025-04-02", date="2025-03", date_precision="month", outcome="passed", **PLAN),
        by("2025-03-20", outcome="passed", **PLAN),
    ]

    (rung,) = approvals_register(said)[0].rungs

    assert rung.when == Span(date(2025, 3, 1), date(2025, 3, 20)) and rung.agreed
