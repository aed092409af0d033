"""The publishers that we read: their lists, their hosts, each crawl of them, and what we could see on each day."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, only_where


class Source(Base):
    """A publisher that we read, as its YAML file last said."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    tier: Mapped[str] = mapped_column(String(40))
    region: Mapped[str | None] = mapped_column(String(6))
    homepage: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    registered_at: Mapped[datetime]


class Column(Base):
    """A list page of a source, with what the last visit left for the next one.

    `news_days` are the newest days (ISO, Asia/Shanghai) on which it had something: from them its normal silence is learned.
    `shows_days` says whether its rows have shown days.
    """

    __tablename__ = "column"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, unique=True)
    family: Mapped[str] = mapped_column(String(40))
    enabled: Mapped[bool] = mapped_column(default=True)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    visited_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    last_links: Mapped[int | None]
    last_new_at: Mapped[datetime | None]
    news_days: Mapped[list[Any] | None] = mapped_column(JSON)
    shows_days: Mapped[bool | None]


class Host(Base):
    """A host that we visit: its share of requests on a day (Asia/Shanghai), and which crawl holds it now.

    Politeness holds across processes: a crawl holds a host while it visits it, and takes requests from the day's budget
    in small lots, so a killed crawl may waste a few but never goes over.
    """

    __tablename__ = "host"
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    requests: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    held_by: Mapped[str | None] = mapped_column(String(40))
    held_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    robots: Mapped[str | None] = mapped_column(Text)
    robots_at: Mapped[datetime | None]


class Run(Base):
    """A crawl of a source: when, what was asked for, what came of it."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    requests: Mapped[int] = mapped_column(default=0)
    lists_seen: Mapped[int] = mapped_column(default=0)
    links_seen: Mapped[int] = mapped_column(default=0)
    pages_new: Mapped[int] = mapped_column(default=0)
    documents_new: Mapped[int] = mapped_column(default=0)
    state: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)


class SourceState(Base):
    """What we could see of a source on a day (Asia/Shanghai), and why."""

    __tablename__ = "source_state"
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("state in ('seen','quiet','blind','blocked','suspect','not-due')", name="state"),
        Index("ix_source_state_day", "day"),
    )


class Alarm(Base):
    """A trouble of a source from its first sign to its end; one stands open for a subject at a time.

    `subject` is the id of a source, or one of our own troubles (`our-network`, `our-schedule`). `about` holds the lists
    that are in trouble; it ends when each of them was seen healthy. A trouble that may pass by itself has no `raised_at`
    until it has lasted; only what was raised is told, once, and its end is told once.
    """

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    about: Mapped[list[Any]] = mapped_column(JSON)
    since: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_alarm_open", "subject", unique=True, **only_where("cleared_at is null")),
        Index("ix_alarm_raised_at", "raised_at"),
    )
