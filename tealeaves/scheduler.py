"""Ticks four times a minute and starts the same commands that cron would: `crawl --due` and `digest --send`.

A tick never waits for a command: a crawl that hangs stops neither the digest nor the sign of life. Of several schedulers
on one store one leads; when it falls silent another takes over within a minute.
"""

import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from store import leases, queries
from store.config import Config
from store.database import reading
from store.frontier import Frontier
from store.hosts import owner_name
from store.opening import open_store
from store.vitals import LEASE_LASTS, SCHEDULER
from tealeaves.processes import TEALEAVES

log = logging.getLogger(__name__)
TICK_SECONDS = 15
LIMITS = {"crawl": timedelta(hours=6), "digest": timedelta(minutes=15)}
# A digest that is due while a crawl has just begun waits this long for its news, and not longer.
WAIT_FOR_NEWS = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(minutes=30)
GRACE_SECONDS = 15.0


class Process(Protocol):
    """A command that runs: what we use of subprocess.Popen."""

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    def wait(self, timeout: float | None = None) -> int: ...


Launch = Callable[[Sequence[str]], Process]


@dataclass(frozen=True, slots=True)
class Running:
    """A command that was started and when; `told` once it was asked to end for having run too long."""

    process: Process
    since: datetime
    told: bool = False


def digest_due(now: datetime, timezone: str, digest_at: str, made: set[date]) -> date | None:
    """Return the local day whose digest is due: its hour has come and it is not among `made`; None otherwise.

    A local wall-clock comparison, not a cron trigger: cron in a zone with daylight saving misses or doubles a day a year.
    """
    local = now.astimezone(ZoneInfo(timezone))
    return local.date() if f"{local:%H:%M}" >= digest_at and local.date() not in made else None


def commands_due(engine: Engine, config: Config) -> list[list[str]]:
    """Return the command lines that this moment calls for, in order: crawl before digest; a mail that waits for its next try calls too."""
    now = config.now()
    commands = [["crawl", "--due"]] if Frontier(engine).due(now) else []
    with reading(engine) as connection:
        made = queries.digest_days(connection)
        ways = {"mail": config.smtp_url is not None, "chat": bool(config.notify)}
        waiting = queries.digest_to_deliver(connection, now, **ways)
    day = digest_due(now, config.timezone, config.digest_at, made) or waiting
    if day is not None:
        commands.append(["digest", "--send", "--date", day.isoformat()])
    return commands


def launch(arguments: Sequence[str]) -> Process:
    """Start one tealeaves command as a process of its own, in this process group."""
    return subprocess.Popen([*TEALEAVES, *arguments])  # noqa: S603 - our own command


class Scheduler:
    """Starts what is due, one command of a kind at a time, while it leads."""

    def __init__(self, engine: Engine, config: Config, launch: Launch = launch, holder: str = "") -> None:
        self._engine = engine
        self._config = config
        self._launch = launch
        self.holder = holder or owner_name()
        self.running: dict[str, Running] = {}
        self._failures: dict[str, int] = {}
        self._pauses: dict[str, datetime] = {}

    def tick(self) -> None:
        """Give a sign of life, look after what runs, start what is due; a command that fails is tried again later."""
        now = self._config.now()
        self._look_after(now)
        if not leases.take(self._engine, SCHEDULER, self.holder, now, LEASE_LASTS):
            return
        for arguments in commands_due(self._engine, self._config):
            if self._may_start(arguments[0], now):
                log.info("starting: tealeaves %s", " ".join(arguments))
                self.running[arguments[0]] = Running(self._launch(arguments), now)

    def stop(self) -> None:
        """End what runs and let go of the lead, so that nobody takes the silence that follows for a fault."""
        for running in self.running.values():
            running.process.terminate()
        for running in self.running.values():
            try:
                running.process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                running.process.kill()
        leases.give_up(self._engine, SCHEDULER, self.holder)

    def _may_start(self, kind: str, now: datetime) -> bool:
        if kind in self.running or now < self._pauses.get(kind, now):
            return False
        crawl = self.running.get("crawl")
        return not (kind == "digest" and crawl is not None and now - crawl.since < WAIT_FOR_NEWS)

    def _look_after(self, now: datetime) -> None:
        for kind, running in list(self.running.items()):
            code = running.process.poll()
            if code is not None:
                del self.running[kind]
                self._note_end(kind, code, now)
            elif now - running.since > LIMITS[kind]:
                log.error("tealeaves %s has run longer than %s and is ended", kind, LIMITS[kind])
                (running.process.kill if running.told else running.process.terminate)()
                self.running[kind] = Running(running.process, running.since, told=True)

    def _note_end(self, kind: str, code: int, now: datetime) -> None:
        if code == 0:
            self._failures.pop(kind, None)
            return
        failures = self._failures[kind] = self._failures.get(kind, 0) + 1
        pause = min(timedelta(minutes=1) * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        self._pauses[kind] = now + pause
        log.error(
            "tealeaves %s ended with exit code %d; it is started again after %s at the earliest", kind, code, pause
        )


def run_scheduler(config: Config) -> None:
    """Tick until SIGINT or SIGTERM; a late tick (a laptop that slept) runs once, never twice at a time."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    ours = Scheduler(open_store(config.url), config)
    ticking = BlockingScheduler(timezone="UTC")
    once = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    ticking.add_job(ours.tick, "interval", seconds=TICK_SECONDS, next_run_time=datetime.now(UTC), **once)
    ticking.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    try:
        ticking.start()
    finally:
        ticking.shutdown()
        ours.stop()


def _report(event: JobExecutionEvent) -> None:
    log.error("a tick went wrong: %s", event.exception or "it was missed")
