"""What the questions answer with: frozen values of the store, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select, true
from sqlalchemy.orm import aliased

from store.models import Capture, Disclosure, Document, Page, Source, Version


@dataclass(frozen=True, slots=True)
class FoundDisclosure:
    """A disclosure as it lies in the store; the fields mean what `crawler.items.Disclosure` says they mean."""

    id: int
    key: str
    type: str
    body: str | None
    region: str | None
    date: str | None
    date_precision: str | None
    date_from: str | None
    ordinal: int | None
    person: str | None
    role: str | None
    capacity: str | None
    action: str | None
    object: str | None
    object_kind: str | None
    outcome: str | None
    place: str
    quote: str
    start: int
    end: int
    confidence: float
    pattern: str
    found_at: datetime
    found_later: bool
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a disclosure stands: the document, its address, and the source that published it.

    `suspicions` are the reasons why the page is possibly hacked (empty: none known); `current` is False when the page
    has stopped saying what was read. The title of a file names the document that it belongs to; `imported` is True for
    what a person saved and the crawl did not fetch.
    """

    document_id: int
    version_id: int
    cluster_id: int | None
    current: bool
    title: str | None
    published: date | None
    published_time: datetime | None
    signed: date | None
    source_line: str | None
    issuer: str | None
    doc_number: str | None
    index_number: str | None
    suspicions: tuple[str, ...]
    url: str
    missing_since: datetime | None
    removed_at: datetime | None
    source_id: str
    source_name: str
    source_name_en: str
    tier: str
    source_region: str | None
    imported: bool = False


DISCLOSURE_COLUMNS = tuple(getattr(Disclosure, name) for name in FoundDisclosure.__dataclass_fields__)
_IS_CURRENT = Disclosure.last_version_id == Document.current_version_id
_PARENT, _PARENT_VERSION = aliased(Document), aliased(Version)
_PARENT_TITLE = (
    select(_PARENT_VERSION.title)
    .join(_PARENT, _PARENT.current_version_id == _PARENT_VERSION.id)
    .where(_PARENT.id == Document.parent_document_id)
    .correlate(Document)
    .scalar_subquery()
)
TITLE = case(
    (Document.parent_document_id.is_not(None), Version.title + "（附于：" + func.coalesce(_PARENT_TITLE, "") + "）"),
    else_=Version.title,
)
_IMPORTED = (
    select(Capture.origin == "import").where(Capture.id == Version.capture_id).correlate(Version).scalar_subquery()
)
_PUBLICATION_COLUMNS = (
    Document.id,
    Version.id,
    Document.cluster_id,
    _IS_CURRENT,
    TITLE,
    Version.published,
    Version.published_time,
    Version.signed,
    Version.source_line,
    Version.issuer,
    Version.doc_number,
    Version.index_number,
    Version.suspicions,
    Page.url,
    Page.missing_since,
    Page.removed_at,
    Source.id,
    Source.name,
    Source.name_en,
    Source.tier,
    Source.region,
    _IMPORTED,
)


def select_disclosures() -> Select[*tuple[object, ...]]:
    """Return the statement that reads disclosures with their publication; filter and order it as needed."""
    return (
        select(*DISCLOSURE_COLUMNS, *_PUBLICATION_COLUMNS)
        .select_from(Disclosure)
        .join(Document, Document.id == Disclosure.document_id)
        .join(Version, Version.id == Disclosure.version_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Disclosure.source_id)
    )


def select_publications() -> Select[*tuple[object, ...]]:
    """Return the statement that reads documents in their current version, without asking for disclosures."""
    columns = [column if column is not _IS_CURRENT else true() for column in _PUBLICATION_COLUMNS]
    return (
        select(*columns)
        .select_from(Document)
        .join(Version, Version.id == Document.current_version_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Document.source_id)
    )


def read_disclosure(row: Sequence[object]) -> FoundDisclosure:
    """Return the disclosure of a row of `select_disclosures`."""
    return FoundDisclosure(*row[: len(DISCLOSURE_COLUMNS)])  # type: ignore[arg-type]


def read_publication(columns: tuple[object, ...]) -> Publication:
    """Return the publication from columns in the order of the fields."""
    values = dict(zip(Publication.__dataclass_fields__, columns, strict=True))
    reasons = values["suspicions"] if isinstance(values["suspicions"], list) else []
    flags = {name: bool(values[name]) for name in ("current", "imported")}
    values.update(suspicions=tuple(str(reason) for reason in reasons), **flags)
    return Publication(**values)  # type: ignore[arg-type]


def read_both(row: Sequence[object]) -> tuple[FoundDisclosure, Publication]:
    """Return disclosure and publication of a row of `select_disclosures`."""
    return read_disclosure(row), read_publication(tuple(row[len(DISCLOSURE_COLUMNS) :]))
