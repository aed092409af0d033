"""desk, digest and export as commands: what they write, and their errors in the user's words."""

import csv
import json
from pathlib import Path

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner, Result

from store import models
from store.database import reading
from store.opening import open_store
from store.problems import Problem
from tealeaves.commands.desk import desk
from tealeaves.commands.digest import digest
from tealeaves.commands.export import export
from tests.review.post import open_post_office
from tests.review.rows import SENTENCES, Store

app = typer.Typer()
for command in (desk, digest, export):
    app.command(command.__name__)(command)
SECRET = "canary-5f1c"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one disclosure in its store, named by the environment as a user would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path))
    engine = open_store(f"sqlite:///{tmp_path}/tealeaves.sqlite")
    store = Store(engine)
    store.disclosure(store.document(store.source()))
    engine.dispose()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def problem(*words: str) -> str:
    """Return what the user is told when a command cannot do what was asked."""
    result = run(*words)
    assert isinstance(result.exception, Problem), result.output
    return str(result.exception)


def digests(home: Path) -> int:
    engine = open_store(f"sqlite:///{home}/tealeaves.sqlite")
    with reading(engine) as connection:
        number = len(connection.execute(select(models.Digest.id)).all())
    engine.dispose()
    return number


def test_a_dry_run_prints_the_digest_and_stores_nothing(home: Path) -> None:
    result = run("digest", "--dry-run")
    assert result.exit_code == 0, result.output
    assert SENTENCES[1] in result.output
    assert digests(home) == 0
    assert not (home / "digests").exists()


def test_a_digest_is_written_as_files_and_made_once(home: Path) -> None:
    first, second = run("digest", "--date", "2026-09-02"), run("digest", "--date", "2026-09-02")
    assert first.exit_code == 0, first.output
    assert first.output == second.output
    assert first.output.startswith("tealeaves 2026-09-02: 1 disclosure, 0 of 1 sources seen\n")
    assert SENTENCES[1] in (home / "digests" / "2026-09-02.txt").read_text("utf-8")
    assert digests(home) == 1


def test_a_digest_is_sent_and_each_recipient_is_reported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_post_office() as office:
        monkeypatch.setenv("TEALEAVES_SMTP_URL", f"smtp://127.0.0.1:{office.port}")
        monkeypatch.setenv("TEALEAVES_MAIL_TO", "ana@example.org, gone@example.org")
        result = run("digest", "--date", "2026-09-02", "--send")
        assert result.exit_code == 1
        assert "ana@example.org: sent\n" in result.output
        assert "gone@example.org: failed, 550 5.1.1 no such person" in result.output
        again = run("digest", "--date", "2026-09-02", "--send")
        assert (again.exit_code, office.recipients) == (0, ["ana@example.org"])
        assert run("digest", "--test", "ben@example.org").exit_code == 0
        assert office.recipients == ["ana@example.org", "ben@example.org"]


def test_what_is_wrong_with_the_settings_is_said_without_the_password(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEALEAVES_SMTP_URL", f"http://me:{SECRET}@mail.example.org")
    assert "TEALEAVES_SMTP_URL" in (words := problem("digest"))
    assert SECRET not in words
    monkeypatch.setenv("TEALEAVES_SMTP_URL", "")
    monkeypatch.setenv("TEALEAVES_MAIL_TO", "nobody")
    assert problem("digest") == "TEALEAVES_MAIL_TO: no mail address: 'nobody'"
    monkeypatch.setenv("TEALEAVES_MAIL_TO", "ana@example.org")
    assert "the mails are waiting" in problem("digest", "--date", "2026-09-02", "--send")
    monkeypatch.setenv("TEALEAVES_TIMEZONE", "Mars/Olympus")
    assert "TEALEAVES_TIMEZONE" in problem("digest")


def test_a_day_that_has_not_begun_is_refused(home: Path) -> None:
    assert "has not begun" in problem("digest", "--date", "2999-01-01")
    assert run("digest", "--date", "tomorrow").exit_code == 2


def test_the_desk_refuses_to_listen_to_other_computers(home: Path) -> None:
    assert "no login yet" in problem("desk", "--host", "0.0.0.0")


def test_an_export_goes_to_a_file_or_to_standard_output(home: Path) -> None:
    result = run("export", "disclosures", "--format", "jsonl", "--out", "d.jsonl")
    assert result.exit_code == 0, result.output
    line = json.loads((home / "d.jsonl").read_text("utf-8"))
    assert line["quote"] == SENTENCES[1]
    run("export", "documents", "--out", "d.csv")
    with (home / "d.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["title"] for row in csv.DictReader(stream)] == ["省委科技委员会第三次会议召开"]
    assert run("export", "everything").exit_code == 2


def test_a_mail_that_waits_for_its_next_try_is_not_called_sent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEALEAVES_SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("TEALEAVES_MAIL_TO", "ana@example.org")
    assert run("digest", "--date", "2026-09-02", "--send").exit_code == 1
    again = run("digest", "--date", "2026-09-02", "--send")
    assert "Nothing is due to be sent now.\nana@example.org: waiting, 127.0.0.1:9" in again.output
