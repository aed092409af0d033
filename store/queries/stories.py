"""When two disclosures are the same: they state one fact, in two copies of one story."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from store.models import Cluster, DigestItem, Disclosure, Document

# Two disclosures of one story state the same fact when these agree; quotes may differ, since copies are cut and re-titled.
FACT = ("type", "person", "role", "object", "ordinal", "outcome")


def is_reprint() -> ColumnElement[bool]:
    """True when another copy of the story states the same fact and is the one to judge, or was judged already.

    The copy to judge is the cluster's origin where it states the fact, else the document that we had first. A copy whose
    facts differ is no reprint and stands for itself, and one that is news is not hidden behind one that was found later.
    """
    twin, copy = aliased(Disclosure), aliased(Document)
    origin = func.coalesce(Cluster.origin_document_id, 0)
    precedes = or_(copy.id == origin, and_(Document.id != origin, copy.id < Document.id))
    as_new = or_(Disclosure.found_later, ~twin.found_later)
    twins = _twins(twin, copy).outerjoin(Cluster, Cluster.id == copy.cluster_id)
    return exists(twins.where(or_(and_(precedes, as_new), twin.verdict.is_not(None))))


def was_told() -> ColumnElement[bool]:
    """True when a copy of the story that states the same fact has already been in a digest."""
    twin, copy = aliased(Disclosure), aliased(Document)
    told = exists(select(1).where(DigestItem.key == twin.key))
    return exists(_twins(twin, copy).where(told))


def _twins(twin: type[Disclosure], copy: type[Document]) -> Select[tuple[int]]:
    same_fact = (getattr(twin, name).is_not_distinct_from(getattr(Disclosure, name)) for name in FACT)
    # Through `coalesce`, so that the copies are looked up by their cluster: SQLite would rather walk the index on bodies,
    # which takes 20 s instead of milliseconds when one body has 200,000 disclosures.
    same_body = func.coalesce(twin.body, "") == func.coalesce(Disclosure.body, "")
    # An upper bound is the day of the copy itself, so copies of one report give different bounds of one meeting.
    both_bounds = and_(twin.date_precision == "before", Disclosure.date_precision == "before")
    same_date = or_(twin.date.is_not_distinct_from(Disclosure.date), both_bounds)
    return (
        select(1)
        .select_from(copy)
        .join(twin, twin.document_id == copy.id)
        .where(copy.cluster_id == Document.cluster_id, copy.id != Document.id, *same_fact, same_body, same_date)
    )
