"""Decisions are appended, the newest is in force, and the disclosure repeats it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from review.verdicts import LONGEST_NOTE, record_verdict
from store import models, queries
from store.database import reading
from tests.review.rows import Store

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(engine: Engine) -> Store:
    made = Store(engine)
    made.disclosure(made.document(made.source()), key="k1")
    return made


def in_force(store: Store) -> str | None:
    with reading(store.engine) as connection:
        return connection.execute(select(models.Disclosure.verdict)).scalar_one()


def test_a_decision_is_put_in_force_and_can_be_taken_back(store: Store) -> None:
    record_verdict(store.engine, "k1", "accepted", "", "ana", NOW)
    assert in_force(store) == "accepted"
    record_verdict(store.engine, "k1", "rejected", "a copy of an old text", "ben", NOW)
    assert in_force(store) == "rejected"
    record_verdict(store.engine, "k1", "new", "", "ben", NOW)
    assert in_force(store) is None


def test_no_decision_is_ever_overwritten(store: Store) -> None:
    for decision in ("accepted", "later", "new"):
        record_verdict(store.engine, "k1", decision, f"note on {decision}", "ana", NOW)
    with reading(store.engine) as connection:
        sheet = queries.disclosure_sheet(connection, 1)
    assert sheet is not None
    assert [(d.decision, d.note) for d in sheet.decisions] == [
        ("new", "note on new"),
        ("later", "note on later"),
        ("accepted", "note on accepted"),
    ]


def test_what_cannot_be_a_decision_is_refused_and_leaves_no_row(store: Store) -> None:
    with pytest.raises(ValueError, match="a verdict is one of"):
        record_verdict(store.engine, "k1", "maybe", "", "ana", NOW)
    with pytest.raises(ValueError, match="a note has at most"):
        record_verdict(store.engine, "k1", "accepted", "x" * (LONGEST_NOTE + 1), "ana", NOW)
    with pytest.raises(LookupError, match="no disclosure"):
        record_verdict(store.engine, "k2", "accepted", "", "ana", NOW)
    with reading(store.engine) as connection:
        assert connection.execute(select(models.Verdict.id)).all() == []
