"""The outbox: every digest reaches every recipient once, however long the way is closed, and what failed can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update

from review.notifiers import Notice, Notifier, RefusedError, TryLaterError, UnreachableError
from store import queries
from store.database import reading, writing
from store.models import Delivery, Digest

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=60)
GIVE_UP_AFTER = timedelta(hours=48)
# A process that died while it was sending left the row in `sending`; after this long the row is tried again.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the recipient, the new state, what was said, whether anybody answered at all."""

    recipient: str
    state: str
    error: str | None
    reached: bool = True


def deliver_due(engine: Engine, notifiers: Sequence[Notifier], now: datetime) -> list[Outcome]:
    """Try every delivery that is due and that one of the notifiers takes; return what came of each.

    A notifier that nobody answers is left alone for this round, so that fifty recipients are not fifty timeouts.
    """
    with reading(engine) as connection:
        due = queries.deliveries_due(connection, now)
    outcomes, usable = [], list(notifiers)
    for delivery in due:
        notifier = next((n for n in usable if n.takes(delivery.recipient)), None)
        if notifier is None or not _claim(engine, delivery, now):
            continue
        outcome = _try(engine, delivery, notifier, now)
        outcomes.append(outcome)
        if not outcome.reached:
            usable.remove(notifier)
    return outcomes


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: 1, 2, 4 … minutes, an hour at most."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    return min(doubled, LONGEST_WAIT)


def _claim(engine: Engine, delivery: queries.DeliveryState, now: datetime) -> bool:
    """Mark a delivery as being sent, before anything is said to a server; False when another process was faster."""
    same = (Delivery.id == delivery.id, Delivery.attempts == delivery.attempts, Delivery.state == delivery.state)
    claim = update(Delivery).where(*same)
    with writing(engine) as connection:
        values = {"state": "sending", "attempts": delivery.attempts + 1, "next_try_at": now + LEASE}
        return connection.execute(claim.values(**values)).rowcount == 1


def _try(engine: Engine, delivery: queries.DeliveryState, notifier: Notifier, now: datetime) -> Outcome:
    notice = _notice(engine, delivery)
    try:
        notifier.send(notice)
    except RefusedError as error:
        return _settle(engine, delivery, "failed", now, str(error))
    except TryLaterError as error:
        given_up = now - notice.made_at > GIVE_UP_AFTER
        outcome = _settle(engine, delivery, "failed" if given_up else "waiting", now, str(error))
        return replace(outcome, reached=not isinstance(error, UnreachableError))
    return _settle(engine, delivery, "sent", now, None)


def _settle(engine: Engine, delivery: queries.DeliveryState, state: str, now: datetime, error: str | None) -> Outcome:
    values = {
        "state": state,
        "error": error,
        "sent_at": now if state == "sent" else None,
        "next_try_at": now + wait_after(delivery.attempts + 1),
    }
    with writing(engine) as connection:
        connection.execute(update(Delivery).where(Delivery.id == delivery.id).values(**values))
    return Outcome(delivery.recipient, state, error)


def _notice(engine: Engine, delivery: queries.DeliveryState) -> Notice:
    columns = (Digest.day, Digest.made_at, Digest.subject, Digest.html, Digest.text)
    with reading(engine) as connection:
        row = connection.execute(select(*columns).where(Digest.id == delivery.digest_id)).one()
    return Notice(*row, recipient=delivery.recipient, message_id=delivery.message_id)
