"""Saves a page with its expected reading, so that it stays read that way: tests/pages/<source>/<name>.html and .json."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crawler.items import Document, Link, ListReading, Page
from crawler.reading import read_document, read_list
from crawler.rhythm import CHINA
from crawler.sources import Column, Source, selectors

LIST, PAGE = "list", "page"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a saved page is read: what it is, and what its source's file says of it."""

    kind: str
    family: str | None = None
    select: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kind: str, source: Source, column: Column) -> "Settings":
        """Return how the crawl would read a page of a column."""
        select = selectors(source, column).model_dump(exclude_none=True)
        family = None if column.family == "generic" else column.family
        return cls(kind, family, tuple(sorted(select.items())))


def save(page: Page, settings: Settings, folder: Path, name: str) -> tuple[Path, Path]:
    """Write the bytes and the reading of a page; return both paths. A person checks the reading before it is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    bytes_path = folder / f"{name}.html"
    bytes_path.write_bytes(page.body)
    how: dict[str, Any] = {
        "url": page.url,
        "content_type": page.header("content-type"),
        "as": settings.kind,
        "family": settings.family,
        "select": dict(settings.select),
        "seen_on": page.fetched_at.astimezone(CHINA).date().isoformat(),
    }
    expected_path = folder / f"{name}.json"
    told = json.dumps({**how, "expected": reading_of(how, page.body)}, ensure_ascii=False, indent=2)
    expected_path.write_text(told + "\n", encoding="utf-8")
    return bytes_path, expected_path


def reading_of(how: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Read a saved page as its .json says, and return what is compared with `expected`."""
    given = (how["url"], body, how["content_type"])
    if how["as"] == LIST:
        seen_on = date.fromisoformat(how["seen_on"])
        return _list(read_list(*given, family=how["family"], select=how["select"], seen_on=seen_on))
    reading = read_document(*given, family=how["family"], select=how["select"])
    return {"family": reading.family, "document": _document(reading.document)}


def _list(reading: ListReading) -> dict[str, Any]:
    return {
        "family": reading.family,
        "links": [_link(link) for link in reading.links],
        "next_page": reading.next_page,
    }


def _link(link: Link) -> dict[str, str | None]:
    return {"url": link.url, "title": link.title, "published": _day(link.published)}


def _document(document: Document | None) -> dict[str, Any] | None:
    if document is None:
        return None
    fields = asdict(document)
    del fields["reader"]
    time = document.published_time
    return {
        **fields,
        "published": _day(document.published),
        "signed": _day(document.signed),
        "published_time": time.isoformat() if time else None,
        "attachments": [asdict(attachment) for attachment in document.attachments],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
