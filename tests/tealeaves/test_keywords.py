"""`tealeaves keywords` answers an analyst in words: what a mistake is, what a term would find, what would flood the queue."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from pipelines.save import keep_terms, save
from pipelines.terms import load_terms
from store.config import bundled
from store.frontier import Frontier
from store.problems import Problem
from tealeaves.commands.keywords import app
from tests import fakes
from tests.fakes import START

DAY = date(2026, 8, 30)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with the bundled keywords to change."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keywords.yml").write_text(bundled("keywords.yml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("TEALEAVES_KEYWORDS", str(tmp_path / "keywords.yml"))
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def stored(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A store with 60 documents of one day."""
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    for number in range(60):
        text = f"各地第{number}次推进量子信息实验室建设，完成{number * number}项任务。"
        document = fakes.document(number, title=f"第{number}号", body=text, published=DAY)
        save(sqlite_engine, replace(fakes.reading(number), document=document, hits=(), disclosures=()), START)
    monkeypatch.setenv("TEALEAVES_DATABASE_URL", sqlite_engine.url.render_as_string(hide_password=False))
    return sqlite_engine


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def add(folder: Path, entry: str) -> None:
    path = folder / "keywords.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nfalse_friends:", f"\n  - {entry}\n\nfalse_friends:", 1), encoding="utf-8")


def test_looking_at_the_keywords_makes_no_store(folder: Path) -> None:
    outcome = run("check")

    assert (outcome.exit_code, outcome.stdout[:3]) == (0, "ok:")
    assert not (folder / "data").exists()


def test_a_preview_without_a_store_says_so() -> None:
    outcome = run("preview", "量子信息实验室")

    assert isinstance(outcome.exception, Problem)
    assert "nothing is stored yet" in str(outcome.exception)


def test_a_preview_shows_counts_samples_and_the_pace_and_warns(stored: Engine) -> None:
    outcome = run("preview", "量子信息實驗室")

    assert outcome.exit_code == 0
    assert "60 of 60 stored documents, 60 places confirmed, 0 suspect" in outcome.stdout
    assert "2026-08 60" in outcome.stdout
    assert "province 60" in outcome.stdout
    assert outcome.stdout.count("推进量子信息实验室建设") == 5
    assert "about 60 documents a day, more than 50" in outcome.stderr


def test_a_warning_comes_only_above_what_was_asked_for(stored: Engine) -> None:
    assert run("preview", "量子信息实验室", "--most", "60").stderr == ""


def test_check_warns_of_a_term_that_would_flood_the_queue(stored: Engine, folder: Path) -> None:
    add(folder, "{id: quantum-lab, canonical: 量子信息实验室, gloss: x, kind: platform, weight: 4}")

    outcome = run("check")

    assert outcome.exit_code == 0
    assert "warning: quantum-lab would bring about 60 documents a day" in outcome.stderr


def test_check_says_what_a_term_that_no_crawl_has_looked_for_would_have_found(stored: Engine, folder: Path) -> None:
    keep_terms(stored, load_terms(folder / "keywords.yml"), START)
    add(folder, "{id: quantum-lab, canonical: 量子信息实验室, gloss: x, kind: platform, weight: 4}")

    found = [line for line in run("check").stdout.splitlines() if line.startswith("new: ")]

    assert found == ["new: 量子信息实验室 (quantum-lab): 60 of 60 stored documents, 60 places confirmed, 0 suspect"]


def test_check_is_silent_about_a_term_that_is_kept_out_of_the_queue(stored: Engine, folder: Path) -> None:
    add(folder, "{id: quantum-lab, canonical: 量子信息实验室, gloss: x, kind: platform, weight: 4, queue: false}")

    assert run("check").stderr == ""


def test_a_term_of_the_file_is_previewed_by_its_id(stored: Engine) -> None:
    assert run("preview", "--term", "cstc").stdout.startswith("中央科技委员会 (cstc): 0 of 60 stored documents")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["preview"], "give a phrase, or --term"),
        (["preview", "量子", "--term", "cstc"], "give a phrase, or --term"),
        (["preview", "--term", "nobody"], "no term with the id 'nobody'"),
        (["preview", "量子", "--since", "yesterday"], "--since is a day like 2024-06-18"),
        (["try", "量子", "--published", "yesterday"], "--published is a day like 2024-06-18"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(arguments: list[str], words: str) -> None:
    outcome = run(*arguments)

    assert isinstance(outcome.exception, Problem)
    assert words in str(outcome.exception)


def test_a_place_is_explained(folder: Path) -> None:
    outcome = run("try", "民盟广东省委科技委员会开会。四個面向")

    assert "suspect, false friend" in outcome.stdout
    assert "四個面向  four-facings" in outcome.stdout
