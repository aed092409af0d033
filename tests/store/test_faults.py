"""What was acknowledged is there: after kills at any moment, and with many writers at once."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from pipelines.fixity import verify
from pipelines.save import save
from store import models
from store.database import open_engine, reading, writing
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START

TOP = Path(__file__).resolve().parents[2]

# Archives and saves pages from a number on, and says each number once its rows are committed.
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from pipelines.archive import Archive
from pipelines.save import save
from store.opening import open_store
from tests import fakes
folder = Path(sys.argv[1])
engine, archive = open_store(f"sqlite:///{folder / 'tealeaves.sqlite'}"), Archive(folder)
for number in range(int(sys.argv[2]), 10**9):
    page = fakes.page(number, capture=None)
    (capture,) = archive.keep([page])
    save(engine, replace(fakes.reading(number), page=replace(page, capture=capture)), fakes.START)
    print(number, flush=True)
"""


def _write_until_killed(folder: Path, start: int, after: int, pause: float) -> list[int]:
    """Return the numbers that a writer acknowledged before it was killed, `pause` seconds after its `after`th."""
    command = [sys.executable, "-c", WRITER, str(folder), str(start)]
    acknowledged: list[int] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TOP) as process:
        assert process.stdout
        for line in process.stdout:
            acknowledged.append(int(line))
            if len(acknowledged) == after:
                time.sleep(pause)
                os.kill(process.pid, signal.SIGKILL)
    return acknowledged


def _kill_and_look(folder: Path, kills: int) -> None:
    engine = open_engine(f"sqlite:///{folder / 'tealeaves.sqlite'}")
    Frontier(engine).register([fakes.source(1)], START)
    chance, start, acknowledged = random.Random(1), 1, set[int]()
    for _ in range(kills):
        numbers = _write_until_killed(folder, start, chance.randrange(1, 8), chance.random() / 20)
        acknowledged |= set(numbers)
        start = numbers[-1]  # the last one is done again: a resumed crawl doubles nothing
    with reading(engine) as connection:
        titles = set(connection.execute(select(models.Version.title)).scalars())
        doubled = select(models.Hit.document_id).group_by(models.Hit.document_id).having(func.count() > 1)
        assert connection.execute(doubled).all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert {fakes.document(number).title for number in acknowledged} <= titles
    assert verify(engine, folder).damages == ()
    engine.dispose()


def test_a_few_kills_lose_nothing_and_double_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    sqlite_engine.dispose()
    _kill_and_look(tmp_path, 4)


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_and_double_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    sqlite_engine.dispose()
    _kill_and_look(tmp_path, 200)


def _write_and_read_at_once(engine: Engine, seconds: float) -> tuple[list[Exception], list[float]]:
    """Let six writers and four readers at the store; return what went wrong, and how long each write took."""
    Frontier(engine).register([fakes.source(1)], START)
    stop, errors, waits = threading.Event(), list[Exception](), list[float]()

    def write(first: int) -> None:
        number = first
        while not stop.is_set():
            started = time.monotonic()
            save(engine, fakes.reading(number), START)
            waits.append(time.monotonic() - started)
            number += 6

    def read() -> None:
        while not stop.is_set():
            with reading(engine) as connection:
                connection.execute(select(func.count()).select_from(models.Hit)).scalar_one()
            time.sleep(0.01)

    def noting(work: object, *arguments: int) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - a thread's error is the test's to show
            errors.append(error)

    threads = [threading.Thread(target=noting, args=(write, 1 + number)) for number in range(6)]
    threads += [threading.Thread(target=noting, args=(read,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return errors, waits


def _assert_all_is_there(engine: Engine, errors: list[Exception], waits: list[float]) -> None:
    assert errors == []
    with reading(engine) as connection:
        stored = connection.execute(select(func.count()).select_from(models.Document)).scalar_one()
    assert stored == len(waits) > 20


def test_many_writers_and_readers_never_meet_a_locked_store(engine: Engine) -> None:
    _assert_all_is_there(engine, *_write_and_read_at_once(engine, 3))


@pytest.mark.long
def test_a_minute_of_many_writers_and_readers_meets_no_locked_store(engine: Engine) -> None:
    errors, waits = _write_and_read_at_once(engine, 60)
    _assert_all_is_there(engine, errors, waits)
    slowest = sorted(waits)[-max(len(waits) // 100, 1)] * 1000
    print(f"\n{engine.dialect.name}: {len(waits)} writes, 99 of 100 within {slowest:.0f} ms")


def test_a_write_that_reads_first_never_fails_against_another_writer(engine: Engine) -> None:
    Frontier(engine).register([fakes.source(1)], START)

    def count_up() -> None:
        for _ in range(25):
            with writing(engine) as connection:
                row = connection.execute(select(models.Source.name).with_for_update()).scalar_one()
                number = int(row) + 1 if row.isdigit() else 1
                connection.execute(models.Source.__table__.update().values(name=str(number)))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.execute(select(models.Source.name)).scalar_one() == "100"


def test_a_reader_sees_one_state_while_another_writes(sqlite_engine: Engine) -> None:
    frontier = Frontier(sqlite_engine)
    frontier.register([fakes.source(1)], START)
    query = select(func.count()).select_from(models.Source)
    with reading(sqlite_engine) as connection:
        before = connection.execute(query).scalar_one()
        frontier.register([fakes.source(1), fakes.source(2)], START)
        assert connection.execute(query).scalar_one() == before
    with reading(sqlite_engine) as connection:
        assert connection.execute(query).scalar_one() == before + 1
