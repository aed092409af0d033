"""One meeting has one date: what one sentence states dates the others that name the meeting."""

from collections.abc import Sequence
from dataclasses import replace

import re2

from crawler.items import Disclosure
from pipelines.disclosing.dates import Moment
from pipelines.disclosing.facts import Found
from pipelines.disclosing.moments import as_bound

_CONVENED = re2.compile(r"召开|召開|举行|舉行|主持|出席|开会|開會|召集|纪要|公报")
_SPIRIT = "meeting/spirit"
Numbered = tuple[str | None, int]


def with_shared_dates(found: Sequence[Found], day: Moment | None) -> list[Found]:
    """Give a meeting that is named again the date that another sentence states.

    A meeting that the text only recalls, while it reports something else, keeps no more than an upper bound.
    """
    dated = [f for f in found if f.date_is_stated and f.disclosure.date_precision != "before"]
    stated = {meeting: f.disclosure for f in reversed(dated) if (meeting := _numbered(f)) is not None}
    meetings = [f.disclosure for f in found if f.disclosure.type == "meeting"]
    reported = {d.body for d in meetings if _CONVENED.search(d.quote)}
    one = _dated_meetings(dated)
    return [_like_its_meeting(_dated_like(_bounded(f, reported, day), stated), one) for f in found]


def _dated_meetings(dated: Sequence[Found]) -> dict[str | None, Disclosure]:
    """Return for each body the first meeting that a sentence dates, where all that are dated have one date (5月下旬，…)."""
    told: dict[str | None, list[Disclosure]] = {}
    for d in (f.disclosure for f in dated if f.disclosure.type == "meeting"):
        told.setdefault(d.body, []).append(d)
    return {body: meetings[0] for body, meetings in told.items() if body and len({d.date for d in meetings}) == 1}


def _like_its_meeting(found: Found, meetings: dict[str | None, Disclosure]) -> Found:
    """Date what was decided, and who was there, like the one meeting told before when nothing else dates it."""
    d = found.disclosure
    meeting = meetings.get(d.body) if found.date_is_open and d.type in ("approval", "membership") else None
    if meeting is None or meeting.start > d.start or meeting.date is None or meeting.date_precision is None:
        return found
    return _dated(found, Moment(meeting.date, meeting.date_precision))


def _numbered(found: Found) -> Numbered | None:
    d = found.disclosure
    return (d.body, d.ordinal) if d.type == "meeting" and d.ordinal is not None else None


def _bounded(found: Found, reported: set[str | None], day: Moment | None) -> Found:
    d = found.disclosure
    if d.type != "meeting" or found.date_is_stated or d.body in reported:
        return found
    return _dated(found, as_bound(day))


def _dated_like(found: Found, stated: dict[Numbered, Disclosure]) -> Found:
    meeting = _numbered(found)
    if meeting is None or found.date_is_stated or found.disclosure.pattern.startswith(_SPIRIT):
        return found
    other = stated.get(meeting)
    if other is not None and other.date is not None and other.date_precision is not None:
        return _dated(found, Moment(other.date, other.date_precision))
    return found


def _dated(found: Found, moment: Moment | None) -> Found:
    date, precision = (moment.text, moment.precision) if moment else (None, None)
    return replace(found, disclosure=replace(found.disclosure, date=date, date_precision=precision))
