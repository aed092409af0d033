"""The command line answers in words."""

import json
import os
import socket
import subprocess
import sys

import pytest

from tealeaves.problems import in_words


def run(*arguments: str, cwd=None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m tealeaves` as a user would, with settings of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TEALEAVES_")}
    return subprocess.run(
        [sys.executable, "-m", "tealeaves", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**clean, **environment, "NO_COLOR": "1", "COLUMNS": "160"},
        timeout=120,
    )


def test_help_names_every_command():
    outcome = run("--help")

    assert outcome.returncode == 0
    for name in ("demo", "crawl", "inspect", "digest", "desk", "export", "sources", "keywords", "db"):
        assert name in outcome.stdout


def test_help_loads_neither_the_crawl_engine_nor_the_segmenter_nor_the_database():
    probe = "import sys, tealeaves.cli; print(sorted({'scrapy', 'twisted', 'jieba', 'sqlalchemy', 'fastapi'} & set(sys.modules)))"

    outcome = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60)

    assert outcome.stdout.strip() == "[]", outcome.stderr


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("TEALEAVES_DESK_PORT", "a lot", "TEALEAVES_DESK_PORT"),
        ("TEALEAVES_DIGEST_AT", "7 o'clock", "TEALEAVES_DIGEST_AT"),
        ("TEALEAVES_ALLOW_PRIVATE_ADDRESSES", "perhaps", "TEALEAVES_ALLOW_PRIVATE_ADDRESSES"),
    ],
)
def test_a_bad_setting_is_named_without_a_traceback(setting, value, words, tmp_path):
    outcome = run("crawl", cwd=tmp_path, **{setting: value})

    assert outcome.returncode == 2
    assert words in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_every_error_of_a_broken_keywords_file_is_named_with_its_line(tmp_path):
    broken = tmp_path / "keywords.yml"
    broken.write_text("terms:\n  - id: one\n    kind: nonsense\n  - id: two\n    surprise: yes\n", encoding="utf-8")

    outcome = run("inspect", "--as", "text", str(broken), cwd=tmp_path, TEALEAVES_KEYWORDS=str(broken))

    assert outcome.returncode == 2
    assert f"{broken}:3:" in outcome.stderr
    assert f"{broken}:5:" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_database_that_cannot_be_reached_is_said_in_one_sentence(tmp_path):
    outcome = run("crawl", cwd=tmp_path, TEALEAVES_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")

    assert outcome.returncode == 2
    assert "database cannot be used" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_broken_toml_file_is_named(tmp_path):
    (tmp_path / "tealeaves.toml").write_text("desk_port = = 3\n", encoding="utf-8")

    outcome = run("crawl", cwd=tmp_path)

    assert outcome.returncode == 2
    assert "tealeaves.toml" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_database_file_that_is_something_else_is_said_in_one_sentence(tmp_path):
    (tmp_path / "letter.sqlite").write_text("This is a letter, and it is longer than the head of a database file. " * 9)

    outcome = run("verify", cwd=tmp_path, TEALEAVES_DATABASE_URL=f"sqlite:///{tmp_path}/letter.sqlite")

    assert outcome.returncode == 2
    assert "file is not a database" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_missing_driver_of_postgresql_is_named():
    assert "tealeaves[postgres]" in in_words(ModuleNotFoundError("No module named 'psycopg'", name="psycopg"))
    assert in_words(ModuleNotFoundError("No module named 'our_own'", name="our_own")) is None


def test_an_address_that_is_refused_gives_its_line_and_the_next_is_still_read(tmp_path):
    (tmp_path / "page.txt").write_text("中央科技委员会召开会议。", encoding="utf-8")

    outcome = run("inspect", "--as", "text", "--json", "http://127.0.0.1:9/", "page.txt", cwd=tmp_path)

    refused, page = map(json.loads, outcome.stdout.splitlines())
    assert [issue["kind"] for issue in refused["issues"]] == ["unreadable"]
    assert "not a public address" in refused["issues"][0]["detail"]
    assert page["hits"]


def test_a_desk_on_a_taken_port_says_which_setting_moves_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run("desk", "--port", str(taken.getsockname()[1]), cwd=tmp_path)

    assert outcome.returncode == 2
    assert "already in use" in outcome.stderr
    assert "The desk is at" not in outcome.stderr
