"""One walk down a column of a source: where it stands, and what its first page said."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Self

from crawler.items import Link, ListReading
from crawler.outcomes import Outcome
from crawler.rhythm import CHINA
from crawler.sight import ColumnSight
from crawler.silence import news_days, normal_silence
from crawler.sources import Column, Source, expectation, quiet_after
from crawler.spiders.asking import page_key
from crawler.spiders.walk import Walk
from store.frontier import ColumnEntry, DueColumn, SourceEntry

MOST_HOPS = 2  # an issue's front page, the frame in it, the data


@dataclass(frozen=True, slots=True)
class Visit:
    """`number` is the page of the walk, 1-based; `links`, `days` (of the rows that show one) and `validators` are those of
    its first page.

    `shown` are the addresses of the page before. `hops` counts the addresses that were followed before any rows were found: from a page that a script fills to its data.
    """

    due: DueColumn
    source: Source
    column: Column
    walk: Walk
    url: str
    number: int = 1
    links: int = 0
    days: tuple[date, ...] = ()
    remarks: tuple[str, ...] = ()
    validators: tuple[str | None, str | None] = (None, None)
    hops: int = 0
    shown: frozenset[str] = frozenset()

    def to_its_data(self, reading: ListReading) -> Self | None:
        """The visit at the address that a page without rows names for them; None when it has rows or names nothing."""
        goes = self.number == 1 and self.hops < MOST_HOPS and not reading.links and reading.next_page != self.url
        return replace(self, url=reading.next_page, hops=self.hops + 1) if goes and reading.next_page else None

    def following(self, reading: ListReading) -> Self | None:
        """The visit at the next page of the list; None at its end. A form or payload with a page number is asked again."""
        said = self.column.form or self.column.payload
        url = self.url if said and page_key(said) else reading.next_page
        shown = frozenset(link.url for link in reading.links)
        return replace(self, url=url, number=self.number + 1, shown=shown) if url else None

    def shows_again(self, reading: ListReading) -> bool:
        """Whether a further page holds the very rows of the page before it: some sites ignore the page number from abroad."""
        return self.number > 1 and self.shown == {link.url for link in reading.links}

    def after(self, reading: ListReading, links: tuple[Link, ...], validators: tuple[str | None, str | None]) -> Self:
        """The visit with what its first page said; later pages change nothing."""
        if self.number > 1:
            return self
        remarks = tuple(f"{said.kind}: {said.detail}" for said in reading.issues if said.kind == "family-mismatch")
        days = tuple(link.published for link in links if link.published is not None)
        # What a page without rows says of its own age says nothing of its data: it is asked for anew at every visit.
        kept = (None, None) if self.hops else validators
        return replace(self, links=len(links), days=days, remarks=remarks, validators=kept)

    def news_days(self, now: datetime, *, new: bool) -> tuple[date, ...]:
        """The days with news to remember of this column: a list that shows no days had news when something was found."""
        today = now.astimezone(CHINA).date()
        return news_days(self.due.news_days, self.days or ((today,) if new else ()), today)

    def sight(
        self, now: datetime, outcome: Outcome | None = None, *, unchanged: bool = False, new: bool = False
    ) -> ColumnSight:
        """What this visit says about the column's health; `new` when it brought an unknown address."""
        days = self.news_days(now, new=new)
        tomorrow = now.astimezone(CHINA).date() + timedelta(days=1)
        return ColumnSight(
            self.column.name,
            self.links,
            len(self.days),
            unchanged,
            outcome,
            least=expectation(self.source, self.column).min_links,
            before=self.due.last_links,
            silent_for=self._silence(now, days, new=new),
            patience=quiet_after(self.source, self.column) or normal_silence(days),
            remarks=self.remarks,
            url=self.due.url,
            ahead=sum(day > tomorrow for day in self.days),
            was_dated=self.due.shows_days,
        )

    def _silence(self, now: datetime, days: tuple[date, ...], *, new: bool) -> timedelta | None:
        # All rows are new at a first visit; a list that was left years ago shows only in its days. And one that shows only
        # old rows has gone back, whatever is remembered of it.
        if new and not self.due.first_visit:
            return None
        if days or self.days:
            return now.astimezone(CHINA).date() - max(self.days or days)
        last = self.due.last_new_at or self.due.visited_at
        return now - last if last and not new else None


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
