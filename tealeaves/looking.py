"""Looks at specimens as a crawl would: read and searched in worker processes, each under the crawl's deadline."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.attachments import read_attachment
from crawler.items import Issue, ListReading, Provenance
from crawler.preparing import Preparation
from crawler.reading import read_document, read_list
from crawler.workers import ReadingFailed, Workers
from pipelines.read import FILE_DEADLINE, is_packed
from pipelines.watch import Watch, load_watch, watch_document, watch_text
from store.config import Config
from store.problems import Problem
from store.yamlfile import YamlErrors
from tealeaves.inspection import Seen, Specimen

CHINA = ZoneInfo("Asia/Shanghai")
SIDE_BY_SIDE = 4


class Answer(NamedTuple):
    """The bytes of a specimen, the address they came from (None for a file whose address is not known), and their day."""

    url: str | None
    body: bytes
    content_type: str | None
    seen_on: date


def look_each(specimens: Iterable[Specimen], config: Config) -> Iterator[tuple[Specimen, Seen]]:
    """Yield every specimen with what is seen in it, in order; what cannot be read gives an issue.

    Raises YamlErrors when keywords.yml or disclosures.yml cannot be used.
    """
    files = (str(config.keywords.resolve()), str(config.disclosures.resolve()))
    with Workers(Preparation("tealeaves.looking.prepare", files)) as workers, asyncio.Runner() as runner:
        if wrong := runner.run(workers.run(complaints)):
            raise YamlErrors(wrong)
        ahead: deque[tuple[Specimen, asyncio.Task[Seen]]] = deque()
        for specimen in specimens:
            answer = answer_of(specimen, config)
            ahead.append((specimen, runner.get_loop().create_task(_look(workers, specimen, answer))))
            if len(ahead) == SIDE_BY_SIDE:
                yield _first_of(ahead, runner)
        while ahead:
            yield _first_of(ahead, runner)


def _first_of(ahead: deque[tuple[Specimen, "asyncio.Task[Seen]"]], runner: asyncio.Runner) -> tuple[Specimen, Seen]:
    specimen, task = ahead.popleft()

    async def done() -> Seen:
        return await task

    return specimen, runner.run(done())


def answer_of(specimen: Specimen, config: Config) -> Answer | Issue:
    """Return the bytes of a file, or what an address answers; an issue when there is nothing to be read."""
    seen_on = specimen.provenance.published or config.now().astimezone(CHINA).date()
    scheme, colon, _ = specimen.path.partition("://")
    if colon and scheme not in ("http", "https"):
        return Issue("unreadable", f"{specimen.path}: only http and https addresses are asked, and files are read")
    try:
        if not colon:
            return Answer(specimen.url, Path(specimen.path).read_bytes(), None, seen_on)
        from crawler.fetch import fetch

        page = fetch(specimen.path, config)
    except OSError as error:
        return Issue("unreadable", f"{specimen.path}: {error.strerror or error}")
    except Problem as problem:
        return Issue("unreadable", str(problem))
    return Answer(page.url, page.body, page.header("content-type"), seen_on)


async def _look(workers: Workers, specimen: Specimen, answer: Answer | Issue) -> Seen:
    if isinstance(answer, Issue):
        return Seen(specimen.url, issues=(answer,))
    try:
        if specimen.kind == "page" and is_packed(answer.body):
            return await workers.run_within(FILE_DEADLINE, look_prepared, specimen, answer)
        return await workers.run(look_prepared, specimen, answer)
    except ReadingFailed as failed:
        return Seen(answer.url, issues=(Issue(failed.kind, failed.detail),))


_prepared: list[Watch | YamlErrors] = []


def prepare(keywords: str, disclosures: str) -> None:
    """Load what is watched for, once for each worker process; files that cannot be used are kept for `complaints` to tell."""
    try:
        _prepared[:] = [load_watch(Path(keywords), Path(disclosures))]
    except YamlErrors as errors:
        _prepared[:] = [errors]


def complaints() -> list[str]:
    """Return what is wrong with the files that this worker was to load: one `file:line: …` for each error."""
    (loaded,) = _prepared
    return loaded.lines if isinstance(loaded, YamlErrors) else []


def look_prepared(specimen: Specimen, answer: Answer) -> Seen:
    """`look` with what `prepare` loaded."""
    (watch,) = _prepared
    if isinstance(watch, YamlErrors):
        raise watch
    return look(specimen, answer, watch)


def look(specimen: Specimen, answer: Answer, watch: Watch) -> Seen:
    """Return what is seen in the bytes of a specimen. Raises nothing for any bytes."""
    if specimen.kind == "text":
        return _look_at_text(answer, watch, specimen.provenance)
    base = answer.url or Path(specimen.path).resolve().as_uri()
    if specimen.kind == "list":
        return _from_list(answer.url, read_list(base, answer.body, answer.content_type, seen_on=answer.seen_on))
    return _look_at_page(base, Path(specimen.path).name, answer, watch, specimen.provenance)


def _look_at_text(answer: Answer, watch: Watch, provenance: Provenance) -> Seen:
    try:
        text = answer.body.decode("utf-8")
    except UnicodeDecodeError:
        return Seen(answer.url, issues=(Issue("unknown-charset", "the text is not UTF-8"),))
    hits, disclosures = watch_text(text, watch, provenance)
    return Seen(answer.url, "utf-8", hits=hits, disclosures=disclosures, text=text)


def _from_list(url: str | None, reading: ListReading) -> Seen:
    rows, following = reading.links, reading.next_page
    return Seen(url, reading.charset, reading.family, links=rows, next_page=following, issues=reading.issues)


def _look_at_page(base: str, name: str, answer: Answer, watch: Watch, known: Provenance) -> Seen:
    packed = is_packed(answer.body)
    reading = read_attachment(name, answer.body) if packed else read_document(base, answer.body, answer.content_type)
    seen = Seen(answer.url, reading.charset, reading.family, reading.document, issues=reading.issues)
    if reading.document is None:
        return seen
    document = reading.document
    known = replace(known, title=document.title or known.title, published=document.published or known.published)
    hits, disclosures = watch_document(document, watch, known)
    return replace(seen, hits=hits, disclosures=disclosures, text=document.body)
