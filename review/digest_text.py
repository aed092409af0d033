"""The digest as plain text: what a person reads on a phone, a pager or a terminal."""

from collections.abc import Iterable

from review.digest import DigestContent, Story
from review.mail import one_line
from review.words import TYPES, Glossary, facts, title_of
from store.queries import ToldAlarm, Untold, shanghai_day

RULE = "-" * 60
MOST_ALARMS = 30


def digest_as_text(content: DigestContent, desk: str) -> str:
    """Return the whole digest as text; `desk` is the address that its links begin with."""
    return "\n".join(_lines(content, desk)) + "\n"


def headline(content: DigestContent) -> str:
    """Return the first line of a digest, in figures."""
    told = f"{content.number} disclosure{'' if content.number == 1 else 's'}"
    copies = f", {content.reprints} reprint{'' if content.reprints == 1 else 's'} folded" if content.reprints else ""
    return f"{told}{copies}"


def _lines(content: DigestContent, desk: str) -> Iterable[str]:
    yield f"tealeaves · {content.day}"
    yield headline(content)
    yield from (*content.ours, *map(alarm_line, our_alarms(content)))
    yield f"Coverage: {content.coverage.line}"
    if content.alarms:
        yield f"{alarms_headline(content)} (named below)"
    for section in content.sections:
        yield from ("", RULE, _section_title(section.body, section.gloss))
        for story in section.stories:
            yield from _story(story, content.glossary, desk)
    if content.left_out:
        yield from ("", f"{content.left_out} more are in the queue: {desk}/")
    yield from _apart("Found later (from old texts, not news)", content.found_later, content, desk)
    yield from _apart("On pages that are possibly hacked", content.hacked, content, desk)
    yield from _alarms(content)
    yield from _not_seen(content)
    yield from ("", RULE, f"Everything is machine-read until an analyst has judged it: {desk}/")


def alarm_line(told: ToldAlarm) -> str:
    """Return one line about a trouble that began, ended, or did both since the last digest."""
    alarm = told.alarm
    name = one_line(f"{alarm.name} ({alarm.name_en})")
    if told.ended:
        since = f"{shanghai_day(alarm.since)}"
        return f"{name}: well again; it was {alarm.state} since {since} ({one_line(alarm.reason, 300)})"
    return f"{name}: {alarm.state} since {shanghai_day(alarm.since)} ({one_line(alarm.reason, 300)})"


def alarms_headline(content: DigestContent) -> str:
    """Return what the list of alarms is called, in figures."""
    began = sum(told.began and not told.ended for told in content.alarms)
    ended = sum(told.ended for told in content.alarms)
    return f"Sources: {began} in new trouble, {ended} well again, {content.standing} in trouble in all"


def our_alarms(content: DigestContent) -> list[ToldAlarm]:
    """Return the alarms that are about us: they stand above everything else."""
    return [told for told in content.alarms if told.alarm.is_ours]


def source_alarms(content: DigestContent) -> list[ToldAlarm]:
    """Return the alarms about sources: what is news stands before them."""
    return [told for told in content.alarms if not told.alarm.is_ours]


def _alarms(content: DigestContent) -> Iterable[str]:
    """Each trouble is told once when it begins and once when it ends."""
    told = source_alarms(content)
    if told:
        yield from ("", RULE, alarms_headline(content))
    yield from (f"! {alarm_line(one)}" for one in told[:MOST_ALARMS])
    if len(told) > MOST_ALARMS:
        yield f"! and {len(told) - MOST_ALARMS} more; what was not seen stands below"


def _not_seen(content: DigestContent) -> Iterable[str]:
    """Name every source that was not seen, with the whole reason."""
    unseen = content.coverage.unseen
    if unseen:
        yield from ("", RULE, f"Not seen: {len(unseen)} of {content.coverage.total} sources")
    for sighting in unseen:
        seen = f"last seen {sighting.last_seen}" if sighting.last_seen else "never seen"
        yield f"- {one_line(sighting.line, 300)}, {seen}"


def _section_title(body: str | None, gloss: str) -> str:
    return f"{body}{f' · {gloss}' if gloss else ''}" if body else "No body named"


def _apart(title: str, stories: tuple[Story, ...], content: DigestContent, desk: str) -> Iterable[str]:
    if stories:
        yield from ("", RULE, title)
    for story in stories:
        yield from _story(story, content.glossary, desk)


def _story(story: Story, glossary: Glossary, desk: str) -> Iterable[str]:
    publication = story.publication
    yield ""
    for item in story.items:
        yield from _statement(item, glossary, desk)
    day = f", {publication.published}" if publication.published else ""
    copies = f" ({story.copies} more cop{'y' if story.copies == 1 else 'ies'})" if story.copies else ""
    yield f"  {one_line(title_of(publication))}"
    yield f"  {publication.source_name} ({publication.source_name_en}){day}{copies}"
    yield f"  {one_line(publication.url, 500)}"
    if publication.suspicions:
        yield f"  POSSIBLY HACKED: {one_line('; '.join(publication.suspicions), 500)}"


def _statement(item: Untold, glossary: Glossary, desk: str) -> Iterable[str]:
    disclosure = item.row.disclosure
    marks = [mark for mark in (_first(item), _doubt(item), _judged(item)) if mark]
    zh, english = TYPES.get(disclosure.type, ("", disclosure.type))
    said = f" [{', '.join(marks)}]" if marks else ""
    yield f"* {english} {zh}{said}"
    yield f"  “{one_line(disclosure.quote, 600)}”"
    known = [
        f"{fact.label}: {one_line(fact.value, 300)}{f' ({fact.gloss})' if fact.gloss else ''}"
        for fact in facts(disclosure, glossary)
        if fact.label not in ("Body", "Kind of object")
    ]
    if known:
        yield f"  {'; '.join(known)}"
    yield f"  {desk}/disclosures/{disclosure.id}"


def _first(item: Untold) -> str:
    return "first time this source names the body" if item.first_in_source else ""


def _doubt(item: Untold) -> str:
    return f"suspect: {one_line('; '.join(item.row.doubts))}" if item.row.doubts else ""


def _judged(item: Untold) -> str:
    return f"{item.row.disclosure.verdict} by an analyst" if item.row.disclosure.verdict else ""
