"""The pages of the desk that show what a finding rests on: footnotes to copy, versions side by side; they change nothing."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from review.desk.addresses import read_place
from review.desk.seat import RowId, desk_of
from review.differences import compare, fingerprint
from review.evidence.footnotes import footnotes, reference_of
from store import queries
from store.database import reading
from store.queries import history
from store.queries.history import Change

router = APIRouter()


@router.get("/disclosures/{disclosure_id}/cite")
def show_footnotes(request: Request, disclosure_id: RowId) -> HTMLResponse:
    """One disclosure as a footnote in each style, to be copied."""
    desk, place = desk_of(request), read_place(request.query_params)
    with reading(desk.engine) as connection:
        sheet = queries.disclosure_sheet(connection, disclosure_id)
        if sheet is None:
            raise HTTPException(404, "There is no such disclosure.")
        notes = footnotes(reference_of(sheet.row.publication, sheet.evidence, desk.timezone))
        return desk.page(connection, "cite.html", sheet=sheet, notes=notes, place=place)


@router.get("/documents/{document_id}/versions")
def show_last_change(request: Request, document_id: RowId) -> HTMLResponse:
    """What the last edit of a document changed, and every version of it."""
    return _versions(request, document_id, None)


@router.get("/documents/{document_id}/versions/{number}")
def show_change(request: Request, document_id: RowId, number: RowId) -> HTMLResponse:
    """What one edit of a document changed: the version that it made beside the one before."""
    return _versions(request, document_id, number)


@router.get("/changes")
def show_changes(request: Request, days: Annotated[int, Query(ge=1, le=366)] = 30) -> HTMLResponse:
    """What was observed of pages that had been read before; the same edit on many pages is shown once."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        found = history.changes(connection, desk.now() - timedelta(days=days))
        by_day = [(day, _alike(connection, list(here))) for day, here in groupby(found, key=lambda change: change.day)]
        return desk.page(connection, "changes.html", by_day=by_day, days=days)


def _versions(request: Request, document_id: int, number: int | None) -> HTMLResponse:
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        sheet = queries.document_sheet(connection, document_id)
        lines = history.version_lines(connection, document_id)
        if sheet is None or (number is not None and not 2 <= number <= lines[0].number):
            raise HTTPException(404, "There is no such change.")
        wanted = number or lines[0].number
        new, old = (history.version_text(connection, document_id, n) for n in (wanted, wanted - 1))
        shown = {"new": None, "old": None, "comparison": None}
        if new is not None and old is not None:
            watched = history.quotes_of_document(connection, document_id)
            shown = {"new": new, "old": old, "comparison": compare(old, new, watched)}  # type: ignore[dict-item]
        return desk.page(connection, "versions.html", sheet=sheet, lines=lines, **shown)


def _alike(connection: Connection, changes: Sequence[Change]) -> list[list[Change]]:
    """Return the changes of a day in groups: one for each edit, however many pages it was made on."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(_name(connection, change), []).append(change)
    return list(groups.values())


def _name(connection: Connection, change: Change) -> str:
    if change.document_id is None or change.number is None:
        return f"event {change.id}"
    new, old = (history.version_text(connection, change.document_id, change.number - n) for n in (0, 1))
    return fingerprint(old, new) if new is not None and old is not None else f"event {change.id}"
