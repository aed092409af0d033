"""The pages of the desk that show what a finding rests on: footnotes to copy, versions side by side; they change nothing."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from review.desk.addresses import read_place
from review.desk.seat import RowId, desk_of
from review.evidence.footnotes import footnotes, reference_of
from store import queries
from store.database import reading

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
