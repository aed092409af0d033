"""Judges what a visit could see of a source, and which of its troubles are worth an alarm. Pure.

Every reason begins with a word of a small vocabulary, `word: sentence`; docs/operating.md says of each what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.outcomes import Outcome
from crawler.sight import BLIND, BLOCKED, NOT_DUE, QUIET, SEEN, SUSPECT, ColumnSight, Sight
from store.frontier import Trouble

MUCH_LESS = 0.5
ROWS_THAT_TELL = 3
PAGES_THAT_TELL = 3
PAGES = "its pages"
NAMED = 3
NETWORK = frozenset({"dns", "timeout", "refused", "connection", "tls"})
# What our own broken connection looks like too; a portal that wants a login first sends everything elsewhere.
OURS_PERHAPS = NETWORK | {"off-site", "private-address"}
# What comes and goes by itself: an alarm only when it lasts.
PASSING = NETWORK | {
    *("robots-unreachable", "paused", "block-rate-limited", "block-maintenance", "list-cut", "parse-killed"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is not as expected; `alarms` when it is more than a word in the reason."""

    about: str
    word: str
    said: str
    alarms: bool = True

    def __str__(self) -> str:
        return f"{self.word}: {self.said}"

    @property
    def trouble(self) -> Trouble:
        """The same for the alarms."""
        passing = self.word in PASSING or self.word.startswith("http-5")
        return Trouble(self.about, str(self), lasting=not passing, network=self.word in OURS_PERHAPS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of a source after a visit, the reason in words, what is wrong with it, and which lists are well."""

    state: str
    reason: str
    troubles: tuple[Trouble, ...] = ()
    healthy: tuple[str, ...] = ()


def judge(sight: Sight) -> Judgement:
    """Say what a visit could see. A list without rows is blind, never quiet; new documents outweigh a doubt elsewhere."""
    unread = [_unread(column) for column in sight.columns if not column.readable and not column.not_asked]
    lists = [*unread, *(doubt for column in sight.columns if column.readable for doubt in _doubts(column))]
    pages = list(_page_doubts(sight))
    state, reason = _verdict(sight, unread, [*lists, *pages])
    troubles = tuple(doubt.trouble for doubt in (*lists, *pages) if doubt.alarms)
    in_trouble = {trouble.about for trouble in troubles}
    well = [column.about for column in sight.columns if column.readable and column.about not in in_trouble]
    return Judgement(state, reason, troubles, (*well, *((PAGES,) if sight.documents else ())))


def _verdict(sight: Sight, unread: list[Doubt], doubts: list[Doubt]) -> tuple[str, str]:
    readable = any(column.readable for column in sight.columns)
    if sight.columns and not readable and not sight.documents:
        return _unseen(sight.columns)
    if sight.documents:
        new = f"new-documents: {sight.documents} new document{'s' if sight.documents > 1 else ''}"
        return SEEN, _joined([new], doubts)
    if any(page.means == "blocked" for page in sight.pages):
        return BLOCKED, _joined([], doubts)
    if doubts:
        return SUSPECT, _joined([], doubts)
    return QUIET, "nothing-new: the lists were read, nothing new"


def _unseen(columns: Iterable[ColumnSight]) -> tuple[str, str]:
    asked = [column for column in columns if not column.not_asked]
    if not asked:
        kept = [f"{column.outcome.kind}: {column.outcome.detail}" for column in columns if column.outcome]
        return NOT_DUE, _joined(list(dict.fromkeys(kept)), [])
    blocked = any(column.outcome is not None and column.outcome.means == "blocked" for column in asked)
    reasons = list(dict.fromkeys(str(_unread(column, named=False)) for column in asked))
    return BLOCKED if blocked else BLIND, _joined(reasons, [])


def _unread(column: ColumnSight, *, named: bool = True) -> Doubt:
    if column.outcome is None:
        word, said = "no-rows", "the list answered, but no rows were found in it"
    else:
        word, said = column.outcome.kind, column.outcome.detail
    return Doubt(column.about, word, f"{column.name}: {said}" if named else said)


def _doubts(column: ColumnSight) -> Iterable[Doubt]:
    found = [] if column.unchanged else list(_row_doubts(column))
    if column.patience and column.silent_for and column.silent_for > column.patience:
        silent, normal = column.silent_for.days, column.patience.days
        found.append(("frozen", f"nothing new for {silent} days, normal is up to {normal}", True))
    for word, said, alarms in found:
        yield Doubt(column.about, word, f"{column.name}: {said}", alarms)


def _row_doubts(column: ColumnSight) -> Iterable[tuple[str, str, bool]]:
    for remark in column.remarks:
        word, _, said = remark.partition(": ")
        yield word, said, True
    if column.links < column.least:
        yield "few-rows", f"{column.links} rows where at least {column.least} are expected", True
    elif column.before and column.links < column.before * MUCH_LESS:
        yield "fewer-rows", f"{column.links} rows, the last visit found {column.before}", True
    if column.dated == 0 and column.was_dated:
        yield "no-days", "no row shows a day, earlier ones did", True
    elif column.dated == 0 and column.links >= ROWS_THAT_TELL and column.before is None:
        # Some lists never show days; the pages themselves do. So this is a word, and no alarm.
        yield "no-days", "no row shows a day", False
    if column.ahead >= ROWS_THAT_TELL and column.ahead > column.dated * MUCH_LESS:
        yield "days-to-come", f"{column.ahead} of {column.dated} rows show a day that has not come", True


def _page_doubts(sight: Sight) -> Iterable[Doubt]:
    """A page or two that cannot be read are daily business; when none can, something is wrong with all of them."""
    kinds: dict[str, list[Outcome]] = {}
    for page in sight.pages:
        if page.means != "not-due":
            kinds.setdefault(page.kind, []).append(page)
    for kind, pages in kinds.items():
        tells = not sight.documents and (len(pages) >= PAGES_THAT_TELL or pages[0].means == "blocked")
        yield Doubt(PAGES, kind, f"{_pages(len(pages))} not read ({pages[0].detail})", tells)
    if sight.new_pages and not (sight.documents or sight.again or sight.pages):
        tells = sight.new_pages >= PAGES_THAT_TELL
        yield Doubt(PAGES, "no-documents", f"{_pages(sight.new_pages)} found and none read as a document", tells)


def _pages(number: int) -> str:
    return f"{number} page{'s' if number > 1 else ''}"


def _joined(head: list[str], doubts: list[Doubt]) -> str:
    parts = [*head, *map(str, doubts)]
    shown = parts[: NAMED + 1] if doubts and head else parts[:NAMED]
    more = len(parts) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
