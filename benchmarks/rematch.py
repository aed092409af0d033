"""New rules over everything stored: how long 200,000 documents take, extrapolated from the real ones beside the repository."""

import json
import resource
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from benchmarks.figure import Figure
from benchmarks.search import texts as made_up
from pipelines.rematch import rematch
from store import models
from store.config import bundled
from store.database import writing
from store.opening import open_store

DAYS = Path(__file__).resolve().parents[1] / "../shared/corpus/days.tar.xz"
WANTED = 200_000
BATCH = 1_000
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def measure(figure: str) -> Figure:
    """Return the seconds for WANTED documents in which nothing had been looked for, start-up of the processes included."""
    texts, origin = stored_texts()
    with tempfile.TemporaryDirectory(prefix="tealeaves-bench-") as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'rematch.sqlite'}")
        fill(engine, texts)
        started, used = time.perf_counter(), processor_seconds()
        done = rematch(engine, (bundled("keywords.yml"), bundled("disclosures.yml")), NOW)
        taken, used = time.perf_counter() - started, processor_seconds() - used
        engine.dispose()
    what = (
        f"{WANTED} documents, extrapolated from {done.done} ({origin}) of {sum(map(len, texts)) // len(texts)} characters"
        f" in {taken:.1f} s and {used:.1f} s of processor time; {done.hits} hits and {done.disclosures} disclosures filed; SQLite, wall clock"
    )
    return Figure(figure, None, round(taken * WANTED / done.done, 1), None, "s", what)


def processor_seconds() -> float:
    """Return the processor time of this process and of those it has waited for: what a busy machine does not change."""
    kinds = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in kinds)


def stored_texts() -> tuple[list[str], str]:
    """Return all transcripts beside the repository; without them, texts made by number, every fiftieth with a find."""
    if DAYS.is_file():
        with tarfile.open(DAYS) as archive:
            lines = archive.extractfile("days.jsonl") or ()
            return [json.loads(line)["text"] for line in lines], "transcripts of days.tar.xz"
    said = "四川省委科技委员会第{}次会议在成都召开。"
    bodies = enumerate(islice(made_up(), 20_000))
    return [said.format(n) + body if n % 50 == 0 else body for n, body in bodies], "generated, ../shared is absent"


def fill(engine: Engine, texts: Sequence[str]) -> None:
    """Write the texts as documents of one source, as they lie in a store that never looked for anything."""
    home = "https://s.example.cn/"
    source = {"id": "s", "name": "源", "name_en": "S", "tier": "official-media", "homepage": home, "registered_at": NOW}
    with writing(engine) as connection:
        connection.execute(insert(models.Source), [source])
    for start in range(0, len(texts), BATCH):
        numbered = list(enumerate(texts[start : start + BATCH], start + 1))
        with writing(engine) as connection:
            for model, rows in _rows(numbered):
                connection.execute(insert(model), rows)


def _rows(numbered: Sequence[tuple[int, str]]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    source = {"source_id": "s"}
    numbers = [number for number, _ in numbered]
    address = "https://s.example.cn/{}.html"
    yield (
        models.Page,
        [
            {"id": n, "url": address.format(n), "canonical": f"s.example.cn/{n}.html", "found_at": NOW, **source}
            for n in numbers
        ],
    )
    record = {"length": 1, "record_length": 1, "sha256": "x", "record_sha256": "x", "warc_file": "x", "headers": []}
    fetched = {"url": "x", "kind": "page", "fetched_at": NOW, "status": 200, "chain": "x", **record, **source}
    yield models.Capture, [{"id": n, "page_id": n, "warc_offset": n, **fetched} for n in numbers]
    seen = {"first_seen_at": NOW, "published": date(2026, 1, 1), **source}
    yield models.Document, [{"id": n, "page_id": n, "current_version_id": n, **seen} for n in numbers]
    read = {"number": 1, "fetched_at": NOW, "text_sha256": "x", "published": date(2026, 1, 1), "attachments": []}
    how = {"charset": "utf-8", "family": "trs", "reader": "trs", "suspicions": []}
    yield (
        models.Version,
        [{"id": n, "document_id": n, "capture_id": n, "body": body, **read, **how} for n, body in numbered],
    )
