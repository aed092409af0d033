"""Weeks of politeness in seconds: budgets, sick hosts and many crawls at once, with the clock moved by hand."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.middlewares.politeness import Politeness
from crawler.outcomes import NotFetched
from store.config import Config
from store.hosts import CHINA, make_ready

BUDGET = 45
BEGAN = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config(data_dir=tmp_path)
    make_ready(config.url)
    return config


def process(config: Config) -> Politeness:
    """The politeness of one crawl process."""
    settings = Settings({"DOWNLOAD_DELAY": 0.0, "HOST_BUDGET": BUDGET})
    crawler: Any = SimpleNamespace(settings=settings)
    return Politeness(crawler, config)


async def asks(politeness: Politeness, host: str, status: int = 200) -> bool:
    """Whether a request to the host was let through; its answer has that status."""
    request = Request(f"http://{host}/t.html", meta={"download_slot": f"{host}:80", "gap": 0.0})
    try:
        await politeness.admit(request)
    except NotFetched:
        return False
    await politeness.process_response(request, Response(request.url, status=status))
    return True


def test_no_host_is_asked_more_often_than_its_budget_on_any_of_thirty_days(config: Config) -> None:
    chance = random.Random(7)
    asked: Counter[tuple[str, str]] = Counter()

    async def crawl_for_a_while(clock: time_machine.Traveller) -> None:
        politeness = process(config)
        for _ in range(chance.randrange(10, 80)):
            host = chance.choice(["a.gov.cn", "b.gov.cn"])
            clock.shift(timedelta(seconds=chance.randrange(5, 900)))
            day = datetime.now(CHINA).date().isoformat()
            asked[host, day] += await asks(politeness, host)
        politeness.let_go()

    with time_machine.travel(BEGAN, tick=False) as clock:
        while datetime.now(UTC) < BEGAN + timedelta(days=30):
            asyncio.run(crawl_for_a_while(clock))

    assert len(asked) >= 58
    assert max(asked.values()) == BUDGET
    assert sum(asked.values()) > 30 * BUDGET


def test_a_source_that_has_used_up_its_budget_leaves_the_others_theirs(config: Config) -> None:
    async def crawl() -> list[int]:
        politeness = process(config)
        asked = [sum([await asks(politeness, host) for _ in range(60)]) for host in ("big.gov.cn", "small.gov.cn")]
        politeness.let_go()
        return asked

    with time_machine.travel(BEGAN, tick=False):
        assert asyncio.run(crawl()) == [BUDGET, BUDGET]


def test_a_host_that_answers_503_for_two_hours_is_asked_a_few_times_only(config: Config) -> None:
    asked = []

    async def try_once() -> None:
        politeness = process(config)
        asked.append(sum([await asks(politeness, "sick.gov.cn", 503) for _ in range(5)]))
        politeness.let_go()

    with time_machine.travel(BEGAN, tick=False) as clock:
        for _ in range(120):
            asyncio.run(try_once())
            clock.shift(timedelta(minutes=1))

    assert sum(asked) == 4


def test_four_crawls_on_one_host_at_once_ask_as_often_as_one(config: Config) -> None:
    async def race() -> list[bool]:
        crawls = [process(config) for _ in range(4)]
        return [await asks(one, "shared.gov.cn") for one in crawls]

    assert asyncio.run(race()) == [True, False, False, False]


def test_what_was_granted_before_midnight_in_china_is_not_spent_on_top_of_the_next_day(config: Config) -> None:
    async def across_midnight(clock: time_machine.Traveller) -> int:
        politeness = process(config)
        await asks(politeness, "night.gov.cn")
        clock.shift(timedelta(minutes=10))
        return sum([await asks(politeness, "night.gov.cn") for _ in range(2 * BUDGET)])

    with time_machine.travel(datetime(2026, 11, 1, 15, 55, tzinfo=UTC), tick=False) as clock:
        assert asyncio.run(across_midnight(clock)) == BUDGET
