"""Clusters the labelled corpus as a crawl would and compares the pairs with the label `cluster`."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from crawler.items import Capture, Document, Page, Provenance, Reading
from pipelines.save import save
from pipelines.saving import stories
from pipelines.saving.notices import Publication
from pipelines.watch import Watch, load_watch, watch_document
from store import models
from store.config import bundled
from store.database import reading, writing
from store.entries import ColumnEntry, SourceEntry
from store.frontier import Frontier
from store.opening import open_store

NOW = datetime(2026, 9, 1, tzinfo=UTC)
Pairs = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Clustered:
    """Pairs of documents that belong together by the labels, and those that the program put together."""

    labelled: Pairs
    made: Pairs

    def __str__(self) -> str:
        right, false = self.labelled & self.made, self.made - self.labelled
        missed = [*map(_named, self.labelled - self.made)]
        said = f"clusters: {len(right)} of {len(self.labelled)} pairs found, {len(false)} false"
        return (
            said + "".join(f"\n  missed {pair}" for pair in missed) + "".join(f"\n  false {_named(p)}" for p in false)
        )


def _named(pair: frozenset[str]) -> str:
    return "/".join(sorted(pair))


def clustered(corpus: Path) -> Clustered:
    """Save the documents of a labelled corpus into a store of their own, in order, and read back their clusters."""
    records = [json.loads(line) for line in (corpus / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    watch = load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))
    with tempfile.TemporaryDirectory(prefix="tealeaves-score-") as folder:
        engine = open_store(f"sqlite:///{Path(folder) / 'clusters.sqlite'}")
        Frontier(engine).register([_source(record) for record in records], NOW)
        for number, record in enumerate(records, 1):
            _file(engine, _read(corpus, record, number, watch))
        made = _stored(engine, [record["id"] for record in records])
        engine.dispose()
    return Clustered(_pairs({record["id"]: record.get("cluster") for record in records}), made)


def _pairs(clusters: Mapping[str, Any]) -> Pairs:
    groups: dict[Any, list[str]] = {}
    for name, cluster in clusters.items():
        if cluster is not None:
            groups.setdefault(cluster, []).append(name)
    return frozenset(frozenset(pair) for group in groups.values() for pair in combinations(group, 2))


def _source(record: Mapping[str, Any]) -> SourceEntry:
    """Return a source of its own for each document, so that the province of one says nothing of another."""
    home = f"https://s{record['id']}.example.cn/"
    name = record["source_name"] or "未知来源"
    columns = (ColumnEntry("列表", f"{home}list/", "generic"),)
    return SourceEntry(f"source-{record['id']}", name, name, "official-media", home, record["province"], columns)


def _read(corpus: Path, record: Mapping[str, Any], number: int, watch: Watch) -> Reading:
    with (corpus / record["file"]).open(encoding="utf-8", newline="") as file:
        body = file.read()
    published = date.fromisoformat(record["published"]) if record["published"] else None
    document = Document(record["title"], body, published)
    known = Provenance(record["title"], record["source_name"], record["province"], published)
    hits, disclosures = watch_document(document, watch, known)
    url = f"https://s{record['id']}.example.cn/{record['id']}.html"
    capture = Capture("0" * 64, 1, "none.warc.gz", number, 1, "0" * 64)
    source = f"source-{record['id']}"
    page = Page(
        url, url, "page", 200, (), b"", NOW, source, f"https://s{record['id']}.example.cn/list/", capture=capture
    )
    return Reading(page, "utf-8", "generic", document, hits, disclosures)


def _file(engine: Engine, item: Reading) -> None:
    """Save a document; one without hits, which a crawl leaves alone, is put into its story all the same."""
    saved = save(engine, item, NOW)
    if item.hits or item.document is None or saved.document_id is None:
        return
    text = Publication(item.document.title, item.document.body, item.document.published)
    with writing(engine) as connection:
        stories.assign(connection, saved.document_id, text, NOW)


def _stored(engine: Engine, names: Iterable[str]) -> Pairs:
    with reading(engine) as connection:
        rows = connection.execute(select(models.Document.cluster_id).order_by(models.Document.id)).scalars().all()
    return _pairs(dict(zip(names, rows, strict=True)))
