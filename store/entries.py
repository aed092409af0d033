"""The nouns that the crawler and its frontier exchange: what files say, what is due, what is pending."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """A list page as the source's file says it now."""

    name: str
    url: str
    family: str


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A publisher as its file says it now."""

    id: str
    name: str
    name_en: str
    tier: str
    homepage: str
    region: str | None = None
    columns: tuple[ColumnEntry, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class DueColumn:
    """A list page to visit now, with the validators that the last visit left; `visited_at` is None before the first."""

    id: int
    source_id: str
    url: str
    name: str
    family: str
    etag: str | None
    last_modified: str | None
    visited_at: datetime | None
    first_visit: bool
    last_links: int | None = None
    last_new_at: datetime | None = None
    news_days: tuple[date, ...] = ()
    shows_days: bool = False


@dataclass(frozen=True, slots=True)
class PendingPage:
    """An address to fetch now; `title` and `published` are what the list printed beside it.

    `etag` and `last_modified` are set for a recheck of a page that was read before.
    """

    id: int
    url: str
    source_id: str
    column_id: int | None
    kind: str
    title: str | None
    published: date | None
    found_later: bool
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one list of a source (`about` is its address), or with its pages or its visits.

    A `lasting` trouble is an alarm at once, another one only when it has lasted; `network` is one that a broken
    connection of our own would look like too.
    """

    about: str
    reason: str
    lasting: bool = True
    network: bool = False


@dataclass(frozen=True, slots=True)
class SourceSight:
    """What one visit says about a source's health: what is wrong, and which lists (by address) were seen as they should be."""

    source_id: str
    state: str
    troubles: tuple[Trouble, ...] = ()
    healthy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What one visit of a source amounted to."""

    requests: int = 0
    lists_seen: int = 0
    links_seen: int = 0
    pages_new: int = 0
    documents_new: int = 0


class FoundLink(Protocol):
    """What a list gives: `crawler.items.Link` has this shape."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def published(self) -> date | None: ...


def due_column(row: Any) -> DueColumn:
    names = (
        *("id", "source_id", "url", "name", "family", "etag", "last_modified"),
        *("visited_at", "last_links", "last_new_at"),
    )
    days = tuple(date.fromisoformat(day) for day in row.news_days or ())
    return DueColumn(
        **{name: getattr(row, name) for name in names},
        first_visit=row.visited_at is None,
        news_days=days,
        shows_days=bool(row.shows_days),
    )


def pending_page(row: Any, *, recheck: bool = False) -> PendingPage:
    return PendingPage(
        id=row.id,
        url=row.url,
        source_id=row.source_id,
        column_id=row.column_id,
        kind=row.kind,
        title=row.found_title,
        published=row.found_published,
        found_later=row.found_later,
        etag=row.etag if recheck else None,
        last_modified=row.last_modified if recheck else None,
    )
