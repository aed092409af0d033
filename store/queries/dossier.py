"""What has been said about a body, statement by statement, each with its story: the rows that every ledger reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select
from sqlalchemy.orm import aliased

from store.models import Cluster, Disclosure, Document, Hit, Source, Version
from store.queries.coverage import SHANGHAI, shanghai_day
from store.queries.views import FoundDisclosure, Publication, read_both, select_disclosures

_ADDED = 3
_COMMISSION = "%科技委员会"
# Before the first day of anything that is asked about; `date.min` cannot be turned into an instant.
EARLIEST = date(1949, 10, 1)


@dataclass(frozen=True, slots=True)
class Statement:
    """A disclosure with the page that makes it; `origin_id` and `origin_published` are those of the story's origin."""

    disclosure: FoundDisclosure
    publication: Publication
    fetched_at: datetime
    origin_id: int | None = None
    origin_published: date | None = None

    @property
    def story(self) -> int:
        """The story that the page tells; copies of one story share the number, other pages have one of their own."""
        cluster = self.publication.cluster_id
        return -self.publication.document_id if cluster is None else cluster

    @property
    def is_copy(self) -> bool:
        """True for a reprint: the story has an origin, and this page is not it."""
        return self.origin_id is not None and self.origin_id != self.publication.document_id

    @property
    def published(self) -> date:
        """The day on which this was public; a copy is never older than its origin, an undated page is as old as its fetch."""
        own = self.publication.published or shanghai_day(self.fetched_at)
        return max(own, self.origin_published) if self.is_copy and self.origin_published else own

    @property
    def accepted(self) -> bool:
        """True when an analyst has accepted it; else it stands as the machine found it."""
        return self.disclosure.verdict == "accepted"


def end_of_day(day: date) -> datetime:
    """Return the instant at which a day ends in China."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def statements(
    connection: Connection, bodies: Sequence[str], day: date, types: Sequence[str] = (), limit: int | None = None
) -> tuple[Statement, ...]:
    """Return what was found about bodies by the end of a day, newest find first, without what an analyst rejected.

    `types` narrows to some types of disclosure. Verdicts are those in force now.
    """
    wanted = _select(day).where(Disclosure.body.in_(bodies))
    if types:
        wanted = wanted.where(Disclosure.type.in_(types))
    return _read(connection, wanted.limit(limit))


def unclaimed_approvals(connection: Connection, day: date, province: str | None = None) -> tuple[Statement, ...]:
    """Return approvals that name no approver, those of the sources of one province (six digits) when it is given."""
    wanted = _select(day).where(Disclosure.body.is_(None), Disclosure.type == "approval")
    if province is not None:
        wanted = wanted.where(Source.region.like(f"{province[:2]}%"))
    return _read(connection, wanted)


def local_statements(connection: Connection, day: date, province: str | None = None) -> tuple[Statement, ...]:
    """Return what was found about local S&T commissions, those of one province (six digits) when it is given."""
    wanted = _select(day).where(Disclosure.region.is_not(None), Disclosure.body.like(_COMMISSION))
    if province is not None:
        wanted = wanted.where(Disclosure.region.like(f"{province[:2]}%"))
    return _read(connection, wanted)


def slogans_beside(connection: Connection, bodies: Sequence[str], day: date, limit: int) -> tuple[Statement, ...]:
    """Return the slogans used in documents that also say something about one of the bodies, newest find first."""
    naming = select(Disclosure.document_id).where(Disclosure.body.in_(bodies))
    wanted = _select(day).where(Disclosure.type == "slogan", Disclosure.document_id.in_(naming))
    return _read(connection, wanted.limit(limit))


def other_central_meetings(connection: Connection, bodies: Sequence[str], day: date) -> tuple[Statement, ...]:
    """Return the meetings of bodies that belong to no place, without those named: what a cadence is compared with."""
    others = (Disclosure.body.is_not(None), Disclosure.body.not_in(bodies), Disclosure.region.is_(None))
    return _read(connection, _select(day).where(Disclosure.type == "meeting", *others))


def statements_of_people(connection: Connection, people: Sequence[str], day: date) -> tuple[Statement, ...]:
    """Return what was found about people by name, whatever the body: other seats, and the capacities they appear in."""
    if not people:
        return ()
    return _read(connection, _select(day).where(Disclosure.person.in_(people)))


@dataclass(frozen=True, slots=True)
class Naming:
    """A document that names a body, with its text: what co-mentions are counted in."""

    document_id: int
    story: int
    source_id: str
    published: date | None
    text: str


def documents_naming(
    connection: Connection, body: str, term: str | None, first: date, last: date
) -> tuple[Naming, ...]:
    """Return the documents published between two days that name a body: by a disclosure, or by a confirmed hit of its term.

    A page without a date counts by the day on which it was first seen.
    """
    said = select(Disclosure.document_id).where(
        Disclosure.body == body, Disclosure.verdict.is_distinct_from("rejected")
    )
    named: ColumnElement[bool] = Document.id.in_(said)
    if term is not None:
        hits = select(Hit.document_id).where(Hit.term == term, Hit.status == "confirmed")
        named = or_(named, Document.id.in_(hits))
    columns = (Document.id, Document.cluster_id, Document.source_id, Version.published, Version.title, Version.body)
    rows = connection.execute(
        select(*columns)
        .join(Version, Version.id == Document.current_version_id)
        .where(named, published_between(first, last))
        .order_by(Document.id)
    )
    return tuple(
        Naming(id, -id if cluster is None else cluster, source, published, f"{title or ''}\n{body}")
        for id, cluster, source, published, title, body in rows
    )


def published_between(first: date, last: date) -> ColumnElement[bool]:
    """Return the condition that a document was published, or undated and first seen, between two days (both included)."""
    start, end = datetime.combine(first, time(), SHANGHAI), end_of_day(last)
    seen = and_(Document.published.is_(None), Document.first_seen_at >= start, Document.first_seen_at < end)
    return or_(Document.published.between(first, last), seen)


def _select(day: date) -> Select[*tuple[object, ...]]:
    origin = aliased(Document)
    return (
        select_disclosures()
        .add_columns(Version.fetched_at, Cluster.origin_document_id, origin.published)
        .outerjoin(Cluster, Cluster.id == Document.cluster_id)
        .outerjoin(origin, origin.id == Cluster.origin_document_id)
        .where(Disclosure.found_at < end_of_day(day), Disclosure.verdict.is_distinct_from("rejected"))
        .order_by(Disclosure.found_at.desc(), Disclosure.id.desc())
    )


def _read(connection: Connection, wanted: Select[*tuple[object, ...]]) -> tuple[Statement, ...]:
    rows = connection.execute(wanted)
    found = (Statement(*read_both(row[:-_ADDED]), *row[-_ADDED:]) for row in rows)  # type: ignore[arg-type]
    # What stands on a page that is possibly hacked counts once a person has accepted it, and not before.
    return tuple(each for each in found if not each.publication.suspicions or each.disclosure.verdict == "accepted")
