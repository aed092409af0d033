"""Saves a page with its expected reading, so that it stays read that way: tests/pages/<source>/<name>.expected.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crawler.items import Document, Issue, Page
from crawler.reading import read_document, read_list
from crawler.rhythm import CHINA
from crawler.sources import Column, Source, selectors

LIST, PAGE = "list", "page"
EXPECTED = ".expected.json"
_ENDINGS = {"application/json": ".json", "text/xml": ".xml", "application/xml": ".xml", "application/rss+xml": ".xml"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a saved page is read: what it is, and what its source's file says of it."""

    kind: str
    declared: str | None = None
    select: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kind: str, source: Source, column: Column) -> "Settings":
        """Return how the crawl would read a page of a column."""
        select = selectors(source, column).model_dump(exclude_none=True)
        declared = None if column.family == "generic" else column.family
        return cls(kind, declared, tuple(sorted(select.items())))


def save(page: Page, settings: Settings, folder: Path, name: str) -> tuple[Path, Path]:
    """Write the bytes and the reading of a page; return both paths. A person checks the reading before it is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    content_type = page.header("content-type")
    ending = _ENDINGS.get((content_type or "").partition(";")[0].strip().lower(), ".html")
    kept, expected = folder / f"{name}{ending}", folder / f"{name}{EXPECTED}"
    kept.write_bytes(page.body)
    how: dict[str, Any] = {
        "url": page.url,
        "as": settings.kind,
        "content_type": content_type,
        "declared": settings.declared,
        "select": dict(settings.select),
        "seen_on": page.fetched_at.astimezone(CHINA).date().isoformat(),
    }
    told = json.dumps({**how, **reading_of(how, page.body)}, ensure_ascii=False, indent=2)
    expected.write_text(told + "\n", encoding="utf-8")
    return kept, expected


def reading_of(how: Mapping[str, Any], body: bytes) -> dict[str, Any]:
    """Read a saved page as its .expected.json says (url, as, content_type, declared, select, seen_on); plain values."""
    given = (how["url"], body, how.get("content_type"))
    family, select = how.get("declared"), how.get("select")
    if how["as"] == PAGE:
        read = read_document(*given, family=family, select=select)
        fields = _fields(read.document) if read.document else {}
        return {"charset": read.charset, "family": read.family, **fields, "issues": _kinds(read.issues)}
    seen_on = date.fromisoformat(how["seen_on"]) if how.get("seen_on") else None
    rows = read_list(*given, family=family, select=select, seen_on=seen_on)
    links = [[link.url, link.title, link.published and link.published.isoformat()] for link in rows.links]
    told = {"charset": rows.charset, "family": rows.family, "next_page": rows.next_page, "links": links}
    return {**told, "issues": _kinds(rows.issues)}


def _fields(document: Document) -> dict[str, Any]:
    fields = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(document).items()}
    return {**fields, "attachments": [attachment.url for attachment in document.attachments]}


def _kinds(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.kind for issue in issues]
