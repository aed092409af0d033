"""Lets one of several processes lead: it holds a lease and renews it; when it falls silent, another takes over."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, or_

from store.database import upsert, writing
from store.models import Lease


def take(engine: Engine, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take or renew a lease until `now + lasts`; return whether `holder` has it now.

    It is had by the first to ask, by whoever renews in time, and after that time by the next to ask.
    """
    row = {"name": name, "holder": holder, "expires_at": now + lasts}
    mine = or_(Lease.holder == holder, Lease.expires_at <= now)
    with writing(engine) as connection:
        insert = upsert(connection, Lease, ("name",), ("holder", "expires_at"), where=mine).returning(Lease.holder)
        return connection.execute(insert.values(**row)).first() is not None


def give_up(engine: Engine, name: str, holder: str) -> None:
    """Let go of a lease, so that another need not wait for it to run out; nothing happens when it is another's."""
    with writing(engine) as connection:
        connection.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
