"""Which words carry a match: the clause with its date and its subject, verbatim, never a paragraph."""

from typing import Any

from pipelines.disclosing.clauses import CLAUSE_END, CLOSING, OPENING, Span, clause_around, unpaired_trimmed
from pipelines.disclosing.dates import find_dates
from pipelines.disclosing.marks import Marked
from pipelines.disclosing.things import organisation_before, thing_after, thing_before
from pipelines.rules import Pattern

_EDGES = CLAUSE_END + OPENING + CLOSING + "、…—"
# Where the action is one of these, what the sentence speaks of is who does it, or with whom.
DONE_BY_SOMEBODY = ("负责", "领导", "报告", "汇报", "会同", "联合", "商", "承担", "履行")
_SHORT_CLAUSE = 14  # 9月6日上午， belongs to the clause that it dates


def quote_span(pattern: Pattern, match: Any, marked: Marked) -> Span:
    """Return the clause, or the sentence, that carries a match, with the short clause that dates it and the thing it is about."""
    if pattern.entry.quote == "sentence":
        return unpaired_trimmed(marked.text, Span(0, len(marked.text.rstrip("。！？"))))
    start, end = match.span()
    while start < end and marked.text[start] in _EDGES:
        start += 1
    while end > start and marked.text[end - 1] in _EDGES and marked.text[end - 1] not in CLOSING:
        end -= 1
    clause = clause_around(marked.text, start, end)
    if pattern.type == "establishment" and start > 0 and marked.text[start - 1] == "、" and action_of(match):
        clause = Span(start, clause.end)  # 设立甲、组建乙、设立丙: each verb of a list has its own object
    clause = unpaired_trimmed(marked.text, _with_its_date(marked, clause))
    return _with_its_subject(pattern, match, marked, clause) if pattern.entry.object_before else clause


def _with_its_subject(pattern: Pattern, match: Any, marked: Marked, clause: Span) -> Span:
    """Widen a clause to the clause of its sentence in which the thing or organisation stands that it speaks of."""
    thing = spoken_of(pattern, match, marked)
    at = marked.text.rfind(thing, 0, clause.end) if thing else -1
    if 0 <= at < clause.start:
        return unpaired_trimmed(marked.text, Span(clause_around(marked.text, at, at + 1).start, clause.end))
    after = marked.text.find(thing, clause.end) if thing and at < 0 else -1
    if after >= 0:
        return unpaired_trimmed(marked.text, Span(clause.start, clause_around(marked.text, after, after + 1).end))
    return clause


def _with_its_date(marked: Marked, clause: Span) -> Span:
    """Widen a clause by the short clause before it when that names a day (9月6日，…)."""
    if clause.start < 2 or marked.text[clause.start - 1] not in "，,":
        return clause
    before = clause_around(marked.text, clause.start - 2, clause.start - 1)
    if before.end - before.start <= _SHORT_CLAUSE and find_dates(marked.plain(before.start, before.end)):
        return Span(before.start, clause.end)
    return clause


def spoken_of(pattern: Pattern, match: Any, marked: Marked) -> str:
    """Return the thing before a match that its predicate is about; for duties and chains of report the organisation."""
    start = _content_start(match)
    if pattern.type == "coordination" and action_of(match) in DONE_BY_SOMEBODY:
        return organisation_before(marked.text, start) or thing_before(marked.text, start)
    before = thing_before(marked.text, start)
    decided = pattern.type == "approval" or pattern.entry.name.startswith("review-chain")
    return before or (thing_after(marked.text, match.end()) if decided else "")


def action_of(match: Any) -> str:
    """Return the words that a form put in pointed brackets, joined: 报请 and 审议 are 报请审议."""
    groups = match.groupdict()
    return "".join(groups.get(f"action{number}") or "" for number in range(1, 5))


def _content_start(match: Any) -> int:
    """Return where a match begins behind the edge character that a leading ^ took."""
    start, end = match.span()
    takes_edge = start < end and match.group()[0] in _EDGES
    return int(start) + takes_edge
