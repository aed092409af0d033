"""The nouns in flight: what moves between the rooms while a page becomes disclosures.

Every class is frozen and holds plain values only, so it can cross into a worker process and back. Rows at rest live in
`store.models`; only `pipelines.save` turns one into the other. Unknown is None, never a guess.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

PageKind = Literal["list", "page", "part", "attachment", "robots"]
HitStatus = Literal["confirmed", "suspect"]
Place = Literal["body", "title"]
DatePrecision = Literal["day", "month", "year", "before"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something we did not understand: a kind from a small fixed vocabulary, and one sentence for a person.

    `kind` is kebab-case (missing-title, zero-links, unread-date, unknown-charset, parse-loss, parse-timeout, …).
    """

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a list page: an absolute address, the title as printed, the day printed beside it (Asia/Shanghai)."""

    url: str
    title: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a document links to: absolute address and the name that the page gives it."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """One official page, read.

    `body` is plain text, paragraphs separated by one newline; `published` is the day the page shows (发布日期), `signed`
    the day of the document itself (成文日期), both in Asia/Shanghai; `published_time` is an aware instant when the page
    gives a clock time. `source` is the 来源 line, `issuer` 发文机关, `doc_number` 发文字号, `index_number` 索引号.
    `reader` names the adapter or extractor that read the body.
    """

    title: str | None
    body: str
    published: date | None = None
    published_time: datetime | None = None
    signed: date | None = None
    source: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    attachments: tuple[Attachment, ...] = ()
    reader: str = "generic"


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a list page says: its rows in page order, and the address where the rows go on (None at the end)."""

    charset: str
    family: str
    links: tuple[Link, ...]
    next_page: str | None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a document page says, before anything is searched in it; `document` is None when nothing could be read."""

    charset: str
    family: str
    document: Document | None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of a text from outside the text: used to resolve a bare 省委 and relative dates.

    `region` is the six-digit GB/T 2260 code of the source, `published` the day of publication in Asia/Shanghai.
    """

    title: str | None = None
    source_name: str | None = None
    region: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A term at one place: `text[start:end] == surface`, offsets are Python str indexes into the searched text.

    `place` says which text of the document that is: its body, or its title.

    `status` says how sure the place is, `why` says in words why it is suspect (empty when confirmed), `context` is the
    sentence around it, at most 120 characters.
    """

    term: str
    surface: str
    start: int
    end: int
    status: HitStatus
    why: str
    context: str
    place: Place = "body"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A clause or sentence that says something about a body: typed, with facts and a verbatim quote.

    `text[start:end] == quote`. `body` is the canonical Chinese name with its region, None when it cannot be resolved.
    `date` is ISO text as long as its precision (2024-06-18, 2024-06, 2024; with `before` a full day, the upper bound).
    `pattern` names the rule of disclosures.yml that made it; `confidence` is 0 to 1. `date_from` is the address of the dated
    copy that lent its date, None when the page itself gives it.
    """

    type: str
    body: str | None
    quote: str
    start: int
    end: int
    confidence: float
    pattern: str
    region: str | None = None
    date: str | None = None
    date_precision: DatePrecision | None = None
    date_from: str | None = None
    ordinal: int | None = None
    person: str | None = None
    role: str | None = None
    capacity: str | None = None
    action: str | None = None
    object: str | None = None
    object_kind: str | None = None
    outcome: str | None = None
    place: Place = "body"


@dataclass(frozen=True, slots=True)
class Capture:
    """Where the raw bytes of a page are kept: the SHA-256 of the body, and the WARC record that holds it.

    `record_length` and `record_sha256` are those of the compressed record, so that every bit of it is under a hash.
    """

    sha256: str
    length: int
    warc_file: str
    warc_offset: int
    record_length: int = 0
    record_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A further page of a document that is printed over several, as it was fetched."""

    url: str
    body: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One address as fetched once: bytes, headers, time, how it ended.

    `fetched_at` is aware UTC. `address` is the IP that answered, `tls_verified` None over plain http or when unknown.
    `block` names the block-page family when the answer is not the page (see crawler.middlewares.block_pages). `via` says
    what was out of the ordinary in how it was asked for (legacy-tls, proxy), `origin` who fetched it: the crawl, or a
    person who saved it and imported the file. `parts` are the further pages of its document, each a capture of its own.
    """

    url: str
    requested_url: str
    kind: PageKind
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    source_id: str
    column_url: str
    link: Link | None = None
    address: str | None = None
    tls_verified: bool | None = None
    block: str | None = None
    capture: Capture | None = None
    via: str | None = None
    origin: Literal["crawl", "import"] = "crawl"
    parts: tuple[Part, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, names compared without case; None when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a reading was new to the store: its document, and how many of its hits and disclosures."""

    new_document: bool = False
    hits: int = 0
    disclosures: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A page with everything that was read and found in it: the item that `save` turns into rows.

    `files` are those of the document's attachments that are to be fetched; `kept` says what was new, once it is saved.
    """

    page: Page
    charset: str
    family: str
    document: Document | None
    hits: tuple[Hit, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    issues: tuple[Issue, ...] = ()
    suspicions: tuple[str, ...] = field(default=())
    files: tuple[Attachment, ...] = ()
    kept: Kept | None = None
