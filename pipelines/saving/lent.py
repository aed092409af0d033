"""In the store, a document without a day borrows the dates of its passages from dated copies, the earliest copy first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, or_, select

from crawler.items import Disclosure as Found
from pipelines.disclosing.lending import Lenders, Telling
from store.addresses import canonical
from store.models import Disclosure, Document, Page, Version, table_of

MOST = 50  # of a story that five thousand sites reprint, the earliest copies are enough

_DISCLOSURE = table_of(Disclosure)
_FIELDS = tuple(field.name for field in fields(Found))
_IDS: BindParameter[Any] = bindparam("documents", expanding=True)
_LACKS_DATES = (
    select(Disclosure.id)
    .where(Disclosure.document_id == Document.id, or_(Disclosure.date.is_(None), Disclosure.date_from.is_not(None)))
    .exists()
)
_BORROWERS = select(Document.id).where(Document.published.is_(None), _LACKS_DATES)
_BORROWERS_AMONG = _BORROWERS.where(or_(Document.id.in_(_IDS), Document.cluster_id == bindparam("cluster"))).limit(MOST)
_STORY_OF = select(Document.cluster_id).where(Document.id == bindparam("document")).scalar_subquery()
_LENT_BY = select(Disclosure.date_from).where(Disclosure.document_id == bindparam("document")).distinct()
_LENDERS = (
    select(Document.id)
    .join(Page, Page.id == Document.page_id)
    .where(
        Document.published.is_not(None),
        or_(
            Document.id.in_(_IDS),
            Document.cluster_id == _STORY_OF,
            Page.canonical.in_(bindparam("addresses", expanding=True)),
        ),
    )
    .order_by(Document.published, Document.id)
    .limit(MOST)
)
_TEXTS = (
    select(Document.id, Document.published, Page.url, Version.title, Version.body)
    .join(Page, Page.id == Document.page_id)
    .join(Version, Version.id == Document.current_version_id)
    .where(Document.id.in_(_IDS))
)
_TOLD = (
    select(_DISCLOSURE)
    .join(Document, Document.id == _DISCLOSURE.c.document_id)
    .where(_DISCLOSURE.c.document_id.in_(_IDS), _DISCLOSURE.c.last_version_id == Document.current_version_id)
    .order_by(_DISCLOSURE.c.id)
)
_SET_DATE = _DISCLOSURE.update().where(_DISCLOSURE.c.id == bindparam("row"))


def lend(connection: Connection, document_id: int, near: Collection[int], cluster_id: int | None) -> None:
    """Date what a new document, those that share passages with it and its story leave open, where one of them dates it."""
    together = [document_id, *near]
    among = {"documents": together, "cluster": cluster_id}
    for borrower in connection.execute(_BORROWERS_AMONG, among).scalars().all():
        _borrow(connection, borrower, together)


def lend_again(connection: Connection) -> None:
    """Renew what every document without a day has borrowed, or lacks, from its story and from those that lent it before."""
    for borrower in connection.execute(_BORROWERS).scalars().all():
        _borrow(connection, borrower, ())


def _borrow(connection: Connection, borrower: int, others: Collection[int]) -> None:
    lent_by = connection.execute(_LENT_BY, {"document": borrower}).scalars()
    known = {"addresses": [canonical(address) for address in lent_by if address], "documents": list(others)}
    lenders = connection.execute(_LENDERS, {**known, "document": borrower}).scalars().all()
    rows = connection.execute(_TOLD, {"documents": [borrower, *lenders]}).all()
    texts = {row.id: row for row in connection.execute(_TEXTS, {"documents": [borrower, *lenders]})}
    own = [row for row in rows if row.document_id == borrower]
    page = _telling(texts[borrower], [_without_loan(row) for row in own])
    copies = [_telling(texts[d], [_found(row) for row in rows if row.document_id == d]) for d in lenders]
    _write(connection, own, Lenders(copies).dated(page))


def _telling(text: Row[*tuple[Any, ...]], told: Iterable[Found]) -> Telling:
    return Telling(text.url, text.published, text.title, text.body, tuple(told))


def _found(row: Row[Any]) -> Found:
    return Found(**{name: getattr(row, name) for name in _FIELDS})


def _without_loan(row: Row[Any]) -> Found:
    loan = {"date": None, "date_precision": None, "date_from": None} if row.date_from else {}
    return Found(**{name: getattr(row, name) for name in _FIELDS} | loan)


def _write(connection: Connection, rows: Sequence[Row[Any]], now: Sequence[Found]) -> None:
    changed = [
        {"row": row.id, "date": told.date, "date_precision": told.date_precision, "date_from": told.date_from}
        for row, told in zip(rows, now, strict=True)
        if (row.date, row.date_precision, row.date_from) != (told.date, told.date_precision, told.date_from)
    ]
    if changed:
        connection.execute(_SET_DATE, changed)
