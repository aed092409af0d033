"""The one way to change something at the desk: a decision, then on to the next row."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from review.desk.addresses import read_query
from review.desk.seat import RowId, desk_of
from review.verdicts import record_verdict
from store import queries
from store.database import reading

router = APIRouter()
SEE_OTHER = 303


@router.post("/disclosures/{disclosure_id}/verdict")
def decide(
    request: Request,
    disclosure_id: RowId,
    decision: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    view: Annotated[str, Form()] = "sheet",
) -> RedirectResponse:
    """Record a decision; go on to the next row of the queue, or stay where one was taken back."""
    desk, back = desk_of(request), read_query(place)
    with reading(desk.engine) as connection:
        sheet = queries.disclosure_sheet(connection, disclosure_id)
        if sheet is None:
            raise HTTPException(404, "There is no such disclosure.")
        newer, older = queries.neighbours(connection, back.filters, sheet.row.cursor)
    try:
        record_verdict(desk.engine, sheet.row.disclosure.key, decision, note.strip(), desk.analyst, desk.now())
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    goal = disclosure_id if decision == "new" else older or newer
    query = back.query + ("&" if back.query else "")
    done = "" if decision == "new" else f"done={disclosure_id}"
    if view == "queue" or goal is None:
        at = f"&at={goal}" if goal is not None else ""
        return RedirectResponse(f"/?{query}{done}{at}", SEE_OTHER)
    return RedirectResponse(f"/disclosures/{goal}?{query}{done}", SEE_OTHER)
