"""Works out one run of meeting numbers: evidence to intervals, bounds carried along the order, nothing resolved silently."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from review.dossier.evidence import Evidence
from review.dossier.ledger import Contradiction, Ledger, Meeting, at_least, chronological, gap_between
from review.dossier.spans import Span


class Series:
    """One run of numbers while it is worked out."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self.contradictions: list[Contradiction] = []
        self.congress = next((e.congress for e in evidence if e.congress), None)
        self.numbered = self._numbered(evidence)
        open_ended = [e for e in evidence if e.ordinal is None and (e.count or e.span.earliest is None)]
        self.unnumbered = [e for e in evidence if e.ordinal is None and e not in open_ended]
        self._count(open_ended)
        self._check_order()
        self._tighten()

    def ledger(self, body: str) -> Ledger:
        """Return the ledger of this run of numbers."""
        apart = self._place_unnumbered()
        meetings = sorted([*self.numbered.values(), *apart], key=chronological)
        neighbours = list(self.numbered.values()) if any(m.evidence for m in self.numbered.values()) else apart
        gaps = tuple(gap_between(*pair) for pair in pairwise(neighbours))
        return Ledger(body, tuple(meetings), gaps, tuple(self.contradictions), at_least(self.numbered, apart))

    def _numbered(self, evidence: Sequence[Evidence]) -> dict[int, Meeting]:
        grouped: defaultdict[int, list[Evidence]] = defaultdict(list)
        for each in evidence:
            if each.ordinal is not None:
                grouped[each.ordinal].append(each)
        return {n: self._meeting(n, grouped[n]) for n in range(1, max(grouped, default=0) + 1)}

    def _meeting(self, ordinal: int, evidence: list[Evidence]) -> Meeting:
        counted = self._without_copies(ordinal, evidence)
        days = sorted({day for e in counted if (day := e.span.day)})
        span, hull = Span(), counted[0].span if counted else Span()
        for each in counted:
            span, hull = span.within(each.span), hull.joined(each.span)
        disputed = not span.possible
        if disputed:
            kind, what = ("two-days", "was on") if len(days) > 1 else ("bounds-cross", "has bounds that cross, with")
            told = " and ".join(map(str, days)) or hull.in_words
            self._contradict(kind, f"meeting {ordinal} {what} {told}", counted)
            span = Span(days[0], days[-1]) if len(days) > 1 else hull
        return Meeting(ordinal, span, tuple(evidence), congress=self.congress, disputed=disputed)

    def _without_copies(self, ordinal: int, evidence: list[Evidence]) -> list[Evidence]:
        """Return the evidence that counts: where a copy dates a meeting differently, the story's origin counts."""
        stories: defaultdict[int, list[Evidence]] = defaultdict(list)
        for each in evidence:
            stories[each.story].append(each)
        counted = []
        for told in stories.values():
            told.sort(key=lambda e: (e.span.day is None, e.statements[0].is_copy, e.statements[0].disclosure.id))
            counted.append(told[0])
            if len({e.span.day for e in told if e.span.day}) > 1:
                self._contradict("copy-differs", f"copies of one story date meeting {ordinal} differently", told)
        return counted

    def _count(self, evidence: list[Evidence]) -> None:
        """Take in that at least so many meetings were held by a day: number so-and-so was not later than that day."""
        for each in evidence:
            number = each.count or 1
            for n in range(len(self.numbered) + 1, number + 1):
                self.numbered[n] = Meeting(n, Span(), congress=self.congress)
            meeting = self.numbered[number]
            bounded = meeting.span.within(Span(latest=each.span.latest))
            if not bounded.possible:
                told = f"{number} by {each.span.latest}, but meeting {number} was {meeting.span.in_words}"
                self._contradict("count-too-early", told, [each, *meeting.evidence])
            elif bounded != meeting.span and not meeting.disputed:
                self.numbered[number] = replace(meeting, span=bounded, bounded_by=(*meeting.bounded_by, each))

    def _check_order(self) -> None:
        before: Meeting | None = None
        for n, meeting in list(self.numbered.items()):
            if meeting.disputed or meeting.span == Span():
                continue
            if before and before.span.earliest and meeting.span.latest and meeting.span.latest < before.span.earliest:
                told = f"meeting {n} was {meeting.span.in_words}, meeting {before.ordinal} {before.span.in_words}"
                self._contradict("out-of-order", told, [*before.evidence, *meeting.evidence])
                self.numbered[before.ordinal or 0] = replace(before, disputed=True)
                self.numbered[n] = replace(meeting, disputed=True)
            elif before is None or (meeting.span.earliest or date.min) >= (before.span.earliest or date.min):
                before = meeting

    def _tighten(self) -> None:
        """Let each meeting bound the next and the one before it: a higher number is never earlier than a lower one."""
        bound = Span()
        for n, meeting in self.numbered.items():
            bound = self._bound(n, meeting, Span(earliest=bound.earliest))
        bound = Span()
        for n, meeting in reversed(list(self.numbered.items())):
            bound = self._bound(n, meeting, Span(latest=bound.latest))

    def _bound(self, n: int, meeting: Meeting, bound: Span) -> Span:
        narrower = meeting.span.within(bound)
        if meeting.disputed or not narrower.possible:
            return bound
        self.numbered[n] = replace(meeting, span=narrower)
        return narrower

    def _place_unnumbered(self) -> list[Meeting]:
        """Give evidence without a number to the meeting that it must mean; return the meetings that stay apart."""
        apart: dict[Span, Meeting] = {}
        for each in self.unnumbered:
            home = self._home(each)
            if home is not None:
                self.numbered[home] = replace(self.numbered[home], evidence=(*self.numbered[home].evidence, each))
                continue
            so_far = apart.get(each.span) or Meeting(
                None, each.span, congress=each.congress, may_be=self._numbers_within(each.span)
            )
            apart[each.span] = replace(so_far, evidence=(*so_far.evidence, each))
        return sorted(apart.values(), key=chronological)

    def _home(self, evidence: Evidence) -> int | None:
        same_day = [n for n, m in self.numbered.items() if m.span.day and m.span.day == evidence.span.day]
        same_story = [n for n, m in self.numbered.items() if any(e.story == evidence.story for e in m.evidence)]
        if len(same_story) == 1 and same_story[0] in self._numbers_within(evidence.span):
            return same_story[0]
        return same_day[0] if len(same_day) == 1 else None

    def _numbers_within(self, span: Span) -> tuple[int, ...]:
        return tuple(n for n, m in self.numbered.items() if m.span.within(span).possible)

    def _contradict(self, kind: str, detail: str, evidence: Sequence[Evidence]) -> None:
        self.contradictions.append(Contradiction(kind, detail, tuple(evidence)))
