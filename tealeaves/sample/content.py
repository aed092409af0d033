"""Reads the sample's data files: sites, their pages, and what should be read and found in each page.

Days are kept as ages, counted back from the opening day of the sample, so that its news is always of these days.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from store.yamlfile import YamlErrors, parse_yaml

SITES = Path(__file__).parent / "sites"
CHINA = ZoneInfo("Asia/Shanghai")

_DAY = re.compile(r"\{(day|date|iso|month|year) (-?\d+)\}")
_WRITTEN: dict[str, Callable[[date], str]] = {
    "day": lambda day: f"{day.month}月{day.day}日",
    "date": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "iso": lambda day: day.isoformat(),
    "month": lambda day: f"{day.year}-{day.month:02d}",
    "year": lambda day: str(day.year),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SampleColumn(_Strict):
    """A list of a site: where the crawl finds it, where its further pages lie, which template draws it."""

    name: str
    url: str
    family: str
    template: str = "list.html"
    per_page: Annotated[int, Field(ge=1)] = 20
    more: str = ""
    dated: bool = False


class SampleSite(_Strict):
    """One invented site: who it says it is, how it is built, and how it misbehaves."""

    id: str = ""
    name: str
    name_en: str
    tier: str
    folder: str
    region: str | None = None
    layout: str
    encoding: str = "utf-8"
    meta_charset: str | None = "utf-8"
    header_charset: str | None = None
    address: str
    file_address: str = "{folder}/{file}"
    columns: tuple[SampleColumn, ...]
    robots: str = "User-agent: *\nCrawl-delay: 0\n"
    blocked: bool = False
    empty_from: int | None = None
    language: str = "zh-CN"


class SampleFile(_Strict):
    """A file that a page links to; its text is what the file holds."""

    file: Annotated[str, Field(pattern=r"^[\w.-]+\.(pdf|docx)$")]
    name: str
    text: str


class Edit(_Strict):
    """A passage that reads otherwise from the second visit on."""

    old: str
    new: str


class Find(_Strict):
    """A disclosure that must be found in a page; a key that is not given is not tested."""

    type: Literal[
        "meeting", "membership", "approval", "document", "coordination", "funding", "establishment", "slogan", "mention"
    ]
    body: str | None = None
    region: str | None = None
    date: str | None = None
    date_precision: str | None = None
    ordinal: int | None = None
    person: str | None = None
    role: str | None = None
    capacity: str | None = None
    object: str | None = None
    object_kind: str | None = None
    outcome: str | None = None


class SamplePage(_Strict):
    """One page: what it says, when it came, what becomes of it on the second visit, and what must be found in it."""

    title: str
    listed_as: str | None = None
    number: int
    column: int = 0
    age: int
    time: str = "09:30"
    source: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    signed_age: int | None = None
    visit: Literal[1, 2] = 1
    gone: bool = False
    edits: tuple[Edit, ...] = ()
    split: tuple[str, ...] = ()
    files: tuple[SampleFile, ...] = ()
    finds: tuple[Find, ...] = ()
    terms: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    body: str


@dataclass(frozen=True)
class Content:
    """Everything the sample says, for one opening day; sites by id, the pages of each with the newest first."""

    opening: date
    sites: dict[str, SampleSite]
    pages: dict[str, dict[str, SamplePage]]

    def published(self, page: SamplePage) -> datetime:
        """The aware instant that a page shows as its time of publication, in China time."""
        return datetime.combine(self.opening - timedelta(days=page.age), time.fromisoformat(page.time), CHINA)

    def signed(self, page: SamplePage) -> date | None:
        """The day of the document itself (成文日期), where the page has one."""
        return None if page.signed_age is None else self.opening - timedelta(days=page.signed_age)

    def shown(self, site_id: str, visit: int) -> list[tuple[str, SamplePage]]:
        """The pages that a site lists on a visit, newest first."""
        pages = [(slug, page) for slug, page in self.pages[site_id].items() if page.visit <= visit]
        return [(slug, page) for slug, page in pages if not (page.gone and visit > 1)]

    def paragraphs(self, page: SamplePage, visit: int) -> list[str]:
        """What the page says on a visit, paragraph by paragraph."""
        body = page.body
        for edit in page.edits if visit > 1 else ():
            body = body.replace(edit.old, edit.new)
        return [line.strip() for line in body.splitlines() if line.strip()]


def load_content(opening: date, folder: Path = SITES) -> Content:
    """Read every site below a folder for an opening day; raise YamlErrors with every error of every file."""
    sites: dict[str, SampleSite] = {}
    pages: dict[str, dict[str, SamplePage]] = {}
    errors: list[str] = []
    for path in sorted(folder.glob("*/site.yml")):
        try:
            sites[path.parent.name] = _dated(path, SampleSite, opening).model_copy(update={"id": path.parent.name})
        except YamlErrors as error:
            errors.extend(error.lines)
        found, wrong = _load_pages(path.parent / "pages", opening)
        pages[path.parent.name] = dict(sorted(found.items(), key=lambda item: (item[1].age, -item[1].number)))
        errors.extend(wrong)
    if errors:
        raise YamlErrors(errors)
    return Content(opening, sites, pages)


def _load_pages(folder: Path, opening: date) -> tuple[dict[str, SamplePage], list[str]]:
    pages: dict[str, SamplePage] = {}
    errors: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            pages[path.stem] = _dated(path, SamplePage, opening)
        except YamlErrors as error:
            errors.extend(error.lines)
            continue
        unused = [edit.old for edit in pages[path.stem].edits if edit.old not in pages[path.stem].body]
        errors.extend(f"{path}:1: edits: the page does not say {old!r}" for old in unused)
    return pages, errors


def _dated(path: Path, model: type[Any], opening: date) -> Any:
    value, _ = parse_yaml(path, model)
    return model.model_validate(_fill(value.model_dump(exclude_unset=True), opening))


def _fill(value: Any, opening: date) -> Any:
    """Replace {day 3}, {date 3}, {iso 3} … in every text of a value by that many days before the opening."""
    if isinstance(value, str):
        return _DAY.sub(lambda found: _WRITTEN[found[1]](opening - timedelta(days=int(found[2]))), value)
    if isinstance(value, dict):
        return {key: _fill(item, opening) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fill(item, opening) for item in value]
    return value
