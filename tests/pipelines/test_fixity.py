"""Whatever is changed in, taken out of or moved within the archive is found, and nothing is found where nothing was."""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from pipelines.archive import Archive
from pipelines.fixity import Verified, verify
from store import captures
from store.database import reading, writing
from store.frontier import Frontier
from store.models import Capture
from store.seals import FILE, add_seal, read_seals
from tests import fakes
from tests.fakes import START

HOUR = timedelta(hours=1)


def fill(engine: Engine, folder: Path, number: int, sealed_every: int) -> None:
    """Archive so many pages, note their captures, and seal them now and then."""
    Frontier(engine).register([fakes.source(1)], START)
    archive = Archive(folder)
    for start in range(0, number, sealed_every):
        pages = [fakes.page(n, capture=None) for n in range(start, min(start + sealed_every, number))]
        with writing(engine) as connection:
            for page, kept in zip(pages, archive.keep(pages), strict=True):
                captures.add_capture(connection, row_of(page, kept))
        add_seal(engine, folder, START + start * timedelta(seconds=1))
    archive.close()


def row_of(page: Any, kept: Any) -> dict[str, Any]:
    """The row of a capture, as saving makes it, without a page of its own."""
    same = ("source_id", "url", "kind", "fetched_at", "status", "address", "tls_verified", "block", "origin", "via")
    place = ("sha256", "length", "warc_file", "warc_offset", "record_length", "record_sha256")
    row = {name: getattr(page, name) for name in same} | {name: getattr(kept, name) for name in place}
    return {**row, "page_id": None, "headers": [list(pair) for pair in page.headers]}


@pytest.fixture
def filled(sqlite_engine: Engine, tmp_path: Path) -> Engine:
    """Sixty captures under three seals."""
    fill(sqlite_engine, tmp_path, 60, 20)
    return sqlite_engine


def take_away(engine: Engine, *ids: int) -> None:
    with writing(engine) as connection:
        connection.execute(delete(Capture).where(Capture.id.in_(ids)))


def flip(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def words(found: Verified) -> str:
    return "\n".join(damage.what for damage in found.damages)


def test_a_clean_archive_meets_its_seals(filled: Engine, tmp_path: Path) -> None:
    assert verify(filled, tmp_path) == Verified(60, 1, (), 0, seals=3, unsealed=0)


def test_captures_younger_than_the_last_seal_are_counted(filled: Engine, tmp_path: Path) -> None:
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    (tmp_path / FILE).write_bytes(b"".join(lines[:2]))
    assert (verify(filled, tmp_path).seals, verify(filled, tmp_path).unsealed) == (2, 20)


@pytest.mark.parametrize("last", [1, 20, 25, 60])
def test_the_newest_rows_of_all_cannot_be_taken_away_unseen(filled: Engine, tmp_path: Path, last: int) -> None:
    take_away(filled, *range(61 - last, 61))
    found = verify(filled, tmp_path)
    assert "capture 60 was the newest of 60 when they were sealed" in words(found)
    assert words(found).count("has no row any more") == last


def test_rows_taken_from_among_others_are_named_one_by_one(filled: Engine, tmp_path: Path) -> None:
    take_away(filled, 7, 8, 30)
    found = verify(filled, tmp_path)
    gone = {damage.url for damage in found.damages if damage.capture_id is None}
    assert gone == {fakes.link(number).url for number in (6, 7, 29)}
    assert [damage.capture_id for damage in found.damages if damage.capture_id] == [9, 31]


def test_a_history_that_was_written_anew_does_not_meet_its_seals(filled: Engine, tmp_path: Path) -> None:
    with writing(filled) as connection:
        connection.execute(Capture.__table__.update().where(Capture.id == 5).values(status=404))
        before = captures.START
        for row in connection.execute(select(Capture).order_by(Capture.id)).all():
            before = captures.link(before, row._mapping)
            connection.execute(Capture.__table__.update().where(Capture.id == row.id).values(chain=before))
    assert "rows up to capture 60 were rewritten since they were sealed" in words(verify(filled, tmp_path))


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[1].replace(b'"captures":40', b'"captures":41'), lines[2]],
        lambda lines: [b"nonsense\n", *lines],
    ],
)
def test_seals_moved_changed_or_left_out_are_found(filled: Engine, tmp_path: Path, harm: Any) -> None:
    path = tmp_path / FILE
    path.write_bytes(b"".join(harm(path.read_bytes().splitlines(keepends=True))))
    assert FILE.as_posix() in words(verify(filled, tmp_path))


def test_a_seal_half_written_by_a_killed_crawl_is_no_damage_and_is_replaced(filled: Engine, tmp_path: Path) -> None:
    take_away(filled, 60)
    path = tmp_path / FILE
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[:2]) + whole[2][:30])
    assert read_seals(tmp_path).wrong == ()
    made = add_seal(filled, tmp_path, START + HOUR)
    assert made is not None
    assert (made.captures, made.last_id, len(read_seals(tmp_path).seals)) == (59, 59, 3)
    assert read_seals(tmp_path).wrong == ()


def test_nothing_new_is_not_sealed_again(filled: Engine, tmp_path: Path) -> None:
    before = (tmp_path / FILE).read_bytes()
    assert add_seal(filled, tmp_path, START + HOUR) is None
    assert (tmp_path / FILE).read_bytes() == before


def test_answers_that_a_killed_crawl_kept_without_a_row_are_no_damage(filled: Engine, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.keep([fakes.page(number, capture=None) for number in (70, 71)])
    archive.close()
    found = verify(filled, tmp_path)
    assert (found.damages, found.unclaimed, found.files) == ((), 2, 2)


def test_a_file_that_holds_captures_must_begin_as_it_was_written(filled: Engine, tmp_path: Path) -> None:
    (path,) = (tmp_path / "archive").rglob("*.warc.gz")
    flip(path, 60, 3)
    assert "the head of" in words(verify(filled, tmp_path))


def flip_in_each(engine: Engine, folder: Path, number: int, chosen: random.Random) -> set[int]:
    """Flip one bit in the record of so many captures; return their ids."""
    columns = (Capture.id, Capture.warc_file, Capture.warc_offset, Capture.record_length)
    with reading(engine) as connection:
        hurt = chosen.sample(connection.execute(select(*columns)).all(), number)
    for _, name, offset, length in hurt:
        flip(folder / name, offset + chosen.randrange(length), chosen.randrange(8))
    return {row.id for row in hurt}


def harm_in_every_way(engine: Engine, folder: Path, captured: int, flipped: int) -> float:
    """Flip bits, then take rows from within and from the end; each harm is found, nothing else is. Return seconds of one look."""
    chosen = random.Random(5)
    started = time.monotonic()
    assert verify(engine, folder).damages == ()
    seconds = time.monotonic() - started
    hurt = flip_in_each(engine, folder, flipped, chosen)
    assert {damage.capture_id for damage in verify(engine, folder).damages} == hurt
    whole = sorted(set(range(1, captured + 1)) - hurt)
    taken = set(chosen.sample(whole[:-40], 20)) | {captured, captured - 1}
    take_away(engine, *taken)
    found = verify(engine, folder)
    gone = {damage.url for damage in found.damages if damage.what.endswith("has no row any more")}
    assert {fakes.link(number - 1).url for number in taken - hurt} == gone
    broken = {damage.capture_id for damage in found.damages if damage.capture_id}
    after = {min(set(range(number, captured + 1)) - taken, default=None) for number in taken}
    assert broken == (hurt - taken) | (after - {None})
    return seconds


def test_each_of_many_harms_is_found_and_nothing_else(sqlite_engine: Engine, tmp_path: Path) -> None:
    fill(sqlite_engine, tmp_path, 200, 50)
    harm_in_every_way(sqlite_engine, tmp_path, 200, 60)


@pytest.mark.long
def test_a_thousand_flipped_bits_among_a_hundred_thousand_captures_are_found(
    sqlite_engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(sqlite_engine, tmp_path, 100_000, 500)
    seconds = harm_in_every_way(sqlite_engine, tmp_path, 100_000, 1000)
    with capsys.disabled():
        print(f"\nD10: 100,000 captures looked at in {seconds:.0f} s")
