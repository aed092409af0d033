"""What a digest tells, what earlier ones told, and how far each is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, exists, false, func, or_, select

from store.models import Delivery, Digest, DigestItem, Disclosure
from store.queries.queue import QueueRow, annotate
from store.queries.stories import is_reprint, was_told
from store.queries.views import read_both, select_disclosures

DUE = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Untold:
    """A disclosure that no digest has told yet.

    `told_before` says that a copy of the story was in an earlier digest with the same fact, `reprint` that another copy
    is the one to judge, `first_in_source` that this source had never named the body before.
    """

    row: QueueRow
    reprint: bool
    told_before: bool
    first_in_source: bool = False


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """A digest as it was made."""

    id: int
    day: date
    made_at: datetime
    since: datetime
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """A digest on its way to one recipient."""

    id: int
    digest_id: int
    recipient: str
    message_id: str
    state: str
    attempts: int
    next_try_at: datetime
    sent_at: datetime | None
    error: str | None


_DIGEST = tuple(getattr(Digest, name) for name in MadeDigest.__dataclass_fields__)
_DELIVERY = tuple(getattr(Delivery, name) for name in DeliveryState.__dataclass_fields__)


def untold(connection: Connection, until: datetime) -> tuple[Untold, ...]:
    """Return every disclosure found before `until` that no digest has told, oldest first, not yet annotated.

    What counts is whether it was told, not when it was found: a page that was saved while the last digest was made is
    neither lost nor told twice.
    """
    told = exists(select(1).where(DigestItem.key == Disclosure.key))
    flags = (is_reprint().label("reprint"), was_told().label("told_before"))
    statement = select_disclosures().add_columns(*flags).where(~told, Disclosure.found_at < until)
    found = connection.execute(statement.order_by(Disclosure.found_at, Disclosure.id))
    return tuple(Untold(QueueRow(*read_both(row[:-2])), bool(row[-2]), bool(row[-1])) for row in found)


def annotate_untold(connection: Connection, items: Sequence[Untold]) -> list[Untold]:
    """Return the items that are to be shown with copies counted, doubts named and first appearances marked."""
    rows = annotate(connection, [item.row for item in items])
    first = _first_in_source(connection, {row.disclosure.body for row in rows if row.disclosure.body is not None})
    return [
        replace(item, row=row, first_in_source=row.disclosure.id in first)
        for item, row in zip(items, rows, strict=True)
    ]


def last_digest_before(connection: Connection, day: date) -> MadeDigest | None:
    """Return the newest digest of an earlier day; None when there is none."""
    statement = select(*_DIGEST).where(Digest.day < day).order_by(Digest.day.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return None if row is None else MadeDigest(*row)


def digest_of(connection: Connection, day: date) -> MadeDigest | None:
    """Return the digest of a day; None when it has not been made."""
    row = connection.execute(select(*_DIGEST).where(Digest.day == day)).one_or_none()
    return None if row is None else MadeDigest(*row)


def digests(connection: Connection, limit: int = 60) -> tuple[MadeDigest, ...]:
    """Return the newest digests, newest first."""
    rows = connection.execute(select(*_DIGEST).order_by(Digest.day.desc()).limit(limit))
    return tuple(MadeDigest(*row) for row in rows)


def digest_days(connection: Connection) -> set[date]:
    """Return the days whose digest has been made."""
    return set(connection.execute(select(Digest.day)).scalars())


def deliveries(connection: Connection, digest_id: int) -> tuple[DeliveryState, ...]:
    """Return the deliveries of a digest in the order in which they were queued."""
    rows = connection.execute(select(*_DELIVERY).where(Delivery.digest_id == digest_id).order_by(Delivery.id))
    return tuple(DeliveryState(*row) for row in rows)


def deliveries_due(connection: Connection, now: datetime) -> tuple[DeliveryState, ...]:
    """Return the deliveries to try now, oldest first; one that was being sent when its process died is among them."""
    wanted = (Delivery.state.in_(DUE), Delivery.next_try_at <= now)
    rows = connection.execute(select(*_DELIVERY).where(*wanted).order_by(Delivery.digest_id, Delivery.id))
    return tuple(DeliveryState(*row) for row in rows)


def untold_failures(connection: Connection, until: datetime) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Return the days whose digest was given up for some recipient and no digest has told so, each with the keys to note."""
    rows = connection.execute(
        select(Digest.day, Delivery.id)
        .join(Delivery, Delivery.digest_id == Digest.id)
        .where(Delivery.state == "failed", Digest.made_at < until)
        .order_by(Digest.day, Delivery.id)
    ).all()
    told = set(connection.execute(select(DigestItem.key).where(DigestItem.key.like("delivery:%"))).scalars())
    days: dict[date, list[str]] = {}
    for day, id in rows:
        if f"delivery:{id}" not in told:
            days.setdefault(day, []).append(f"delivery:{id}")
    return tuple((day, tuple(keys)) for day, keys in days.items())


def digest_to_deliver(connection: Connection, now: datetime, *, mail: bool = True, chat: bool = True) -> date | None:
    """Return the day of the oldest digest that has a delivery to try now; None when there is none.

    `mail` and `chat` say which ways are open: what can go neither way waits until somebody opens one.
    """
    addressed = Delivery.recipient.contains("@")
    ways = [way for way, is_open in ((addressed, mail), (~addressed, chat)) if is_open]
    wanted = (Delivery.state.in_(DUE), Delivery.next_try_at <= now, or_(false(), *ways))
    statement = select(func.min(Digest.day)).join(Delivery, Delivery.digest_id == Digest.id).where(*wanted)
    return connection.execute(statement).scalar_one()


def _first_in_source(connection: Connection, bodies: set[str]) -> set[int]:
    statement = select(func.min(Disclosure.id)).where(Disclosure.body.in_(bodies))
    return (
        set(connection.execute(statement.group_by(Disclosure.source_id, Disclosure.body)).scalars())
        if bodies
        else set()
    )
