"""A demo writes where it was told to, else into a folder of its own, and finds its sites again when it is run again."""

import socket
import tempfile
from datetime import date
from pathlib import Path

import pytest

from store.problems import Problem
from tealeaves.sample.server import serve_sample
from tealeaves.sample.stage import Played, Stage, choose_stage
from tests.sample.conftest import OPENING


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting of the real environment, a home of its own, an empty current folder."""
    for name in ("DATA_DIR", "DATABASE_URL"):
        monkeypatch.delenv(f"TEALEAVES_{name}", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_settings_it_is_a_folder_of_its_own(at_home: Path) -> None:
    stage = choose_stage()
    assert stage.folder == at_home / "cache" / "tealeaves" / "demo"
    assert stage.database_url == f"sqlite:///{stage.folder}/tealeaves.sqlite"


def test_a_configuration_file_of_the_user_is_not_followed(at_home: Path) -> None:
    (at_home / "tealeaves.toml").write_text('data_dir = "mine"\ndatabase_url = "sqlite:///mine.sqlite"\n')
    stage = choose_stage()
    assert "mine" not in str(stage.folder) + stage.database_url
    assert "mine" not in stage.environment(1)["TEALEAVES_DATABASE_URL"]


def test_the_data_folder_of_the_environment_is_followed(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEALEAVES_DATA_DIR", "there")
    stage = choose_stage()
    assert stage.folder == at_home / "there"
    assert stage.database_url == f"sqlite:///{at_home}/there/tealeaves.sqlite"


def test_the_database_of_the_environment_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEALEAVES_DATABASE_URL", "postgresql://db/sample")
    assert choose_stage().database_url == "postgresql://db/sample"


def test_the_own_folder_is_cleared_of_an_earlier_demo() -> None:
    stage = choose_stage()
    stage.note(Played("2026-03-05", {"gov": free_port()}, 2))
    (stage.folder / "tealeaves.sqlite").write_text("old")
    assert list(choose_stage().folder.iterdir()) == []


def test_a_demo_that_is_still_open_is_left_alone() -> None:
    stage = choose_stage()
    with serve_sample(opening=OPENING) as sample:
        stage.note(Played("2026-03-05", sample.ports, 2))
        other = choose_stage()
    assert other.folder != stage.folder
    assert stage.played is not None


def test_a_folder_that_holds_something_else_is_left_alone() -> None:
    stage = choose_stage()
    (stage.folder / "letter.txt").write_text("mine")
    assert choose_stage().folder != stage.folder
    assert (stage.folder / "letter.txt").read_text() == "mine"


def test_a_second_run_finds_the_same_sites_at_the_same_addresses(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "sqlite://")
    with stage.open(date(2026, 3, 5)) as sample:
        first = sample.urls
        stage.count_visit()
    with stage.open(date(2026, 4, 1)) as sample:
        assert sample.urls == first
        assert sample.content.opening == date(2026, 3, 5)
    assert stage.played == Played("2026-03-05", sample.ports, 1)


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "sqlite://")
    with stage.open(OPENING), pytest.raises(Problem, match=r"Port \d+ of 127\.0\.0\.1"), stage.open(OPENING):
        pass


def test_a_damaged_record_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "sample.json").write_text("{")
    with pytest.raises(Problem, match=r"sample\.json: is not the record of a demo"):
        _ = Stage(tmp_path, "sqlite://").played


def test_the_second_visit_is_a_day_later(tmp_path: Path) -> None:
    environment = Stage(tmp_path, "sqlite://").environment(2)
    assert environment["TEALEAVES_CLOCK_SHIFT"] == "P1D"
    assert environment["TEALEAVES_ALLOW_PRIVATE_ADDRESSES"] == "1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
