"""A pool of processes for everything that touches hostile bytes: a deadline and a memory limit for each call.

One page can then neither hang nor eat the crawl: its worker is killed, a new one takes its place, the next page goes on.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.preparing import VARIABLE, Preparation, prepare

P = ParamSpec("P")
T = TypeVar("T")

WORKERS = 2
DEADLINE = 3.0
PATIENCE = 5
MEMORY = 1 << 30
REOPENED_AT_MOST = 3
TOGETHER = 8  # calls that one trip to a worker takes along: handing over costs as much as a third of a page


class ReadingFailed(Exception):
    """A call in a worker gave no result; `kind` is the Issue kind: parse-timeout, parse-memory, parse-killed, parse-error."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class WorkersBroken(Exception):
    """No worker stays alive, so nothing can be read; pages stay pending."""


class Workers:
    """Runs functions of plain values in worker processes; `close` it, or use it in a `with`."""

    def __init__(self, preparation: Preparation | None = None, count: int = WORKERS, memory: int = MEMORY) -> None:
        # forkserver: a worker inherits no database connection and no reactor, and a killed one is replaced at once.
        context = multiprocessing.get_context("forkserver")
        _start_fork_server(context, preparation)
        self._open = partial(ProcessPool, count, initializer=_begin, initargs=(preparation, memory), context=context)
        self._pool = self._open()
        self._reopened = 0
        self._waiting: list[_Asked] = []
        self._trips: set[asyncio.Task[None] | None] = set()
        self._most_trips = count + 1  # one more than workers, so that none waits for its next

    async def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what the function returns within DEADLINE seconds of work; raise ReadingFailed when it does not.

        Calls that come while all workers are busy travel together; each keeps its own deadline and its own error.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((partial(function, *arguments, **named), answer))
        if len(self._trips) < self._most_trips:
            self._trips.add(asyncio.create_task(self._travel()))
        return await answer

    async def _travel(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                outcomes = await self._outcomes([call for call, _ in together])
                for (_, answer), outcome in zip(together, outcomes, strict=True):
                    _tell(answer, outcome)
        finally:
            self._trips.discard(asyncio.current_task())

    async def _outcomes(self, calls: list[Callable[[], Any]]) -> list[Any]:
        if len(calls) > 1:
            try:
                return await self.run_within(DEADLINE * len(calls), _each, calls)
            except (ReadingFailed, WorkersBroken):  # one of them ended the worker: alone, each answers for itself
                pass
        return [await self._alone(call) for call in calls]

    async def _alone(self, call: Callable[[], Any]) -> Any:
        try:
            return await self.run_within(DEADLINE, call)
        except (ReadingFailed, WorkersBroken) as error:
            return error

    async def run_within(self, seconds: float, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Like `run`, with a deadline of its own: seconds of work, or five times as many by the clock."""
        call = partial(_within, seconds, function, *arguments, **named)
        while True:
            pool = self._working()
            try:
                future = asyncio.wrap_future(pool.schedule(call, timeout=seconds * PATIENCE))
            except RuntimeError:  # pebble's word for a pool that broke after it was asked; the next turn asks again
                continue
            while not future.done() and pool.active:
                await asyncio.wait([future], timeout=1.0)
            if not future.done():  # the pool broke between taking the call and starting it
                future.cancel()
                continue
            error = future.exception()
            if error is None:
                result: T = future.result()
                return result
            if not isinstance(error, BrokenProcessPool):
                raise _failure(error, seconds) from error

    def _working(self) -> ProcessPool:
        # A worker that ends while it has nothing to do (killed from outside, say) takes pebble's whole pool along.
        while not self._is_alive():
            if self._reopened == REOPENED_AT_MOST:
                raise WorkersBroken("the worker processes end as soon as they start; their errors stand above")
            self._reopened += 1
            self._pool = self._open()
        return self._pool

    def _is_alive(self) -> bool:
        # Asking starts the pool. A fork server that failed in its preparation takes the first workers' start along.
        try:
            return bool(self._pool.active)
        except BrokenProcessPool:
            return False

    def close(self) -> None:
        """End the workers; calls that still wait fail."""
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble
        self._pool.join()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_Asked = tuple[Callable[[], Any], "asyncio.Future[Any]"]


def _tell(answer: "asyncio.Future[Any]", outcome: Any) -> None:
    if answer.cancelled():
        return
    if isinstance(outcome, ReadingFailed | WorkersBroken):
        answer.set_exception(outcome)
    elif isinstance(outcome, Exception):
        answer.set_exception(_failure(outcome, DEADLINE))
    else:
        answer.set_result(outcome)


def _each(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    return [_outcome(call) for call in calls]


def _outcome(call: Callable[[], Any]) -> Any:
    signal.setitimer(signal.ITIMER_REAL, DEADLINE * PATIENCE)  # ends the process too: none of the others waits longer
    try:
        return _within(DEADLINE, call)
    except Exception as error:  # noqa: BLE001 - an error of one call is told to who asked for it
        return error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _within(seconds: float, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    # The deadline counts work, not waiting: on a machine that is busy with other things a good page is not ended. The
    # signal's default action ends the process, whatever C library holds it.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(*arguments, **named)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _failure(error: BaseException, seconds: float) -> ReadingFailed:
    ended_by_deadline = isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
    if isinstance(error, TimeoutError) or ended_by_deadline:
        return ReadingFailed("parse-timeout", f"reading took longer than {seconds:g} s and was ended")
    if isinstance(error, ProcessExpired):
        return ReadingFailed("parse-killed", f"the process that read it ended by itself (code {error.exitcode})")
    if isinstance(error, MemoryError):
        return ReadingFailed("parse-memory", "reading took more memory than a worker may have")
    return ReadingFailed("parse-error", f"reading failed: {type(error).__name__}: {error}")


def _start_fork_server(context: Any, preparation: Preparation | None) -> None:
    # There is one fork server for a process; if another pool has started it already, the workers prepare themselves.
    context.set_forkserver_preload(["crawler.preparing"])
    if preparation:
        os.environ[VARIABLE] = preparation.as_text()
    forkserver.ensure_running()
    os.environ.pop(VARIABLE, None)


def _begin(preparation: Preparation | None, memory: int) -> None:
    threading.Thread(target=_end_with_the_crawl, args=(os.getppid(),), daemon=True).start()
    prepare(preparation)
    _limit_memory(memory)


def _end_with_the_crawl(parent: int) -> None:
    # A crawl killed with SIGKILL cannot stop its workers; the fork server then ends by itself, which we see here.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _limit_memory(allowed: int) -> None:
    # Measured from what the prepared worker holds, so that dictionaries do not count against a page. macOS has no statm
    # and does not enforce RLIMIT_AS; the deadline still holds there.
    statm = Path("/proc/self/statm")
    if statm.exists():
        held = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (held + allowed, held + allowed))
