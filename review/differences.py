"""Two versions of a text side by side, sentence by sentence, with what changed inside a sentence marked."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from store.queries.history import VersionText
from store.sentences import Stretch, align

SHOWN_AROUND = 1
LONGEST_MARKED = 1_000
ALIKE = 0.3
FIELDS = {
    "title": "Title 标题",
    "published": "Published 发布日期",
    "signed": "Signed 成文日期",
    "source_line": "Credited to 来源",
    "issuer": "Issuer 发文机关",
    "doc_number": "Number 文号",
    "index_number": "Index 索引号",
    "attachments": "Files 附件",
}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a sentence: whether the other version does not have it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Two sentences that stand beside each other; an empty side means that the version has none there.

    `watched` says that a disclosure was read in one of them.
    """

    old: tuple[Run, ...]
    new: tuple[Run, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows: changed ones, or unchanged sentences (`same`), folded away but for those beside a change."""

    changed: bool
    rows: tuple[Row, ...] = ()
    before: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions: fields as (name, old, new), and the text in parts."""

    fields: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]

    @property
    def changes(self) -> int:
        """How many places of the text differ."""
        return sum(part.changed for part in self.parts)


def compare(old: VersionText, new: VersionText, watched: Sequence[str]) -> Comparison:
    """Return what differs between two versions; `watched` are the quotes of what was disclosed in either."""
    stretches = align(old.body, new.body)
    last = len(stretches) - 1
    parts = (_part(stretch, (number == 0, number == last), watched) for number, stretch in enumerate(stretches))
    return Comparison(tuple(_fields(old, new)), tuple(parts))


def fingerprint(old: VersionText, new: VersionText) -> str:
    """Return a hash of the sentences that went and came: the same edit on many pages has one."""
    changed = [stretch for stretch in align(old.body, new.body) if stretch.kind == "changed"]
    said = repr([(stretch.old, stretch.new) for stretch in changed] or (old, new))
    return hashlib.sha256(said.encode()).hexdigest()


def _fields(old: VersionText, new: VersionText) -> Iterable[tuple[str, str, str]]:
    for name, label in FIELDS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield label, _in_words(before), _in_words(after)


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _part(stretch: Stretch, edges: tuple[bool, bool], watched: Sequence[str]) -> Part:
    if stretch.kind == "changed":
        return Part(True, tuple(_row(old, new, watched) for old, new in _pairs(stretch)))
    first, last = edges
    head = 0 if first else SHOWN_AROUND
    tail = 0 if last else SHOWN_AROUND
    if len(stretch.old) <= head + tail + 1:
        return Part(False, before=stretch.old)
    cut = len(stretch.old) - tail
    return Part(False, before=stretch.old[:head], folded=stretch.old[head:cut], after=stretch.old[cut:])


def _pairs(stretch: Stretch) -> Iterable[tuple[str, str]]:
    """Yield sentences that take each other's place; those that have nothing in common stand alone."""
    for old, new in zip_longest(stretch.old, stretch.new, fillvalue=""):
        if old and new and not _alike(old, new):
            yield old, ""
            yield "", new
        else:
            yield old, new


def _alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, old[:LONGEST_MARKED], new[:LONGEST_MARKED], autojunk=False).ratio() >= ALIKE


def _row(old: str, new: str, watched: Sequence[str]) -> Row:
    touched = any(_holds(sentence, quote) for sentence in (old, new) for quote in watched)
    if not old or not new or max(len(old), len(new)) > LONGEST_MARKED:
        return Row(_whole(old), _whole(new), touched)
    left, right = list[Run](), list[Run]()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left.append(Run(old[a:b], kind != "equal"))
        right.append(Run(new[c:d], kind != "equal"))
    return Row(_not_empty(left), _not_empty(right), touched)


def _holds(sentence: str, quote: str) -> bool:
    return bool(sentence) and (quote in sentence or sentence in quote)


def _whole(sentence: str) -> tuple[Run, ...]:
    return (Run(sentence, True),) if sentence else ()


def _not_empty(runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(run for run in runs if run.text)
