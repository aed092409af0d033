"""Takes in pages that a person saved from a browser: the way of a crawled page, marked as imported at every step."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, select

from crawler.extract.parts import further_pages
from crawler.guard import oddity, on_site
from crawler.items import Link, Page, Part, Reading
from crawler.middlewares.absences import IN_WORDS as ABSENCES
from crawler.middlewares.absences import absence_of
from crawler.middlewares.block_pages import IN_WORDS, block_of
from crawler.preparing import Preparation
from crawler.saved import SavedAnswer, SavedFile, take_apart
from crawler.sites import file_hosts_of
from crawler.sources import Source, load_sources
from crawler.spiders.visit import entry_of
from crawler.workers import ReadingFailed, Workers
from pipelines.archive import Archive
from pipelines.read import FILE_DEADLINE, publisher_of, read_in_worker
from pipelines.save import keep_terms, save
from pipelines.terms import load_terms
from store.addresses import canonical
from store.config import Config
from store.database import reading
from store.frontier import Frontier
from store.models import Page as PageRow
from store.opening import open_store
from store.problems import Problem

LARGEST = 200 * 2**20


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one answer in a file; `problem` says why it was not taken in, else None."""

    url: str
    source_id: str | None = None
    title: str | None = None
    hits: int = 0
    disclosures: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for: a file, its address where the file does not say it, its source where the host does not."""

    path: Path
    url: str | None = None
    source_id: str | None = None


def import_file(wish: Wish, config: Config) -> tuple[SavedFile, list[Imported]]:
    """Archive, read and save what a saved file holds; raise Problem when nothing in it can be taken in."""
    sources = load_sources(config.sources)
    content = _content_of(wish, sources)
    engine = open_store(config.url)
    Frontier(engine).register([entry_of(source) for source in sources.values()], config.now())
    keep_terms(engine, load_terms(config.keywords), config.now())
    words = (str(config.keywords.resolve()), str(config.disclosures.resolve()))
    with Workers(Preparation("pipelines.read.prepare", words), count=1) as workers:
        saved = asyncio.run(_apart(workers, wish.path.name, content))
        chosen = _chosen(saved, wish)
        found = [_Import(engine, config, workers).take_in(document, sources, wish) for document in _documents(chosen)]
    engine.dispose()
    return saved, found


def _content_of(wish: Wish, sources: dict[str, Source]) -> bytes:
    if wish.source_id and wish.source_id not in sources:
        raise Problem(f"There is no source called {wish.source_id!r}. `tealeaves sources list` shows all of them.")
    if wish.url and (odd := oddity(wish.url)):
        raise Problem(f"--url {wish.url}: {odd}")
    if not wish.path.is_file():
        raise Problem(f"{wish.path}: there is no such file")
    if wish.path.stat().st_size > LARGEST:
        raise Problem(f"{wish.path}: is larger than {LARGEST // 2**20} MiB")
    return wish.path.read_bytes()


async def _apart(workers: Workers, name: str, content: bytes) -> SavedFile:
    try:
        return await workers.run_within(FILE_DEADLINE, take_apart, name, content)
    except ReadingFailed as failed:
        raise Problem(f"{name}: {failed.detail}") from failed


def _chosen(saved: SavedFile, wish: Wish) -> Sequence[SavedAnswer]:
    """Return the answers to take in: with --url that one, else all that say their address; raise Problem for none."""
    if not saved.answers:
        raise Problem("\n".join(saved.left_out) or f"{wish.path}: there is nothing in it that can be read")
    if wish.url and len(saved.answers) == 1 and saved.form not in ("WARC", "WACZ"):
        return [replace(saved.answers[0], url=wish.url)]
    if wish.url:
        key = canonical(wish.url)
        same = [answer for answer in saved.answers if answer.url and canonical(answer.url) == key]
        if not same:
            raise Problem(f"{wish.path}: there is no answer of {wish.url} in it")
        return same
    if not any(answer.url for answer in saved.answers):
        raise Problem(f"{wish.path}: the file does not say which address it was saved from. Give it with --url.")
    return [answer for answer in saved.answers if answer.url]


def _documents(answers: Sequence[SavedAnswer]) -> list[tuple[SavedAnswer, ...]]:
    """Return the answers with the further pages of a document after its first one, in their order."""
    by_url = {canonical(answer.url): answer for answer in answers if answer.url}
    found: list[tuple[SavedAnswer, ...]] = []
    taken: set[int] = set()
    for answer in answers:
        named = further_pages(answer.url or "", answer.body) if answer.kind == "html" else ()
        parts = [by_url[canonical(url)] for url in named if canonical(url) in by_url]
        found.append((answer, *parts))
        taken.update(id(part) for part in parts)
    return [document for document in found if id(document[0]) not in taken]


def source_of(url: str, sources: dict[str, Source]) -> Source:
    """Return the source whose site an address lies on, the one with the longest host; raise Problem for none or several."""
    fits = {
        source.id: max(len(urlsplit(home).netloc) for home in file_hosts_of(source) if on_site(url, home))
        for source in sources.values()
        if any(on_site(url, home) for home in file_hosts_of(source))
    }
    best = sorted(name for name, length in fits.items() if length == max(fits.values()))
    if not best:
        raise Problem(
            f"{url}: no source has this host. Name the source with --source, or add it with `tealeaves sources add`."
        )
    if len(best) > 1:
        raise Problem(f"{url}: several sources have this host: {', '.join(best)}. Name one with --source.")
    return sources[best[0]]


class _Import:
    """Takes in one answer after the other."""

    def __init__(self, engine: Engine, config: Config, workers: Workers) -> None:
        self._engine, self._config, self._workers = engine, config, workers

    def take_in(self, document: tuple[SavedAnswer, ...], sources: dict[str, Source], wish: Wish) -> Imported:
        """Take in a document: its first page, and its further ones as captures of their own."""
        answer, further = document[0], document[1:]
        url = answer.url or ""
        try:
            source = sources[wish.source_id] if wish.source_id else source_of(url, sources)
        except Problem as unclear:
            return Imported(url, problem=str(unclear))
        known = self._known(url)
        page = _page_of(answer, source, known, self._config.now())
        if problem := _objection(page, source, known):
            return Imported(url, source.id, problem=problem)
        parts = [self._part(part, page) for part in further]
        kept = [Part(part.url, part.body, part.header("content-type")) for part in parts]
        read = self._read(replace(page, parts=tuple(kept)), source)
        save(self._engine, read, self._config.now())
        for part in parts:
            save(self._engine, self._archived(part), self._config.now())
        problem = None if read.document else "; ".join(issue.detail for issue in read.issues) or "nothing could be read"
        title = read.document.title if read.document else None
        return Imported(url, source.id, title, len(read.hits), len(read.disclosures), problem)

    def _known(self, url: str) -> Any:
        with reading(self._engine) as connection:
            return connection.execute(select(PageRow).where(PageRow.canonical == canonical(url))).one_or_none()

    def _part(self, answer: SavedAnswer, first: Page) -> Page:
        at = min(answer.at, self._config.now()) if answer.at else first.fetched_at
        link = Link(first.url, first.link.title if first.link else "")
        here = answer.url or ""
        came = replace(first, url=here, requested_url=here, headers=answer.headers, body=answer.body)
        return replace(came, kind="part", link=link, fetched_at=at)

    def _read(self, page: Page, source: Source) -> Reading:
        return asyncio.run(read_in_worker(self._workers, self._archived(page), publisher_of(source)))

    def _archived(self, page: Page) -> Page:
        archive = Archive(self._config.data_dir)
        try:
            return replace(page, capture=archive.keep([page])[0])
        finally:
            archive.close()


def _page_of(answer: SavedAnswer, source: Source, known: Any, now: datetime) -> Page:
    url = answer.url or ""
    link = Link(url, known.found_title, known.found_published) if known is not None and known.found_title else None
    at = min(answer.at, now) if answer.at else now
    headers = answer.headers
    return Page(
        url=url,
        requested_url=url,
        kind="page" if answer.kind == "html" else "attachment",
        status=answer.status,
        headers=headers,
        body=answer.body,
        fetched_at=at,
        source_id=source.id,
        column_url="",
        link=link,
        block=block_of(answer.status, headers, answer.body) if answer.kind == "html" else None,
        origin="import",
    )


def _objection(page: Page, source: Source, known: Any) -> str | None:
    """Say why a saved page is not taken in; None when it is."""
    if unlike := page.block or absence_of(page):
        return f"holds {(IN_WORDS | ABSENCES)[unlike]} and not the page"
    if canonical(page.url) in {canonical(url) for url in source.addresses if "{" not in url}:
        return "is a list of the source, not a document: lists are visited, not imported"
    if known is not None and known.fetched_at is not None and known.fetched_at > page.fetched_at:
        return f"was saved before the store last read this page ({known.fetched_at:%Y-%m-%d %H:%M} UTC)"
    return None
