"""Phrase search over 200,000 documents: how long the slowest phrase takes, in milliseconds, and that it is exact."""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from sqlalchemy import Connection

from benchmarks.figure import Figure
from store.database import reading, writing
from store.opening import open_store
from store.search import add, fold, search

DOCUMENTS = 200_000
BATCH = 5_000
ROUNDS = 9
_COMMON = (
    "的",
    "科技",
    "创新",
    "委员会",
    "会议",
    "工作",
    "发展",
    "中央",
    "省委",
    "部署",
    "研究",
    "四个面向",
    "领导",
    "推进",
    "建设",
)
_RARE = ("深地探测", "量子信息", "可控核聚变", "类脑智能", "空天动力", "超导磁体", "合成生物", "极地科考")


def vocabulary(chance: random.Random) -> list[str]:
    """Return 8,000 words of two to four characters out of 900, the common ones first."""
    characters = [chr(number) for number in range(0x4E00, 0x9FA0, 23)][:900]
    made = ("".join(chance.choices(characters, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(8_000))
    return [*_COMMON, *made]


def texts() -> Iterator[str]:
    """Yield the bodies: about 140 characters, words as frequent as in a language, a rare one in every 200th."""
    chance = random.Random(11)  # noqa: S311 - made-up texts, no secret
    words = vocabulary(chance)
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(DOCUMENTS):
        said = chance.choices(words, cum_weights=weights, k=60)
        if number % 200 == 0:
            said[chance.randrange(60)] = _RARE[number // 200 % len(_RARE)]
        yield "，".join("".join(said[start : start + 10]) for start in range(0, 60, 10)) + f"。第{number}号"


def measure(figure: str) -> Figure:
    """Return the slowest phrase's median time; raises ValueError when an answer is not exactly the texts that hold it."""
    with tempfile.TemporaryDirectory(prefix="tealeaves-bench-") as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'search.sqlite'}")
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA synchronous=OFF")
        raw.close()
        bodies = list(texts())
        for start in range(0, DOCUMENTS, BATCH):
            with writing(engine) as connection:
                _file(connection, start, bodies[start : start + BATCH])
        folded = [fold(body) for body in bodies]
        with reading(engine) as connection:
            times = {phrase: _median(connection, phrase, folded) for phrase in _phrases(bodies)}
        engine.dispose()
    for phrase, milliseconds in times.items():
        print(f"  search {phrase}: {milliseconds:.2f} ms", file=sys.stderr)
    slowest = max(times, key=lambda phrase: times[phrase])
    what = f"newest 50 of {DOCUMENTS} documents holding a phrase, slowest of {len(times)} ({slowest}); exact; SQLite"
    return Figure(figure, None, round(times[slowest], 2), None, "ms", what)


def _phrases(bodies: list[str]) -> list[str]:
    chance = random.Random(5)  # noqa: S311 - made-up texts, no secret
    parts = [chance.choice(bodies) for _ in range(4)]
    cut = [
        part[start : start + length] for part, start, length in zip(parts, (3, 20, 40, 60), (3, 5, 8, 12), strict=True)
    ]
    return [
        "科技",
        "深地",
        "委员会",
        "四个面向",
        "科技创新",
        "量子信息",
        "类脑智能",
        "员会会",
        "不存在的词",
        "第199999号",
        *cut,
    ]


def _file(connection: Connection, start: int, bodies: list[str]) -> None:
    day, ids = "2026-09-01 00:00:00.000000", range(start + 1, start + len(bodies) + 1)
    if start == 0:
        connection.exec_driver_sql(
            "INSERT INTO source VALUES ('s', '源', 'S', 'ministry', NULL, 'https://s.example.cn/', 1, ?)", (day,)
        )
    pages = "INSERT INTO page (id, url, canonical, source_id, kind, state, found_at, attempts, checks, found_later)"
    connection.exec_driver_sql(
        f"{pages} VALUES (?, ?, ?, 's', 'page', 'fetched', ?, 0, 0, 0)", [(n, f"p{n}", f"p{n}", day) for n in ids]
    )
    captures = (
        "INSERT INTO capture (id, source_id, url, kind, fetched_at, status, headers, sha256, length, warc_file, warc_offset,"
        " record_length, record_sha256, origin, chain)"
    )
    values = "(?, 's', 'x', 'page', ?, 200, '[]', 'x', 1, 'x', ?, 1, 'x', 'crawl', 'x')"
    connection.exec_driver_sql(f"{captures} VALUES {values}", [(n, day, n) for n in ids])
    documents = "INSERT INTO document (id, page_id, source_id, first_seen_at, current_version_id, found_later)"
    connection.exec_driver_sql(f"{documents} VALUES (?, ?, 's', ?, ?, 0)", [(n, n, day, n) for n in ids])
    versions = (
        "INSERT INTO version (id, document_id, capture_id, number, fetched_at, text_sha256, body, attachments, charset, family,"
        " reader, suspicions) VALUES (?, ?, ?, 1, ?, 'x', ?, '[]', 'utf-8', 'trs', 'trs', '[]')"
    )
    connection.exec_driver_sql(versions, [(n, n, n, day, body) for n, body in zip(ids, bodies, strict=True)])
    add(connection, [(n, None, body) for n, body in zip(ids, bodies, strict=True)])


def _median(connection: Connection, phrase: str, folded: list[str]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found = search(connection, phrase, 50)
        times.append(1000 * (time.perf_counter() - started))
    wanted = fold(phrase)
    holding = [number for number in range(DOCUMENTS, 0, -1) if wanted in folded[number - 1]][:50]
    if [one.document_id for one in found] != holding:
        raise ValueError(f"the search for {phrase} is not exact")
    return statistics.median(times)
