"""`db`, `verify` and `rematch` as a user meets them: in words, with an exit code, on an own data folder."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.archive import Archive
from pipelines.fixity import Damage, Verified
from pipelines.save import save
from store.frontier import Frontier
from store.opening import open_store
from store.seals import add_seal
from tealeaves.cli import app
from tealeaves.commands.verify import in_words
from tests import fakes
from tests.fakes import START


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, with its data in a folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    environment = {**clean, "TEALEAVES_DATA_DIR": str(folder), "NO_COLOR": "1", "COLUMNS": "160"}
    command = [sys.executable, "-m", "tealeaves", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one document, archived and saved when nothing was watched for."""
    engine = open_store(f"sqlite:///{tmp_path / 'tealeaves.sqlite'}")
    Frontier(engine).register([fakes.source(1)], START)
    archive = Archive(tmp_path)
    page = fakes.page(1, capture=None)
    (capture,) = archive.keep([page])
    archive.close()
    save(engine, replace(fakes.reading(1), page=replace(page, capture=capture), hits=(), disclosures=()), START)
    engine.dispose()
    return tmp_path


def test_verify_says_that_all_is_well_and_then_what_is_not(folder: Path) -> None:
    well = run(folder, "verify")
    assert (well.returncode, well.stdout) == (
        0,
        "1 of 1 captures in 1 files are as they were stored.\n"
        "1 captures are younger than the last seal: the next crawl seals them.\n",
    ), well.stderr
    (path,) = (folder / "archive").rglob("*.warc.gz")
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    ill = run(folder, "verify")
    assert ill.returncode == 1
    assert fakes.link(1).url in ill.stdout
    assert "0 of 1 captures" in ill.stdout


def test_verify_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, "verify").stdout == "Nothing has been captured yet.\n"


def test_many_damages_are_counted_and_not_all_listed() -> None:
    damages = tuple(Damage(number, "https://a.example.cn/", "its file is gone") for number in range(60))
    lines = in_words(Verified(100, 3, damages, 2))
    assert "… and 10 more" in lines
    assert "40 of 100 captures in 3 files are as they were stored." in lines
    assert "harmless" in lines[-1]


def test_a_backup_is_made_and_restored(folder: Path) -> None:
    made = run(folder, "db", "backup", str(folder / "copy.sqlite"))
    assert made.returncode == 0, made.stderr
    assert "SHA-256" in made.stdout
    assert "archive" in made.stdout
    restored = run(folder, "db", "restore", str(folder / "copy.sqlite"))
    assert restored.returncode == 0, restored.stderr
    assert "tealeaves.sqlite.replaced-1" in restored.stdout
    assert run(folder, "verify").returncode == 0


def test_captures_younger_than_a_restored_copy_are_no_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(folder))
    monkeypatch.delenv("TEALEAVES_DATABASE_URL", raising=False)
    runner = CliRunner()
    assert runner.invoke(app, ["db", "backup", str(folder / "copy.sqlite")]).exit_code == 0
    engine, archive, page = (
        open_store(f"sqlite:///{folder / 'tealeaves.sqlite'}"),
        Archive(folder),
        fakes.page(2, capture=None),
    )
    (capture,) = archive.keep([page])
    archive.close()
    save(engine, replace(fakes.reading(2), page=replace(page, capture=capture)), START)
    seal = add_seal(engine, folder, START)
    engine.dispose()
    assert seal is not None and seal.captures == 2
    restored = runner.invoke(app, ["db", "restore", str(folder / "copy.sqlite")])
    assert "asked for again" in restored.output
    assert (folder / "archive" / "seals-before-restore-1.jsonl").exists()
    checked = runner.invoke(app, ["verify"])
    assert (checked.exit_code, "1 of 1 captures" in checked.output) == (0, True), checked.output
    assert runner.invoke(app, ["verify", "--seal", seal.seal]).exit_code == 1


def test_a_backup_that_is_not_there_is_a_sentence_and_no_traceback(folder: Path) -> None:
    outcome = run(folder, "db", "restore", str(folder / "nothing.sqlite"))
    assert outcome.returncode == 2
    assert "no such file" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_an_upgrade_says_what_it_did(tmp_path: Path) -> None:
    assert "new" in run(tmp_path, "db", "upgrade").stdout
    assert "already" in run(tmp_path, "db", "upgrade").stdout


def test_a_rematch_says_what_it_found(folder: Path) -> None:
    outcome = run(folder, "rematch")
    assert outcome.returncode == 0, outcome.stderr
    assert "Looked again at 1 documents" in outcome.stdout
    assert "1 of 1 documents (100 %)" in outcome.stderr
    assert "0 new hits" not in outcome.stdout


def test_a_day_that_is_none_is_refused(folder: Path) -> None:
    outcome = run(folder, "rematch", "--since", "yesterday")
    assert outcome.returncode == 2
    assert "2024-06-18" in outcome.stderr
