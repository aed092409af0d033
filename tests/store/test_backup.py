"""Backup: a copy of a store in use is whole, and nothing is put back that is not."""

import errno
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from pipelines.archive import Archive
from pipelines.save import save
from store import models
from store.backup import BackupError, backup, restore
from store.captures import read_body
from store.database import open_engine, reading
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START


@pytest.fixture
def filled(sqlite_engine: Engine) -> Engine:
    """A store with three documents."""
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    for number in range(3):
        save(sqlite_engine, fakes.reading(number), START)
    return sqlite_engine


def documents(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(models.Document)).scalar_one()


def test_a_copy_holds_what_the_store_held_and_says_its_hash(filled: Engine, tmp_path: Path) -> None:
    made = backup(filled, tmp_path / "copies" / "one.sqlite")
    copy = open_engine(f"sqlite:///{made.path}")
    assert documents(copy) == 3
    copy.dispose()
    assert (tmp_path / "copies" / "one.sqlite.sha256").read_text() == f"{made.sha256}  one.sqlite\n"


def test_a_copy_never_overwrites(filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "one.sqlite")
    with pytest.raises(BackupError, match="never overwrites"):
        backup(filled, tmp_path / "one.sqlite")


def test_a_copy_for_which_there_is_no_room_leaves_nothing_behind(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(engine: Engine, target: Path) -> None:
        target.write_bytes(b"half a copy")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("store.backup.copy_database", half)
    with pytest.raises(OSError, match="No space"):
        backup(filled, tmp_path / "copies" / "one.sqlite")
    assert list((tmp_path / "copies").iterdir()) == []


def test_copies_made_while_others_write_are_whole(filled: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 10
        while not stop.is_set():
            save(filled, fakes.reading(number), START)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [_documents_of_copy(filled, tmp_path / f"{number}.sqlite") for number in range(8)]
    finally:
        stop.set()
        writer.join()
    assert seen == sorted(seen)
    assert seen[0] >= 3


def _documents_of_copy(engine: Engine, path: Path) -> int:
    before = documents(engine)
    copy = open_engine(f"sqlite:///{backup(engine, path).path}")
    count = documents(copy)
    copy.dispose()
    assert count >= before
    return count


def _copies_while_a_crawl_writes(engine: Engine, folder: Path, copies: int) -> int:
    """Copy the store again and again while pages are archived and saved; restore each copy, and compare. Return the last size."""
    stop, acknowledged, archive = threading.Event(), list[int](), Archive(folder)

    def crawl() -> None:
        number = 10
        while not stop.is_set():
            page = fakes.page(number, capture=None)
            (kept,) = archive.keep([page])
            save(engine, replace(fakes.reading(number), page=replace(page, capture=kept)), START)
            acknowledged.append(number)
            number += 1

    writer = threading.Thread(target=crawl)
    writer.start()
    size = 0
    try:
        for number in range(copies):
            before = list(acknowledged)
            made = backup(engine, folder / f"copy-{number}.sqlite")
            size = _compare(made.path, folder / f"restored-{number}", before, folder)
    finally:
        stop.set()
        writer.join()
        archive.close()
    return size


def _compare(copy: Path, place: Path, before: list[int], data_dir: Path) -> int:
    place.mkdir()
    restored = open_engine(f"sqlite:///{place / 'tealeaves.sqlite'}")
    restore(restored, copy)
    with reading(restored) as connection:
        titles = set(connection.execute(select(models.Version.title)).scalars())
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        captured = connection.execute(select(models.Capture.warc_file, models.Capture.warc_offset)).all()
    assert {fakes.document(number).title for number in before} <= titles
    assert all(read_body(data_dir, *row) for row in captured if row.warc_file != "archive/fake.warc.gz")
    restored.dispose()
    return len(titles)


def test_copies_made_during_a_crawl_restore_with_every_document_of_their_moment(filled: Engine, tmp_path: Path) -> None:
    assert _copies_while_a_crawl_writes(filled, tmp_path, 3) >= 3


@pytest.mark.long
def test_fifty_copies_made_during_a_crawl_restore_with_every_document_of_their_moment(
    filled: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = _copies_while_a_crawl_writes(filled, tmp_path, 50)
    with capsys.disabled():
        print(f"\nD5: 50 of 50 copies restored, the last with {size} documents")


def test_a_restored_store_is_the_one_that_was_copied_and_the_old_one_is_kept(filled: Engine, tmp_path: Path) -> None:
    made = backup(filled, tmp_path / "one.sqlite")
    save(filled, fakes.reading(9), START)
    aside = restore(filled, made.path)
    assert documents(filled) == 3
    old = open_engine(f"sqlite:///{aside}")
    assert documents(old) == 4
    old.dispose()


@pytest.mark.parametrize("harm", ["flip", "cut", "other"])
@pytest.mark.parametrize("with_sum", [True, False])
def test_a_damaged_copy_is_refused_and_the_store_is_left_alone(
    filled: Engine, tmp_path: Path, harm: str, with_sum: bool
) -> None:
    made = backup(filled, tmp_path / "one.sqlite")
    content = bytearray(made.path.read_bytes())
    if harm == "flip":
        content[4096:4196] = b"\xff" * 100
    made.path.write_bytes({"flip": content, "cut": content[:-4096], "other": b"not a database" * 99}[harm])
    if not with_sum:
        (tmp_path / "one.sqlite.sha256").unlink()
    with pytest.raises(BackupError):
        restore(filled, made.path)
    assert documents(filled) == 3


def test_a_copy_that_is_not_there_is_said_to_be(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no such file"):
        restore(filled, tmp_path / "nothing.sqlite")


@pytest.mark.postgres
def test_postgresql_is_left_to_its_own_tools_in_plain_words(tmp_path: Path) -> None:
    engine = open_engine("postgresql://nobody@/nowhere")
    with pytest.raises(BackupError, match="pg_dump"):
        backup(engine, tmp_path / "one.sqlite")
    with pytest.raises(BackupError, match="pg_restore"):
        restore(engine, tmp_path / "one.sqlite")


def test_a_reading_saved_after_a_restore_is_stored(filled: Engine, tmp_path: Path) -> None:
    restore(filled, backup(filled, tmp_path / "one.sqlite").path)
    save(filled, replace(fakes.reading(5)), START)
    assert documents(filled) == 4
