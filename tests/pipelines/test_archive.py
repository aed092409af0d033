"""The archive: bytes come back as they came in, and any changed bit is found."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from crawler.items import Page
from pipelines.archive import Archive, ArchivePipeline
from pipelines.fixity import verify
from pipelines.save import save
from store import models
from store.captures import MissingBytesError, gaps, read_body
from store.config import Config
from store.database import writing
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START


def archived(folder: Path, *numbers: int) -> list[Page]:
    """Keep the pages of those numbers in an archive of their own."""
    archive = Archive(folder)
    pages = [fakes.page(number, capture=None, address="203.0.113.7") for number in numbers]
    made = [replace(page, capture=capture) for page, capture in zip(pages, archive.keep(pages), strict=True)]
    archive.close()
    return made


@pytest.fixture
def kept(sqlite_engine: Engine, tmp_path: Path) -> list[Page]:
    """Twenty pages, archived and saved."""
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    pages = archived(tmp_path, *range(20))
    for number, page in enumerate(pages):
        save(sqlite_engine, replace(fakes.reading(number), page=page), START)
    return pages


def warc(folder: Path) -> Path:
    (path,) = (folder / "archive").rglob("*.warc.gz")
    return path


def test_a_record_holds_what_came_over_the_wire(tmp_path: Path) -> None:
    (page,) = archived(tmp_path, 1)
    with warc(tmp_path).open("rb") as file:
        info, record = [
            (record.rec_headers, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(file)
        ]
    assert info[0].get_header("WARC-Type") == "warcinfo"
    headers, http, body = record
    assert body == page.body
    assert headers.get_header("WARC-Target-URI") == page.url
    assert headers.get_header("WARC-Date") == "2026-09-01T01:00:00.000000Z"
    assert headers.get_header("WARC-IP-Address") == "203.0.113.7"
    assert headers.get_header("WARC-Payload-Digest").startswith("sha256:")
    assert (http.get_statuscode(), http.get_header("ETag")) == ("200", '"1"')


def test_the_warc_tool_finds_nothing_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archived(tmp_path, *range(5))

    class Asked:
        inputs = (str(warc(tmp_path)),)
        verbose = False

    assert Checker(Asked).process_all() == 0
    assert "fail" not in capsys.readouterr().out


def test_a_compressed_answer_is_described_as_it_is_kept(tmp_path: Path) -> None:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", "17"), ("Content-Type", "text/html"))
    page = fakes.page(1, capture=None, headers=headers)
    archive = Archive(tmp_path)
    archive.keep([page])
    archive.close()
    with warc(tmp_path).open("rb") as file:
        _, record = [(record.http_headers, record.content_stream().read()) for record in ArchiveIterator(file)]
    assert record[1] == page.body
    assert record[0].get_header("Content-Length") == str(len(page.body))
    assert record[0].get_header("X-Archive-Orig-Content-Encoding") == "gzip"


def test_bytes_come_back_from_where_the_capture_says(tmp_path: Path) -> None:
    for page in archived(tmp_path, 1, 2, 3):
        assert page.capture
        assert read_body(tmp_path, page.capture.warc_file, page.capture.warc_offset) == page.body


def test_bytes_that_are_gone_are_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(MissingBytesError, match="nowhere"):
        read_body(tmp_path, "archive/nowhere.warc.gz", 0)


def test_each_day_and_each_process_has_its_own_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    days = [fakes.page(number, capture=None, fetched_at=START + timedelta(days=number)) for number in range(2)]
    names = {capture.warc_file for capture in archive.keep(days)}
    archive.close()
    another = Archive(tmp_path)
    names.add(another.keep([days[0]])[0].warc_file)
    another.close()
    assert len(names) == 3


def test_a_clean_store_has_no_damage(kept: list[Page], sqlite_engine: Engine, tmp_path: Path) -> None:
    found = verify(sqlite_engine, tmp_path)
    assert (found.captures, found.files, found.damages, found.unclaimed) == (len(kept), 1, (), 0)


def test_any_changed_bit_of_a_record_is_found(kept: list[Page], sqlite_engine: Engine, tmp_path: Path) -> None:
    path, chosen = warc(tmp_path), random.Random(7)
    whole = path.read_bytes()
    for page in chosen.sample(kept, 10):
        assert page.capture
        broken = bytearray(whole)
        place = page.capture.warc_offset + chosen.randrange(page.capture.record_length)
        broken[place] ^= 1 << chosen.randrange(8)
        path.write_bytes(broken)
        assert [damage.url for damage in verify(sqlite_engine, tmp_path).damages] == [page.url]


def test_a_file_that_is_gone_or_cut_off_is_found(kept: list[Page], sqlite_engine: Engine, tmp_path: Path) -> None:
    path = warc(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    (damage,) = verify(sqlite_engine, tmp_path).damages
    assert (damage.url, "ends before" in damage.what) == (kept[-1].url, True)
    path.unlink()
    assert len(verify(sqlite_engine, tmp_path).damages) == len(kept)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE capture SET url = 'https://other.example.cn/' WHERE id = 7",
        "UPDATE capture SET fetched_at = '2020-01-01 00:00:00.000000' WHERE id = 7",
        "UPDATE capture SET headers = '[]' WHERE id = 7",
        "UPDATE capture SET sha256 = '0' WHERE id = 7",
        "DELETE FROM capture WHERE id = 7",
        "UPDATE capture SET id = CASE id WHEN 7 THEN 1008 WHEN 8 THEN 1007 END WHERE id IN (7, 8)",
    ],
)
@pytest.mark.usefixtures("kept")
def test_a_row_changed_deleted_or_moved_is_found(sqlite_engine: Engine, tmp_path: Path, harm: str) -> None:
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(harm)
    sqlite_engine.dispose()
    assert verify(sqlite_engine, tmp_path).damages


@pytest.mark.usefixtures("kept")
def test_a_record_half_written_by_a_killed_crawl_is_no_damage(sqlite_engine: Engine, tmp_path: Path) -> None:
    path = warc(tmp_path)
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\x00half")
    found = verify(sqlite_engine, tmp_path)
    assert (found.damages, found.unclaimed) == ((), 1)


def test_the_same_holds_on_each_database(engine: Engine, tmp_path: Path) -> None:
    Frontier(engine).register([fakes.source(1)], START)
    for number, page in enumerate(archived(tmp_path / "data", 1, 2, 3)):
        save(engine, replace(fakes.reading(number), page=page), START)
    assert verify(engine, tmp_path / "data").damages == ()
    with writing(engine) as connection:
        connection.execute(update(models.Capture).where(models.Capture.id == 2).values(length=1))
        assert connection.execute(text("SELECT count(*) FROM capture")).scalar_one() == 3
    assert [damage.capture_id for damage in verify(engine, tmp_path / "data").damages] == [2]


def test_stretches_that_nobody_claims_are_told() -> None:
    assert gaps([(10, 5), (20, 10)], 35) == [(0, 10), (15, 20), (30, 35)]
    assert gaps([], 0) == []


async def test_the_pipeline_puts_a_capture_on_every_page(tmp_path: Path) -> None:
    pipeline = ArchivePipeline(Config(data_dir=tmp_path))
    page = await pipeline.process_item(fakes.page(1, capture=None))
    pipeline.close_spider()
    assert page.capture
    assert read_body(tmp_path, page.capture.warc_file, page.capture.warc_offset) == page.body
