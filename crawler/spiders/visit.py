"""One walk down a column of a source: where it stands, and what its first page said."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from crawler.items import Link, ListReading
from crawler.outcomes import Outcome
from crawler.sight import ColumnSight
from crawler.sources import Column, Source, expectation, quiet_after
from crawler.spiders.asking import page_key
from crawler.spiders.walk import Walk
from store.frontier import ColumnEntry, DueColumn, SourceEntry

MOST_HOPS = 2  # an issue's front page, the frame in it, the data


@dataclass(frozen=True, slots=True)
class Visit:
    """`number` is the page of the walk, 1-based; `links`, `dated` and `validators` are those of its first page.

    `hops` counts the addresses that were followed before any rows were found: from a page that a script fills to its data.
    """

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
    hops: int = 0

    def to_its_data(self, reading: ListReading) -> Self | None:
        """The visit at the address that a page without rows names for them; None when it has rows or names nothing."""
        goes = self.number == 1 and self.hops < MOST_HOPS and not reading.links and reading.next_page != self.url
        return replace(self, url=reading.next_page, hops=self.hops + 1) if goes and reading.next_page else None

    def following(self, reading: ListReading) -> Self | None:
        """The visit at the next page of the list; None at its end. A form or payload with a page number is asked again."""
        said = self.column.form or self.column.payload
        url = self.url if said and page_key(said) else reading.next_page
        return replace(self, url=url, number=self.number + 1) if url else None

    def after(self, reading: ListReading, links: tuple[Link, ...], validators: tuple[str | None, str | None]) -> Self:
        """The visit with what its first page said; later pages change nothing."""
        if self.number > 1:
            return self
        remarks = tuple(issue.detail for issue in reading.issues if issue.kind == "family-mismatch")
        dated = sum(link.published is not None for link in links)
        # What a page without rows says of its own age says nothing of its data: it is asked for anew at every visit.
        kept = (None, None) if self.hops else validators
        return replace(self, links=len(links), dated=dated, remarks=remarks, validators=kept)

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
