"""One digest a day: what was disclosed since the last one, told once, with what could not be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from review.words import TYPES, Glossary
from store import queries
from store.problems import Problem
from store.vitals import is_late, last_tick

LONGEST_COVERAGE = timedelta(days=7)
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Story:
    """What one story discloses about a body: the statements of one document, strongest type first."""

    items: tuple[queries.Untold, ...]

    @property
    def publication(self) -> queries.Publication:
        """Where the story stands."""
        return self.items[0].row.publication

    @property
    def copies(self) -> int:
        """In how many other documents it stands too."""
        return self.items[0].row.copies


@dataclass(frozen=True, slots=True)
class Section:
    """The stories about one body; `body` is None for set phrases and bodies that could not be resolved."""

    body: str | None
    gloss: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything that a digest says.

    `number` counts the statements in `sections`, `left_out` those beyond the first 200, `reprints` the copies that are
    folded or were told before. `found_later` and `hacked` stand apart and are counted apart. `alarms` are the troubles of
    sources that began or ended and that no digest has told; `standing` counts those that go on. `ours` says in words what
    was wrong with us: days without a digest, a scheduler that does not run.
    """

    day: date
    since: datetime | None
    until: datetime
    coverage: queries.Coverage
    sections: tuple[Section, ...]
    found_later: tuple[Story, ...]
    hacked: tuple[Story, ...]
    number: int
    left_out: int
    reprints: int
    keys: tuple[str, ...]
    glossary: Glossary
    alarms: tuple[queries.ToldAlarm, ...] = ()
    standing: int = 0
    ours: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject line: a fixed pattern of figures, never a word of a page."""
        told = f"{self.number} disclosure{'' if self.number == 1 else 's'}"
        return f"tealeaves {self.day}: {told}, {self.coverage.seen} of {self.coverage.total} sources seen"


def compose_digest(connection: Connection, day: date, now: datetime, timezone: str) -> DigestContent:
    """Return what the digest of a day says, read at `now`; raise Problem for a day that has not begun.

    Everything found before the end of that day that no digest has told belongs to it.
    """
    zone = ZoneInfo(timezone)
    if day > now.astimezone(zone).date():
        raise Problem(f"{day} has not begun yet in {timezone}; there is nothing to tell.")
    until = min(now, datetime.combine(day + timedelta(days=1), time(), zone))
    last = queries.last_digest_before(connection, day)
    since = last.made_at if last is not None else None
    untold = queries.untold(connection, until)
    glossary = Glossary(queries.glosses(connection))
    alarms, failures = queries.untold_alarms(connection, until), queries.untold_failures(connection, now)
    news, found_later, hacked = _sort_out(untold)
    return DigestContent(
        day=day,
        since=since,
        until=until,
        coverage=_coverage(connection, since, until, now),
        sections=tuple(_sections(queries.annotate_untold(connection, news[:MOST_TOLD]), glossary)),
        found_later=tuple(_stories(queries.annotate_untold(connection, found_later[:MOST_TOLD]))),
        hacked=tuple(_stories(queries.annotate_untold(connection, hacked[:MOST_TOLD]))),
        number=len(news),
        left_out=max(len(news) - MOST_TOLD, 0),
        reprints=sum(item.reprint or item.told_before for item in untold),
        keys=(
            *(item.row.disclosure.key for item in untold),
            *(key for alarm in alarms for key in alarm.keys),
            *(key for _, keys in failures for key in keys),
        ),
        glossary=glossary,
        alarms=alarms,
        standing=len(queries.open_alarms(connection)),
        ours=(*_ours(last.day if last is not None else None, day, last_tick(connection), now), *_undelivered(failures)),
    )


def _ours(last: date | None, day: date, tick: datetime | None, now: datetime) -> Iterable[str]:
    """Yield what was wrong with us. A day without a digest is never silent: the next one says that it covers it too."""
    if last is not None and last < day - timedelta(days=1):
        first, end = last + timedelta(days=1), day - timedelta(days=1)
        days = f"{first}" if first == end else f"{first} to {end}"
        yield f"No digest was made for {days}; this one covers what was found then."
    if is_late(tick, now):
        yield f"The scheduler is not running: its last tick was at {tick:%Y-%m-%d %H:%M} UTC."


def _undelivered(failures: Iterable[tuple[date, tuple[str, ...]]]) -> Iterable[str]:
    """Yield a line for each day whose digest did not reach everybody; to whom is not for every reader."""
    for day, keys in failures:
        people = f"{len(keys)} recipient{'' if len(keys) == 1 else 's'}"
        yield f"The digest of {day} could not be delivered to {people}; the desk's page Digests says why."


def _coverage(connection: Connection, since: datetime | None, until: datetime, now: datetime) -> queries.Coverage:
    earliest = until - (LONGEST_COVERAGE if since is not None else timedelta(days=1))
    first = earliest if since is None else max(since, earliest)
    return queries.coverage(connection, queries.shanghai_day(first), queries.shanghai_day(until), now)


def _sort_out(untold: Iterable[queries.Untold]) -> tuple[list[queries.Untold], ...]:
    """Return the news, what was found later, and what stands on pages that are possibly hacked; the rest is not told.

    A reprint is not told again, and what an analyst rejected before the digest was made is no news.
    """
    news, found_later, hacked = [], [], []
    for item in untold:
        if item.reprint or item.told_before or item.row.disclosure.verdict == "rejected":
            continue
        if item.row.publication.suspicions:
            hacked.append(item)
        elif item.row.disclosure.found_later:
            found_later.append(item)
        else:
            news.append(item)
    return news, found_later, hacked


def _sections(news: Sequence[queries.Untold], glossary: Glossary) -> Iterable[Section]:
    """Yield a section for each body: central bodies, then local ones by region, then what names no body."""
    ordered = sorted(news, key=_section_order)
    for (_, _, body), items in groupby(ordered, key=_section_order):
        here = list(items)
        gloss = glossary.of_body(body, here[0].row.disclosure.region) if body else ""
        yield Section(body or None, gloss, tuple(_stories(here)))


def _section_order(item: queries.Untold) -> tuple[bool, str, str]:
    disclosure = item.row.disclosure
    return disclosure.body is None, disclosure.region or "", disclosure.body or ""


def _stories(items: Sequence[queries.Untold]) -> Iterable[Story]:
    by_document: dict[int, list[queries.Untold]] = {}
    for item in items:
        by_document.setdefault(item.row.publication.document_id, []).append(item)
    stories = [Story(tuple(sorted(here, key=_strength))) for here in by_document.values()]
    yield from sorted(stories, key=lambda story: _strength(story.items[0]))


def _strength(item: queries.Untold) -> tuple[int, float, int]:
    disclosure = item.row.disclosure
    order = list(TYPES).index(disclosure.type) if disclosure.type in TYPES else len(TYPES)
    return order, -disclosure.confidence, disclosure.id
