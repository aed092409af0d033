"""What `tealeaves inspect` sees: the contract's JSON object of one page, list or text, made by the functions of the crawl."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.items import Disclosure, Document, Hit, Issue, Link, ListReading, Provenance
from crawler.reading import read_document, read_list
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
    """Everything that was seen in a specimen, before it is put into the contract's shape."""

    url: str | None = None
    charset: str | None = None
    family: str | None = None
    document: Document | None = None
    links: tuple[Link, ...] = ()
    next_page: str | None = None
    hits: tuple[Hit, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    issues: tuple[Issue, ...] = ()


def inspect_specimen(specimen: Specimen, watch: Watch, config: Config) -> dict[str, Any]:
    """Return the contract's object for one specimen; what cannot be read gives an object with an issue."""
    try:
        seen = _look(specimen, watch, config)
    except OSError as error:
        seen = Seen(specimen.url, issues=(Issue("unreadable", f"{specimen.path}: {error.strerror or error}"),))
    except Problem as problem:
        seen = Seen(specimen.url, issues=(Issue("unreadable", str(problem)),))
    return as_contract(specimen.path, seen)


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
    return Seen(url, "utf-8", hits=hits, disclosures=disclosures)


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
    hits, disclosures = watch_document(reading.document, watch, known)
    return Seen(
        url,
        reading.charset,
        reading.family,
        reading.document,
        hits=hits,
        disclosures=disclosures,
        issues=reading.issues,
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
