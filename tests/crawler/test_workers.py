"""A page that hangs, eats memory or kills its reader costs one issue and nothing else."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from crawler.preparing import Preparation
from crawler.workers import ReadingFailed, Workers, WorkersBroken

_READY: list[str] = []


def prepare_here(word: str) -> None:
    _READY.append(word)


def prepared() -> list[str]:
    return list(_READY)


def double(number: int) -> int:
    return number * 2


def hang() -> None:
    time.sleep(60)


def spin() -> None:
    while True:
        pass


def eat() -> int:
    return len(bytearray(3 << 30))


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise ValueError("no such thing")


@pytest.fixture(scope="module")
def workers() -> Any:
    with Workers(Preparation("tests.crawler.test_workers.prepare_here", ("清明",))) as pool:
        yield pool


def test_a_worker_prepares_itself_once_before_its_first_call(workers: Workers) -> None:
    async def ask() -> list[list[str]]:
        return [await workers.run(prepared) for _ in range(4)]

    assert asyncio.run(ask()) == [["清明"]] * 4


def test_calls_run_side_by_side_and_each_gets_its_own_result(workers: Workers) -> None:
    async def ask() -> list[int]:
        return list(await asyncio.gather(*(workers.run(double, number) for number in range(50))))

    assert asyncio.run(ask()) == [number * 2 for number in range(50)]


@pytest.mark.parametrize("stuck", [hang, spin])
def test_a_call_past_its_deadline_is_ended_and_the_next_one_goes_on(
    workers: Workers, stuck: Callable[[], None]
) -> None:
    async def ask() -> tuple[str, float, int]:
        began = time.monotonic()
        with pytest.raises(ReadingFailed) as failed:
            await workers.run_within(0.5, stuck)
        took = time.monotonic() - began
        return failed.value.kind, took, await workers.run(double, 21)

    kind, took, result = asyncio.run(ask())
    assert (kind, result) == ("parse-timeout", 42)
    assert took < 4.0


@pytest.mark.parametrize(("cause", "kind"), [(eat, "parse-memory"), (die, "parse-killed"), (fail, "parse-error")])
def test_a_call_that_breaks_its_worker_is_told_by_kind(workers: Workers, cause: Callable[[], Any], kind: str) -> None:
    async def ask() -> tuple[str, int]:
        with pytest.raises(ReadingFailed) as failed:
            await workers.run(cause)
        return failed.value.kind, await workers.run(double, 4)

    assert asyncio.run(ask()) == (kind, 8)


def test_of_calls_that_travel_together_only_the_broken_one_fails(workers: Workers) -> None:
    causes = [die if number == 13 else fail if number == 21 else partial(double, number) for number in range(40)]

    async def ask() -> list[Any]:
        return await asyncio.gather(*(workers.run(cause) for cause in causes), return_exceptions=True)

    found = [answer.kind if isinstance(answer, ReadingFailed) else answer for answer in asyncio.run(ask())]
    expected: list[Any] = [number * 2 for number in range(40)]
    expected[13], expected[21] = "parse-killed", "parse-error"
    assert found == expected


def own_pid() -> int:
    return os.getpid()


def test_workers_killed_while_they_idle_are_replaced() -> None:
    async def ask(workers: Workers) -> int:
        for _ in range(2):
            os.kill(await workers.run(own_pid), signal.SIGKILL)
            await asyncio.sleep(0.3)
        return await workers.run(double, 3)

    with Workers(count=1) as workers:
        assert asyncio.run(ask(workers)) == 6


def test_workers_that_cannot_be_prepared_stop_the_reading() -> None:
    with Workers(Preparation("tests.crawler.test_workers.fail")) as workers, pytest.raises(WorkersBroken):
        asyncio.run(workers.run(double, 1))
