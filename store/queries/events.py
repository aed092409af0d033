"""What was observed of pages over time, across all sources."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from store.models import Document, Event, Page, Source, Version


@dataclass(frozen=True, slots=True)
class PageEvent:
    """An observation about a page: what was seen (edited, missing, removed, restored …), of which page of which source."""

    kind: str
    detail: str
    at: datetime
    title: str | None
    url: str
    source_id: str
    source_name: str


def events_since(connection: Connection, since: datetime) -> tuple[PageEvent, ...]:
    """Return what was observed from an aware instant on, oldest first."""
    statement = (
        select(Event.kind, Event.detail, Event.at, Version.title, Page.url, Source.id, Source.name)
        .join(Page, Page.id == Event.page_id)
        .join(Source, Source.id == Event.source_id)
        .outerjoin(Document, Document.page_id == Page.id)
        .outerjoin(Version, Version.id == Document.current_version_id)
        .where(Event.at >= since)
        .order_by(Event.at, Event.id)
    )
    return tuple(PageEvent(*row) for row in connection.execute(statement))
