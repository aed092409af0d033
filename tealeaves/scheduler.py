"""Ticks once a minute and starts the same commands that cron would: `crawl --due` and `digest --send`."""

import logging
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import Engine

from store import queries
from store.config import Config
from store.database import open_engine, reading
from store.frontier import Frontier
from store.migrations import upgrade
from tealeaves.processes import TEALEAVES

log = logging.getLogger(__name__)
TICK_SECONDS = 60


def digest_due(now: datetime, timezone: str, digest_at: str, made: set[date]) -> date | None:
    """Return the local day whose digest is due: its hour has come and it is not among `made`; None otherwise.

    A local wall-clock comparison, not a cron trigger: cron in a zone with daylight saving misses or doubles a day a year.
    """
    local = now.astimezone(ZoneInfo(timezone))
    return local.date() if f"{local:%H:%M}" >= digest_at and local.date() not in made else None


def commands_due(engine: Engine, config: Config) -> list[list[str]]:
    """Return the command lines that this minute calls for, in order: crawl before digest; a mail that waits for its next try calls too."""
    now = config.now()
    commands = [["crawl", "--due"]] if Frontier(engine).due(now) else []
    with reading(engine) as connection:
        made = queries.digest_days(connection)
        waiting = queries.digest_to_deliver(connection, now) if config.smtp_url or config.notify else None
    day = digest_due(now, config.timezone, config.digest_at, made) or waiting
    if day is not None:
        commands.append(["digest", "--send", "--date", day.isoformat()])
    return commands


def run_command(arguments: Sequence[str]) -> int:
    """Run one tealeaves command as a process of its own, in this process group; return its exit code."""
    log.info("starting: tealeaves %s", " ".join(arguments))
    code = subprocess.run([*TEALEAVES, *arguments], check=False).returncode  # noqa: S603 - our own command
    if code:
        log.error("tealeaves %s ended with exit code %d", " ".join(arguments), code)
    return code


def tick(engine: Engine, config: Config) -> None:
    """Do what this minute calls for; a command that fails is logged and tried again when it is next due."""
    for arguments in commands_due(engine, config):
        run_command(arguments)


def run_scheduler(config: Config) -> None:
    """Tick until SIGINT or SIGTERM; a late tick (a laptop that slept) runs once, never twice at a time."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    engine = open_engine(config.url)
    upgrade(engine)
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        seconds=TICK_SECONDS,
        args=(engine, config),
        next_run_time=datetime.now(ZoneInfo("UTC")),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    scheduler.start()


def _report(event: JobExecutionEvent) -> None:
    log.error("a tick went wrong: %s", event.exception or "it was missed")
