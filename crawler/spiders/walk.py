"""The rules of walking a list: which rows are this site's, and whether the walk goes on. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.guard import oddity, on_site
from crawler.items import Issue, Link

FURTHEST = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a list that may be fetched, and what there is to say about the others."""

    links: tuple[Link, ...]
    issues: tuple[Issue, ...] = ()


def own_rows(links: Iterable[Link], hosts: Sequence[str]) -> Rows:
    """Part a list's rows into those of the source's own hosts and the rest, which is told and not fetched."""
    own: list[Link] = []
    odd: list[str] = []
    elsewhere: list[str] = []
    for link in links:
        if oddity(link.url):
            odd.append(link.url)
        elif any(on_site(link.url, home) for home in hosts):
            own.append(link)
        else:
            elsewhere.append(link.url)
    issues = []
    if odd:
        issues.append(
            Issue("odd-address", f"{len(odd)} rows lead to addresses that are not asked for, such as {odd[0][:200]!r}")
        )
    if elsewhere:
        issues.append(
            Issue(
                "off-site-links",
                f"{len(elsewhere)} rows lead to other sites and were not fetched: {elsewhere[0][:200]}",
            )
        )
    return Rows(tuple(own), tuple(issues))


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a list is to be walked: `pages` on the first visit; on later ones while rows are new; with `since`, back
    to that day.
    """

    pages: int
    first_visit: bool
    since: date | None = None

    def goes_on(self, number: int, links: Sequence[Link], new: Collection[str]) -> bool:
        """Whether the page after page `number` (1-based) is worth a request.

        Pinned rows stand at the top, old and known, so the end of the page decides: only where its last row is new can
        there be more new ones behind it.
        """
        if not links or number >= FURTHEST:
            return False
        if self.since is not None:
            days = [link.published for link in links[len(links) // 2 :] if link.published]
            return number < self.pages if not days else max(days) >= self.since
        if self.first_visit:
            return number < self.pages
        return links[-1].url in new
