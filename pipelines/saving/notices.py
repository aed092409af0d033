"""Knows a notice by its title and what it issues: 关于印发《…规划》的通知 and the plan itself are one publication."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.cluster import plain
from pipelines.normalise import normalise

SHORTEST = 10  # characters: below that (工作要点, 实施方案) a name says nothing about whose it is
TOGETHER = timedelta(days=90)
HEAD = 600  # characters in which a page repeats the title of its document

_ISSUES = re.compile(
    r"(?:印发|公布|发布|下达)(?:《(?P<marked>[^\n]{2,120})》|(?P<bare>[^《》\n]{2,80}?))的?(?:通知|公告|函)$"
)
_PASSED_ON = re.compile(r"转发|批转")


@dataclass(frozen=True, slots=True)
class Publication:
    """A document as far as its name can tie it to another: title, text, day of publication, region of its source."""

    title: str | None
    body: str
    published: date | None = None
    region: str | None = None


def own_names(document: Publication) -> frozenset[str]:
    """Return, plain, what a document may be called by: its title and its first line."""
    return frozenset(name for name in map(plain, _lines(document)[:2]) if len(name) >= SHORTEST)


def issued(document: Publication) -> frozenset[str]:
    """Return, plain, the names of what a notice issues; none for a notice that only passes another's on (转发)."""
    found = (_ISSUES.search(line) for line in _lines(document) if not _PASSED_ON.search(line))
    named = (plain(match["marked"] or match["bare"]) for match in found if match)
    return frozenset(name for name in named if len(name) >= SHORTEST)


def belong_together(one: Publication, other: Publication) -> bool:
    """Say whether one document is the notice that issues the other, by name, within 90 days and not elsewhere."""
    if one.region and other.region and one.region != other.region:
        return False
    if one.published and other.published and abs(one.published - other.published) > TOGETHER:
        return False
    return _issues(one, other) or _issues(other, one)


def _issues(notice: Publication, plan: Publication) -> bool:
    return bool(issued(notice) & own_names(plan)) and not issued(plan)


def _lines(document: Publication) -> list[str]:
    """Return title and head of the text, line by line, normalised one by one so that line breaks stay."""
    head = [document.title or "", *document.body[:HEAD].split("\n")]
    return [normalise(line.strip()).text for line in head if line.strip()]
