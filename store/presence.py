"""Says whether a page is still there and whether we could have known: rechecks and removals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from store.database import insert_missing
from store.ledger import CHINA as CHINA
from store.ledger import china_day as china_day
from store.models import Event, Issue, Page, PageCheck, SourceState

HEALTHY = ("seen", "quiet")

# Looks at 1, 3, 7, 30 and 90 days after the first reading, then every 90 days: as gaps from one look to the next.
GAPS = tuple(timedelta(days=days) for days in (1, 2, 4, 23, 60, 90))
MAX_ATTEMPTS = 6
BLOCKED_RETRY = timedelta(days=1)
WHILE_MISSING = timedelta(days=1)
AFTER_REMOVAL = timedelta(days=30)

# EDGI's rule (web-monitoring#122): failing for 14 days, in at least 75 % of the looks.
REMOVAL_AFTER = timedelta(days=14)
REMOVAL_SHARE = 0.75

NOT_YET_A_REMOVAL = "not found once, not yet a removal"


def next_look(checks: int, at: datetime) -> datetime:
    """Return when a page with disclosures is looked at next, after `checks` rechecks of it."""
    return at + GAPS[min(checks, len(GAPS) - 1)]


def is_removed(looks: Sequence[tuple[datetime, bool]], healthy: Iterable[date], at: datetime) -> bool:
    """Say whether the looks (instant, was it there), oldest first, amount to a removal at `at`.

    A look that did not find it counts only on a day when the source was healthy. The page must have been gone 14 days
    ago, and in at least 75 % of the looks since.
    """
    days = set(healthy)
    counted = [(when, there) for when, there in looks if when <= at and (there or china_day(when) in days)]
    start = at - REMOVAL_AFTER
    before = [there for when, there in counted if when <= start]
    if not before or before[-1]:
        return False
    window = [there for when, there in counted if when > start]
    return bool(window) and window.count(False) / len(window) >= REMOVAL_SHARE


def there(connection: Connection, page_id: int, status: int, at: datetime) -> None:
    """Note that a page that was read before answered as itself; a page that had been missing is `restored`."""
    page = _page(connection, page_id)
    if not _note_look(connection, page_id, status, at, is_there=True):
        return
    if page.missing_since:
        missed = f"found again; it had not been found since {page.missing_since:%Y-%m-%d}"
        note_event(connection, "restored", page, missed, at)
    values = {"missing_since": None, "removed_at": None, "last_status": status, "checks": page.checks + 1}
    planned = next_look(page.checks + 1, at) if page.next_check_at else None
    connection.execute(update(Page).where(Page.id == page_id).values(**values, next_check_at=planned))


def not_there(connection: Connection, page_id: int, status: int, at: datetime) -> None:
    """Note that a page that was read before is not found: an Event `missing` at first, `removed` when it is confirmed."""
    page = _page(connection, page_id)
    if not _note_look(connection, page_id, status, at, is_there=False):
        return
    if page.missing_since is None:
        note_event(connection, "missing", page, f"{NOT_YET_A_REMOVAL} (the site answered {status})", at)
    values: dict[str, Any] = {"missing_since": page.missing_since or at, "last_status": status}
    removed = page.removed_at is not None or _confirmed(connection, page, at)
    if removed and page.removed_at is None:
        values["removed_at"] = at
        since = page.missing_since or at
        detail = f"not found since {since:%Y-%m-%d}, on days when the site itself was seen: taken as removed"
        note_event(connection, "removed", page, detail, at)
    values["next_check_at"] = at + (AFTER_REMOVAL if removed else WHILE_MISSING)
    connection.execute(update(Page).where(Page.id == page_id).values(**values))


def not_reached(connection: Connection, page_id: int, state: str, why: tuple[int | None, str], at: datetime) -> None:
    """Note that nothing can be said of a page: `state` is failed or blocked, `why` the HTTP status and a reason."""
    page = connection.execute(select(Page).where(Page.id == page_id)).one()
    status, reason = why
    values: dict[str, Any] = {"last_status": status}
    if page.state == "fetched":
        values["next_check_at"] = at + BLOCKED_RETRY
    elif state == "blocked":
        values |= {"state": state, "next_check_at": at + BLOCKED_RETRY}
    else:
        again = page.attempts + 1 < MAX_ATTEMPTS
        retry = at + timedelta(hours=2**page.attempts) if again else None
        values |= {"state": state, "attempts": page.attempts + 1, "next_check_at": retry}
        if not again:
            _give_up(connection, page, reason, at)
    connection.execute(update(Page).where(Page.id == page_id).values(**values))


def note_event(connection: Connection, kind: str, page: Row[Any], detail: str, at: datetime) -> None:
    """Keep an observation about a page."""
    row = {"kind": kind, "page_id": page.id, "source_id": page.source_id, "detail": detail, "at": at}
    connection.execute(insert(Event).values(**row))


def _page(connection: Connection, page_id: int) -> Row[Any]:
    return connection.execute(select(Page).where(Page.id == page_id)).one()


def _note_look(connection: Connection, page_id: int, status: int, at: datetime, *, is_there: bool) -> bool:
    row = {"page_id": page_id, "at": at, "status": status, "there": is_there}
    query = insert_missing(connection, PageCheck, ("page_id", "at")).values(**row).returning(PageCheck.page_id)
    return connection.execute(query).first() is not None


def _give_up(connection: Connection, page: Any, reason: str, at: datetime) -> None:
    detail = f"tried {MAX_ATTEMPTS} times and not read: {reason}"
    row = {"kind": "page-given-up", "detail": detail, "source_id": page.source_id, "url": page.url, "at": at}
    connection.execute(insert(Issue).values(**row))


def _confirmed(connection: Connection, page: Row[Any], at: datetime) -> bool:
    since = at - 3 * REMOVAL_AFTER
    looks = select(PageCheck.at, PageCheck.there).where(PageCheck.page_id == page.id, PageCheck.at >= since)
    days = select(SourceState.day).where(
        SourceState.source_id == page.source_id, SourceState.state.in_(HEALTHY), SourceState.day >= china_day(since)
    )
    seen = [(look.at, look.there) for look in connection.execute(looks.order_by(PageCheck.at))]
    return is_removed(seen, connection.execute(days).scalars(), at)


def leads_elsewhere(connection: Connection, page_id: int, target: str, at: datetime) -> None:
    """Note that a page sends its reader to another site: an Event `redirected-offsite`, once for each target."""
    page = connection.execute(select(Page).where(Page.id == page_id)).one()
    seen = (Event.page_id == page_id, Event.kind == "redirected-offsite", Event.detail == target)
    if connection.execute(select(Event.id).where(*seen).limit(1)).first() is None:
        note_event(connection, "redirected-offsite", page, target, at)
    not_reached(connection, page_id, "failed", (None, f"it redirects to {target}"), at)
