"""What every page of the desk needs, in one value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Path as InPath
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import Connection, Engine

from store import queries

LARGEST_ID = 2**63 - 1
RowId = Annotated[int, InPath(ge=1, le=LARGEST_ID)]


@dataclass(frozen=True)
class Desk:
    """What every page needs: the store, the templates, the clock, who sits at the desk, and where the data lie."""

    engine: Engine
    templates: Environment
    now: Callable[[], datetime]
    analyst: str
    timezone: str
    folder: Path

    def page(self, connection: Connection, template: str, **values: Any) -> HTMLResponse:
        """Return a page with what stands on every page: the number waiting, the zone of its clock times."""
        status = values.pop("status", 200)
        waiting = queries.count_queue(connection, queries.Filters())
        common = {"waiting": waiting, "cap": queries.COUNT_CAP, "timezone": self.timezone, "analyst": self.analyst}
        return HTMLResponse(self.templates.get_template(template).render(common | values), status)


def desk_of(request: Request) -> Desk:
    """Return the desk that a request came to."""
    desk: Desk = request.app.state.desk
    return desk
