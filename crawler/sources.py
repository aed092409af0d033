"""What a source file says, checked: `Source`, `Column`, and `load_sources(folder)`, which names every error at once."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.guard import is_loopback
from crawler.rhythm import SHORTEST, duration, fill_dates, next_visit
from crawler.source_fields import (
    FOLDERS,
    LOCAL_TIERS,
    Address,
    BlockName,
    Css,
    Duration,
    Every,
    Family,
    HeaderName,
    HostName,
    ListAddress,
    Proxy,
    Region,
    Slug,
    Tier,
    Words,
    check_slug,
)
from store.yamlfile import Line, YamlErrors, line_of, parse_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Evidence(_Strict):
    """Where the address of a column is known from: grade A to D, the month it was seen, and a note."""

    grade: Literal["A", "B", "C", "D"]
    seen: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None
    note: str = ""


class Expect(_Strict):
    """What a healthy list looks like: links on its first page, and how long it may bring nothing new."""

    min_links: Annotated[int, Field(ge=0, le=1000)] = 1
    quiet_after: Duration | None = None


class Select(_Strict):
    """CSS overrides for one deviating site; `links` selects the anchors of a list, or the rows that hold them."""

    title: Css | None = None
    body: Css | None = None
    published: Css | None = None
    source: Css | None = None
    links: Css | None = None
    next: Css | None = None


class Column(_Strict):
    """A list page of a source; `form` is sent as a web form, `payload` as JSON, and either one needs method POST."""

    id: Slug | None = None
    name: Words
    name_en: str | None = None
    url: ListAddress
    family: Family = "generic"
    enabled: bool = True
    reason: str = ""
    pages: Annotated[int, Field(ge=1, le=50)] = 2
    method: Literal["GET", "POST"] = "GET"
    form: dict[str, str] | None = None
    payload: dict[str, Any] | None = None
    referer: bool = False
    cookies: bool = False
    headers: dict[HeaderName, str] = Field(default_factory=dict)
    evidence: Evidence | None = None
    expect: Expect | None = None
    select: Select | None = None

    @model_validator(mode="after")
    def _check_column(self) -> Self:
        if not self.enabled and not self.reason:
            raise ValueError("a column that is not enabled needs a reason")
        if (self.form or self.payload) and self.method != "POST":
            raise ValueError("form and payload are sent with method: POST")
        if self.form and self.payload:
            raise ValueError("give a form or a payload, not both")
        return self


class Source(_Strict):
    """A publisher that we read. `id` is the stem of its file; without columns it is a host only, and says why."""

    id: str = ""
    name: Words
    name_en: Words
    tier: Tier
    region: Region | None = None
    homepage: Address
    hosts: tuple[HostName, ...] = ()
    every: Every = "6h"
    delay: Annotated[float, Field(ge=0, le=600)] | None = None
    egress: Proxy | None = None
    tls: Literal["default", "legacy"] = "default"
    http_only: bool = False
    ip_family: Literal["ipv4", "ipv6"] | None = None
    block_family: BlockName | None = None
    columns: tuple[Column, ...] = ()
    reason: str = ""
    expect: Expect = Expect()
    select: Select = Select()

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if problem := next(_problems(self), None):
            raise ValueError(problem)
        return self

    @property
    def enabled(self) -> bool:
        """Whether any column of it is visited."""
        return any(column.enabled for column in self.columns)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The home page and every list address, as written."""
        return (self.homepage, *(column.url for column in self.columns))


def _problems(source: Source) -> Iterator[str]:
    if not source.columns and not source.reason:
        yield "a source without columns needs a reason"
    if source.tier in LOCAL_TIERS and source.region is None:
        yield f"a source of tier {source.tier} needs its region"
    local = all(is_loopback(urlsplit(url).hostname or "") for url in source.addresses)
    if source.delay is not None and not local:
        yield "delay is for sites on this machine only; elsewhere the politeness of the crawl decides"
    if " " not in source.every and duration(source.every) < SHORTEST and not local:
        yield "every: a source is visited every 15 minutes at most"
    if source.http_only and any(url.startswith("https:") for url in source.addresses):
        yield "http_only is set, but an address begins with https://"


def column_url(column: Column, day: date) -> str:
    """Return the address to visit on a day: date templates filled; an aware instant counts as its day in China."""
    return fill_dates(column.url, day)


def expectation(source: Source, column: Column) -> Expect:
    """Return what a column must show: its own expectation, else that of its source."""
    return column.expect or source.expect


def selectors(source: Source, column: Column | None) -> Select:
    """Return the CSS overrides in force: those of the column, completed by those of its source."""
    own = column.select.model_dump(exclude_none=True) if column and column.select else {}
    return source.select.model_copy(update=own)


def quiet_after(source: Source, column: Column) -> timedelta | None:
    """Return how long a column may bring nothing new before that is worth a word; None when it is not known."""
    text = expectation(source, column).quiet_after
    return duration(text) if text else None


def next_due(source: Source, last: datetime | None, now: datetime) -> datetime:
    """Return the instant of the next visit after `last` (None: never visited, due now); cron lines are China time."""
    return next_visit(source.every, last, now)


def load_sources(folder: Path) -> dict[str, Source]:
    """Read every source file below a folder, by id; raise YamlErrors with every error of every file.

    Files lie in the folder of their tier (central, ministries, provinces, cities, media) or directly in `folder`.
    """
    if not folder.is_dir():
        raise YamlErrors([f"{folder}: there is no such folder"])
    sources: dict[str, Source] = {}
    taken: dict[str, str] = {}
    errors: list[str] = []
    for path in sorted([*folder.glob("*.y*ml"), *folder.glob("*/*.y*ml")], key=lambda path: (path.stem, str(path))):
        try:
            source, lines = load_source(path)
        except YamlErrors as error:
            errors.extend(error.lines)
            continue
        errors.extend(_misplaced(path, folder, source, lines))
        errors.extend(_taken(path, source, lines, taken))
        sources[source.id] = source
    if errors:
        raise YamlErrors(errors)
    return sources


def load_source(path: Path) -> tuple[Source, dict[Line, int]]:
    """Read one source file: the source with its id, and the line of every path; raise YamlErrors."""
    source, lines = parse_yaml(path, Source)
    wrong = [f"{path}:{lines[('id',)]}: id: the id of a source is the name of its file"] if ("id",) in lines else []
    try:
        check_slug(path.stem)
    except ValueError as error:
        wrong.append(f"{path}:1: {error}")
    if path.suffix != ".yml":
        wrong.append(f"{path}:1: the name of a source file ends in .yml")
    if wrong:
        raise YamlErrors(wrong)
    return source.model_copy(update={"id": path.stem}), lines


def _misplaced(path: Path, folder: Path, source: Source, lines: dict[Line, int]) -> Iterator[str]:
    wanted = FOLDERS[source.tier]
    if path.parent not in (folder, folder / wanted):
        yield f"{path}:{line_of(('tier',), lines)}: tier: a source of tier {source.tier} lies in {wanted}/, not in {path.parent.name}/"


def _taken(path: Path, source: Source, lines: dict[Line, int], taken: dict[str, str]) -> Iterator[str]:
    keys = [(f"id {source.id}", 1, "")]
    for index, column in enumerate(source.columns):
        line = line_of(("columns", index, "url"), lines)
        keys.append((f"address {_plain(column.url)}", line, f"columns.{index}.url: "))
        if column.id:
            keys.append((f"column id {column.id}", line_of(("columns", index, "id"), lines), f"columns.{index}.id: "))
    for key, line, where in keys:
        if key in taken:
            yield f"{path}:{line}: {where}the {key} is already used at {taken[key]}"
        taken.setdefault(key, f"{path}:{line}")


def _plain(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url)
