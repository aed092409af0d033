"""The frontier: what is due and pending, kept before it is fetched, the same on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from store import models
from store.database import reading, writing
from store.frontier import Frontier, PendingPage, RunCounts
from store.presence import MAX_ATTEMPTS
from tests import fakes
from tests.fakes import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    """A frontier that knows two sources."""
    made = Frontier(engine)
    made.register([fakes.source(1, columns=2), fakes.source(2)], START)
    return made


def kept(frontier: Frontier, *numbers: int) -> list[PendingPage]:
    """Keep the links of those numbers in the first column."""
    return frontier.keep(frontier.due(START, force=True)[0].id, [fakes.link(number) for number in numbers], START)


def read(engine: Engine, page_id: int, at: datetime = START, look: datetime | None = None) -> None:
    """Make a page one that was read at an instant, with its next look."""
    values = {"state": "fetched", "fetched_at": at, "next_check_at": look or at + DAY, "etag": '"1"'}
    with writing(engine) as connection:
        connection.execute(models.Page.__table__.update().where(models.Page.id == page_id).values(**values))


def events(engine: Engine) -> list[tuple[str, str]]:
    """Return kind and detail of every event, in order."""
    with reading(engine) as connection:
        rows = connection.execute(select(models.Event.kind, models.Event.detail).order_by(models.Event.id))
        return [(kind, detail) for kind, detail in rows]


def state(engine: Engine, source_id: str = "kjt-1", day: date = date(2026, 9, 1)) -> str | None:
    """Return the state of a source on a day."""
    query = select(models.SourceState.state).where(
        models.SourceState.source_id == source_id, models.SourceState.day == day
    )
    with reading(engine) as connection:
        return connection.execute(query).scalar_one_or_none()


def test_a_new_column_is_due_at_once_and_on_its_first_visit(frontier: Frontier) -> None:
    due = frontier.due(START)
    assert [(column.source_id, column.first_visit) for column in due] == [
        ("kjt-1", True),
        ("kjt-1", True),
        ("kjt-2", True),
    ]


def test_a_visited_column_is_due_when_it_said_and_brings_its_validators(frontier: Frontier) -> None:
    first = frontier.due(START)[0]
    frontier.visited(first.id, START, START + 6 * HOUR, 20, ('"a"', "Tue, 01 Sep 2026 00:00:00 GMT"))
    assert first.id not in {column.id for column in frontier.due(START + 5 * HOUR)}
    again = next(column for column in frontier.due(START + 6 * HOUR) if column.id == first.id)
    assert (again.etag, again.first_visit, again.visited_at) == ('"a"', False, START)


def test_an_unchanged_column_keeps_its_validators(frontier: Frontier) -> None:
    first = frontier.due(START)[0]
    frontier.visited(first.id, START, START + HOUR, 20, ('"a"', None))
    frontier.unchanged(first.id, START + HOUR, START + 2 * HOUR)
    again = next(column for column in frontier.due(START + 2 * HOUR) if column.id == first.id)
    assert (again.etag, again.visited_at) == ('"a"', START + HOUR)


def test_the_named_sources_are_due_alone_and_by_force_before_their_time(frontier: Frontier) -> None:
    for column in frontier.due(START):
        frontier.visited(column.id, START, START + DAY, 20)
    assert frontier.due(START, ["kjt-2"]) == []
    assert [column.source_id for column in frontier.due(START, ["kjt-2"], force=True)] == ["kjt-2"]


def test_a_column_gone_from_its_file_is_disabled_and_comes_back_with_its_history(frontier: Frontier) -> None:
    column = frontier.due(START, ["kjt-1"])[1]
    frontier.visited(column.id, START, START, 20)
    frontier.register([fakes.source(1, columns=1), fakes.source(2)], START)
    assert column.id not in {due.id for due in frontier.due(START)}
    frontier.register([fakes.source(1, columns=2), fakes.source(2)], START)
    assert next(due for due in frontier.due(START) if due.id == column.id).visited_at == START


def test_a_source_without_a_file_is_disabled_unless_only_some_were_given(frontier: Frontier) -> None:
    frontier.register([fakes.source(1)], START, whole=False)
    assert {column.source_id for column in frontier.due(START)} == {"kjt-1", "kjt-2"}
    frontier.register([fakes.source(1)], START)
    assert {column.source_id for column in frontier.due(START)} == {"kjt-1"}


def test_links_are_kept_once_however_often_and_in_whatever_spelling_they_come(frontier: Frontier) -> None:
    assert [page.title for page in kept(frontier, 1, 2)] == ["第1条工作动态", "第2条工作动态"]
    column = frontier.due(START)[0].id
    spelling = replace(fakes.link(2), url=fakes.link(2).url.replace("https://", "http://www."))
    assert [page.url for page in frontier.keep(column, [fakes.link(1), spelling, fakes.link(3)], START)] == [
        fakes.link(3).url
    ]
    assert len(frontier.pending(START)) == 3


def test_a_thousand_links_are_kept_in_one_go(frontier: Frontier, engine: Engine) -> None:
    assert len(kept(frontier, *range(1200))) == 1200
    assert kept(frontier, *range(1200)) == []
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(models.Page)).scalar_one() == 1200


def test_finds_of_a_walk_back_are_marked_as_found_later(frontier: Frontier) -> None:
    column = frontier.due(START)[0].id
    (page,) = frontier.keep(column, [fakes.link(1)], START, found_later=True)
    assert page.found_later
    assert frontier.pending(START)[0].found_later


def test_a_failed_page_is_tried_again_later_and_given_up_with_an_issue(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    now = START
    for attempt in range(MAX_ATTEMPTS):
        assert [waiting.id for waiting in frontier.pending(now)] == [page.id]
        frontier.failed(page.id, 503, "the server is overloaded", now)
        assert frontier.pending(now) == []
        now += timedelta(hours=2**attempt)
    assert frontier.pending(now + 300 * DAY) == []
    with reading(engine) as connection:
        assert connection.execute(select(models.Issue.kind, models.Issue.url)).all() == [("page-given-up", page.url)]


def test_a_blocked_page_is_tried_again_every_day_for_as_long_as_it_takes(frontier: Frontier) -> None:
    (page,) = kept(frontier, 1)
    for day in range(20):
        frontier.blocked(page.id, 412, "ruishu", START + day * DAY)
        assert frontier.pending(START + day * DAY) == []
    assert [waiting.id for waiting in frontier.pending(START + 20 * DAY)] == [page.id]


def test_a_block_page_at_a_recheck_is_no_removal_and_no_loss(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    frontier.blocked(page.id, 412, "ruishu", START + DAY)
    assert events(engine) == []
    assert [again.id for again in frontier.rechecks(START + 2 * DAY)] == [page.id]


def test_rechecks_follow_the_plan_and_carry_validators(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    looks, now = [], START
    while len(looks) < 7:
        now += DAY
        for again in frontier.rechecks(now):
            assert again.etag == '"1"'
            looks.append((now - START).days)
            frontier.same(again.id, now)
    assert looks == [1, 3, 7, 30, 90, 180, 270]


def test_a_page_not_found_once_is_an_observation_and_not_a_removal(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    frontier.missing(page.id, 404, START + DAY)
    assert events(engine) == [("missing", "not found once, not yet a removal (the site answered 404)")]
    assert [again.id for again in frontier.rechecks(START + 2 * DAY)] == [page.id]


def _missing_for(frontier: Frontier, page_id: int, days: range, seen: str) -> None:
    for day in days:
        now = START + day * DAY
        frontier.note_state("kjt-1", now.date(), seen, "", now)
        frontier.missing(page_id, 404, now)


def test_two_weeks_of_not_found_on_a_healthy_site_are_a_removal_once(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    _missing_for(frontier, page.id, range(1, 15), "seen")
    assert [kind for kind, _ in events(engine)] == ["missing"]
    _missing_for(frontier, page.id, range(15, 20), "seen")
    assert [kind for kind, _ in events(engine)] == ["missing", "removed"]
    assert "2026-09-02" in events(engine)[1][1]


def test_a_site_that_is_down_removes_nothing(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    _missing_for(frontier, page.id, range(1, 40), "blind")
    assert [kind for kind, _ in events(engine)] == ["missing"]


def test_a_page_that_comes_and_goes_is_restored_and_not_removed(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    _missing_for(frontier, page.id, range(1, 6), "seen")
    for day in range(6, 13):
        frontier.same(page.id, START + day * DAY)
    _missing_for(frontier, page.id, range(13, 21), "seen")
    assert [kind for kind, _ in events(engine)] == ["missing", "restored", "missing"]


def test_one_good_look_among_many_does_not_hide_a_removal(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    _missing_for(frontier, page.id, range(1, 10), "seen")
    frontier.same(page.id, START + 10 * DAY)
    _missing_for(frontier, page.id, range(11, 25), "seen")
    assert [kind for kind, _ in events(engine)] == ["missing", "restored", "missing", "removed"]


def test_the_same_look_told_twice_counts_once(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    read(engine, page.id)
    for _ in range(2):
        frontier.missing(page.id, 404, START + DAY)
    assert len(events(engine)) == 1


def test_a_dead_link_that_was_never_read_is_a_failed_attempt_and_no_event(frontier: Frontier, engine: Engine) -> None:
    (page,) = kept(frontier, 1)
    frontier.missing(page.id, 404, START)
    assert events(engine) == []
    assert frontier.pending(START) == []


def test_the_best_sight_of_a_day_stays(frontier: Frontier, engine: Engine) -> None:
    day = date(2026, 9, 1)
    for number, (noted, expected) in enumerate(
        [("blind", "blind"), ("blocked", "blocked"), ("seen", "seen"), ("blind", "seen"), ("quiet", "seen")]
    ):
        frontier.note_state("kjt-1", day, noted, str(number), START + number * HOUR)
        assert state(engine) == expected


def test_every_source_has_a_state_for_every_day(frontier: Frontier, engine: Engine) -> None:
    frontier.note_state("kjt-1", date(2026, 9, 1), "seen", "", START)
    for column in frontier.due(START, ["kjt-1"]):
        frontier.visited(column.id, START, START + 2 * DAY, 20)
    frontier.fill_states(START + 4 * DAY)
    days = [state(engine, "kjt-1", date(2026, 9, number)) for number in range(1, 6)]
    assert days == ["seen", "not-due", "blind", "blind", None]
    never = [state(engine, "kjt-2", date(2026, 9, number)) for number in range(1, 6)]
    assert never == ["blind"] * 4 + [None]


def test_today_is_not_due_until_something_is(frontier: Frontier, engine: Engine) -> None:
    for column in frontier.due(START):
        frontier.visited(column.id, START, START + DAY, 20)
    frontier.fill_states(START + HOUR)
    assert state(engine) == "not-due"
    frontier.note_state("kjt-1", date(2026, 9, 1), "quiet", "", START + 2 * HOUR)
    assert state(engine) == "quiet"


def test_filling_twice_writes_nothing_more(frontier: Frontier) -> None:
    assert frontier.fill_states(START + 3 * DAY) == 6
    assert frontier.fill_states(START + 3 * DAY) == 0


def test_a_source_without_columns_is_never_due(engine: Engine) -> None:
    frontier = Frontier(engine)
    frontier.register([fakes.source(3, columns=0)], START)
    frontier.fill_states(START + DAY)
    assert [state(engine, "kjt-3", date(2026, 9, number)) for number in (1, 2)] == ["not-due", "not-due"]


def test_a_run_keeps_its_counts(frontier: Frontier, engine: Engine) -> None:
    run = frontier.start_run("kjt-1", START)
    frontier.finish_run(run, RunCounts(requests=7, lists_seen=2, documents_new=3), "seen", "2 of 2 lists", START + HOUR)
    with reading(engine) as connection:
        row = connection.execute(select(models.Run)).one()
    assert (row.requests, row.lists_seen, row.documents_new, row.state, row.ended_at) == (7, 2, 3, "seen", START + HOUR)


def test_an_issue_can_be_seen_with_its_source_and_address(frontier: Frontier, engine: Engine) -> None:
    frontier.note_issue("zero-links", "the list has no links", START, source_id="kjt-1", url="https://x.example.cn/")
    with reading(engine) as connection:
        assert connection.execute(select(models.Issue.kind, models.Issue.source_id)).all() == [("zero-links", "kjt-1")]
