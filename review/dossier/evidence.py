"""What pages say about meetings, copies of one story taken once: an ordinal, a number of meetings, or just that one took place."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from review.dossier.spans import Span, when_said
from store.queries.dossier import Statement

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
# 已召开三次会议, 至少召开了3次全体会议, 召开会议三次: a number of sittings, never 第三次 nor 每年两次.
_NUMBER = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})"
_COUNTS = (
    re.compile(
        rf"(?:开|举行|召集|至少|超过|先后|已有|共|累计)[了过到]?(?:至少|不少于|超过)?{_NUMBER}次(?:\w{{0,4}})?会"
    ),
    re.compile(rf"(?:开|举行)[了过]?\w{{0,4}}会议?(?:至少|不少于)?{_NUMBER}次"),
)
# 每年召开两次会议, 计划召开三次会议: a rule or a plan, not a count.
_NOT_YET = re.compile(r"[每将拟应须]|计划|原则上|一般|建议|要求")
_CONGRESS = re.compile(r"(?P<n>[一二三四五六七八九十]{1,3})届\w{0,7}委(?:员会)?科技")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One story's word on a meeting: number `ordinal`, or that at least `count` were held by the end of `span`.

    Both None: a meeting, not numbered, in `span`. `statements` are the pages of the story that say so, the origin first.
    `congress` is the Party congress named with it (十二届), by which local commissions begin to count anew.
    """

    statements: tuple[Statement, ...]
    span: Span
    ordinal: int | None = None
    count: int | None = None
    congress: int | None = None

    @property
    def story(self) -> int:
        """The story that says so."""
        return self.statements[0].story

    @property
    def accepted(self) -> bool:
        """True when an analyst has accepted one of the statements."""
        return any(statement.accepted for statement in self.statements)


def read_evidence(said: Iterable[Statement]) -> tuple[Evidence, ...]:
    """Return what statements say about meetings, each fact of a story once, in the order of the spans.

    Meetings count by their ordinal; a number of meetings is also read in plain mentions. A copy that dates the meeting
    differently than its origin stays evidence of its own, so the difference can be seen.
    """
    grouped: defaultdict[tuple[object, ...], list[Statement]] = defaultdict(list)
    for statement in said:
        count = held_so_many(statement.disclosure.quote) if statement.disclosure.ordinal is None else None
        if statement.disclosure.type == "meeting" or (statement.disclosure.type == "mention" and count):
            grouped[(statement.story, statement.disclosure.ordinal, count, _dated(statement))].append(statement)
    found = [_evidence(key[1], key[2], group) for key, group in grouped.items()]  # type: ignore[arg-type]
    return tuple(sorted(found, key=_order))


def held_so_many(quote: str) -> int | None:
    """Return how many meetings a sentence says were held (已召开三次会议: 3); None when it gives no number."""
    for pattern in _COUNTS:
        match = pattern.search(quote)
        if match and not _NOT_YET.search(re.split(r"[，。；、]", quote[: match.start()])[-1]):
            return read_number(match["n"])
    return None


def read_number(text: str) -> int:
    """Return the value of a number up to 99, in Chinese or Arabic numerals (十二, 两, 12)."""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return _DIGITS[text[-1]]
    tens, units = text.split("十", 1)
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[units] if units else 0)


def _dated(statement: Statement) -> object:
    """Return what tells two dates of one story apart; upper bounds are the day of each copy, so they are one."""
    disclosure = statement.disclosure
    return None if disclosure.date_precision in (None, "before") else disclosure.date


def _evidence(ordinal: int | None, count: int | None, group: list[Statement]) -> Evidence:
    ordered = sorted(group, key=lambda statement: (statement.is_copy, statement.published, statement.disclosure.id))
    spans = [when_said(statement) for statement in ordered]
    span = spans[0] if ordered[0].disclosure.date_precision == "day" else _tightest(spans)
    congress = next((n for s in ordered if (n := _congress(s.disclosure.quote))), None)
    return Evidence(tuple(ordered), span, ordinal, count, congress)


def _tightest(spans: list[Span]) -> Span:
    whole = spans[0]
    for span in spans[1:]:
        narrower = whole.within(span)
        whole = narrower if narrower.possible else whole
    return whole


def _congress(quote: str) -> int | None:
    match = _CONGRESS.search(quote)
    return read_number(match["n"]) if match else None


def _order(evidence: Evidence) -> tuple[object, ...]:
    span = evidence.span
    return (str(span.latest or "9999"), str(span.earliest or ""), evidence.ordinal or 0, evidence.story)
