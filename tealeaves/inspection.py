"""What `tealeaves inspect` sees: the contract's JSON object of one page, list or text, made by the functions of the crawl."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.items import Disclosure, Document, Hit, Issue, Link, ListReading, Provenance
from crawler.reading import read_document, read_list
from pipelines.disclosing.lending import Lenders, Telling
from pipelines.watch import Watch, watch_document, watch_text
from store.config import Config
from store.problems import Problem

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Specimen:
    """One thing to inspect: a path or address, what it is (page, list, text), and what is known of it from outside."""

    path: str
    url: str | None
    kind: str
    provenance: Provenance

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> "Specimen":
        """Make a specimen from a manifest line or the options of the command, both already checked."""
        day = entry.get("published")
        known = Provenance(
            title=entry.get("title"),
            source_name=entry.get("source_name"),
            region=entry.get("province"),
            published=date.fromisoformat(day) if day else None,
        )
        return cls(entry["path"], entry.get("url"), entry.get("as") or "page", known)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was seen in a specimen, before it is put into the contract's shape; `text` is what was searched."""

    url: str | None = None
    charset: str | None = None
    family: str | None = None
    document: Document | None = None
    links: tuple[Link, ...] = ()
    next_page: str | None = None
    hits: tuple[Hit, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    issues: tuple[Issue, ...] = ()
    text: str = ""


def inspect_specimens(specimens: Iterable[Specimen], watch: Watch, config: Config) -> Iterator[dict[str, Any]]:
    """Yield the contract's object for each specimen, in order, read as one crawl would: copies lend each other their day."""
    looked = ((specimen, look(specimen, watch, config)) for specimen in specimens)
    for specimen, seen in with_lent_dates(looked):
        yield as_contract(specimen.path, seen)


def with_lent_dates(looked: Iterable[tuple[Specimen, Seen]]) -> Iterator[tuple[Specimen, Seen]]:
    """Yield what was seen, in order; from the first page that lacks a day on it is held back until all are seen."""
    told: list[Telling] = []
    held: list[tuple[Specimen, Seen, Telling]] = []
    for specimen, seen in looked:
        text = _telling(specimen, seen)
        told += [text] if text.published and text.disclosures else []
        if held or text.lacks_dates:
            held.append((specimen, seen, text))
        else:
            yield specimen, seen
    lenders = Lenders(told)
    for specimen, seen, text in held:
        yield specimen, _borrowing(seen, lenders.dated(text))


def _telling(specimen: Specimen, seen: Seen) -> Telling:
    document = seen.document
    published = document.published if document and document.published else specimen.provenance.published
    title = document.title if document else None
    return Telling(seen.url or specimen.path, published, title, seen.text, seen.disclosures)


def _borrowing(seen: Seen, disclosures: tuple[Disclosure, ...]) -> Seen:
    lent = Counter(found.date_from for found in disclosures if found.date_from)
    details = (
        f"the page gives no day; a copy of it does, and dates {n} disclosures: {copy}" for copy, n in lent.items()
    )
    issues = tuple(Issue("day-lent-by-a-copy", detail) for detail in details)
    return replace(seen, disclosures=disclosures, issues=(*seen.issues, *issues))


def look(specimen: Specimen, watch: Watch, config: Config) -> Seen:
    """Return what is seen in one specimen; what cannot be read gives an issue."""
    try:
        return _look(specimen, watch, config)
    except OSError as error:
        return Seen(specimen.url, issues=(Issue("unreadable", f"{specimen.path}: {error.strerror or error}"),))
    except Problem as problem:
        return Seen(specimen.url, issues=(Issue("unreadable", str(problem)),))


def _look(specimen: Specimen, watch: Watch, config: Config) -> Seen:
    url: str | None
    if specimen.path.startswith(("http://", "https://")):
        from crawler.fetch import fetch

        page = fetch(specimen.path, config)
        url, body, content_type = page.url, page.body, page.header("content-type")
    else:
        url, body, content_type = specimen.url, Path(specimen.path).read_bytes(), None
    if specimen.kind == "text":
        return _look_at_text(body, url, watch, specimen.provenance)
    base = url or Path(specimen.path).resolve().as_uri()
    if specimen.kind == "list":
        reading = read_list(
            base, body, content_type, seen_on=specimen.provenance.published or config.now().astimezone(CHINA).date()
        )
        return _from_list(url, reading)
    return _look_at_page(base, url, (body, content_type), watch, specimen.provenance)


def _look_at_text(body: bytes, url: str | None, watch: Watch, provenance: Provenance) -> Seen:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return Seen(url, issues=(Issue("unknown-charset", "the text is not UTF-8"),))
    hits, disclosures = watch_text(text, watch, provenance)
    return Seen(url, "utf-8", hits=hits, disclosures=disclosures, text=text)


def _from_list(url: str | None, reading: ListReading) -> Seen:
    return Seen(
        url, reading.charset, reading.family, links=reading.links, next_page=reading.next_page, issues=reading.issues
    )


def _look_at_page(
    base: str, url: str | None, answer: tuple[bytes, str | None], watch: Watch, known: Provenance
) -> Seen:
    reading = read_document(base, *answer)
    if reading.document is None:
        return Seen(url, reading.charset, reading.family, issues=reading.issues)
    document = reading.document
    known = replace(known, title=document.title or known.title, published=document.published or known.published)
    hits, disclosures = watch_document(document, watch, known)
    return Seen(
        url,
        reading.charset,
        reading.family,
        document,
        hits=hits,
        disclosures=disclosures,
        issues=reading.issues,
        text=document.body,
    )


def as_contract(path: str, seen: Seen) -> dict[str, Any]:
    """Put what was seen into the shape that docs and scripts rely on; finds in the title are listed apart."""
    return {
        "path": path,
        "url": seen.url,
        "charset": seen.charset,
        "family": seen.family,
        "document": _document(seen.document) if seen.document else None,
        "links": [{"url": link.url, "title": link.title, "published": _day(link.published)} for link in seen.links],
        "next_page": seen.next_page,
        "hits": [_hit(hit) for hit in seen.hits if hit.place == "body"],
        "disclosures": [_disclosure(found) for found in seen.disclosures if found.place == "body"],
        "title_hits": [_hit(hit) for hit in seen.hits if hit.place == "title"],
        "title_disclosures": [_disclosure(found) for found in seen.disclosures if found.place == "title"],
        "issues": [asdict(issue) for issue in seen.issues],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "published": _day(document.published),
        "published_time": document.published_time.astimezone(CHINA).isoformat() if document.published_time else None,
        "signed": _day(document.signed),
        "source": document.source,
        "issuer": document.issuer,
        "doc_number": document.doc_number,
        "index_number": document.index_number,
        "body": document.body,
        "attachments": [asdict(attachment) for attachment in document.attachments],
        "reader": document.reader,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {name: getattr(hit, name) for name in ("term", "surface", "start", "end", "status", "why", "context")}


def _disclosure(found: Disclosure) -> dict[str, Any]:
    return {name: value for name, value in asdict(found).items() if name != "place"}
