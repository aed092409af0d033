"""What official pages say, version by version, and which of them tell the same story."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, BigId, only_where


class Document(Base):
    """One official page or file, read; what it says now is its current version.

    `parent_document_id` is the document that a file is attached to.
    """

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    published: Mapped[date | None] = mapped_column(Date, index=True)
    current_version_id: Mapped[int | None] = mapped_column(BigId)
    found_later: Mapped[bool] = mapped_column(default=False)
    parent_document_id: Mapped[int | None] = mapped_column(BigId)
    __table_args__ = (
        Index("ix_document_parent_document_id", "parent_document_id", **only_where("parent_document_id is not null")),
    )


class Version(Base):
    """What a document said at one fetch; a new one only when the text or a field changed."""

    __tablename__ = "version"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    capture_id: Mapped[int] = mapped_column(ForeignKey("capture.id"))
    number: Mapped[int]
    fetched_at: Mapped[datetime]
    text_sha256: Mapped[str] = mapped_column(String(64))
    title: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    published: Mapped[date | None] = mapped_column(Date)
    published_time: Mapped[datetime | None]
    signed: Mapped[date | None] = mapped_column(Date)
    source_line: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    doc_number: Mapped[str | None] = mapped_column(Text)
    index_number: Mapped[str | None] = mapped_column(Text)
    attachments: Mapped[list[Any]] = mapped_column(JSON, default=list)
    charset: Mapped[str] = mapped_column(String(20))
    family: Mapped[str] = mapped_column(String(40))
    reader: Mapped[str] = mapped_column(String(40))
    suspicions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    __table_args__ = (UniqueConstraint("document_id", "number"),)


class Cluster(Base):
    """The same story on several sites; counts as one source. The origin is the earliest, most official copy."""

    __tablename__ = "cluster"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    origin_document_id: Mapped[int | None] = mapped_column(BigId)
    made_at: Mapped[datetime]


class DocumentShingle(Base):
    """A sampled piece of a document with hits, as a hash: finds the same story on other sites.

    A negative hash is the mark of a name (see `pipelines.saving.notices`). A document whose pieces all stand in a copy that is
    kept already has none of its own.
    """

    __tablename__ = "document_shingle"
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's form
