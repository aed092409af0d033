"""The files of a document: kept as pending with it, tied to it when they are read, and as old and as official as it is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from crawler.items import Attachment, Document
from store.addresses import canonical
from store.database import insert_missing
from store.models import Document as DocumentRow
from store.models import Page as PageRow
from store.models import Version


def keep(
    connection: Connection, files: Iterable[Attachment], page: Row[Any], published: date | None, now: datetime
) -> None:
    """Keep the files of the document of a page as pending, those that are not known yet; its day is their day."""
    common = {
        "source_id": page.source_id,
        "column_id": page.column_id,
        "kind": "attachment",
        "found_at": now,
        "found_published": published,
        "found_later": page.found_later,
        "parent_page_id": page.id,
    }
    rows = {
        canonical(file.url): {**common, "canonical": canonical(file.url), "url": file.url, "found_title": file.name}
        for file in files
    }
    if rows:
        connection.execute(insert_missing(connection, PageRow, ("canonical",)), list(rows.values()))


def parent_of(connection: Connection, page: Row[Any]) -> Any:
    """Return the row of the document that the page of a file belongs to, as it stands now; None for a page that is no file."""
    if page.parent_page_id is None:
        return None
    said = (Version.published, Version.published_time, Version.signed, Version.source_line, Version.issuer)
    query = (
        select(DocumentRow.id, *said)
        .join(Version, Version.id == DocumentRow.current_version_id)
        .where(DocumentRow.page_id == page.parent_page_id)
    )
    found: Any = connection.execute(query).one_or_none()
    return found


def inherited(document: Document, parent: Any) -> Document:
    """Return a file's document with the days, the source and the issuer of the document that it belongs to."""
    return replace(
        document,
        published=parent.published,
        published_time=parent.published_time,
        signed=parent.signed,
        source=parent.source_line,
        issuer=parent.issuer,
    )


def tie(connection: Connection, document_id: int, parent_id: int) -> None:
    """Note which document a file belongs to."""
    here = DocumentRow.id == document_id
    connection.execute(update(DocumentRow).where(here).values(parent_document_id=parent_id))
