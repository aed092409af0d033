"""What people decided and what was sent to them, kept apart from what pages say."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class Verdict(Base):
    """One decision of an analyst on a disclosure key; append-only, the newest is in force."""

    __tablename__ = "verdict"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    decision: Mapped[str] = mapped_column(String(12))  # accepted, rejected, later, new (undone)
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = (CheckConstraint("decision in ('accepted','rejected','later','new')", name="decision"),)


class Digest(Base):
    """The mail of one day, as made; `day` is the reader's local day."""

    __tablename__ = "digest"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, unique=True)
    made_at: Mapped[datetime]
    since: Mapped[datetime]
    subject: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class DigestItem(Base):
    """A disclosure key that a digest has told; told once, so no later digest repeats it."""

    __tablename__ = "digest_item"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"), index=True)


class Delivery(Base):
    """A digest on its way to one recipient."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"))
    recipient: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="waiting")  # waiting, sending, sent, failed
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("digest_id", "recipient"),)
