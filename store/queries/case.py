"""Everything that is known of one disclosure, for a person who must prove it elsewhere: captures, text, versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from store.models import Capture, Disclosure, Document, Version
from store.queries.sheet import Sheet, disclosure_sheet


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """One answer as it was kept; the fields mean what `store.models.Capture` says they mean."""

    id: int
    url: str
    kind: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    sha256: str
    length: int
    warc_file: str
    warc_offset: int
    record_length: int
    record_sha256: str
    address: str | None
    tls_verified: bool | None
    origin: str
    via: str | None
    chain: str


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """What the page said at one fetch, and from which capture that was read."""

    id: int
    number: int
    fetched_at: datetime
    capture_id: int
    title: str | None
    body: str
    charset: str
    reader: str

    def text(self, place: str) -> str:
        """The text that offsets of a place (body, title) index."""
        return (self.title or "") if place == "title" else self.body


@dataclass(frozen=True, slots=True)
class Case:
    """A disclosure with its sheet, every version of its document, oldest first, and the captures that they were read from,
    the further pages of a text that is printed over several among them.

    `cited` is the version in which the quote was found: the offsets of the disclosure index its text.
    """

    sheet: Sheet
    versions: tuple[KeptVersion, ...]
    captures: tuple[KeptCapture, ...]

    @property
    def cited(self) -> KeptVersion:
        """The version in which the quote was found."""
        wanted = self.sheet.row.publication.version_id
        return next(version for version in self.versions if version.id == wanted)

    @property
    def cited_capture(self) -> KeptCapture:
        """The capture from which that version was read."""
        return next(capture for capture in self.captures if capture.id == self.cited.capture_id)


_VERSION = tuple(getattr(Version, name) for name in KeptVersion.__dataclass_fields__)
_CAPTURE = tuple(getattr(Capture, name) for name in KeptCapture.__dataclass_fields__)


def find_disclosure(connection: Connection, name: str) -> int | None:
    """Return the id of the disclosure that a person named by its id or its key; None when there is none."""
    wanted = Disclosure.key == name
    if name.isascii() and name.isdigit() and len(name) < 19:
        wanted = Disclosure.id == int(name)
    return connection.execute(select(Disclosure.id).where(wanted)).scalar_one_or_none()


def case_of(connection: Connection, disclosure_id: int) -> Case | None:
    """Return the case of a disclosure; None when there is none of that id."""
    sheet = disclosure_sheet(connection, disclosure_id)
    if sheet is None:
        return None
    of_document = Version.document_id == sheet.row.publication.document_id
    versions = connection.execute(select(*_VERSION).where(of_document).order_by(Version.number))
    kept = tuple(KeptVersion(*row) for row in versions)
    page = select(Document.page_id).where(Document.id == sheet.row.publication.document_id).scalar_subquery()
    wanted = or_(
        Capture.id.in_(sorted({version.capture_id for version in kept})),
        and_(Capture.page_id == page, Capture.kind == "part"),  # the further pages that a text is printed over
    )
    captures = connection.execute(select(*_CAPTURE).where(wanted).order_by(Capture.id))
    return Case(sheet, kept, tuple(_capture(row) for row in captures))


def _capture(row: Any) -> KeptCapture:
    values = dict(zip(KeptCapture.__dataclass_fields__, row, strict=True))
    values["headers"] = tuple((str(name), str(value)) for name, value in values["headers"])
    return KeptCapture(**values)
