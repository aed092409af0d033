"""The pages of the desk; each answers one question and changes nothing."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy import Connection

from review.desk.addresses import BadAddressError, plain_text, read_place
from review.desk.picture import MARKS, in_province, is_place, picture
from review.desk.seat import LARGEST_ID, RowId, desk_of
from review.words import Glossary
from store import queries, search
from store.database import reading
from store.vitals import vital_signs

router = APIRouter()
AnyId = Annotated[int, Query(ge=1, le=LARGEST_ID)]


@router.get("/")
def show_queue(request: Request, done: AnyId | None = None, at: AnyId | None = None) -> HTMLResponse:
    """The queue: what is to be judged, newest first."""
    desk, place = desk_of(request), read_place(request.query_params)
    with reading(desk.engine) as connection:
        page = queries.queue(connection, place.filters, place.after)
        if not page.rows and place.after is not None:  # the last row of a page was decided: begin again
            page = queries.queue(connection, place.filters)
        return desk.page(
            connection,
            "queue.html",
            place=place,
            page=page,
            at=at,
            done=_done(connection, done),
            counts={s: queries.count_queue(connection, queries.Filters(shelf=s)) for s in queries.SHELVES},
            bodies=queries.bodies_waiting(connection),
            sources=queries.watched_sources(connection),
            glossary=_glossary(connection),
        )


@router.get("/disclosures/{disclosure_id}")
def show_disclosure(request: Request, disclosure_id: RowId, done: AnyId | None = None) -> HTMLResponse:
    """One disclosure: the quote in its context, the facts, the evidence, the decisions."""
    desk, place = desk_of(request), read_place(request.query_params)
    with reading(desk.engine) as connection:
        sheet = queries.disclosure_sheet(connection, disclosure_id)
        if sheet is None:
            raise HTTPException(404, "There is no such disclosure.")
        newer, older = queries.neighbours(connection, place.filters, sheet.row.cursor)
        known = {"glossary": _glossary(connection), "done": _done(connection, done)}
        return desk.page(connection, "disclosure.html", place=place, sheet=sheet, newer=newer, older=older, **known)


@router.get("/documents")
def show_documents(
    request: Request, q: Annotated[str, Query(max_length=200)] = "", before: AnyId | None = None
) -> HTMLResponse:
    """The documents: the newest, or those that hold a phrase."""
    desk, phrase = desk_of(request), plain_text(q) or ""
    with reading(desk.engine) as connection:
        if phrase:
            found = tuple(match.document_id for match in search.search(connection, phrase))
            rows = queries.documents_by_id(connection, found)
        else:
            rows = queries.documents(connection, before)
        return desk.page(connection, "documents.html", rows=rows, phrase=phrase)


@router.get("/documents/{document_id}")
def show_document(request: Request, document_id: RowId) -> HTMLResponse:
    """One document as text, with its quotes and terms marked."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        sheet = _document(connection, document_id)
        return desk.page(connection, "document.html", sheet=sheet, glossary=_glossary(connection))


@router.get("/documents/{document_id}/original")
def show_way_out(request: Request, document_id: RowId) -> HTMLResponse:
    """Where the original is, before anybody goes there."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        return desk.page(connection, "original.html", sheet=_document(connection, document_id))


@router.get("/coverage")
def show_coverage(
    request: Request,
    days: Annotated[int, Query(ge=1, le=60)] = 14,
    province: Annotated[str | None, Query(max_length=8)] = None,
) -> HTMLResponse:
    """What could be seen: provinces by days, what is in trouble, and every source (of one province) day by day."""
    desk = desk_of(request)
    if province is not None and not is_place(province):
        raise BadAddressError(f"there is no province {province!r}; 510000 is Sichuan, national the national sources")
    last = queries.shanghai_day(desk.now())
    first = last - timedelta(days=days - 1)
    span = [first + timedelta(days=n) for n in range(days)]
    with reading(desk.engine) as connection:
        today = queries.coverage(connection, last, last, desk.now())
        rows = queries.source_days(connection, first, last, desk.now())
        known = {"today": today, "alarms": queries.open_alarms(connection), "picture": picture(rows, span)}
        chosen = {"rows": in_province(rows, province), "province": province, "days": days, "span": span}
        return desk.page(connection, "coverage.html", marks=MARKS, **known, **chosen)


@router.get("/issues")
def show_issues(
    request: Request, kind: Annotated[str | None, Query(max_length=40)] = None, before: AnyId | None = None
) -> HTMLResponse:
    """What was not understood, newest first."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        rows = queries.issues(connection, plain_text(kind), before)
        return desk.page(connection, "issues.html", rows=rows, kinds=queries.issue_kinds(connection), kind=kind)


@router.get("/digests")
def show_digests(request: Request) -> HTMLResponse:
    """The digests, and how far each is on its way to whom."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        rows = [(digest, queries.deliveries(connection, digest.id)) for digest in queries.digests(connection)]
        return desk.page(connection, "digests.html", rows=rows)


@router.get("/help")
def show_help(request: Request) -> HTMLResponse:
    """The keys."""
    desk = desk_of(request)
    with reading(desk.engine) as connection:
        return desk.page(connection, "help.html")


@router.get("/healthz")
def show_health(request: Request) -> Response:
    """Say whether the program is well, in words that tell a stranger nothing else."""
    desk = desk_of(request)
    signs = vital_signs(desk.engine, desk.folder, desk.now())
    well = all(sign.ok for sign in signs)
    words = {sign.name: "ok" if sign.ok else "not ok" for sign in signs}
    return JSONResponse({"status": "ok" if well else "not ok", **words}, 200 if well else 503)


def _document(connection: Connection, document_id: int) -> queries.DocumentSheet:
    sheet = queries.document_sheet(connection, document_id)
    if sheet is None:
        raise HTTPException(404, "There is no such document.")
    return sheet


def _done(connection: Connection, disclosure_id: int | None) -> queries.QueueRow | None:
    """Return what was decided a moment ago, so that the page can offer to take it back."""
    sheet = queries.disclosure_sheet(connection, disclosure_id) if disclosure_id else None
    return sheet.row if sheet is not None and sheet.row.disclosure.verdict is not None else None


def _glossary(connection: Connection) -> Glossary:
    return Glossary(queries.glosses(connection))
