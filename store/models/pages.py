"""Addresses and what came over the wire from them: kept before they are fetched, never changed afterwards."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, BigId, only_where


class Page(Base):
    """An address that we know of: kept as soon as it is found, fetched later. Its canonical form is unique.

    `state` says how the last attempt ended. `next_check_at` is when to try again: a retry for pages not yet read, the
    recheck plan for pages read; null means never. `checks` counts the rechecks done. `parent_page_id` is the page of the
    document that an attachment belongs to.
    """

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    canonical: Mapped[str] = mapped_column(Text, unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    column_id: Mapped[int | None] = mapped_column(ForeignKey("column.id"))
    kind: Mapped[str] = mapped_column(String(12), default="page")
    state: Mapped[str] = mapped_column(String(12), default="pending")
    found_at: Mapped[datetime]
    found_title: Mapped[str | None] = mapped_column(Text)
    found_published: Mapped[date | None] = mapped_column(Date)
    fetched_at: Mapped[datetime | None]
    next_check_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    checks: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    last_status: Mapped[int | None]
    missing_since: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    found_later: Mapped[bool] = mapped_column(default=False)
    parent_page_id: Mapped[int | None] = mapped_column(BigId)
    __table_args__ = (
        CheckConstraint("state in ('pending','fetched','failed','blocked')", name="state"),
        Index("ix_page_unread", "source_id", "id", **only_where("state <> 'fetched'")),
        Index("ix_page_next_check_at", "next_check_at"),
        Index("ix_page_parent_page_id", "parent_page_id", **only_where("parent_page_id is not null")),
    )


class PageCheck(Base):
    """One look at a page that we had read before: was it still there? Fourteen days of these make a removal."""

    __tablename__ = "page_check"
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    status: Mapped[int]
    there: Mapped[bool]


class Capture(Base):
    """One answer as it came over the wire: never changed, never deleted; the bytes lie in the WARC file.

    `record_length` and `record_sha256` are those of the compressed WARC record, so that every bit of it is under a hash;
    `chain` is the hash of this row and of the chain before it, so that a row changed, deleted or reordered shows.
    `via` says what was out of the ordinary in how it was asked for (legacy-tls, proxy).
    """

    __tablename__ = "capture"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(12))
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    headers: Mapped[list[Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    length: Mapped[int]
    warc_file: Mapped[str] = mapped_column(Text)
    warc_offset: Mapped[int] = mapped_column(BigInteger)
    record_length: Mapped[int]
    record_sha256: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(45))
    tls_verified: Mapped[bool | None]
    block: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(12), default="crawl")  # crawl, import
    via: Mapped[str | None] = mapped_column(String(40))
    chain: Mapped[str] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("warc_file", "warc_offset"),)


class Event(Base):
    """An observation about a page over time, worded as one: edited, missing, removed, restored, copy-differs.

    `priority` (0 to 1) says how much an edit deserves a look.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    detail: Mapped[str] = mapped_column(Text)
    priority: Mapped[float] = mapped_column(Float, default=0.0)
    at: Mapped[datetime] = mapped_column(index=True)


class Issue(Base):
    """Something we did not understand, for a person to see."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    detail: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    at: Mapped[datetime] = mapped_column(index=True)
