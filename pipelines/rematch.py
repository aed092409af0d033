"""Walks changed keywords and rules through every stored text: a new term sees the past, filed as found later."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, Connection, Engine, Row, bindparam, delete, func, select

from crawler.items import Document, Provenance
from pipelines.saving import finds, lent, stories
from pipelines.saving.notices import Publication
from pipelines.saving.refile import FoundText, Refiled, refile
from pipelines.tampering.marks import doubted
from pipelines.watch import Watch, load_watch, watch_document
from store import presence
from store.database import open_engine, reading, upsert, writing
from store.models import Document as DocumentRow
from store.models import Page as PageRow
from store.models import Rematch, Source, Version, table_of

CHUNK = 500  # documents handed to a worker at once: about a second of work, and one transaction
EVER = date(1970, 1, 1)

_PAGE = table_of(PageRow)
_LISTED: BindParameter[Any] = bindparam("documents", expanding=True)
_TEXTS = (
    select(
        Version.id,
        Version.document_id,
        Version.title,
        Version.body,
        Version.published,
        Version.suspicions,
        DocumentRow.source_id,
        PageRow.canonical,
        Source.name,
        Source.region,
    )
    .join(DocumentRow, DocumentRow.id == Version.document_id)
    .join(PageRow, PageRow.id == DocumentRow.page_id)
    .join(Source, Source.id == DocumentRow.source_id)
    .where(DocumentRow.id.in_(_LISTED))
    .order_by(Version.document_id, Version.number)
)
_CURRENT = (
    select(DocumentRow.id, DocumentRow.page_id, Version.title, Version.body, Version.published)
    .join(Version, Version.id == DocumentRow.current_version_id)
    .where(DocumentRow.id.in_(_LISTED))
    .order_by(DocumentRow.id)
)
_PLAN_LOOK = _PAGE.update().where(_PAGE.c.id == bindparam("page"), _PAGE.c.next_check_at.is_(None))


@dataclass(frozen=True, slots=True)
class Rematched:
    """How far a rematch is, in documents, and what it found and withdrew so far."""

    done: int
    total: int
    hits: int = 0
    disclosures: int = 0
    withdrawn: int = 0

    def after(self, documents: int, chunk: Refiled) -> "Rematched":
        """Return the state once a chunk of so many documents is filed."""
        return Rematched(
            self.done + documents,
            self.total,
            self.hits + chunk.hits,
            self.disclosures + chunk.disclosures,
            self.withdrawn + chunk.withdrawn,
        )


Listener = Callable[[Rematched], None]


def rematch(
    engine: Engine, files: tuple[Path, Path], now: datetime, since: date | None = None, listener: Listener | None = None
) -> Rematched:
    """Run keywords.yml and disclosures.yml (`files`) over the stored versions of documents published since a day.

    New finds are marked found later. Hits that the terms no longer make, and disclosures that the rules no longer make
    and nobody judged, are withdrawn. Stopped at any moment, the same call goes on where it was; nothing is doubled.
    """
    watch = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    terms = frozenset(load_watch(*files).terms.entries)
    first = since or EVER
    with reading(engine) as connection:
        start = _done_to(connection, watch, first)
        state = Rematched(_count(connection, first, below=start), _count(connection, first))
    for documents, texts in _searched(engine, files, (first, start), now):
        with writing(engine) as connection:
            filed = refile(connection, documents, texts, terms)
            _begin_to_watch(connection, filed.watched, now)
            row = {"watch": watch, "since": first, "done_to": documents[-1], "at": now}
            connection.execute(upsert(connection, Rematch, ("watch", "since"), ("done_to", "at")), [row])
        state = state.after(len(documents), filed)
        if listener:
            listener(state)
    with writing(engine) as connection:
        lent.lend_again(connection)
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
) -> Iterator[tuple[Sequence[int], list[FoundText]]]:
    """Yield chunks of documents with the texts in which something stands, in order, searched by a process for each core.

    The processes read the texts themselves, so that only finds travel.
    """
    workers = os.cpu_count() or 1
    waiting: deque[tuple[Sequence[int], Future[list[FoundText]]]] = deque()
    url = engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_prepare, initargs=(url, *files)) as pool:
        for documents in _chunks(engine, start):
            waiting.append((documents, pool.submit(_search, (documents, now))))
            if len(waiting) > 2 * workers:
                ready, future = waiting.popleft()
                yield ready, future.result()
        for ready, future in waiting:
            yield ready, future.result()


def _chunks(engine: Engine, start: tuple[date, int]) -> Iterator[Sequence[int]]:
    """Yield the ids of the documents in order, a chunk at a time."""
    since, last = start
    query = select(DocumentRow.id).where(DocumentRow.id > bindparam("last"), _wanted(since))
    query = query.order_by(DocumentRow.id).limit(CHUNK)
    while True:
        with reading(engine) as connection:
            documents = connection.execute(query, {"last": last}).scalars().all()
        if not documents:
            return
        yield documents
        last = documents[-1]


_prepared: list[tuple[str, Watch]] = []


def _prepare(url: str, keywords: Path, disclosures: Path) -> None:
    _prepared[:] = [(url, load_watch(keywords, disclosures))]


def _search(chunk: tuple[Sequence[int], datetime]) -> list[FoundText]:
    """Return the versions of some documents in which something stands; one text at a time is held, whatever their size."""
    documents, now = chunk
    url, watch = _prepared[0]
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            rows = connection.execution_options(yield_per=50).execute(_TEXTS, {"documents": documents})
            texts = (_found(row, watch, now) for row in rows)
            return [text for text in texts if text.hits or text.disclosures]
    finally:
        engine.dispose()


def _found(row: Row[*tuple[Any, ...]], watch: Watch, now: datetime) -> FoundText:
    spot = finds.Spot(row.document_id, row.id, row.source_id, row.canonical, now, found_later=True)
    known = Provenance(row.title, row.name, row.region, row.published)
    hits, disclosures = watch_document(Document(row.title, row.body, row.published), watch, known)
    return FoundText(spot, doubted(hits, row.suspicions), disclosures)


def _begin_to_watch(connection: Connection, documents: Sequence[int], now: datetime) -> None:
    """File the documents in which something is found for the first time under their stories, and plan to look again."""
    if not documents:
        return
    rows = connection.execute(_CURRENT, {"documents": documents}).all()
    for row in rows:
        stories.assign(connection, row.id, Publication(row.title, row.body, row.published), now)
    look = presence.next_look(0, now)
    connection.execute(_PLAN_LOOK, [{"page": row.page_id, "next_check_at": look} for row in rows])
