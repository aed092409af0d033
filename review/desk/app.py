"""The review desk as one application: its pages, its files, its words for errors."""

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from review.desk import decisions, evidence, pages
from review.desk.addresses import BadAddressError
from review.desk.guard import Guard
from review.desk.seat import Desk, desk_of
from review.markup import environment

HERE = Path(__file__).parent


def create_desk(
    engine: Engine, now: Callable[[], datetime], timezone: str, public_url: str = "", folder: Path | None = None
) -> ASGIApp:
    """Return the desk over a store; `public_url` is the address by which people reach it, when not by this computer's.

    `folder` is where the data lie, for the health page: the current one when not given.
    """
    app = FastAPI(title="tealeaves", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(
        engine, environment(HERE / "templates", timezone), now, getpass.getuser(), timezone, folder or Path.cwd()
    )
    app.include_router(pages.router)
    app.include_router(evidence.router)
    app.include_router(decisions.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(BadAddressError, _bad_request)
    app.add_exception_handler(Exception, _our_mistake)
    host = urlsplit(public_url).hostname
    return Guard(app, (host,) if host else ())


def _error_page(request: Request, status: int, message: str) -> HTMLResponse:
    template = desk_of(request).templates.get_template("error.html")
    return HTMLResponse(template.render(status=status, message=message), status)


def _http_error(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    message = error.detail if error.detail != "Not Found" else "There is no such page."
    return _error_page(request, error.status_code, message)


def _bad_request(request: Request, error: Exception) -> HTMLResponse:
    message = "That address or form is incomplete." if isinstance(error, RequestValidationError) else str(error)
    return _error_page(request, 400, message)


def _our_mistake(request: Request, error: Exception) -> HTMLResponse:
    # What went wrong is in the log; an answer with its words could carry a path or a password.
    return _error_page(request, 500, "Something went wrong here. The log of the desk says what; nothing was changed.")
