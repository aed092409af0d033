"""A crawl killed two hundred times ends like one that nobody killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from pipelines.fixity import verify
from store.database import open_engine
from tests.crawler.crawling import TOP, Place
from tests.site import Asked, Site, detail_page, list_page

SITES = 4
PAGES = 100  # on each site
KILLS = 200
TERMS = ("中央科技委员会", "国家实验室", "四个面向", "科技创新")
# As `tealeaves crawl` does, without the budget of the day: each killed crawl forfeits what it had been granted of it.
CRAWL = """
from crawler.run import crawl
from crawler.wanted import Wanted
from store.config import load_config
from store.opening import open_store
config = load_config()
open_store(config.url).dispose()
crawl(config, Wanted(), HOST_BUDGET=1_000_000)
"""
# What a store says, without what only counts visits: ids, instants, and how often a page was fetched.
SAYS = {
    "documents": "select p.canonical, v.number, v.title, v.body, v.published, v.text_sha256"
    " from document d join page p on p.id = d.page_id join version v on v.document_id = d.id order by 1, 2",
    "hits": "select p.canonical, h.place, h.term, h.surface, h.start, h.status, h.context"
    " from hit h join document d on d.id = h.document_id join page p on p.id = d.page_id order by 1, 2, 3, 5",
    "disclosures": "select key, type, body, date, quote, person, ordinal, outcome from disclosure order by 1",
    "pages": "select canonical, kind, state, source_id, found_title, found_published from page order by 1",
    "current": "select count(*) from document where current_version_id is null",
}


def _fill(site: Site, first: int) -> None:
    numbers = range(first, first + PAGES)
    site.answer("/list/", list_page([(f"/a/{n}.html", f"关于第{n}号工作方案的通知", "2024-06-18") for n in numbers]))
    for number in numbers:
        term = TERMS[number % len(TERMS)]
        text = f"{term}召开会议，审议第{number}号工作方案。\n各有关单位要结合第{number}号方案抓好落实，确保各项任务按期完成。"
        site.answer(f"/a/{number}.html", detail_page(f"关于第{number}号工作方案的通知", text))


class _Counted:
    """Tells when the sites together have been asked so many times since the last `begin`, and when first."""

    def __init__(self, sites: list[Site]) -> None:
        self._sites = sites
        self._before = 0

    def begin(self) -> None:
        self._before = sum(len(site.asked) for site in self._sites)

    def since(self) -> list[Asked]:
        asked = sorted((asked for site in self._sites for asked in site.asked), key=lambda one: one.at)
        return asked[self._before :]


def _start(place: Place) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", CRAWL]
    return subprocess.Popen(command, cwd=TOP, env=place.variables(), start_new_session=True)


def _run(place: Place) -> None:
    with _start(place) as process:
        assert process.wait() == 0


def _crawl_until(place: Place, counted: _Counted, requests: int, pause: float) -> float | None:
    """Start a crawl and kill its whole process group `pause` seconds after its `requests`th request.

    Returns the seconds from its start to its first request; None when it asked for nothing before it ended.
    """
    counted.begin()
    started = time.monotonic()
    with _start(place) as process:
        while process.poll() is None and len(counted.since()) < requests:
            time.sleep(0.01)
        time.sleep(pause)
        _kill_group(process)
    asked = counted.since()
    return asked[0].at - started if asked else None


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _says(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    return {name: place.rows(query) for name, query in SAYS.items()}


def _place(folder: Path, sites: list[Site]) -> Place:
    folder.mkdir()
    place = Place(folder)
    for number, site in enumerate(sites):
        place.source(f"site-{number}", site.url("/"), site.url("/list/"))
    return place


@pytest.mark.long
def test_a_crawl_under_two_hundred_kills_ends_like_one_without(tmp_path: Path) -> None:
    with ExitStack() as stack:
        sites = [stack.enter_context(Site()) for _ in range(SITES)]
        for number, site in enumerate(sites):
            _fill(site, number * PAGES)
        calm, hunted = _place(tmp_path / "calm", sites), _place(tmp_path / "hunted", sites)
        _run(calm)
        chance, counted, starts = random.Random(5), _Counted(sites), list[float]()
        for _ in range(KILLS):
            start = _crawl_until(hunted, counted, chance.randrange(1, 9), chance.random() / 3)
            starts += [start] if start is not None else []
        stored = hunted.rows("select count(*) from document")[0][0]
        _run(hunted)
    assert len(starts) == KILLS
    assert _says(hunted) == _says(calm)
    assert len(_says(calm)["documents"]) == SITES * PAGES
    assert len(_says(calm)["hits"]) >= SITES * PAGES / 2
    assert _says(calm)["current"] == [(0,)]
    assert hunted.rows("pragma integrity_check") == [("ok",)]
    engine = open_engine(f"sqlite:///{hunted.database}")
    assert verify(engine, hunted.folder / "store").damages == ()
    engine.dispose()
    print(
        f"\n{KILLS} kills; {stored} of {SITES * PAGES} documents stored under them; first request "
        f"{median(starts):.1f} s after a start (median), {max(starts):.1f} s at most"
    )
