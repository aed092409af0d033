"""The approvals register: what was decided on, how far the verbs go, and by whom; nothing is ever promoted."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from review.dossier.spans import Span, when_said
from store.queries.dossier import Statement
from store.search import fold

GRADES = ("deliberated", "approved-in-principle", "passed", "approved")
_AROUND = re.compile(r"^[《〈“\"「]+|[》〉”\"」]+$")
_STAGE = re.compile(r"[(（](?:试行|暂行|草案|送审稿|审议稿|讨论稿|征求意见稿|稿)[)）]")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an object on the ladder: a grade of verb, by a body; `body` is None where no page names who decided.

    `when` is the shortest span that the pages allow, or the hull of spans that contradict each other (`agreed` False).
    """

    outcome: str
    body: str | None
    actions: tuple[str, ...]
    when: Span
    agreed: bool
    statements: tuple[Statement, ...]

    @property
    def stories(self) -> int:
        """The number of independent stories that say so."""
        return len({statement.story for statement in self.statements})

    @property
    def accepted(self) -> bool:
        """True when an analyst has accepted one of the statements."""
        return any(statement.accepted for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Approval:
    """An object and its ladder, lowest step first; `named` is False for 有关文件 and the like, which are never merged."""

    object: str
    kind: str | None
    named: bool
    rungs: tuple[Rung, ...]

    def highest(self, body: str | None) -> str | None:
        """Return how far a body (None: nobody named) went with it, by its own verbs alone."""
        grades = [rung.outcome for rung in self.rungs if rung.body == body]
        return grades[-1] if grades else None


def approvals_register(said: Iterable[Statement]) -> tuple[Approval, ...]:
    """Return the approvals that statements disclose, those decided last first."""
    grouped: defaultdict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in said:
        if statement.disclosure.type == "approval" and statement.disclosure.outcome in GRADES:
            grouped[_object_key(statement)].append(statement)
    found = [_approval(group) for group in grouped.values()]
    return tuple(sorted(found, key=_latest, reverse=True))


def object_name(text: str) -> str:
    """Return what tells one object from another: simplified, without title marks and the stage of a draft."""
    return _AROUND.sub("", fold(_STAGE.sub("", text)))


def _object_key(statement: Statement) -> tuple[object, ...]:
    disclosure = statement.disclosure
    if disclosure.object is None or disclosure.object_kind == "unnamed":
        return (statement.story, disclosure.body, disclosure.object)
    return (object_name(disclosure.object),)


def _approval(group: list[Statement]) -> Approval:
    steps: defaultdict[tuple[int, str | None], list[Statement]] = defaultdict(list)
    for statement in group:
        grade = GRADES.index(statement.disclosure.outcome or "")
        steps[(grade, statement.disclosure.body)].append(statement)
    rungs = [_rung(*key, steps[key]) for key in sorted(steps, key=lambda key: (key[0], key[1] or ""))]
    first = min(group, key=lambda s: (s.is_copy, s.published, s.disclosure.id)).disclosure
    named = first.object is not None and first.object_kind != "unnamed"
    return Approval(first.object or "", first.object_kind, named, tuple(rungs))


def _rung(grade: int, body: str | None, said: list[Statement]) -> Rung:
    ordered = sorted(said, key=lambda s: (s.is_copy, s.published, s.disclosure.id))
    # A copy repeats what its origin says, with the date of its own page where the text gives none.
    independent = list({s.story: when_said(s) for s in reversed(ordered)}.values())
    span, hull = independent[0], independent[0]
    for other in independent[1:]:
        span, hull = span.within(other), hull.joined(other)
    actions = dict.fromkeys(s.disclosure.action for s in ordered if s.disclosure.action)
    when = span if span.possible else hull
    return Rung(GRADES[grade], body, tuple(actions), when, span.possible, tuple(ordered))


def _latest(approval: Approval) -> tuple[str, str]:
    return (max(str(rung.when.latest or rung.when.earliest or "") for rung in approval.rungs), approval.object)
