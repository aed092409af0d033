"""Which sources are in trouble, since when and why; and which of it no digest has told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from store.models import Alarm, DigestItem, Source


@dataclass(frozen=True, slots=True)
class AlarmView:
    """A trouble that was raised; `name` is that of its source, or says that it is one of ours."""

    id: int
    subject: str
    name: str
    name_en: str
    state: str
    reason: str
    since: datetime
    raised_at: datetime
    cleared_at: datetime | None

    @property
    def is_ours(self) -> bool:
        """Whether it is about us and not about a source."""
        return self.subject.startswith("our-")


@dataclass(frozen=True, slots=True)
class ToldAlarm:
    """An alarm that a digest tells: that it began, that it ended, or both at once; `keys` make that it is told once."""

    alarm: AlarmView
    began: bool
    ended: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """What is noted as told."""
        told = (("raised", self.began), ("cleared", self.ended))
        return tuple(_key(self.alarm.id, what) for what, is_so in told if is_so)


OURS = {
    "our-network": ("我们的网络", "Our own connection"),
    "our-schedule": ("我们的计划任务", "Our own scheduler"),
}


def open_alarms(connection: Connection) -> tuple[AlarmView, ...]:
    """Return the alarms that stand, the oldest first."""
    standing = _select().where(Alarm.cleared_at.is_(None))
    return tuple(_view(row) for row in connection.execute(standing.order_by(Alarm.raised_at, Alarm.id)))


def untold_alarms(connection: Connection, until: datetime) -> tuple[ToldAlarm, ...]:
    """Return what began or ended before an instant and no digest has told, our own troubles first, the oldest first."""
    told = set(connection.execute(select(DigestItem.key).where(DigestItem.key.like("alarm:%"))).scalars())
    recent = _select().where(or_(Alarm.raised_at < until, Alarm.cleared_at < until))
    found = (_told(_view(row), told, until) for row in connection.execute(recent.order_by(Alarm.raised_at, Alarm.id)))
    return tuple(sorted((item for item in found if item.keys), key=lambda item: not item.alarm.is_ours))


def _told(alarm: AlarmView, told: Iterable[str], until: datetime) -> ToldAlarm:
    began = _key(alarm.id, "raised") not in told and alarm.raised_at < until
    ended = alarm.cleared_at is not None and alarm.cleared_at < until and _key(alarm.id, "cleared") not in told
    return ToldAlarm(alarm, began, ended)


def _key(alarm_id: int, what: str) -> str:
    return f"alarm:{alarm_id}:{what}"


def _select() -> Any:
    columns = (Alarm.id, Alarm.subject, Source.name, Source.name_en, Alarm.state, Alarm.reason)
    times = (Alarm.since, Alarm.raised_at, Alarm.cleared_at)
    joined = select(*columns, *times).outerjoin(Source, Source.id == Alarm.source_id)
    return joined.where(Alarm.raised_at.is_not(None))


def _view(row: Row[Any]) -> AlarmView:
    name, name_en = OURS.get(row.subject, (row.name, row.name_en))
    own = {
        column: getattr(row, column)
        for column in ("id", "subject", "state", "reason", "since", "raised_at", "cleared_at")
    }
    return AlarmView(name=name, name_en=name_en, **own)
