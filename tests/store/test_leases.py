"""A lease: one leads, and another takes over when it falls silent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine

from store.leases import give_up, take
from tests.fakes import START

LASTS = timedelta(seconds=45)


def test_the_first_to_ask_leads_and_goes_on_leading_while_it_renews(engine: Engine) -> None:
    for seconds in range(0, 300, 15):
        now = START + timedelta(seconds=seconds)
        assert take(engine, "scheduler", "one", now, LASTS)
        assert not take(engine, "scheduler", "two", now, LASTS)


def test_a_leader_that_falls_silent_is_followed_within_a_minute(engine: Engine) -> None:
    take(engine, "scheduler", "one", START, LASTS)
    assert not take(engine, "scheduler", "two", START + timedelta(seconds=44), LASTS)
    assert take(engine, "scheduler", "two", START + timedelta(seconds=45), LASTS)
    assert not take(engine, "scheduler", "one", START + timedelta(seconds=46), LASTS)


def test_a_lease_that_is_given_up_is_free_at_once(engine: Engine) -> None:
    take(engine, "scheduler", "one", START, LASTS)
    give_up(engine, "scheduler", "two")
    assert not take(engine, "scheduler", "two", START, LASTS)
    give_up(engine, "scheduler", "one")
    assert take(engine, "scheduler", "two", START, LASTS)


def test_of_many_that_ask_at_once_one_leads(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(take, engine, "scheduler", str(number), START, LASTS) for number in range(8)]
        assert [future.result() for future in asked].count(True) == 1


def test_leases_of_other_names_are_apart(engine: Engine) -> None:
    assert take(engine, "scheduler", "one", START, LASTS)
    assert take(engine, "rematch", "two", START, LASTS)
