"""The rows at rest. Nothing a page said is ever overwritten; what a person decided is kept apart from it.

Days are `Date` in Asia/Shanghai, instants are aware UTC (see `Instant`). Text is Chinese as it stood on the page.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; a naive value is refused when it is written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC; raise ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: instants are aware UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC, also where SQLite hands back a naive value."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def only_where(condition: str) -> dict[str, Any]:
    """Return the arguments that make an index partial on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 - SQLAlchemy's form


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
    """A list page of a source, with what the last visit left for the next one."""

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


class Cluster(Base):
    """The same story on several sites; counts as one source. The origin is the earliest, most official copy."""

    __tablename__ = "cluster"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    origin_document_id: Mapped[int | None] = mapped_column(BigId)
    made_at: Mapped[datetime]


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
        Index("ix_disclosure_new", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_type_new", "type", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_source_new", "source_id", "found_at", "id", **only_where("verdict is null")),
        Index("ix_disclosure_body_new", "body", "found_at", "id", **only_where("verdict is null")),
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


class Lease(Base):
    """Who leads until when: one scheduler of several does the work, another takes over when it falls silent."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class DocumentShingle(Base):
    """A sampled shingle hash of a document with hits: finds the same story on other sites."""

    __tablename__ = "document_shingle"
    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)


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
