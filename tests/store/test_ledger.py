"""No source and no day is without a state, whoever was not running; and why nothing is known is said."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from store import models, queries
from store.database import reading
from store.frontier import Frontier, RunCounts, SourceSight, Trouble
from store.ledger import (
    LATE,
    NO_COLUMN,
    NOT_VISITED,
    NOT_YET_DUE,
    NOTHING_RAN,
    OVERDUE,
    SWITCHED_OFF,
    UNFINISHED,
    WAITING,
    blanks,
    unrecorded,
)
from tests import fakes
from tests.fakes import START  # 09:00 in China on 2026-09-01

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 9, 5)
NOON = datetime(2026, 9, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "due", "nothing_ran", "began", "verdict"),
    [
        (TODAY, None, True, False, NO_COLUMN),
        (TODAY, NOON + HOUR, True, False, NOT_YET_DUE),
        (TODAY, NOON - HOUR, True, False, WAITING),
        (TODAY, NOON - LATE, True, False, OVERDUE),
        (TODAY, NOON - LATE, False, True, OVERDUE),
        (TODAY - DAY, NOON, True, False, NOT_YET_DUE),
        (TODAY - DAY, NOON - 13 * HOUR, True, False, WAITING),
        (TODAY - DAY, NOON - 30 * HOUR, True, False, NOTHING_RAN),
        (TODAY - DAY, NOON - 30 * HOUR, False, False, NOT_VISITED),
        (TODAY - DAY, NOON - 30 * HOUR, False, True, UNFINISHED),
    ],
)
def test_a_day_without_a_record_is_explained(
    day: date, due: datetime | None, nothing_ran: bool, began: bool, verdict: tuple[str, str]
) -> None:
    assert unrecorded(day, NOON, due, nothing_ran, began) == verdict


def registered(engine: Engine, number: int) -> Frontier:
    frontier = Frontier(engine)
    frontier.register([fakes.source(n) for n in range(1, number + 1)], START)
    return frontier


def visit(frontier: Frontier, source: str, now: datetime, state: str = "quiet", reason: str = "") -> None:
    """One visit of a source whose list is due again in six hours, as a crawl makes it."""
    run = frontier.start_run(source, now)
    for column in frontier.due(now, [source]):
        if state in ("seen", "quiet"):
            frontier.visited(column.id, now, now + 6 * HOUR, 20)
        else:
            frontier.postponed(column.id, now + 6 * HOUR)
    frontier.finish_run(run, RunCounts(), state, reason, now)
    frontier.note_state(source, queries.shanghai_day(now), state, reason, now)


def recorded(engine: Engine) -> dict[tuple[str, date], tuple[str, str]]:
    columns = (
        models.SourceState.source_id,
        models.SourceState.day,
        models.SourceState.state,
        models.SourceState.reason,
    )
    with reading(engine) as connection:
        return {(id, day): (state, reason) for id, day, state, reason in connection.execute(select(*columns))}


def test_days_on_which_nothing_ran_are_blind_and_raise_one_alarm_that_the_next_crawl_ends(engine: Engine) -> None:
    frontier = registered(engine, 2)
    for source in ("kjt-1", "kjt-2"):
        visit(frontier, source, START)
    back = START + 4 * DAY
    assert frontier.fill_states(back) == 6
    assert frontier.fill_states(back) == 0
    for number in (2, 3, 4):
        assert recorded(engine)[("kjt-1", date(2026, 9, number))] == NOTHING_RAN
    visit(frontier, "kjt-1", back)
    frontier.note_sights([SourceSight("kjt-1", "quiet", (), ("x",))], back)
    with reading(engine) as connection:
        rows = connection.execute(select(models.Alarm.subject, models.Alarm.reason, models.Alarm.cleared_at)).all()
    assert [(subject, cleared is not None) for subject, _, cleared in rows] == [("our-schedule", True)]
    assert "nothing ran from 2026-09-02 to 2026-09-04" in rows[0].reason


def test_a_source_that_is_passed_over_for_a_day_while_others_are_read_is_blind_and_an_alarm(engine: Engine) -> None:
    frontier = registered(engine, 2)
    for hours in range(0, 72, 6):
        visit(frontier, "kjt-1", START + hours * HOUR)
    frontier.fill_states(START + 3 * DAY)
    assert recorded(engine)[("kjt-2", date(2026, 9, 3))] == NOT_VISITED
    with reading(engine) as connection:
        assert connection.execute(select(models.Alarm.subject)).scalars().all() == ["kjt-2"]
    frontier.note_sights([SourceSight("kjt-2", "quiet", (), ("x",))], START + 3 * DAY)
    with reading(engine) as connection:
        assert connection.execute(select(func.count(models.Alarm.cleared_at))).scalar_one() == 1


def test_a_visit_that_was_killed_is_told_apart_from_none(engine: Engine) -> None:
    frontier = registered(engine, 2)
    frontier.start_run("kjt-1", START + HOUR)
    frontier.fill_states(START + 2 * DAY)
    assert recorded(engine)[("kjt-1", date(2026, 9, 1))] == UNFINISHED
    assert recorded(engine)[("kjt-2", date(2026, 9, 1))] == NOT_VISITED


def test_the_days_on_which_a_source_was_switched_off_are_no_blind_days(engine: Engine) -> None:
    frontier = registered(engine, 1)
    visit(frontier, "kjt-1", START)
    frontier.register([], START + HOUR)
    frontier.fill_states(START + 3 * DAY)
    assert len(recorded(engine)) == 1
    frontier.register([fakes.source(1)], START + 3 * DAY)
    frontier.fill_states(START + 5 * DAY)
    days = {day.day: verdict for (_, day), verdict in recorded(engine).items()}
    assert days[1][0] == "quiet"
    assert days[2] == days[3] == SWITCHED_OFF
    assert days[4] == days[5] == NOTHING_RAN


def test_a_source_has_no_state_before_it_was_registered(engine: Engine) -> None:
    registered(engine, 1)
    with reading(engine) as connection:
        days = [day for _, day in blanks(connection, date(2026, 8, 1), date(2026, 9, 30), START + 2 * DAY)]
    assert days == [date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3)]


def test_whoever_reads_the_ledger_sees_no_blank_though_nobody_wrote_a_day(engine: Engine) -> None:
    registered(engine, 3)
    with reading(engine) as connection:
        table = queries.source_days(connection, date(2026, 9, 1), date(2026, 9, 30), START + 29 * DAY)
        assert connection.execute(select(func.count()).select_from(models.SourceState)).scalar_one() == 0
    assert [state.state for row in table for state in row.states if state] == ["blind"] * 90


def hurry(engine: Engine) -> None:
    """Let a simulation of a month not wait for the disk: nothing is killed here."""
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


FAULTS = (
    ("blind", "timeout: no answer in time"),
    ("blind", "no-rows: the list answered, but no rows were found in it"),
    ("blocked", "block-waf: a web firewall's refusal instead of the page (status 403)"),
    ("suspect", "few-rows: 工作动态1: 2 rows where at least 5 are expected"),
)


def outages(chance: random.Random) -> dict[tuple[int, int], tuple[str, str]]:
    """For 62 sources and 30 days, what goes wrong: each source fails now and then for up to five days."""
    broken: dict[tuple[int, int], tuple[str, str]] = {}
    for number in range(1, 63):
        for _ in range(chance.randint(0, 3)):
            start, fault = chance.randrange(30), chance.choice(FAULTS)
            broken.update({(number, day): fault for day in range(start, min(30, start + chance.randint(1, 5)))})
    return broken


def test_a_month_of_outages_over_62_sources_gives_no_blank_day_and_the_line_counts_as_the_ledger(
    sqlite_engine: Engine,
) -> None:
    chance = random.Random(62)
    broken, asleep = outages(chance), {11, 12, 25}  # three days on which nothing of ours ran
    hurry(sqlite_engine)
    frontier = registered(sqlite_engine, 62)
    for day in range(30):
        now = START + day * DAY
        if day in asleep:
            continue
        frontier.fill_states(now)
        sights = []
        for number in range(1, 63):
            state, reason = broken.get((number, day), ("quiet", "nothing-new: the lists were read, nothing new"))
            visit(frontier, f"kjt-{number}", now, state, reason)
            troubles = (Trouble("x", reason, lasting="timeout" not in reason),) if state != "quiet" else ()
            sights.append(SourceSight(f"kjt-{number}", state, troubles, () if troubles else ("x",)))
        frontier.note_sights(sights, now)
    end = START + 30 * DAY
    frontier.fill_states(end)
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    ledger = {key: verdict for key, verdict in recorded(sqlite_engine).items() if key[1] <= last}
    assert len(ledger) == 1860
    assert all(reason for _, reason in ledger.values())
    with reading(sqlite_engine) as connection:
        assert not blanks(connection, first, last, end)
        for day in (first + timedelta(days=n) for n in range(30)):
            told = queries.coverage(connection, day, day, end)
            seen = sum(state in ("seen", "quiet") for (_, at), (state, _) in ledger.items() if at == day)
            assert (told.total, told.seen, len(told.unseen)) == (62, seen, 62 - seen)
            assert told.line.startswith(f"seen {seen} of 62 sources")
            assert all(one.source.name in told.line for one in told.unseen[:12])
        dates = {day for (_, day), verdict in ledger.items() if verdict == NOTHING_RAN}
        assert dates == {first + timedelta(days=n) for n in asleep}
        standing = connection.execute(
            select(models.Alarm.subject, func.count())
            .where(models.Alarm.cleared_at.is_(None))
            .group_by(models.Alarm.subject)
        ).all()
    assert all(number == 1 for _, number in standing)
