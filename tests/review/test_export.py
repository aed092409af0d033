"""What is exported can be read back whole, and no spreadsheet runs it."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from review.export import BOM, FORMULA, KINDS, cell, export, write_csv
from review.verdicts import record_verdict
from store.database import reading
from tests.review.rows import SENTENCES, Store

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    document = store.document(store.source(), title='=HYPERLINK("https://evil.example")')
    store.disclosure(document, key="k1")
    store.hit(document, "省委科技委员会")
    record_verdict(engine, "k1", "accepted", "可靠", "ana", NOW)
    return store


def exported(store: Store, kind: str, form: str) -> str:
    out = io.StringIO(newline="")
    with reading(store.engine) as connection:
        assert export(connection, kind, form, out) == 1  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_hold_the_same_values(store: Store, kind: str) -> None:
    line = json.loads(exported(store, kind, "jsonl"))
    text = exported(store, kind, "csv")
    assert text.startswith(BOM)
    (row,) = csv.DictReader(io.StringIO(text[1:], newline=""))
    assert {name: cell(value) for name, value in line.items()} == row


def test_a_disclosure_is_exported_with_its_verdict_and_its_evidence(store: Store) -> None:
    line = json.loads(exported(store, "disclosures", "jsonl"))
    assert line["verdict"] == "accepted"
    assert line["quote"] == SENTENCES[1]
    assert line["url"].startswith("https://")
    assert len(line["sha256"]) == 64
    assert line["found_at"] == "2026-09-01T01:01:00+00:00"


def test_a_decision_is_exported_with_what_it_was_about(store: Store) -> None:
    line = json.loads(exported(store, "verdicts", "jsonl"))
    assert (line["decision"], line["note"], line["by"], line["quote"]) == ("accepted", "可靠", "ana", SENTENCES[1])


@pytest.mark.parametrize("mark", FORMULA)
def test_a_cell_that_would_be_a_formula_is_text_and_can_be_read_back(mark: str) -> None:
    value = f"{mark}cmd|' /C calc'!A0"
    out = io.StringIO(newline="")
    write_csv(["a", "b"], [[value, "plain"]], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()[1:], newline=""))
    assert row["a"] == f"'{value}"
    assert row["b"] == "plain"


def test_numbers_stay_numbers() -> None:
    assert cell(-0.5) == "-0.5"
    assert cell(None) == ""
    assert cell(True) == "True"
