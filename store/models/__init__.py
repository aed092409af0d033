"""The rows at rest. Nothing a page said is ever overwritten; what a person decided is kept apart from it.

Days are `Date` in Asia/Shanghai, instants are aware UTC (see `Instant`). Text is Chinese as it stood on the page.
"""

from store.models.base import Base, Instant, table_of
from store.models.documents import Cluster, Document, DocumentShingle, Version
from store.models.finds import Disclosure, Hit, Rematch, TermSet
from store.models.leases import Lease
from store.models.pages import Capture, Event, Issue, Page, PageCheck
from store.models.review import Delivery, Digest, DigestItem, Verdict
from store.models.sources import Alarm, Column, Host, Run, Source, SourceState

__all__ = [
    "Alarm",
    "Base",
    "Capture",
    "Cluster",
    "Column",
    "Delivery",
    "Digest",
    "DigestItem",
    "Disclosure",
    "Document",
    "DocumentShingle",
    "Event",
    "Hit",
    "Host",
    "Instant",
    "Issue",
    "Lease",
    "Page",
    "PageCheck",
    "Rematch",
    "Run",
    "Source",
    "SourceState",
    "TermSet",
    "Verdict",
    "Version",
    "table_of",
]
