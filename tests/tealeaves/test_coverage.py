"""`tealeaves coverage` says how many of how many were seen, which not, why and since when, for people and programs."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from store import models
from store.opening import open_store
from store.problems import Problem
from tealeaves.commands.coverage import coverage
from tests.review.rows import START, Store

app = typer.Typer()
app.command("coverage")(coverage)
FIRST = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store on the third of September 2026 in which four sources have two days behind them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEALEAVES_DATA_DIR", str(tmp_path))
    shift = int((START + timedelta(days=2) - datetime.now(UTC)).total_seconds())
    monkeypatch.setenv("TEALEAVES_CLOCK_SHIFT", f"-PT{-shift}S")
    monkeypatch.setenv("COLUMNS", "200")
    engine = open_store(f"sqlite:///{tmp_path}/tealeaves.sqlite")
    store = Store(engine)
    store.source("most", tier="ministry", region=None, name="科学技术部")
    store.source("kjt", name="四川省科学技术厅")
    store.source("cd", tier="city", region="510100", name="成都市科学技术局")
    store.source("hb", region="420000", name="湖北省科学技术厅")
    states = {
        "most": ("seen", "quiet"),
        "kjt": ("seen", "blocked"),
        "cd": ("quiet", "not-due"),
        "hb": ("blind", "blind"),
    }
    for source, days in states.items():
        for n, state in enumerate(days):
            store.state(source, FIRST + timedelta(days=n), state, f"word: {state}")
    store.add(
        models.Alarm(subject="hb", source_id="hb", state="blind", reason="r", about=[], since=START, raised_at=START)
    )
    engine.dispose()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def told(*words: str) -> dict[str, object]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.output)
    return found


def test_a_day_is_told_in_numbers_with_what_was_not_seen_and_why() -> None:
    found = told("--date", "2026-09-02")
    assert {key: found[key] for key in ("total", "seen", "not_due")} == {"total": 4, "seen": 1, "not_due": 1}
    assert found["not_seen"] == [
        {"source": "hb", "name": "湖北省科学技术厅", "state": "blind", "reason": "word: blind", "last_seen": None},
        {
            "source": "kjt",
            "name": "四川省科学技术厅",
            "state": "blocked",
            "reason": "word: blocked",
            "last_seen": "2026-09-01",
        },
    ]
    assert [alarm["subject"] for alarm in found["alarms"]] == ["hb"]  # type: ignore[attr-defined, index]


def test_groups_add_up_to_the_whole_and_every_province_has_a_row() -> None:
    found = told("--since", "2026-09-01", "--date", "2026-09-02")
    for name, rows in (("by_tier", 9), ("by_province", 32)):
        groups = found[name]
        assert isinstance(groups, list)
        assert len(groups) == rows
        for count in ("total", "seen", "not_due"):
            assert sum(group[count] for group in groups) == found[count]
    sichuan = next(group for group in found["by_province"] if group["province"] == "510000")  # type: ignore[attr-defined]
    assert (sichuan["seen"], sichuan["total"]) == (1, 2)
    assert [(day["day"], day["seen"]) for day in found["days"]] == [("2026-09-01", 3), ("2026-09-02", 1)]  # type: ignore[attr-defined]


def test_one_grouping_leaves_the_other_out() -> None:
    assert "by_province" not in told("--by", "tier")
    assert "by_tier" not in told("--by", "province")
    assert run("--by", "colour").exit_code == 2


def test_a_day_that_nobody_looked_at_is_blind_and_not_blank() -> None:
    found = told()
    assert found["to"] == "2026-09-03"
    words = {one["reason"].split(":")[0] for one in found["not_seen"]}  # type: ignore[attr-defined]
    assert words == {"overdue"}
    assert len(found["not_seen"]) == 4  # type: ignore[arg-type]


def test_people_get_tables_that_say_the_same() -> None:
    lines = run("--date", "2026-09-02").output
    assert "2026-09-02: seen 1 of 4 sources, 1 not due, 2 not seen" in lines
    assert "word: blocked" in lines
    assert "四川省 Sichuan" in lines
    assert "alarm hb: blind since 2026-09-01" in lines
    assert "2026-09-01 " in run("--since", "2026-09-01").output


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--date", "2026-09-04"), "has not begun"), (("--since", "2026-09-03", "--date", "2026-09-01"), "is after")],
)
def test_a_span_that_cannot_be_is_refused_in_words(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, Problem)
    assert said in str(result.exception)
