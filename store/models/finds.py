"""What was looked for and found: hits and disclosures as machine-read, and the terms in force when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, BigId, only_where


class Hit(Base):
    """A term at one place of one version; always kept."""

    __tablename__ = "hit"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    place: Mapped[str] = mapped_column(String(8), default="body")  # body, title
    term: Mapped[str] = mapped_column(String(80))
    surface: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(Text, default="")
    context: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    found_later: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("version_id", "place", "term", "start"),
        Index("ix_hit_term_found_at", "term", "found_at"),
    )


class Disclosure(Base):
    """A sentence that says something about a body, as machine-read: one row for one key, however often it is re-read.

    `version_id` is the version in which it was first found (`start` and `end` index that text), `last_version_id` the
    last one that still said so; when that is not the document's current version, the page has stopped saying it.

    `verdict` repeats the latest decision on the key (null: not reviewed) so the queue needs one index and no join;
    the decisions themselves are the rows of `Verdict`.
    """

    __tablename__ = "disclosure"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    last_version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    type: Mapped[str] = mapped_column(String(20))
    body: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(String(6))
    date: Mapped[str | None] = mapped_column(String(10))
    date_precision: Mapped[str | None] = mapped_column(String(8))
    date_from: Mapped[str | None] = mapped_column(Text)
    ordinal: Mapped[int | None]
    person: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    capacity: Mapped[str | None] = mapped_column(Text)
    action: Mapped[str | None] = mapped_column(Text)
    object: Mapped[str | None] = mapped_column(Text)
    object_kind: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(24))
    place: Mapped[str] = mapped_column(String(8), default="body")  # body, title
    quote: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    confidence: Mapped[float] = mapped_column(Float)
    pattern: Mapped[str] = mapped_column(String(80))
    found_at: Mapped[datetime]
    found_later: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str | None] = mapped_column(String(12))
    __table_args__ = (
        UniqueConstraint("key"),
        # The queue is walked on this one; what filters on source and region ask for is read from it, without the row.
        Index(
            "ix_disclosure_new",
            *("found_at", "id", "source_id", "region", "found_later"),
            **only_where("verdict is null"),
        ),
        Index("ix_disclosure_type_new", "type", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_source_new", "source_id", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_body_new", "body", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_region_new", "region", **only_where("verdict is null")),
        Index("ix_disclosure_body", "body"),
        Index("ix_disclosure_found_at", "found_at", "id"),
        Index(
            "ix_disclosure_decided",
            "verdict",
            "found_at",
            "id",
            sqlite_where=text("verdict is not null"),
            postgresql_where=text("verdict is not null"),
        ),
    )


class TermSet(Base):
    """The keywords in force from a moment on; review reads glosses here."""

    __tablename__ = "term_set"
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    loaded_at: Mapped[datetime]
    terms: Mapped[list[Any]] = mapped_column(JSON)


class Rematch(Base):
    """How far a walk of changed keywords and rules through the stored texts has come, so that it can be taken up again."""

    __tablename__ = "rematch"
    watch: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[date] = mapped_column(Date, primary_key=True)
    done_to: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
