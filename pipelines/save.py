"""The one place where nouns in flight become rows: one reading, one short transaction, twice the same as once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import Connection, Engine, Row, bindparam, select

from crawler.items import Document, Kept, Page, Reading
from crawler.middlewares.absences import IN_WORDS as ABSENCES
from pipelines.room import Brake, dropped, why_not_kept
from pipelines.saving import attached, finds, stories, versions
from pipelines.saving.batches import Batches
from pipelines.saving.notices import Publication
from pipelines.terms import Terms, load_terms
from store import captures, presence, seals
from store.config import Config
from store.database import upsert, writing
from store.models import Issue, TermSet, Version, table_of
from store.opening import open_store

_VERSION_OF = select(Version.id, Version.document_id).where(Version.capture_id == bindparam("capture"))
_ADD_ISSUES = table_of(Issue).insert()
SEALED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one item; ids are None for what it did not have (a list has no document)."""

    capture_id: int
    page_id: int | None = None
    document_id: int | None = None
    version_id: int | None = None
    new_document: bool = False
    new_version: bool = False
    hits: int = 0
    disclosures: int = 0


def save(engine: Engine, item: Reading | Page, now: datetime) -> Saved:
    """Store a reading, or the bare capture of a list or robots.txt, in one immediate transaction.

    `now` is when it was found. A block page, a page that answers 404 and anything without a document is a capture and a
    state of its page, never a document, a version, a change or a deletion. Saving the same item again changes nothing.
    Raises ValueError when the item was not archived first.
    """
    with writing(engine) as connection:
        return _save(connection, item, now)


def save_all(engine: Engine, items: Sequence[Reading | Page], now: datetime) -> list[Saved | Exception]:
    """Store several items in one transaction; should it fail, each in its own, so one bad item takes no other along."""
    try:
        with writing(engine) as connection:
            return [_save(connection, item, now) for item in items]
    except Exception as error:  # noqa: BLE001 - whatever it was, each item now answers for itself
        return [error] if len(items) == 1 else [save_all(engine, [item], now)[0] for item in items]


def _save(connection: Connection, item: Reading | Page, now: datetime) -> Saved:
    page = item if isinstance(item, Page) else item.page
    row = versions.page_row(connection, page, now) if page.kind in ("page", "attachment") else None
    if row is not None and page.url != page.requested_url and page.block is None and 200 <= page.status < 300:
        versions.note_move(connection, row, page, now)
    page_id = row.id if row else versions.page_of_part(connection, page)
    capture_id, is_new = captures.add_capture(connection, _capture(page, page_id))
    saved = Saved(capture_id, page_id=page_id)
    if not is_new:
        return _as_before(connection, saved)
    if isinstance(item, Reading):
        _add_issues(connection, item, now)
    if row is None or page.block is not None or not 200 <= page.status < 300:
        _note_block(connection, page, row)
    elif isinstance(item, Reading) and item.document is not None:
        saved = _save_document(connection, item, item.document, (row, capture_id), now)
    else:
        versions.mark_fetched(connection, row, page, watched=False)
    return saved


def _capture(page: Page, page_id: int | None) -> dict[str, Any]:
    kept = page.capture
    if kept is None:
        raise ValueError(f"{page.url} was not archived before it was saved")
    return {
        "page_id": page_id,
        "source_id": page.source_id,
        "url": page.url,
        "kind": page.kind,
        "fetched_at": page.fetched_at,
        "status": page.status,
        "headers": [list(pair) for pair in page.headers],
        "sha256": kept.sha256,
        "length": kept.length,
        "warc_file": kept.warc_file,
        "warc_offset": kept.warc_offset,
        "record_length": kept.record_length,
        "record_sha256": kept.record_sha256,
        "address": page.address,
        "tls_verified": page.tls_verified,
        "block": page.block,
        "origin": page.origin,
        "via": page.via,
    }


def _as_before(connection: Connection, saved: Saved) -> Saved:
    row = connection.execute(_VERSION_OF, {"capture": saved.capture_id}).one_or_none()
    return replace(saved, version_id=row.id, document_id=row.document_id) if row else saved


def _add_issues(connection: Connection, item: Reading, now: datetime) -> None:
    common = {"source_id": item.page.source_id, "url": item.page.url, "at": now}
    rows = [{**common, "kind": issue.kind, "detail": issue.detail} for issue in item.issues]
    if rows:
        connection.execute(_ADD_ISSUES, rows)


def _note_block(connection: Connection, page: Page, row: Row[Any] | None) -> None:
    # What a 404, a "not found" in words or a 5xx means for a page is the frontier's to say (`missing`, `failed`): it knows of the retries.
    if row is not None and page.block is not None and page.block not in ABSENCES:
        presence.not_reached(connection, row.id, "blocked", (page.status, page.block), page.fetched_at)


def _save_document(
    connection: Connection, item: Reading, document: Document, place: tuple[Row[Any], int], now: datetime
) -> Saved:
    row, capture_id = place
    parent = attached.parent_of(connection, row)
    if parent is not None:
        document = attached.inherited(document, parent)
        item = replace(item, document=document)
    document_id, old = versions.find_document(connection, item, row, now)
    if parent is not None:
        attached.tie(connection, document_id, parent.id)
    attached.keep(connection, item.files, row, document.published, now)
    if old is not None and old.text_sha256 == versions.text_sha256(document):
        versions.mark_fetched(connection, row, item.page, watched=finds.is_watched(connection, document_id))
        return Saved(capture_id, row.id, document_id, old.id)
    before = versions.told_before(connection, old) if old is not None else None
    version_id = versions.add_version(connection, item, document, (document_id, capture_id), old)
    later = row.found_later and old is None
    spot = finds.Spot(document_id, version_id, row.source_id, row.canonical, now, later)
    hits = finds.add_hits(connection, item.hits, spot)
    disclosures = finds.add_disclosures(connection, item.disclosures, spot)
    if before is not None:
        versions.note_edit(connection, row, before, versions.told_now(item, document), now)
    if item.hits:
        if old is not None:
            stories.forget(connection, document_id, Publication(old.title, old.body, old.published))
        stories.assign(connection, document_id, Publication(document.title, document.body, document.published), now)
    versions.mark_fetched(connection, row, item.page, watched=bool(item.hits or item.disclosures))
    return Saved(capture_id, row.id, document_id, version_id, old is None, True, hits, disclosures)


def keep_terms(engine: Engine, terms: Terms, now: datetime) -> None:
    """Write the terms in force from now on, with their glosses, for the desk to read; the same terms are one row."""
    row = {
        "version": terms.version,
        "loaded_at": now,
        "terms": [{"id": term.id, "name": term.canonical, "gloss": term.gloss} for term in terms.terms],
    }
    with writing(engine) as connection:
        connection.execute(upsert(connection, TermSet, ("version",), ("loaded_at", "terms")), [row])


class SavePipeline:
    """Scrapy item pipeline: the last one; an item is done when its rows are committed."""

    def __init__(self, config: Config, brake: Brake | None = None) -> None:
        self._brake = brake or Brake()
        self._now, self._data_dir = config.now, config.data_dir
        self._engine = open_store(config.url)
        self._sealed_at = config.now()
        seals.add_seal(self._engine, self._data_dir, self._sealed_at)  # what a killed crawl left unsealed
        keep_terms(self._engine, load_terms(config.keywords), config.now())
        self._batches: Batches[Reading | Page, Saved | Exception] = Batches(self._save)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from the crawler's setting TEALEAVES_CONFIG, a `store.config.Config`."""
        return cls(crawler.settings["TEALEAVES_CONFIG"], Brake(crawler))

    def _save(self, items: Sequence[Reading | Page]) -> list[Saved | Exception]:
        outcome = save_all(self._engine, items, self._now())
        if self._now() - self._sealed_at >= SEALED_EVERY:
            self._seal()
        return outcome

    def _seal(self) -> None:
        self._sealed_at = self._now()
        seals.add_seal(self._engine, self._data_dir, self._sealed_at)

    async def process_item(self, item: Reading | Page) -> Reading | Page:
        """Return the item once it is stored, a reading with what was new of it; raise what kept it from being stored."""
        outcome = await self._batches.put(item)
        if isinstance(outcome, Exception):
            words = self._brake.pull(outcome)
            raise dropped(f"{_url_of(item)} could not be stored: {words}") if words else outcome
        if isinstance(item, Page):
            return item
        return replace(item, kept=Kept(outcome.new_document, outcome.hits, outcome.disclosures))

    def close_spider(self) -> None:
        """Seal what was captured and let go of the store."""
        try:
            self._seal()
        except Exception as error:
            if not why_not_kept(error):
                raise
            logging.getLogger(__name__).error("what was captured could not be sealed: %s", why_not_kept(error))
        self._engine.dispose()


def _url_of(item: Reading | Page) -> str:
    return item.url if isinstance(item, Page) else item.page.url
