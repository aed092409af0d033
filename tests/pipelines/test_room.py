"""A disk without room loses nothing that was acknowledged, says so in one sentence, and the crawl goes on once there is room."""

import asyncio
import errno
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from pipelines import archive as archive_module
from pipelines import room
from pipelines.archive import Archive, ArchivePipeline
from pipelines.fixity import verify
from pipelines.room import CANNOT_KEEP, Brake, CannotKeepError, require_room, why_not_kept
from pipelines.save import SavePipeline, save
from store.captures import read_body
from store.config import Config
from store.database import reading
from store.frontier import Frontier
from store.models import Capture, Document
from tests import fakes
from tests.fakes import START


class FullDisk:
    """Lets so many bytes be written to the archive and then answers as a full disk does: a short write, then ENOSPC."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 10**9
        whole = archive_module._write_whole

        def write(file: Any, content: bytes) -> None:
            fits = content[: max(0, self.left)]
            whole(file, fits)
            self.left -= len(fits)
            if len(fits) < len(content):
                raise OSError(errno.ENOSPC, "No space left on device", file.name)

        monkeypatch.setattr(archive_module, "_write_whole", write)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)


def keep_one(engine: Engine, archive: Archive, number: int) -> None:
    page = fakes.page(number, capture=None)
    (kept,) = archive.keep([page])
    save(engine, replace(fakes.reading(number), page=replace(page, capture=kept)), START)


def test_a_disk_that_fills_up_at_any_byte_loses_nothing_that_was_acknowledged(
    sqlite_engine: Engine, tmp_path: Path, disk: FullDisk
) -> None:
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    chance, archive, acknowledged, refused = random.Random(9), Archive(tmp_path), set[int](), list[str]()
    for number in range(1, 31):
        disk.left = chance.randrange(0, 900)
        try:
            keep_one(sqlite_engine, archive, number)
            acknowledged.add(number)
        except OSError as error:
            refused.append(why_not_kept(error) or "")
        disk.left = 10**9  # space returns: what was refused is asked for again
        keep_one(sqlite_engine, archive, number)
        acknowledged.add(number)
    archive.close()
    assert len(refused) >= 20
    assert all(words.startswith("the disk is full") for words in refused)
    with reading(sqlite_engine) as connection:
        assert connection.execute(select(func.count()).select_from(Document)).scalar_one() == 30
        kept = connection.execute(select(Capture)).all()
    assert {row.url for row in kept} == {fakes.link(number).url for number in acknowledged}
    assert all(read_body(tmp_path, row.warc_file, row.warc_offset) for row in kept)
    found = verify(sqlite_engine, tmp_path)
    assert (found.damages, found.unclaimed) == ((), 0)


def test_a_file_on_which_nothing_can_be_cut_off_ends_with_half_a_record_and_no_more(
    sqlite_engine: Engine, tmp_path: Path, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    archive = Archive(tmp_path)
    keep_one(sqlite_engine, archive, 1)
    monkeypatch.setattr(Archive, "_take_back", lambda self, file, offset: self.close())
    disk.left = 100
    with pytest.raises(OSError, match="No space"):
        archive.keep([fakes.page(2, capture=None)])
    disk.left = 10**9
    keep_one(sqlite_engine, archive, 2)
    archive.close()
    found = verify(sqlite_engine, tmp_path)
    assert (found.captures, found.files, found.damages, found.unclaimed) == (2, 2, (), 1)


def test_a_short_write_is_written_to_its_end() -> None:
    class Slow:
        def __init__(self) -> None:
            self.content = b""

        def write(self, content: Any) -> int:
            self.content += bytes(content[:7])
            return min(7, len(content))

    file = Slow()
    archive_module._write_whole(file, b"0123456789" * 5)  # type: ignore[arg-type]
    assert file.content == b"0123456789" * 5


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "x", "a.warc.gz"), "the disk is full: a.warc.gz"),
        (OSError(errno.EROFS, "x"), "the disk is read-only"),
        (PermissionError(errno.EACCES, "x", "archive"), "there is no permission to write there: archive"),
        (OSError(errno.EDQUOT, "x"), "the quota of this user's disk is used up"),
        (OperationalError("", {}, Exception("database or disk is full")), "the disk of the database is full"),
        (OperationalError("", {}, Exception("could not extend file: No space left on device")), "the disk of the database is full"),
        (
            OperationalError("", {}, Exception("attempt to write a readonly database")),
            "the database cannot be written (read-only, or no permission)",
        ),
        (CannotKeepError("only 3 MiB are free"), "only 3 MiB are free"),
        (OperationalError("", {}, Exception("near SELEC: syntax error")), None),
        (ValueError("ours"), None),
        (OSError(errno.ENOENT, "x"), None),
    ],
)  # fmt: skip
def test_errors_of_the_disk_are_told_from_all_others(error: Exception, words: str | None) -> None:
    assert why_not_kept(error) == words


def test_too_little_room_is_said_with_both_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require_room(tmp_path / "not" / "yet" / "there", least=1)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5 << 20}))
    with pytest.raises(CannotKeepError, match=r"only 5 MiB are free in .*, and 1024 are needed"):
        require_room(tmp_path)


class Crawl:
    """What a pipeline sees of a crawl: its statistics, and an engine that can be asked to end."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.ended: list[str] = []
        self.stats = self.engine = self

    def set_value(self, name: str, value: str) -> None:
        self.said[name] = value

    async def close_spider_async(self, *, reason: str) -> None:
        self.ended.append(reason)


@pytest.fixture
def crawl() -> Iterator[Crawl]:
    yield Crawl()


async def test_a_page_that_cannot_be_archived_is_dropped_and_ends_the_crawl_once(
    tmp_path: Path, crawl: Crawl, disk: FullDisk
) -> None:
    pipeline = ArchivePipeline(Config(data_dir=tmp_path), Brake(crawl))
    assert (await pipeline.process_item(fakes.page(1, capture=None))).capture
    disk.left = 50
    for number in (2, 3):
        with pytest.raises(DropItem, match="could not be kept: the disk is full"):
            await pipeline.process_item(fakes.page(number, capture=None))
    pipeline.close_spider()
    assert crawl.ended == ["cannot-keep"]
    assert "Nothing more can be kept: the disk is full" in crawl.said[CANNOT_KEEP]
    assert "asked for again by the next crawl" in crawl.said[CANNOT_KEEP]


async def test_a_page_is_not_asked_to_be_kept_where_there_is_too_little_room(
    tmp_path: Path, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1}))
    pipeline = ArchivePipeline(Config(data_dir=tmp_path), Brake(crawl))
    with pytest.raises(DropItem, match="only 0 MiB are free"):
        await pipeline.process_item(fakes.page(1, capture=None))
    await asyncio.sleep(0)
    assert (crawl.ended, list(tmp_path.rglob("*.warc.gz"))) == (["cannot-keep"], [])


async def test_a_reading_that_the_database_has_no_room_for_is_dropped_and_stays_pending(
    sqlite_engine: Engine, tmp_path: Path, crawl: Crawl
) -> None:
    frontier = Frontier(sqlite_engine)
    frontier.register([fakes.source(1)], START)
    frontier.keep(frontier.due(START)[0].id, [fakes.link(number) for number in (1, 2)], START)
    url = sqlite_engine.url.render_as_string(hide_password=False)
    pipeline = SavePipeline(Config(data_dir=tmp_path, database_url=url), Brake(crawl))
    event.listen(pipeline._engine, "checkout", lambda connection, *_: connection.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(DropItem, match="could not be stored: the disk of the database is full"):
        await pipeline.process_item(fakes.reading(1, fakes.body(1) + "续" * 400_000))
    await asyncio.sleep(0)
    pipeline.close_spider()
    assert crawl.ended == ["cannot-keep"]
    assert len(frontier.pending(START)) == 2


async def test_an_error_of_our_own_ends_nothing(sqlite_engine: Engine, tmp_path: Path, crawl: Crawl) -> None:
    Frontier(sqlite_engine).register([fakes.source(1)], START)
    pipeline = SavePipeline(
        Config(data_dir=tmp_path, database_url=sqlite_engine.url.render_as_string(hide_password=False)), Brake(crawl)
    )
    with pytest.raises(ValueError, match="was not archived"):
        await pipeline.process_item(replace(fakes.reading(1), page=fakes.page(1, capture=None)))
    pipeline.close_spider()
    assert (crawl.ended, crawl.said) == ([], {})
