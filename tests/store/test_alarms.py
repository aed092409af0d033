"""One alarm when a source goes dark, one word when it is back, never a repeat; and our own broken line is one alarm."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from store import models
from store.database import open_engine, reading, writing
from store.frontier import Frontier, RunCounts, SourceSight, Trouble
from tests import fakes
from tests.fakes import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST = "https://kjt1.example.gov.cn/list1/"
EMPTY = Trouble(LIST, "no-rows: the list answered, but no rows were found in it")
TIMEOUT = Trouble(LIST, "timeout: no answer in time", lasting=False, network=True)


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    made = Frontier(engine)
    made.register([fakes.source(number) for number in range(1, 10)], START)
    return made


def own(address: str, source: str) -> str:
    """The address of the same list at another source."""
    return address.replace("kjt1.", f"{source.replace('-', '')}.")


def dark(*troubles: Trouble, source: str = "kjt-1", state: str = "blind") -> SourceSight:
    return SourceSight(source, state, tuple(replace(one, about=own(one.about, source)) for one in troubles))


def well(source: str = "kjt-1", *lists: str) -> SourceSight:
    return SourceSight(source, "quiet", (), lists or (own(LIST, source),))


def alarms(engine: Engine) -> list[tuple[str, str, bool]]:
    """Every alarm that was raised: its subject, its state, whether it stands."""
    columns = (models.Alarm.subject, models.Alarm.state, models.Alarm.cleared_at)
    raised = select(*columns).where(models.Alarm.raised_at.is_not(None)).order_by(models.Alarm.id)
    with reading(engine) as connection:
        return [(subject, state, cleared is None) for subject, state, cleared in connection.execute(raised)]


def crawl(frontier: Frontier, now: datetime, *sights: SourceSight) -> None:
    """Let a crawl end with these sights."""
    for sight in sights:
        run = frontier.start_run(sight.source_id, now)
        reason = sight.troubles[0].reason if sight.troubles else "nothing-new: the lists were read, nothing new"
        frontier.finish_run(run, RunCounts(), sight.state, reason, now)
    frontier.note_sights(sights, now)


def test_what_is_sure_is_an_alarm_on_the_first_run_and_never_again_until_it_has_ended(
    frontier: Frontier, engine: Engine
) -> None:
    for hours in range(0, 30, 6):
        crawl(frontier, START + hours * HOUR, dark(EMPTY))
        assert alarms(engine) == [("kjt-1", "blind", True)]
    crawl(frontier, START + 30 * HOUR, well())
    crawl(frontier, START + 36 * HOUR, well())
    assert alarms(engine) == [("kjt-1", "blind", False)]
    crawl(frontier, START + 42 * HOUR, dark(EMPTY))
    assert alarms(engine) == [("kjt-1", "blind", False), ("kjt-1", "blind", True)]


def test_a_single_timeout_is_a_state_and_no_alarm(frontier: Frontier, engine: Engine) -> None:
    crawl(frontier, START, dark(TIMEOUT))
    crawl(frontier, START + 6 * HOUR, well())
    crawl(frontier, START + 24 * HOUR, dark(TIMEOUT))
    crawl(frontier, START + 30 * HOUR, well())
    assert alarms(engine) == []


def test_no_answer_for_a_whole_day_is_one_alarm(frontier: Frontier, engine: Engine) -> None:
    for hours in (0, 6, 12, 18):
        crawl(frontier, START + hours * HOUR, dark(TIMEOUT))
    assert alarms(engine) == []
    for hours in (24, 30, 36):
        crawl(frontier, START + hours * HOUR, dark(TIMEOUT))
    assert alarms(engine) == [("kjt-1", "blind", True)]


def test_a_trouble_that_changes_stays_one_alarm_and_says_the_newest_reason(frontier: Frontier, engine: Engine) -> None:
    block = Trouble(LIST, "block-ruishu: a Ruishu (瑞数) challenge instead of the page (status 412)")
    crawl(frontier, START, dark(EMPTY))
    crawl(frontier, START + 6 * HOUR, dark(block, state="blocked"))
    assert alarms(engine) == [("kjt-1", "blocked", True)]
    with reading(engine) as connection:
        assert "Ruishu" in connection.execute(select(models.Alarm.reason)).scalar_one()


def test_a_trouble_ends_only_when_the_list_that_had_it_was_seen_well(frontier: Frontier, engine: Engine) -> None:
    other = "https://kjt1.example.gov.cn/list2/"
    crawl(frontier, START, SourceSight("kjt-1", "seen", (EMPTY,), (other,)))
    assert alarms(engine) == [("kjt-1", "suspect", True)]
    for hours in (6, 12):
        crawl(frontier, START + hours * HOUR, well("kjt-1", other))
    assert alarms(engine) == [("kjt-1", "suspect", True)]
    crawl(frontier, START + 18 * HOUR, well("kjt-1", LIST))
    assert alarms(engine) == [("kjt-1", "suspect", False)]


def test_a_visit_that_saw_no_list_changes_nothing(frontier: Frontier, engine: Engine) -> None:
    crawl(frontier, START, dark(EMPTY))
    crawl(frontier, START + HOUR, SourceSight("kjt-1", "not-due"))
    assert alarms(engine) == [("kjt-1", "blind", True)]


def test_many_sources_dark_at_once_are_one_alarm_about_us_and_none_about_them(
    frontier: Frontier, engine: Engine
) -> None:
    everything = [f"kjt-{number}" for number in range(1, 10)]
    for hours in range(0, 36, 6):
        crawl(frontier, START + hours * HOUR, *(dark(TIMEOUT, source=source) for source in everything))
    assert alarms(engine) == [("our-network", "blind", True)]
    crawl(frontier, START + 36 * HOUR, *map(well, everything))
    assert alarms(engine) == [("our-network", "blind", False)]


def test_sources_that_are_dark_one_after_the_other_are_seen_to_be_our_line_too(
    frontier: Frontier, engine: Engine
) -> None:
    for hours in range(0, 30, 6):
        for number in range(1, 10):
            now = START + hours * HOUR + number * timedelta(minutes=10)
            crawl(frontier, now, dark(TIMEOUT, source=f"kjt-{number}"))
    assert alarms(engine) == [("our-network", "blind", True)]


def test_after_our_line_is_back_a_source_that_stays_dark_has_its_own_day(frontier: Frontier, engine: Engine) -> None:
    everything = [f"kjt-{number}" for number in range(1, 10)]
    for hours in range(0, 30, 6):
        crawl(frontier, START + hours * HOUR, *(dark(TIMEOUT, source=source) for source in everything))
    back = START + 2 * DAY
    for hours in range(0, 24, 6):
        crawl(frontier, back + hours * HOUR, dark(TIMEOUT), *map(well, everything[1:]))
        assert [subject for subject, _, _ in alarms(engine)] == ["our-network"]
    crawl(frontier, back + DAY, dark(TIMEOUT), *map(well, everything[1:]))
    assert alarms(engine) == [("our-network", "blind", False), ("kjt-1", "blind", True)]


def test_a_line_that_lets_a_few_through_is_one_alarm_and_does_not_flicker(frontier: Frontier, engine: Engine) -> None:
    for hours in range(0, 30, 6):
        for number in range(1, 10):
            now = START + hours * HOUR + number * timedelta(minutes=30)
            source = f"kjt-{number}"
            crawl(frontier, now, well(source) if number == 5 else dark(TIMEOUT, source=source))
    assert alarms(engine) == [("our-network", "blind", True)]


def test_a_portal_that_sends_everything_elsewhere_is_our_line(frontier: Frontier, engine: Engine) -> None:
    portal = Trouble(LIST, "off-site: leads to another site: http://login.hotel.example/", network=True)
    crawl(frontier, START, *(dark(portal, source=f"kjt-{number}") for number in range(1, 10)))
    assert alarms(engine) == [("our-network", "blind", True)]


def test_a_list_whose_address_was_corrected_and_a_source_that_was_switched_off_keep_no_alarm(
    frontier: Frontier, engine: Engine
) -> None:
    crawl(frontier, START, dark(EMPTY), dark(EMPTY, source="kjt-2"))
    assert len(alarms(engine)) == 2
    moved = fakes.source(1)
    moved = replace(moved, columns=(replace(moved.columns[0], url="https://kjt1.example.gov.cn/new/"),))
    frontier.register([moved], START + HOUR)
    crawl(frontier, START + HOUR, well("kjt-1", "https://kjt1.example.gov.cn/new/"))
    assert [stands for _, _, stands in alarms(engine)] == [False, False]


def test_a_third_of_the_sources_dark_is_not_our_line(frontier: Frontier, engine: Engine) -> None:
    sources = [f"kjt-{number}" for number in range(1, 10)]
    for hours in range(0, 30, 6):
        sights = [dark(TIMEOUT, source=s) if n % 3 == 0 else well(s) for n, s in enumerate(sources)]
        crawl(frontier, START + hours * HOUR, *sights)
    assert {subject for subject, _, _ in alarms(engine)} == set(sources[::3])


def test_block_pages_everywhere_are_told_source_by_source(frontier: Frontier, engine: Engine) -> None:
    block = Trouble(LIST, "block-geo-block: a refusal of this region's addresses instead of the page (status 403)")
    crawl(frontier, START, *(dark(block, source=f"kjt-{n}", state="blocked") for n in range(1, 8)))
    assert len(alarms(engine)) == 7


def test_two_processes_that_end_at_once_raise_and_clear_once(store_url: str) -> None:
    engines = [open_engine(store_url) for _ in range(2)]
    frontiers = [Frontier(engine) for engine in engines]
    frontiers[0].register([fakes.source(1)], START)
    for frontier in frontiers:
        crawl(frontier, START, dark(EMPTY))
    assert alarms(engines[0]) == [("kjt-1", "blind", True)]
    for frontier in frontiers:
        crawl(frontier, START + HOUR, well())
    with reading(engines[0]) as connection:
        ((first,),) = connection.execute(select(models.Alarm.cleared_at)).all()
    assert first == START + HOUR
    for engine in engines:
        engine.dispose()


def test_the_store_itself_refuses_a_second_open_alarm_for_a_source(frontier: Frontier, engine: Engine) -> None:
    crawl(frontier, START, dark(EMPTY))
    crawl(frontier, START + HOUR, well())
    crawl(frontier, START + 2 * HOUR, dark(EMPTY))
    with pytest.raises(Exception, match=r"(?i)unique"), writing(engine) as connection:
        connection.execute(update(models.Alarm).values(cleared_at=None))
