"""Walks changed keywords and rules through every stored text: a new term sees the past, filed as found later."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, delete, func, select, update

from crawler.items import Document, Provenance
from pipelines import finds, stories
from pipelines.watch import Finds, Watch, load_watch, watch_document
from store import presence
from store.database import reading, upsert, writing
from store.models import Document as DocumentRow
from store.models import Page as PageRow
from store.models import Rematch, Source, Version

CHUNK = 200  # versions handed to a worker at once: about half a second of work
EVER = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Rematched:
    """How far a rematch is, in documents, and what it found and withdrew so far."""

    done: int
    total: int
    hits: int = 0
    disclosures: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """One stored version, as much of it as matching needs, and where its finds belong."""

    spot: finds.Spot
    page_id: int
    current: bool
    document: Document
    provenance: Provenance


Listener = Callable[[Rematched], None]


def rematch(
    engine: Engine, files: tuple[Path, Path], now: datetime, since: date | None = None, listener: Listener | None = None
) -> Rematched:
    """Run keywords.yml and disclosures.yml (`files`) over the stored versions of documents published since a day.

    New finds are marked found later. Hits that the terms no longer make, and disclosures that the rules no longer make
    and nobody judged, are withdrawn. Stopped at any moment, the same call goes on where it was; nothing is doubled.
    """
    watch = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    terms = frozenset(load_watch(*files).terms.by_id)
    first = since or EVER
    with reading(engine) as connection:
        start = _done_to(connection, watch, first)
        state = Rematched(_count(connection, first, below=start), _count(connection, first))
    for texts, found in _searched(engine, files, (first, start), now):
        with writing(engine) as connection:
            for document in _by_document(texts, found):
                state = _refile(connection, document, terms, state)
            row = {"watch": watch, "since": first, "done_to": texts[-1].spot.document_id, "at": now}
            connection.execute(upsert(connection, Rematch, ("watch", "since"), ("done_to", "at")), [row])
        if listener:
            listener(state)
    with writing(engine) as connection:
        connection.execute(delete(Rematch).where(Rematch.watch == watch, Rematch.since == first))
    return state


def _done_to(connection: Connection, watch: str, since: date) -> int:
    query = select(Rematch.done_to).where(Rematch.watch == watch, Rematch.since == since)
    return connection.execute(query).scalar_one_or_none() or 0


def _wanted(since: date) -> Any:
    """Return the condition for documents published since a day; those without a date count from when they were seen."""
    start = datetime.combine(since, time(), presence.CHINA)
    return (DocumentRow.published >= since) | (DocumentRow.published.is_(None) & (DocumentRow.first_seen_at >= start))


def _count(connection: Connection, since: date, below: int | None = None) -> int:
    query = select(func.count()).select_from(DocumentRow).where(_wanted(since))
    if below is not None:
        query = query.where(DocumentRow.id <= below)
    return connection.execute(query).scalar_one()


def _searched(
    engine: Engine, files: tuple[Path, Path], start: tuple[date, int], now: datetime
) -> Iterator[tuple[list[Text], list[Finds]]]:
    """Yield chunks of texts with what stands in them, in order, searched in as many processes as there are cores."""
    workers = os.cpu_count() or 1
    waiting: deque[tuple[list[Text], Future[list[Finds]]]] = deque()
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=files) as pool:
        for texts in _chunks(engine, start, now):
            waiting.append((texts, pool.submit(_search, [(text.document, text.provenance) for text in texts])))
            if len(waiting) > 2 * workers:
                ready, future = waiting.popleft()
                yield ready, future.result()
        for ready, future in waiting:
            yield ready, future.result()


_watch: list[Watch] = []


def _prepare(keywords: Path, disclosures: Path) -> None:
    _watch[:] = [load_watch(keywords, disclosures)]


def _search(texts: Sequence[tuple[Document, Provenance]]) -> list[Finds]:
    return [watch_document(document, _watch[0], provenance) for document, provenance in texts]


def _chunks(engine: Engine, start: tuple[date, int], now: datetime) -> Iterator[list[Text]]:
    """Yield the texts in order of their documents; a document's versions are never parted."""
    since, last = start
    while True:
        with reading(engine) as connection:
            ids = _next_documents(connection, since, last)
            rows = connection.execute(_texts(ids)).all() if ids else []
        if not ids:
            return
        last = ids[-1]
        yield [_text(row, now) for row in rows]


def _next_documents(connection: Connection, since: date, after: int) -> Sequence[int]:
    query = select(DocumentRow.id).where(DocumentRow.id > after, _wanted(since)).order_by(DocumentRow.id).limit(CHUNK)
    return connection.execute(query).scalars().all()


def _texts(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Version.id,
            Version.document_id,
            Version.title,
            Version.body,
            Version.published,
            DocumentRow.current_version_id,
            DocumentRow.page_id,
            DocumentRow.source_id,
            PageRow.canonical,
            Source.name,
            Source.region,
        )
        .join(DocumentRow, DocumentRow.id == Version.document_id)
        .join(PageRow, PageRow.id == DocumentRow.page_id)
        .join(Source, Source.id == DocumentRow.source_id)
        .where(DocumentRow.id.in_(ids))
        .order_by(Version.document_id, Version.number)
    )


def _text(row: Row[Any], now: datetime) -> Text:
    spot = finds.Spot(row.document_id, row.id, row.source_id, row.canonical, now, found_later=True)
    known = Provenance(row.title, row.name, row.region, row.published)
    current = row.id == row.current_version_id
    return Text(spot, row.page_id, current, Document(row.title, row.body, row.published), known)


def _by_document(texts: Sequence[Text], found: Sequence[Finds]) -> Iterator[list[tuple[Text, Finds]]]:
    pairs: list[tuple[Text, Finds]] = []
    for text, here in zip(texts, found, strict=True):
        if pairs and pairs[0][0].spot.document_id != text.spot.document_id:
            yield pairs
            pairs = []
        pairs.append((text, here))
    if pairs:
        yield pairs


def _refile(
    connection: Connection, document: Sequence[tuple[Text, Finds]], terms: frozenset[str], state: Rematched
) -> Rematched:
    first = document[0][0]
    number = first.spot.document_id
    was_watched = finds.is_watched(connection, number)
    state = replace(state, done=state.done + 1)
    if not was_watched and not any(hits or disclosures for _, (hits, disclosures) in document):
        return state
    new_hits = new_disclosures = withdrawn = 0
    keys: set[str] = set()
    for text, (hits, disclosures) in document:
        withdrawn += finds.withdraw(connection, text.spot, hits, terms)
        finds.relabel(connection, hits, text.spot)
        new_hits += finds.add_hits(connection, hits, text.spot)
        keys |= finds.keys_of(disclosures, text.spot)
        new_disclosures += finds.add_disclosures(connection, disclosures, text.spot)
        finds.reread(connection, disclosures, text.spot)
    withdrawn += finds.withdraw_unjudged(connection, number, keys)
    if not was_watched:
        _begin_to_watch(connection, document)
    return Rematched(
        state.done, state.total, state.hits + new_hits, state.disclosures + new_disclosures, state.withdrawn + withdrawn
    )


def _begin_to_watch(connection: Connection, document: Sequence[tuple[Text, Finds]]) -> None:
    text = document[-1][0]
    stories.assign(connection, text.spot.document_id, text.document.body, text.spot.found_at)
    look = presence.next_look(0, text.spot.found_at)
    unplanned = (PageRow.id == text.page_id, PageRow.next_check_at.is_(None))
    connection.execute(update(PageRow).where(*unplanned).values(next_check_at=look))
