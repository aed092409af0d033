"""`tealeaves doctor` says what works here, what stands in trouble and what to do; it refuses nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from store import models
from store.config import Config
from store.database import open_engine, writing
from store.frontier import Frontier, SourceSight, Trouble
from store.leases import take
from store.vitals import LEASE_LASTS, SCHEDULER
from tealeaves.checkup import check_all, check_database, check_sqlite, check_store, has_wal_reset_bug
from tealeaves.findings import Finding, Verdict
from tealeaves.standing import findings_of_store
from tests import fakes
from tests.fakes import START

DAY = timedelta(days=1)


def found(engine: Engine, folder: Path, **settings: object) -> dict[str, Finding]:
    from datetime import UTC, datetime

    shift = START + DAY - datetime.now(UTC)
    config = Config(data_dir=folder, clock_shift=shift, **settings)  # type: ignore[arg-type]
    return {finding.what: finding for finding in findings_of_store(engine, config)}


@pytest.fixture
def engine(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.chdir(tmp_path)
    Frontier(sqlite_engine).register([fakes.source(number) for number in range(1, 14)], START)
    return sqlite_engine


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 54, 1), False),
    ],
)
def test_the_verdict_on_sqlite_is_right_for_each_version(
    version: tuple[int, int, int], has_it: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tealeaves.checkup.sqlite3.sqlite_version_info", version)
    monkeypatch.setattr("tealeaves.checkup.sqlite3.sqlite_version", ".".join(map(str, version)))
    assert has_wal_reset_bug(version) == has_it
    finding = check_sqlite(Config())
    assert finding.verdict is (Verdict.WARNING if has_it else Verdict.OK)
    assert ".".join(map(str, version)) in finding.words
    assert check_sqlite(Config(database_url="postgresql://db/x")).words == "not used"


def test_open_alarms_are_named_with_their_reason_and_ten_at_most(engine: Engine, tmp_path: Path) -> None:
    trouble = Trouble("list", "no-rows: the list answered, but no rows were found in it")
    Frontier(engine).note_sights([SourceSight(f"kjt-{n}", "blind", (trouble,)) for n in range(1, 13)], START)
    finding = found(engine, tmp_path)["alarms"]
    assert finding.verdict is Verdict.WARNING
    assert finding.words.startswith("12 in trouble\nkjt-1: blind since 2026-09-01 (no-rows: the list answered")
    assert finding.words.endswith("and 2 more: tealeaves coverage")
    Frontier(engine).note_sights([SourceSight(f"kjt-{n}", "quiet", (), ("list",)) for n in range(1, 13)], START)
    assert found(engine, tmp_path)["alarms"].words == "no source is in trouble"


def test_a_store_that_nobody_crawls_is_told(engine: Engine, tmp_path: Path) -> None:
    assert found(engine, tmp_path)["crawls"].words == (
        "nothing was crawled yet; 13 lists are due since more than six hours: is tealeaves up or a cron line running?"
    )
    frontier = Frontier(engine)
    for column in frontier.due(START + DAY):
        frontier.visited(column.id, START + DAY, START + 2 * DAY, 20)
    frontier.start_run("kjt-1", START + DAY)
    finding = found(engine, tmp_path)["crawls"]
    assert (finding.verdict, finding.words) == (Verdict.OK, "the last crawl began at 2026-09-02 01:00 UTC")


def test_a_scheduler_that_stopped_is_a_failure_and_one_that_never_ran_is_none(engine: Engine, tmp_path: Path) -> None:
    assert found(engine, tmp_path)["scheduler"].verdict is Verdict.OK
    take(engine, SCHEDULER, "one", START, LEASE_LASTS)
    finding = found(engine, tmp_path)["scheduler"]
    assert finding.verdict is Verdict.FAILED
    assert "it is not running: last tick 2026-09-01 01:00:00 UTC" in finding.words


def test_mails_that_were_not_taken_are_told_with_the_way_to_test(engine: Engine, tmp_path: Path) -> None:
    digest = {"day": START.date(), "made_at": START, "since": START, "subject": "", "html": "", "text": ""}
    states = ("sent", "sent", "waiting", "failed")
    rows = [
        {
            "digest_id": 1,
            "recipient": f"r{n}@example.org",
            "message_id": f"<{n}@x>",
            "state": state,
            "next_try_at": START,
        }
        for n, state in enumerate(states)
    ]
    with writing(engine) as connection:
        connection.execute(insert(models.Digest).values(**digest))
        connection.execute(insert(models.Delivery), [{**row, "attempts": 1} for row in rows])
    finding = found(engine, tmp_path)["deliveries"]
    assert finding.verdict is Verdict.WARNING
    assert finding.words == ("2 taken by the server, 1 waiting, 1 failed; tealeaves digest --test ADDRESS sends a test")


def test_a_store_of_a_newer_program_is_told_and_not_a_crash(tmp_path: Path, sqlite_engine: Engine) -> None:
    url = str(sqlite_engine.url)
    with writing(open_engine(url)) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    config = Config(database_url=url, data_dir=tmp_path)
    assert check_database(config).verdict is Verdict.FAILED
    assert "9999" in check_database(config).words
    assert check_store(config) == []


def test_a_fresh_folder_gets_a_finding_for_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [finding.what for finding in check_all(Config(data_dir=tmp_path / "data"))]
    for name in ("database", "SQLite", "schema", "scheduler", "crawls", "alarms", "coverage", "deliveries", "mail"):
        assert names.count(name) == 1
