"""The scheduler starts what is due, once, whoever slept, died or hung; and its sign of life is true."""

import random
import signal
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import OperationalError

from store import models
from store.config import Config
from store.database import reading, writing
from store.frontier import Frontier
from store.vitals import LEAST_FREE, is_late, last_tick, vital_signs
from tealeaves.scheduler import LIMITS, TICK_SECONDS, WAIT_FOR_NEWS, Process, Scheduler, digest_due
from tests import fakes

ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Sydney")
HOURS = ("00:00", "00:30", "01:30", "02:30", "07:00")
START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)  # 09:00 in China
TICK, MINUTE, HOUR, DAY = timedelta(seconds=TICK_SECONDS), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ticks(zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """Ticks of a scheduler: every minute for two days around each change of the clocks, every 61 minutes otherwise."""
    place, now = ZoneInfo(zone), first
    while now < last:
        yield now
        offsets = {(now + days * DAY).astimezone(place).utcoffset() for days in (-1, 1)}
        now += MINUTE if len(offsets) > 1 else 61 * MINUTE


def days_told(zone: str, digest_at: str, instants: Iterable[datetime]) -> list[date]:
    made: list[date] = []
    for now in instants:
        day = digest_due(now, zone, digest_at, set(made[-2:]))
        if day is not None:
            made.append(day)
    return made


@pytest.mark.parametrize("zone", ZONES)
def test_every_local_day_of_ten_years_gets_one_digest_whatever_its_clocks_do(zone: str) -> None:
    instants = list(ticks(zone, datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2036, 1, 1, 12, tzinfo=UTC)))
    for digest_at in HOURS:
        made = days_told(zone, digest_at, instants)
        assert made == [made[0] + timedelta(days=n) for n in range(len(made))]
        assert 3651 <= len(made) <= 3653


def test_a_digest_is_not_due_before_its_hour() -> None:
    assert digest_due(datetime(2026, 11, 24, 22, 59, tzinfo=UTC), "Asia/Shanghai", "07:00", set()) is None


def test_a_machine_that_slept_makes_the_digest_of_the_day_it_wakes_on() -> None:
    made = {date(2026, 11, 20)}

    assert digest_due(datetime(2026, 11, 24, 10, tzinfo=UTC), "Asia/Shanghai", "07:00", made) == date(2026, 11, 24)


class Clocked(Config):
    """A configuration whose clock a test sets."""

    at: datetime = START

    def now(self) -> datetime:
        """The time that the test says it is."""
        return self.at


@dataclass
class Command:
    """A command that runs until a test ends it."""

    arguments: tuple[str, ...]
    code: int | None = None
    asked: list[str] = field(default_factory=list)

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.asked.append("terminate")

    def kill(self) -> None:
        self.asked.append("kill")
        self.code = -9

    def wait(self, timeout: float | None = None) -> int:
        return self.code or 0


@dataclass
class World:
    """A store, a clock, and what was started; `works` makes each command do its work at once."""

    engine: Engine
    config: Clocked
    works: bool = True
    every: timedelta = 6 * HOUR
    started: list[Command] = field(default_factory=list)
    crawled: list[datetime] = field(default_factory=list)

    def launch(self, arguments: Sequence[str]) -> Command:
        command = Command(tuple(arguments))
        self.started.append(command)
        if self.works:
            self.work(command)
        return command

    def work(self, command: Command) -> None:
        """Do what the command would: visit what is due, or make the digest."""
        frontier, now = Frontier(self.engine), self.config.now()
        if command.arguments[0] == "crawl":
            self.crawled.append(now)
            for column in frontier.due(now):
                frontier.visited(column.id, now, now + self.every, 20)
        else:
            day = date.fromisoformat(command.arguments[-1])
            row = {"day": day, "made_at": now, "since": now, "subject": "", "html": "", "text": ""}
            with writing(self.engine) as connection:
                connection.execute(insert(models.Digest).values(**row))
        command.code = 0

    def scheduler(self, name: str = "one") -> Scheduler:
        return Scheduler(self.engine, self.config, self.launch, name)

    def run(self, kind: str) -> int:
        return sum(command.arguments[0] == kind for command in self.started)

    @property
    def tick_age(self) -> timedelta:
        with reading(self.engine) as connection:
            tick = last_tick(connection)
        assert tick is not None
        return self.config.at - tick


@pytest.fixture
def world(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    event.listen(sqlite_engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    Frontier(sqlite_engine).register([fakes.source(number) for number in range(1, 4)], START)
    return World(sqlite_engine, Clocked(data_dir=tmp_path))


@pytest.mark.parametrize("slept", [9 * HOUR, 3 * DAY, 40 * DAY])
def test_after_a_sleep_each_source_is_caught_up_once_and_the_digest_is_made_once(
    world: World, slept: timedelta
) -> None:
    scheduler = world.scheduler()
    for _ in range(4):
        scheduler.tick()
        world.config.at += TICK
    assert (world.run("crawl"), world.run("digest")) == (1, 1)
    world.config.at += slept
    morning = world.config.at.astimezone(UTC).hour
    for _ in range(20):
        scheduler.tick()
        world.config.at += TICK
    assert world.run("crawl") == 2
    # After nine hours it is 18:00 of the same day, whose digest was made.
    assert world.run("digest") == (1 if slept < DAY else 2), morning


def test_four_schedulers_of_which_the_leader_is_killed_again_and_again_start_each_slot_once(world: World) -> None:
    chance = random.Random(4)
    world.every = 10 * MINUTE
    living = [world.scheduler(f"number {n}") for n in range(4)]
    killed, longest, led_at = 0, timedelta(0), START
    leaders: list[str] = []
    for step in range(int(HOUR / TICK)):
        world.config.at = START + step * TICK
        for scheduler in chance.sample(living, len(living)):
            scheduler.tick()
        longest = max(longest, world.config.at - led_at)
        if world.tick_age == timedelta(0):
            led_at = world.config.at
        leader = leading(world)
        leaders.append(leader)
        if chance.random() < 0.12:
            living = [scheduler for scheduler in living if scheduler.holder != leader]
            living.append(world.scheduler(f"after kill {killed}"))
            killed += 1
    assert killed > 20
    assert len(set(leaders)) > 10
    assert longest < MINUTE
    # Due every ten minutes: never twice in that time, and at most a minute late where the lead passed on.
    assert all(10 * MINUTE <= after - before < 11 * MINUTE for before, after in pairwise(world.crawled))
    assert len(world.crawled) in (5, 6)
    days = {command.arguments[-1] for command in world.started if command.arguments[0] == "digest"}
    assert world.run("digest") == len(days)


def leading(world: World) -> str:
    with reading(world.engine) as connection:
        row = connection.execute(models.Lease.__table__.select()).one()
    return str(row.holder)


def test_a_command_that_hangs_stops_neither_the_ticks_nor_the_digest_and_is_ended_at_its_limit(world: World) -> None:
    world.works = False
    scheduler = world.scheduler()
    scheduler.tick()
    (crawl,) = world.started
    while world.config.at < START + LIMITS["crawl"] + 2 * MINUTE:
        world.config.at += MINUTE / 2
        scheduler.tick()
        assert world.tick_age == timedelta(0)
        if world.config.at - START < WAIT_FOR_NEWS:
            assert world.run("digest") == 0
        for digest in world.started[1:]:
            world.work(digest) if digest.code is None else None
    assert world.run("digest") == 1
    assert crawl.asked == ["terminate", "kill"]


def test_a_command_that_fails_is_tried_again_after_longer_and_longer_pauses(world: World) -> None:
    world.works = False
    scheduler = world.scheduler()
    starts: list[timedelta] = []
    for _ in range(480):
        before = world.run("crawl")
        scheduler.tick()
        if world.run("crawl") > before:
            starts.append(world.config.at - START)
        for command in world.started:
            command.code = 2
        world.config.at += TICK
    assert [int((after - before) / MINUTE) for before, after in pairwise(starts)] == [
        1,
        2,
        4,
        8,
        16,
        30,
        30,
    ]


def test_a_store_that_is_gone_for_five_minutes_turns_health_red_and_the_next_tick_turns_it_green(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = world.scheduler()
    scheduler.tick()

    def gone(*_: object) -> bool:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr("tealeaves.scheduler.leases.take", gone)
        for _ in range(20):
            world.config.at += TICK
            with pytest.raises(OperationalError):
                scheduler.tick()
            assert scheduler_sign(world) == (world.tick_age <= timedelta(minutes=3))
    assert not scheduler_sign(world)
    world.config.at += TICK
    scheduler.tick()
    assert scheduler_sign(world)


def scheduler_sign(world: World) -> bool:
    signs = vital_signs(world.engine, world.config.data_dir, world.config.at)
    return next(sign.ok for sign in signs if sign.name == "scheduler")


def test_health_says_what_is_not_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def bad() -> list[str]:
        return [sign.name for sign in vital_signs(world.engine, world.config.data_dir, world.config.at) if not sign.ok]

    assert bad() == []
    scheduler = world.scheduler()
    scheduler.tick()
    world.config.at += timedelta(minutes=4)
    assert bad() == ["scheduler"]
    scheduler.stop()
    assert bad() == []
    with writing(world.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert bad() == ["schema", "scheduler"]
    monkeypatch.setattr("store.vitals.shutil.disk_usage", lambda _: Usage(LEAST_FREE - 1))
    assert "disk" in bad()


@dataclass
class Usage:
    free: int


def test_a_store_that_does_not_answer_is_a_sign_and_no_exception(tmp_path: Path) -> None:
    from store.database import open_engine

    folder = tmp_path / "not-a-file"
    folder.mkdir()
    signs = vital_signs(open_engine(f"sqlite:///{folder}"), tmp_path, START)
    assert next((sign.name, sign.ok) for sign in signs) == ("store", False)


def test_a_scheduler_that_never_ran_here_is_not_missed() -> None:
    assert not is_late(None, START)
    assert not is_late(START - timedelta(minutes=3), START)
    assert is_late(START - timedelta(minutes=3, seconds=1), START)


def test_a_mail_that_no_way_is_open_for_does_not_wake_the_digest_every_minute(world: World) -> None:
    scheduler = world.scheduler()
    for _ in range(2):
        scheduler.tick()
    with writing(world.engine) as connection:
        row = {"digest_id": 1, "recipient": "ana@example.org", "message_id": "<1@x>", "state": "waiting", "attempts": 0}
        connection.execute(insert(models.Delivery).values(**row, next_try_at=START))
    world.config.notify = "json://localhost"
    for _ in range(40):
        world.config.at += TICK
        scheduler.tick()
    assert world.run("digest") == 1


def test_ending_in_good_order_ends_what_runs_and_frees_the_lead(world: World) -> None:
    world.works = False
    one, two = world.scheduler("one"), world.scheduler("two")
    one.tick()
    one.stop()
    assert world.started[0].asked == ["terminate"]
    two.tick()
    assert leading(world) == "two"


def test_of_fifty_commands_five_hang_and_five_crash_and_none_is_left(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    scripts = [*["exit 0"] * 40, *["exec sleep 600"] * 5, *["kill -SEGV $$"] * 5]
    random.Random(50).shuffle(scripts)
    started: list[subprocess.Popen[bytes]] = []

    def launch(arguments: Sequence[str]) -> Process:
        if arguments[0] == "digest":
            world.work(done := Command(tuple(arguments)))
            return done
        started.append(subprocess.Popen(["/bin/sh", "-c", scripts[len(started)]]))
        return started[-1]

    scheduler = Scheduler(world.engine, world.config, launch, "one")
    while len(started) < 50 or "crawl" in scheduler.running:
        scheduler.tick()
        if len(started) == 50:
            Frontier(world.engine).register([], world.config.at)  # nothing more is due
        running = scheduler.running.get("crawl")
        hangs = running is not None and scripts[len(started) - 1].startswith("exec") and not running.told
        if running is not None and not hangs:
            running.process.wait(20)
        world.config.at += LIMITS["crawl"] + TICK if hangs else HOUR
    assert len(started) == 50
    codes = [process.poll() for process in started]
    assert (codes.count(0), codes.count(-signal.SIGTERM), codes.count(-signal.SIGSEGV)) == (40, 5, 5)
    said = [record.getMessage() for record in caplog.records]
    assert sum("has run longer than" in words for words in said) == 5
    assert sum("ended with exit code" in words for words in said) == 10
