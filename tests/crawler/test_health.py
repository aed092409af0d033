"""What a visit saw becomes a state with its reason, and blind is never called quiet."""

from datetime import timedelta

import pytest

from crawler.outcomes import Outcome
from crawler.sight import ColumnSight, Sight, judge

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
        (Sight((GOOD, column(links=0))), "suspect", "公告: the list answered"),
        (Sight((GOOD, column(links=0, outcome=BLOCK))), "suspect", "Ruishu"),
        (Sight((GOOD, column(links=0)), documents=1), "seen", "公告: the list answered"),
        (Sight((column(links=3, dated=3, before=None),)), "suspect", "3 rows where at least 5"),
        (Sight((column(links=9, dated=9),)), "suspect", "9 rows, the last visit found 20"),
        (Sight((column(links=10, dated=10),)), "quiet", "nothing new"),
        (Sight((column(dated=0, before=None),)), "suspect", "no row shows a day"),
        (Sight((column(remarks=("declared trs, but only generic finds rows",)),)), "suspect", "declared trs"),
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
    assert judge(Sight(columns)).reason == "cause 0; cause 1; cause 2; and 2 more"
