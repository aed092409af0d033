"""Politeness that holds across processes: one crawl at a time on a host, a daily budget, a pause, the last robots.txt."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, select, update

from store.database import open_engine, writing
from store.models import Host
from store.opening import open_store

CHINA = ZoneInfo("Asia/Shanghai")
HELD_FOR = timedelta(minutes=15)
ROBOTS_KEPT_FOR = timedelta(hours=24)  # RFC 9309, 2.4


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to ask a host `requests` times; with none, `refusal` says why. `robots` is its robots.txt when still fresh."""

    requests: int
    refusal: str = ""
    last_at: datetime | None = None
    robots: str | None = None


def owner_name() -> str:
    """A name for this process: machine, process id, and a token against ids that are used again."""
    return f"{socket.gethostname()[:20]} {os.getpid()} {secrets.token_hex(3)}"


def may_live(owner: str) -> bool:
    """Whether the process of that name may still run; False only when it ran on this machine and is gone."""
    machine, _, rest = owner.partition(" ")
    pid = rest.partition(" ")[0]
    if machine != socket.gethostname()[:20] or not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Hosts:
    """The hosts as one crawl process sees them; `owner` names the process."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self._engine = engine
        self._owner = owner

    @classmethod
    def open(cls, url: str, owner: str) -> Self:
        """Open the store at a database URL."""
        return cls(open_engine(url), owner)

    def take(self, host: str, wanted: int, budget: int, now: datetime) -> Grant:
        """Hold a host for this process and take up to `wanted` requests from its budget of the day (Asia/Shanghai)."""
        day = now.astimezone(CHINA).date()
        with writing(self._engine) as connection:
            row = _row(connection, host, day)
            spent = row.requests if row.day == day else 0
            refusal = self._refusal(row, spent, budget, now)
            if refusal:
                return Grant(0, refusal)
            granted = min(wanted, budget - spent)
            values = {"day": day, "requests": spent + granted, "held_by": self._owner, "held_until": now + HELD_FOR}
            connection.execute(update(Host).where(Host.name == host).values(**values))
        fresh = row.robots_at is not None and now - row.robots_at < ROBOTS_KEPT_FOR
        return Grant(granted, last_at=row.last_at, robots=row.robots if fresh else None)

    def _refusal(self, row: Any, spent: int, budget: int, now: datetime) -> str:
        if row.held_by not in (None, self._owner) and row.held_until > now and may_live(row.held_by):
            return "another crawl is visiting this host now"
        if row.paused_until and row.paused_until > now:
            return f"the host asked to be left alone until {row.paused_until:%Y-%m-%d %H:%M} UTC"
        return f"the budget of {budget} requests a day is used up" if spent >= budget else ""

    def keep_robots(self, host: str, text: str, now: datetime) -> None:
        """Keep what robots.txt said, so that it is asked for once a day."""
        self._change(host, {"robots": text, "robots_at": now})

    def pause(self, host: str, until: datetime) -> None:
        """Leave a host alone until an instant, in every process."""
        self._change(host, {"paused_until": until})

    def release(self, host: str, last_at: datetime | None, unused: int = 0) -> None:
        """Let go of a host: when it was asked last (None: not at all), and how many requests of its grants are left over."""
        values: dict[str, Any] = {"held_by": None, "held_until": None, "requests": Host.requests - unused}
        if last_at is not None:
            values["last_at"] = last_at
        with writing(self._engine) as connection:
            connection.execute(update(Host).where(Host.name == host, Host.held_by == self._owner).values(**values))

    def _change(self, host: str, values: Mapping[str, Any]) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(Host).where(Host.name == host).values(**values))


def _row(connection: Connection, host: str, day: date) -> Any:
    query = select(Host).where(Host.name == host)
    row = connection.execute(query).one_or_none()
    if row is None:
        connection.execute(insert(Host).values(name=host, day=day, requests=0))
        row = connection.execute(query).one()
    return row


def make_ready(url: str) -> None:
    """Make sure that the store at a database URL can hold hosts: it is created or brought up to date when need be."""
    open_store(url).dispose()
