"""Draws a site of the sample as the answers its server gives: every address, its bytes and headers, for one visit."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from posixpath import dirname
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.rhythm import fill_dates
from tealeaves.sample.content import CHINA, Content, SampleColumn, SampleFile, SamplePage, SampleSite
from tealeaves.sample.files import write_file

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Answer:
    """What a server says at one address: status, media type, bytes, and when that last changed."""

    status: int
    media_type: str
    body: bytes
    modified: datetime

    @property
    def etag(self) -> str:
        """A validator that changes with the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def last_modified(self) -> str:
        """The instant of the last change as HTTP writes it."""
        return format_datetime(self.modified.astimezone(UTC), usegmt=True)


@dataclass(frozen=True)
class Row:
    """One line of a list page as a template draws it."""

    path: str
    url: str
    title: str
    full_title: str
    published: datetime
    page: SamplePage


def page_path(content: Content, site: SampleSite, slug: str) -> str:
    """The path at which a site serves a page, in the shape of its CMS family."""
    page = content.pages[site.id][slug]
    return site.address.format(
        published=content.published(page),
        number=page.number,
        million=page.number // 1_000_000,
        thousand=page.number // 1_000,
        hex=hashlib.md5(slug.encode(), usedforsecurity=False).hexdigest(),
    )


def file_path(site: SampleSite, path: str, page: SamplePage, file: SampleFile) -> str:
    """The path at which a site serves a file of the page at `path`."""
    return site.file_address.format(folder=dirname(path), file=file.file, number=page.number)


def render_site(content: Content, site_id: str, visit: int, base: str) -> dict[str, Answer]:
    """Return every address (path with query) that a site answers on a visit; `base` is its own http://host:port."""
    return dict(Renderer(content, content.sites[site_id], visit, base).answers())


class Renderer:
    """Draws one site for one visit."""

    def __init__(self, content: Content, site: SampleSite, visit: int, base: str) -> None:
        self.content, self.site, self.visit, self.base = content, site, visit, base
        self.today = content.opening + timedelta(days=visit - 1)
        self.environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
        self.environment.globals.update(site=site, base=base, today=self.today)

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Home page, robots.txt, lists, pages and their files."""
        yield "/robots.txt", Answer(200, "text/plain", self.site.robots.encode(), self._midnight(self.today))
        yield (
            "/",
            self._html("home.html", self._midnight(self.today), paths=[self._first(c) for c in self.site.columns]),
        )
        for number, column in enumerate(self.site.columns):
            yield from self._lists(column, self._rows(number))
        for slug, page in self.content.shown(self.site.id, self.visit):
            yield from self._page(slug, page)

    def _rows(self, column: int) -> list[Row]:
        if self.site.empty_from is not None and self.visit >= self.site.empty_from:
            return []
        shown = self.content.shown(self.site.id, self.visit)
        return [self._row(slug, page) for slug, page in shown if page.column == column]

    def _row(self, slug: str, page: SamplePage) -> Row:
        path = page_path(self.content, self.site, slug)
        published = self.content.published(page)
        return Row(path, self.base + path, page.listed_as or page.title, page.title, published, page)

    def _lists(self, column: SampleColumn, rows: list[Row]) -> Iterator[tuple[str, Answer]]:
        if column.dated:
            for day in {row.published.date() for row in rows} | {self.today}:
                issue = [row for row in rows if row.published.date() == day]
                yield fill_dates(column.url, day), self._list(column, issue, day)
            return
        parts = [rows[at : at + column.per_page] for at in range(0, len(rows), column.per_page)] or [[]]
        for number, part in enumerate(parts):
            path = (
                column.url if number == 0 else column.more.format(n=number, page=number + 1, left=len(parts) - number)
            )
            yield path, self._list(column, part, self.today, number=number, total=len(parts), count=len(rows))

    def _list(self, column: SampleColumn, rows: list[Row], day: date, **place: int) -> Answer:
        """Draw one page of a list; `place` says which (number, from 0) of how many (total) and how many rows there are."""
        folder = dirname(column.url.partition("?")[0]).rstrip("/") + "/"
        whole = {"number": 0, "total": 1, "count": len(rows)}
        known = {"column": column, "rows": rows, "day": day, "folder": folder, **whole, **place}
        modified = max((row.published for row in rows), default=self._midnight(day))
        return self._html(f"{self.site.layout}/{column.template}", modified, **known)

    def _page(self, slug: str, page: SamplePage) -> Iterator[tuple[str, Answer]]:
        path = page_path(self.content, self.site, slug)
        published = self.content.published(page)
        files = [(file_path(self.site, path, page, file), file) for file in page.files]
        known = {
            "page": page,
            "path": path,
            "published": published,
            "signed": self.content.signed(page),
            "paragraphs": [_split(text, page.split) for text in self.content.paragraphs(page, self.visit)],
            "files": [(address, file.name) for address, file in files],
            "column": self.site.columns[page.column],
        }
        edited = published if self.visit == 1 or not page.edits else self._midnight(self.today)
        yield path, self._html(f"{self.site.layout}/page.html", edited, **known)
        for address, file in files:
            media_type, body = write_file(file.file, file.text)
            yield address, Answer(200, media_type, body, published)

    def _html(self, template: str, modified: datetime, **known: Any) -> Answer:
        text = self.environment.get_template(template).render(**known)
        if template.endswith(".json"):
            return Answer(200, "application/json;charset=UTF-8", text.encode(), modified)
        label = f"; charset={self.site.header_charset}" if self.site.header_charset else ""
        return Answer(200, f"text/html{label}", text.encode(self.site.encoding, "xmlcharrefreplace"), modified)

    def _first(self, column: SampleColumn) -> tuple[str, str]:
        return column.name, fill_dates(column.url, self.today)

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _split(text: str, terms: tuple[str, ...]) -> Markup:
    """Escape a paragraph and cut the given terms apart with tags and a line break, as editors' software does."""
    html = str(escape(text))
    for term in terms:
        half = len(term) // 2
        html = html.replace(term, f'{term[:half]}</span>\n<span style="font-family:仿宋">{term[half:]}')
    return Markup(html)  # noqa: S704 - the text was escaped above
