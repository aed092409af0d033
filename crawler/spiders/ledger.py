"""Writes down what a crawl sees: to the frontier what must not be lost, to the health what is counted and judged."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from crawler.extensions.health import Health
from crawler.items import Issue, Link, Page
from crawler.outcomes import Outcome
from crawler.sources import Source, next_due
from crawler.spiders.visit import Visit
from store.config import Config
from store.frontier import Frontier, PendingPage

P = ParamSpec("P")
T = TypeVar("T")


class Ledger:
    """One for each crawl; every method is one short transaction in a thread, beside the engine."""

    def __init__(self, frontier: Frontier, health: Health, config: Config) -> None:
        self.frontier = frontier
        self.health = health
        self._config = config

    async def do(self, ask: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Ask the frontier without holding up the engine."""
        return await asyncio.to_thread(ask, *arguments, **named)

    async def remark(self, issue: Issue, source_id: str, url: str) -> None:
        """Keep something that was not understood, for a person to see."""
        run_id, now = self.health.tally(source_id).run_id, self._config.now()
        note = self.frontier.note_issue
        await self.do(note, issue.kind, issue.detail, now, source_id=source_id, url=url, run_id=run_id)

    async def keep(self, links: Iterable[Link], visit: Visit, *, later: bool) -> list[PendingPage]:
        """Keep the unknown addresses of a list before any of them is asked for, and return them."""
        new = await self.do(self.frontier.keep, visit.due.id, links, self._config.now(), found_later=later)
        self.health.expect(len(new))
        tally = self.health.tally(visit.source.id)
        tally.new_pages += len(new)
        if new:
            tally.with_news.add(visit.due.url)
        return new

    def seen(self, visit: Visit, links: tuple[Link, ...]) -> None:
        """Count a list that was read."""
        tally = self.health.tally(visit.source.id)
        tally.lists += 1
        tally.links += len(links)

    async def unchanged(self, visit: Visit) -> None:
        """The list says that it is as it was at the last visit."""
        await self.do(self.frontier.unchanged, visit.due.id, self._config.now(), self._next(visit.source))
        self._note(visit, unchanged=True)

    async def finish(self, visit: Visit) -> None:
        """The walk has come to its end."""
        now = self._config.now()
        due_at = self._next(visit.source)
        new = visit.due.url in self.health.tally(visit.source.id).with_news
        days = visit.news_days(now, new=new)
        dated = bool(visit.days) or visit.due.shows_days
        read, own = self.frontier.visited, (visit.due.id, now, due_at, visit.links, visit.validators)
        await self.do(read, *own, news_days=days, shows_days=dated)
        self._note(visit)

    async def lose(self, visit: Visit, outcome: Outcome | None) -> None:
        """A page of the walk could not be seen. Without the first page the column is lost for this visit. Later on the list
        ends here, unless a first visit was kept from going on: it begins anew the next time.
        """
        ends = outcome is None or outcome.kind == "not-found" or not visit.due.first_visit
        if visit.number > 1 and ends:
            await self.finish(visit)
            return
        if outcome is None or outcome.means != "not-due":
            await self.do(self.frontier.postponed, visit.due.id, self._next(visit.source))
        if visit.number > 1 and outcome is not None:
            self._note(replace(visit, remarks=(*visit.remarks, f"list-cut: page {visit.number}: {outcome.detail}")))
        else:
            self._note(replace(visit, links=0), outcome)

    async def miss_page(self, page: PendingPage, answer: Page, outcome: Outcome) -> None:
        """Something else answered than the page that was asked for."""
        now = self._config.now()
        if answer.status in (404, 410) or outcome.kind == "soft-404":
            await self.do(self.frontier.missing, page.id, answer.status if answer.status != 200 else 404, now)
        elif answer.block is None:  # a block is noted where its capture is saved
            await self.do(self.frontier.failed, page.id, answer.status, outcome.detail, now)
        await self._unread(page, outcome)

    async def lose_page(self, page: PendingPage, outcome: Outcome, target: str | None) -> None:
        """No answer came; `target` is the other site to which the page led. What was not asked for now stays pending."""
        now = self._config.now()
        await self._unread(page, outcome)
        if outcome.kind == "off-site":
            await self.do(self.frontier.redirected, page.id, str(target), now)
        elif outcome.kind == "soft-404":
            await self.do(self.frontier.missing, page.id, 404, now)
        elif outcome.means != "not-due" and outcome.kind != "paused":
            if page.kind != "attachment":
                await self.remark(Issue(f"page-{outcome.kind}", outcome.detail), page.source_id, page.url)
            await self.do(self.frontier.failed, page.id, None, outcome.detail, now)

    async def _unread(self, page: PendingPage, outcome: Outcome) -> None:
        # A file that does not come takes nothing from its page, which was read; it is marked, and tried again.
        if page.kind == "attachment":
            await self.remark(Issue("not-read", f"{page.title}: {outcome.detail}"), page.source_id, page.url)
        else:
            self.health.tally(page.source_id).pages.append(outcome)

    def _note(self, visit: Visit, outcome: Outcome | None = None, *, unchanged: bool = False) -> None:
        tally, now = self.health.tally(visit.source.id), self._config.now()
        tally.columns[visit.due.url] = visit.sight(
            now, outcome, unchanged=unchanged, new=visit.due.url in tally.with_news
        )
        tally.lists += unchanged
        self.health.done(visit.source.id, outcome.detail if outcome else visit.column.name)

    def _next(self, source: Source) -> datetime:
        now = self._config.now()
        return next_due(source, now, now)
