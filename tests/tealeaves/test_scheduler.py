"""The scheduler starts what is due, once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tealeaves.scheduler import digest_due

ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Sydney")
HOURS = ("00:00", "00:30", "01:30", "02:30", "07:00")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("digest_at", HOURS)
def test_every_local_day_of_a_year_gets_one_digest_whatever_its_clocks_do(zone, digest_at):
    made: list[date] = []
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    while now < datetime(2027, 1, 1, 12, tzinfo=UTC):
        day = digest_due(now, zone, digest_at, set(made[-2:]))
        if day is not None:
            made.append(day)
        now += timedelta(minutes=30)

    expected = [made[0] + timedelta(days=n) for n in range(len(made))]
    assert made == expected
    assert len(made) in (365, 366)


def test_a_digest_is_not_due_before_its_hour():
    assert digest_due(datetime(2026, 11, 24, 22, 59, tzinfo=UTC), "Asia/Shanghai", "07:00", set()) is None


def test_a_machine_that_slept_makes_the_digest_of_the_day_it_wakes_on():
    made = {date(2026, 11, 20)}

    assert digest_due(datetime(2026, 11, 24, 10, tzinfo=UTC), "Asia/Shanghai", "07:00", made) == date(2026, 11, 24)
