"""A digest tells a trouble once when it begins and once when it ends, names all that was not seen, and what is wrong with us."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from review.press import Press, make_digest, preview_digest
from store import models, queries
from store.alarms import note_nothing_ran
from store.database import reading, writing
from store.frontier import Frontier, SourceSight, Trouble
from store.leases import give_up, take
from store.vitals import LEASE_LASTS, SCHEDULER
from tests.review.rows import SENTENCES, Store
from tests.review.visitor import Tags

DAY = date(2026, 9, 2)
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)  # 07:00 in Shanghai
ONE = timedelta(days=1)
PRESS = Press("Asia/Shanghai", "https://desk.example.org", "tealeaves@example.org", ("ana@example.org",))
EMPTY = Trouble("list", "no-rows: the list answered, but no rows were found in it")


def told(store: Store, n: int) -> str:
    """The digest of the n-th day as text; the page says the same."""
    made = make_digest(store.engine, DAY + n * ONE, MORNING + n * ONE, PRESS)
    page = " ".join(Tags(made.html).text.split())
    for line in made.text.splitlines():
        if line.startswith(("!", "Sources:", "No digest", "The scheduler", "The digest of")):
            assert line.removeprefix("! ") in page
    return made.text


def sight(store: Store, n: int, *troubles: Trouble) -> None:
    """A crawl on the evening before the n-th day."""
    seen = SourceSight("sichuan-kjt", "blind" if troubles else "quiet", troubles, () if troubles else ("list",))
    Frontier(store.engine).note_sights([seen], MORNING + (n - 0.5) * ONE)


def test_a_trouble_is_told_when_it_begins_and_when_it_ends_and_not_in_between(store: Store) -> None:
    store.source()
    begins = "! 四川省科学技术厅 (Sichuan Department of Science and Technology): blind since 2026-09-01 (no-rows:"
    ends = (
        "! 四川省科学技术厅 (Sichuan Department of Science and Technology): well again; it was blind since 2026-09-01"
    )
    for n in range(3):
        sight(store, n, EMPTY)
        text = told(store, n)
        assert (begins in text) == (n == 0)
        assert ("Sources: 1 in new trouble, 0 well again, 1 in trouble in all" in text) == (n == 0)
    for n in range(3, 6):
        sight(store, n)
        text = told(store, n)
        assert (ends in text) == (n == 3)
        assert ("Sources: 0 in new trouble, 1 well again, 0 in trouble in all" in text) == (n == 3)


def test_a_trouble_that_came_and_went_between_two_digests_is_one_line(store: Store) -> None:
    store.source()
    told(store, 0)
    sight(store, 1, EMPTY)
    sight(store, 1)
    text = told(store, 1)
    assert text.count("! ") == 1
    assert "well again; it was blind" in text


def test_our_own_trouble_stands_before_those_of_sources(store: Store) -> None:
    store.source()
    sight(store, 0, EMPTY)
    with writing(store.engine) as connection:
        note_nothing_ran(connection, MORNING - ONE, "nothing-ran: nothing ran on 2026-08-31", MORNING - ONE / 24)
    text = told(store, 0)
    ours, theirs = "我们的计划任务 (Our own scheduler): blind", "! 四川省科学技术厅 (Sichuan Department"
    assert text.index(ours) < text.index("Coverage: ") < text.index(theirs)


def test_what_is_news_stands_before_the_troubles_of_sources(small: Store) -> None:
    small.disclosure(small.document(small.source()))
    sight(small, 0, EMPTY)
    text = told(small, 0)
    assert text.index("Sources: 1 in new trouble") < text.index(SENTENCES[1]) < text.index("! 四川省科学技术厅 (")


def test_a_preview_tells_alarms_and_does_not_use_them_up(store: Store) -> None:
    store.source()
    sight(store, 0, EMPTY)
    for _ in range(2):
        assert "Sources: 1 in new trouble" in preview_digest(store.engine, DAY, MORNING, PRESS).text
    assert "Sources: 1 in new trouble" in told(store, 0)


def test_every_source_that_was_not_seen_is_named_however_many(small: Store) -> None:
    for n in range(40):
        small.source(f"s{n}", name=f"第{n}厅")
        small.state(f"s{n}", DAY, "blind" if n % 2 else "quiet", "timeout: no answer in time" if n % 2 else "")
    text = told(small, 0)
    assert "seen 20 of 40 sources; not seen: " in text
    assert "and 8 more" in text
    assert "第1厅 (blind: timeout), " in text.partition("Not seen:")[0]
    assert text.count("timeout: no answer in time), never seen") == 20
    assert all(f"- 第{n}厅 (blind: timeout" in text for n in range(1, 40, 2))


def test_days_without_a_digest_are_named_in_the_next_one(small: Store) -> None:
    small.source()
    assert "No digest was made" not in told(small, 0)
    assert "No digest was made" not in told(small, 1)
    assert "No digest was made for 2026-09-04 to 2026-09-11; this one covers what was found then." in told(small, 10)
    assert "No digest was made for 2026-09-13; this" in told(small, 12)


def test_a_digest_that_was_given_up_is_told_once_and_without_the_address(small: Store) -> None:
    small.source()
    told(small, 0)
    with writing(small.engine) as connection:
        connection.execute(update(models.Delivery).values(state="failed", error="550 no such person"))
    line = "The digest of 2026-09-02 could not be delivered to 1 recipient; the desk's page Digests says why."
    second = told(small, 1)
    assert line in second
    assert "ana@example.org" not in second
    assert line not in told(small, 2)


def test_a_scheduler_that_stopped_ticking_is_told_and_one_that_was_ended_is_not(small: Store) -> None:
    small.source()
    take(small.engine, SCHEDULER, "one", MORNING - timedelta(hours=9), LEASE_LASTS)
    assert "The scheduler is not running: its last tick was at 2026-09-01 14:00 UTC." in told(small, 0)
    give_up(small.engine, SCHEDULER, "one")
    assert "The scheduler" not in told(small, 1)
    take(small.engine, SCHEDULER, "one", MORNING + 2 * ONE - timedelta(seconds=30), LEASE_LASTS)
    assert "The scheduler" not in told(small, 2)


@pytest.mark.parametrize("number", [5])
def test_thirty_mornings_make_thirty_digests_whose_numbers_are_those_of_the_store(small: Store, number: int) -> None:
    document = small.document(small.source())
    with writing(small.engine) as connection:
        connection.execute(update(models.Column).values(due_at=MORNING + 99 * ONE))
    for n in range(30):
        small.state("sichuan-kjt", DAY + n * ONE, ("seen", "quiet", "blind", "not-due")[(n + number) % 4])
        for k in range((n * number) % 4):
            small.disclosure(document, key=f"{n}-{k}", found_at=MORNING + n * ONE - ONE / 4)
        make_digest(small.engine, DAY + n * ONE, MORNING + n * ONE, PRESS)
    with reading(small.engine) as connection:
        made = queries.digests(connection)
    assert len(made) == 30
    for n, digest in enumerate(reversed(made)):
        # A source counts by its last day on which it was due, of the days since the last digest.
        due = [day for day in range(max(n - 1, 0), n + 1) if (day + number) % 4 != 3]
        seen = (due[-1] + number) % 4 in (0, 1) if due else False
        found = (n * number) % 4
        told_of = f"{found} disclosure{'' if found == 1 else 's'}, {int(seen)} of 1 sources seen"
        assert digest.subject == f"tealeaves {DAY + n * ONE}: {told_of}"
