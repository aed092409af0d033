"""What a visit saw becomes a state with its reason, and blind is never called quiet."""

from datetime import timedelta

import pytest

from crawler.judgement import PAGES, judge
from crawler.outcomes import Outcome
from crawler.sight import ColumnSight, Sight

GOOD = ColumnSight("通知", links=20, dated=20, least=5, before=20)
DNS = Outcome("dns", "the name of the host does not resolve")
BLOCK = Outcome("block-ruishu", "a Ruishu challenge instead of the page (status 412)", "blocked")
LATER = Outcome("budget", "the budget of 500 requests a day is used up", "not-due")


def column(**changed: object) -> ColumnSight:
    return ColumnSight(**{"name": "公告", "links": 20, "dated": 20, "least": 5, "before": 20, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sight", "state", "word"),
    [
        (Sight((GOOD,)), "quiet", "nothing new"),
        (Sight((column(links=0, unchanged=True),)), "quiet", "nothing new"),
        (Sight((GOOD,), new_pages=2, documents=2), "seen", "2 new documents"),
        (Sight((), new_pages=0, documents=1), "seen", "1 new document"),
        (Sight((column(links=0),)), "blind", "no rows"),
        (Sight((column(links=0, outcome=DNS),)), "blind", "does not resolve"),
        (Sight((column(links=0, outcome=Outcome("timeout", "no answer in time")),)), "blind", "in time"),
        (Sight((column(links=0, outcome=Outcome("tls", "no secure connection")),)), "blind", "secure"),
        (Sight((column(links=0, outcome=Outcome("http-502", "the server answers 502")),)), "blind", "502"),
        (Sight((column(links=0, outcome=Outcome("not-found", "not found (status 404)")),)), "blind", "404"),
        (Sight((column(links=0, outcome=Outcome("off-site", "leads to another site")),)), "blind", "another site"),
        (Sight((column(links=0, outcome=BLOCK),)), "blocked", "Ruishu"),
        (Sight((column(links=0, outcome=BLOCK), column(links=0, outcome=DNS))), "blocked", "Ruishu"),
        (Sight((column(links=0, outcome=LATER),)), "not-due", "used up"),
        (Sight((column(links=0, outcome=LATER), column(links=0, outcome=DNS))), "blind", "does not resolve"),
        (Sight((GOOD, column(links=0, outcome=LATER))), "quiet", "nothing new"),
        (Sight((GOOD, column(links=0))), "suspect", "公告: the list answered"),
        (Sight((GOOD, column(links=0, outcome=BLOCK))), "suspect", "Ruishu"),
        (Sight((GOOD, column(links=0)), documents=1), "seen", "公告: the list answered"),
        (Sight((column(links=3, dated=3, before=None),)), "suspect", "3 rows where at least 5"),
        (Sight((column(links=9, dated=9),)), "suspect", "9 rows, the last visit found 20"),
        (Sight((column(links=10, dated=10),)), "quiet", "nothing new"),
        (Sight((column(dated=0, before=None),)), "suspect", "no row shows a day"),
        (Sight((column(dated=0, was_dated=True),)), "suspect", "earlier ones did"),
        (Sight((column(ahead=12),)), "suspect", "12 of 20 rows show a day that has not come"),
        (Sight((column(ahead=3),)), "quiet", "nothing new"),
        (
            Sight((column(remarks=("family-mismatch: declared trs, but only generic finds rows",)),)),
            "suspect",
            "declared trs",
        ),
        (Sight((column(silent_for=timedelta(days=30), patience=timedelta(days=21)),)), "suspect", "30 days"),
        (
            Sight((column(links=0, unchanged=True, silent_for=timedelta(days=30), patience=timedelta(days=21)),)),
            "suspect",
            "30 days",
        ),
        (Sight((column(silent_for=timedelta(days=20), patience=timedelta(days=21)),)), "quiet", "nothing new"),
        (Sight((GOOD,), (BLOCK, BLOCK), new_pages=2), "blocked", "2 pages not read"),
        (Sight((GOOD,), (DNS,), new_pages=1), "suspect", "1 page not read"),
        (Sight((GOOD,), (LATER,), new_pages=1), "quiet", "nothing new"),
        (Sight((GOOD,), (), new_pages=4), "suspect", "4 pages found and none read"),
        (Sight((GOOD,), (DNS,), new_pages=3, documents=2), "seen", "1 page not read"),
    ],
)
def test_a_visit_is_judged_by_what_it_could_see(sight: Sight, state: str, word: str) -> None:
    found = judge(sight)
    assert found.state == state
    assert word in found.reason


def test_a_reason_names_three_causes_and_counts_the_rest() -> None:
    columns = tuple(column(name=f"栏目{n}", links=0, outcome=Outcome("x", f"cause {n}")) for n in range(5))
    assert judge(Sight(columns)).reason == "x: cause 0; x: cause 1; x: cause 2; and 2 more"


TIMEOUT = Outcome("timeout", "no answer in time")


@pytest.mark.parametrize(
    ("sight", "troubles"),
    [
        (Sight((GOOD,)), []),
        (Sight((column(links=0),)), [("公告", "sure")]),
        (Sight((column(links=0, outcome=BLOCK),)), [("公告", "sure")]),
        (Sight((column(links=0, outcome=TIMEOUT),)), [("公告", "may pass, network")]),
        (Sight((column(links=0, outcome=Outcome("http-502", "the server answers 502")),)), [("公告", "may pass")]),
        (Sight((column(links=0, outcome=Outcome("not-found", "not found (status 404)")),)), [("公告", "sure")]),
        (Sight((column(links=0, outcome=LATER),)), []),
        (Sight((GOOD, column(links=0)), documents=4), [("公告", "sure")]),
        (Sight((column(dated=0, before=None),)), []),
        (Sight((column(dated=0, was_dated=True),)), [("公告", "sure")]),
        (Sight((GOOD,), (TIMEOUT,), new_pages=1), []),
        (Sight((GOOD,), (TIMEOUT,) * 3, new_pages=3), [(PAGES, "may pass, network")]),
        (Sight((GOOD,), (TIMEOUT,) * 3, new_pages=4, documents=1), []),
        (Sight((GOOD,), (BLOCK,), new_pages=1), [(PAGES, "sure")]),
        (Sight((GOOD,), (), new_pages=3), [(PAGES, "sure")]),
    ],
)
def test_what_is_worth_an_alarm_is_told_apart_from_what_may_pass_and_from_daily_business(
    sight: Sight, troubles: list[tuple[str, str]]
) -> None:
    def weight(lasting: bool, network: bool) -> str:
        return ("sure" if lasting else "may pass") + (", network" if network else "")

    found = [(t.about, weight(t.lasting, t.network)) for t in judge(sight).troubles]
    assert found == troubles


def test_a_list_is_well_only_when_it_was_seen_and_nothing_is_wrong_with_it() -> None:
    later = column(name="要闻", links=0, outcome=LATER)
    assert judge(Sight((GOOD, column(links=0), later), documents=1)).healthy == ("通知", PAGES)


@pytest.mark.parametrize("changed", [{}, {"links": 0}, {"links": 0, "outcome": BLOCK}, {"links": 0, "outcome": LATER}])
def test_every_reason_begins_with_its_word(changed: dict[str, object]) -> None:
    word, _, said = judge(Sight((column(**changed),))).reason.partition(": ")
    assert word in ("nothing-new", "no-rows", "block-ruishu", "budget")
    assert said
