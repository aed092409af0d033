"""One walk down a column of a source: where it stands, and what its first page said."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from crawler.items import Link, ListReading
from crawler.outcomes import Outcome
from crawler.sight import ColumnSight
from crawler.sources import Column, Source, expectation, quiet_after
from crawler.spiders.walk import Walk
from store.frontier import ColumnEntry, DueColumn, SourceEntry


@dataclass(frozen=True, slots=True)
class Visit:
    """`number` is the page of the walk, 1-based; `links`, `dated` and `validators` are those of its first page."""

    due: DueColumn
    source: Source
    column: Column
    walk: Walk
    url: str
    number: int = 1
    links: int = 0
    dated: int = 0
    remarks: tuple[str, ...] = ()
    validators: tuple[str | None, str | None] = (None, None)

    def after(self, reading: ListReading, links: tuple[Link, ...], validators: tuple[str | None, str | None]) -> Self:
        """The visit with what its first page said; later pages change nothing."""
        if self.number > 1:
            return self
        remarks = tuple(issue.detail for issue in reading.issues if issue.kind == "family-mismatch")
        dated = sum(link.published is not None for link in links)
        return replace(self, links=len(links), dated=dated, remarks=remarks, validators=validators)

    def sight(
        self, now: datetime, outcome: Outcome | None = None, *, unchanged: bool = False, new: bool = False
    ) -> ColumnSight:
        """What this visit says about the column's health; `new` when it brought an unknown address."""
        last = self.due.last_new_at or self.due.visited_at
        return ColumnSight(
            self.column.name,
            self.links,
            self.dated,
            unchanged,
            outcome,
            least=expectation(self.source, self.column).min_links,
            before=self.due.last_links,
            silent_for=now - last if last and not new else None,
            patience=quiet_after(self.source, self.column),
            remarks=self.remarks,
        )


def entry_of(source: Source) -> SourceEntry:
    """A source as the store knows it, with the columns that are visited."""
    columns = tuple(ColumnEntry(own.name, own.url, own.family) for own in source.columns if own.enabled)
    return SourceEntry(
        source.id,
        source.name,
        source.name_en,
        source.tier,
        source.homepage,
        region=source.region,
        columns=columns,
        enabled=source.enabled,
    )
