"""What `tealeaves inspect` sees: the contract's JSON object of one page, list or text, as a crawl would tell it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from crawler.items import Disclosure, Document, Hit, Issue, Link, Provenance
from pipelines.disclosing.lending import Lenders, Telling

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


def with_lent_dates(looked: Iterable[tuple[Specimen, Seen]]) -> Iterator[tuple[Specimen, Seen]]:
    """Yield what was seen, in order, as one crawl would read it: copies lend each other their day.

    From the first page that lacks a day on everything is held back until all are seen.
    """
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


def as_contract(path: str, seen: Seen) -> dict[str, Any]:
    """Put what was seen into the shape that docs and scripts rely on; finds in the title are listed apart."""
    return {
        "path": path,
        "url": seen.url,
        "charset": seen.charset or None,
        "family": seen.family or None,
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
