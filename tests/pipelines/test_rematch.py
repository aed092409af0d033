"""Rematch: a new rule sees the past, files it as found later, and a stopped walk goes on where it was."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from pipelines import rematch as module
from pipelines.rematch import Rematched, rematch
from pipelines.save import save
from pipelines.watch import Watch, load_watch
from store import models
from store.config import bundled
from store.database import reading, writing
from store.frontier import Frontier
from store.queries import Filters, queue
from tests import fakes
from tests.fakes import START

LATER = START + timedelta(days=30)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The bundled keywords and rules, to be changed by a test."""
    made = (tmp_path / "keywords.yml", tmp_path / "disclosures.yml")
    for path in made:
        path.write_text(bundled(path.name).read_text(encoding="utf-8"), encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def watch() -> Watch:
    """The bundled rules, loaded once: each loading builds a dictionary, which takes a second."""
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


@pytest.fixture
def stored(engine: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Six documents that were saved when nothing was watched for; the walk takes two at a time, in this process."""
    monkeypatch.setattr(module, "load_watch", lambda *_: watch)
    Frontier(engine).register([fakes.source(1)], START)
    for number in range(1, 7):
        save(engine, replace(fakes.reading(number), hits=(), disclosures=()), START)
    monkeypatch.setattr(module, "CHUNK", 2)
    monkeypatch.setattr(module, "ProcessPoolExecutor", Here)
    return engine


class Here:
    """Runs what a pool of processes would, at once and in this process."""

    def __init__(self, _workers: int, _context: object, initializer: Any, initargs: Any) -> None:
        initializer(*initargs)

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def submit(self, work: Any, argument: Any) -> Any:
        """Return the finished work as a future would."""
        from concurrent.futures import Future

        done: Future[Any] = Future()
        done.set_result(work(argument))
        return done


def rows(engine: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]


def test_the_past_is_found_and_filed_as_found_later(stored: Engine, files: tuple[Path, Path]) -> None:
    done = rematch(stored, files, LATER)
    assert (done.done, done.total) == (6, 6)
    assert done.hits >= 6
    assert done.disclosures >= 6
    assert {later for _, later in rows(stored, models.Hit.id, models.Hit.found_later)} == {True}
    found = rows(stored, models.Disclosure.id, models.Disclosure.found_later, models.Disclosure.found_at)
    assert {(later, at) for _, later, at in found} == {(True, LATER)}


def test_a_second_walk_finds_nothing_new(stored: Engine, files: tuple[Path, Path]) -> None:
    rematch(stored, files, LATER)
    assert rematch(stored, files, LATER) == Rematched(6, 6)


def test_a_page_that_now_holds_something_is_looked_at_again(stored: Engine, files: tuple[Path, Path]) -> None:
    assert {look for _, look in rows(stored, models.Page.id, models.Page.next_check_at)} == {None}
    rematch(stored, files, LATER)
    assert {look for _, look in rows(stored, models.Page.id, models.Page.next_check_at)} == {LATER + timedelta(days=1)}


def test_a_walk_that_was_stopped_goes_on_where_it_was(stored: Engine, files: tuple[Path, Path]) -> None:
    def stop(state: Rematched) -> None:
        if state.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rematch(stored, files, LATER, listener=stop)
    hits = len(rows(stored, models.Hit.id))
    seen: list[int] = []
    rematch(stored, files, LATER, listener=lambda state: seen.append(state.done))
    assert seen == [6]
    assert len(rows(stored, models.Hit.id)) > hits
    assert rows(stored, models.Rematch.watch) == []


KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from pipelines import rematch
from store.database import open_engine

def listen(state):
    print(state.done, flush=True)
    if state.done == 2:
        sys.stdin.read()  # until it is killed

if __name__ == "__main__":
    rematch.CHUNK = 1
    url, now, *files = sys.argv[1:]
    rematch.rematch(open_engine(url), tuple(map(Path, files)), datetime.fromisoformat(now), listener=listen)
"""


@pytest.mark.long
def test_a_walk_that_was_killed_goes_on_where_it_was_and_doubles_nothing(
    sqlite_engine: Engine, files: tuple[Path, Path], tmp_path: Path
) -> None:
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    for number in range(1, 7):
        save(sqlite_engine, replace(fakes.reading(number), hits=(), disclosures=()), START)
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    url = sqlite_engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-P", str(script), url, LATER.isoformat(), *map(str, files)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=bundled(".")
    ) as walk:
        assert walk.stdout is not None
        assert [walk.stdout.readline().strip() for _ in range(2)] == ["1", "2"]
        os.killpg(walk.pid, signal.SIGKILL)
    before = rows(sqlite_engine, models.Disclosure.key, models.Disclosure.document_id)
    assert {document for _, document in before} == {1, 2}

    done = rematch(sqlite_engine, files, LATER)

    after = rows(sqlite_engine, models.Disclosure.key, models.Disclosure.document_id)
    assert (done.done, done.disclosures) == (6, len(after) - len(before))
    assert {document for _, document in after} == set(range(1, 7))
    assert set(before) < set(after)
    assert rows(sqlite_engine, models.Rematch.watch) == []


def test_changed_rules_begin_anew(stored: Engine, files: tuple[Path, Path]) -> None:
    with pytest.raises(KeyboardInterrupt):
        rematch(stored, files, LATER, listener=_interrupt)
    files[0].write_text(files[0].read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    seen: list[int] = []
    rematch(stored, files, LATER, listener=lambda state: seen.append(state.done))
    assert seen == [2, 4, 6]


def _interrupt(_: Rematched) -> None:
    raise KeyboardInterrupt


def test_only_documents_since_a_day_are_looked_at(stored: Engine, files: tuple[Path, Path]) -> None:
    days = sorted(day for _, day in rows(stored, models.Document.id, models.Document.published))
    assert rematch(stored, files, LATER, since=days[4]).total == 2


def test_what_no_rule_makes_any_more_is_withdrawn_and_what_was_judged_stays(
    stored: Engine, files: tuple[Path, Path]
) -> None:
    rematch(stored, files, LATER)
    true = len(rows(stored, models.Disclosure.id))
    with writing(stored) as connection:
        connection.execute(insert(models.Verdict).values(key="b" * 64, decision="rejected", by="li", at=START, note=""))
        for key, verdict in (("a", None), ("b", "rejected")):
            spot = {"document_id": 1, "version_id": 1, "last_version_id": 1, "source_id": "kjt-1", "found_at": START}
            said = {"type": "meeting", "quote": "x", "start": 0, "end": 1, "confidence": 0.5, "pattern": "gone-rule"}
            connection.execute(insert(models.Disclosure).values(key=key * 64, verdict=verdict, **spot, **said))
        place = {"version_id": 1, "document_id": 1, "start": 0, "end": 1, "status": "confirmed", "context": "x"}
        for term in ("cstc", "no-longer-watched"):
            connection.execute(insert(models.Hit).values(term=term, surface="x", found_at=START, why="", **place))
    assert rematch(stored, files, LATER).withdrawn == 2
    assert len(rows(stored, models.Disclosure.id)) == true + 1
    assert ("no-longer-watched",) in rows(stored, models.Hit.term)
    assert ("cstc",) not in rows(stored, models.Hit.term)


def test_a_label_follows_the_rules_in_force(stored: Engine, files: tuple[Path, Path]) -> None:
    rematch(stored, files, LATER)
    with writing(stored) as connection:
        connection.execute(models.Hit.__table__.update().values(status="suspect", why="an old rule"))
        connection.execute(models.Disclosure.__table__.update().values(confidence=0.01, pattern="an-old-rule"))
    rematch(stored, files, LATER)
    assert ("an old rule",) not in rows(stored, models.Hit.why)
    assert ("an-old-rule",) not in rows(stored, models.Disclosure.pattern)


def test_a_term_that_an_analyst_adds_is_found_later_in_the_queue_and_never_news(
    stored: Engine, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "昨天，代表们参观了量子信息实验室。"
    save(stored, replace(fakes.reading(8, text), hits=(), disclosures=()), START)
    added = "\n  - {id: quantum-lab, canonical: 量子信息实验室, gloss: x, kind: platform, weight: 4}\n\nfalse_friends:"
    keywords = files[0].read_text(encoding="utf-8").replace("\nfalse_friends:", added, 1)
    files[0].write_text(keywords, encoding="utf-8")
    monkeypatch.setattr(module, "load_watch", load_watch)

    rematch(stored, files, LATER)

    with reading(stored) as connection:
        later, new = (queue(connection, Filters(shelf=shelf)).rows for shelf in ("found-later", "new"))
    assert [row.disclosure.quote for row in later if row.disclosure.object == "量子信息实验室"] == [text]
    assert list(new) == []


def test_every_version_is_looked_at(stored: Engine, files: tuple[Path, Path]) -> None:
    text = fakes.body(1) + "\n" + fakes.sentence(99)
    changed = replace(fakes.reading(1, text, fetched_at=START + timedelta(days=1)), hits=(), disclosures=())
    save(stored, changed, START)
    rematch(stored, files, LATER)
    versions = rows(stored, models.Disclosure.quote, models.Disclosure.version_id, models.Disclosure.last_version_id)
    assert any("第99次" in quote and first == last for quote, first, last in versions)
    assert any("第1次" in quote and first < last for quote, first, last in versions)


def test_in_processes_it_finds_the_same(engine: Engine, files: tuple[Path, Path]) -> None:
    Frontier(engine).register([fakes.source(1)], START)
    for number in range(1, 4):
        save(engine, replace(fakes.reading(number), hits=(), disclosures=()), START)
    done = rematch(engine, files, LATER)
    assert (done.done, done.disclosures >= 3) == (3, True)
