"""Says what each sentence discloses about a watched body: typed, with facts, and a verbatim quote of one clause or sentence."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import re2

from crawler.items import Disclosure, Hit, Provenance
from pipelines.bodies import BodyResolver
from pipelines.clauses import Sentences, clause_around, split_sentences, unpaired_trimmed
from pipelines.dates import Moment, read_ordinal
from pipelines.discourse import Discourse, is_sitting
from pipelines.facts import Found, Reading, founding_inside_name, read_match
from pipelines.marks import Marked, mark
from pipelines.moments import Calendar, as_bound
from pipelines.normalise import normalise
from pipelines.people import speaker_before
from pipelines.rules import Pattern, Rules
from pipelines.terms import Leader

BODY_TERMS = frozenset({"cstc", "cstc-office", "local-stc"})
_CONVENED = re2.compile(r"召开|舉行|举行|召開|主持|出席|开会|開會|召集")
_FOUNDING_VERBS = ("组建", "成立", "设立")
_FIRST_DAY = "2023-03"  # the commission was founded in March 2023: what was approved before, somebody else approved
_SLOGAN, _MENTION = 0.95, 0.9


def find_disclosures(
    text: str, hits: Sequence[Hit], rules: Rules, provenance: Provenance, leaders: Sequence[Leader] = ()
) -> tuple[Disclosure, ...]:
    """Return what a text discloses, in order of the text; only sentences with hits and what refers to them are looked at.

    A body that no pattern fits becomes a `mention`. Suspect hits disclose nothing: they stay hits, with their reason.
    """
    if not hits:
        return ()
    sentences = split_sentences(text, ((hit.start, hit.end) for hit in hits))
    sure = [hit for hit in hits if hit.status == "confirmed"]
    bodies = [hit for hit in sure if hit.term in BODY_TERMS]
    found = list(_slogans(text, sure, rules, sentences))
    found += _agentless(text, sure, rules, sentences, provenance)
    if bodies:
        found += _about_bodies(text, rules, provenance, Discourse(text, sentences, bodies, BodyResolver(text, provenance, bodies, leaders), (leader.name for leader in leaders)))
    return tuple(sorted(found, key=lambda d: (d.start, d.end, d.type)))


def disclosure_key(canonical_address: str, disclosure: Disclosure) -> str:
    """Return the stable key of a disclosure, 64 hexadecimal digits: the same fact in the same words of the same document.

    Four provinces or four vice-chairs in one quote have four keys; offsets, dates and noise inside the quote do not count.
    """
    quote = "".join(normalise(disclosure.quote).text.split())
    facts = (disclosure.person, disclosure.role, disclosure.object, disclosure.ordinal)
    parts = (canonical_address, disclosure.type, disclosure.body, *facts, quote)
    return hashlib.sha256("\x1f".join("" if p is None else str(p) for p in parts).encode()).hexdigest()


def _about_bodies(text: str, rules: Rules, provenance: Provenance, discourse: Discourse) -> list[Disclosure]:
    calendar = Calendar(text, discourse.sentences, provenance.published, rules.file.known)
    marked = list(discourse.marked(rules.verbs))
    told = calendar.lead() or _known_meeting_told(marked, rules)
    published = provenance.published or calendar.stamp
    day = told or (Moment(published.isoformat(), "day") if published else None)
    typed: list[Found] = []
    mentions: list[Disclosure] = []
    for sentence in marked:
        here = _typed(Reading(sentence, calendar, rules.file, told, day), rules)
        typed += here
        mentions += _mentions(sentence, here)
    return [found.disclosure for found in _with_shared_dates(typed, rules, day)] + mentions


def _known_meeting_told(marked: Sequence[Marked], rules: Rules) -> Moment | None:
    """Return the date of the first meeting that a text reports without saying when, if that meeting is known."""
    for sentence in marked:
        text = sentence.normal.text
        for mention in sentence.mentions:
            if is_sitting(text, mention):
                known = rules.known_meeting(mention.bodies[0].name, read_ordinal(text[mention.end : mention.end + 8]))
                if known is not None:
                    return Moment(known, "day")
    return None


def _typed(reading: Reading, rules: Rules) -> list[Found]:
    """Match every pattern against a sentence; of two that say the same of the same mention the first in the file stays."""
    found: list[Found] = _verb_inside_name(reading, rules)
    for pattern in rules.about_bodies:
        for match in pattern.form.find_all(reading.marked.text):
            for candidate in read_match(pattern, match, reading):
                if not _taken_back(pattern, candidate, reading.marked) and not any(_same(f, candidate) for f in found):
                    found.append(candidate)
    return [f for f in found if not any(_covers(other, f) for other in found)]


def _taken_back(pattern: Pattern, candidate: Found, marked: Marked) -> bool:
    """Say whether the clause, or the sentence where nobody is named as acting, holds what the pattern must not stand beside."""
    span = candidate.span
    where = marked.text[span.start : span.end] if pattern.form.names_body else marked.text
    return any(form.regex.search(where) for form in pattern.unless)


def _same(kept: Found, candidate: Found) -> bool:
    a, b = kept.disclosure, candidate.disclosure
    if a.type != b.type or a.body != b.body:
        return False
    if a.type in ("approval", "document"):
        return a.object == b.object or (kept.span == candidate.span and kept.disclosure.pattern != b.pattern)
    if a.type == "membership":
        return a.person == b.person if a.person or b.person else a.capacity == b.capacity
    if a.type == "meeting":
        return a.ordinal == b.ordinal or kept.mention is candidate.mention
    if a.type == "establishment":
        return True
    return kept.mention is candidate.mention


# Of one mention these say more than those: money over coordination, a list of duties over the verbs inside it.
_STRONGER = {"funding": ("coordination", "approval"), "document": ("coordination",), "coordination": ("approval",)}


def _covers(strong: Found, weak: Found) -> bool:
    a, b = strong.disclosure, weak.disclosure
    if b.type not in _STRONGER.get(a.type, ()) or a.body != b.body:
        return False
    if a.type == "coordination":
        return strong.span.start <= weak.span.start and weak.span.end <= strong.span.end and strong.whole_sentence
    return strong.mention is weak.mention


def _verb_inside_name(reading: Reading, rules: Rules) -> list[Found]:
    """Find 中央成立科技委: the name of the body with the verb of its founding inside."""
    marked, found = reading.marked, []
    for at, char in enumerate(marked.text):
        mention = marked.mention_at(char)
        surface = marked.plain(at, at + 1) if mention and mention.hit else ""
        verb = next((v for v in _FOUNDING_VERBS if v in surface), None)
        if mention and verb:
            found += [founding_inside_name(reading, mention, body, verb, at) for body in mention.bodies]
    return found


def _with_shared_dates(found: Sequence[Found], rules: Rules, day: Moment | None) -> list[Found]:
    """Give a meeting that is named again the date that another sentence states, or that is known of it."""
    dated = [f for f in found if f.date_is_stated and f.disclosure.date_precision != "before"]
    stated = {_meeting(f): f.disclosure for f in reversed(dated) if _meeting(f)}
    reported = {f.disclosure.body for f in found if f.disclosure.type == "meeting" and _CONVENED.search(f.disclosure.quote)}
    return [_dated_like(_unless_only_recalled(f, reported, day), stated, rules) for f in found]


def _unless_only_recalled(found: Found, reported: set[str | None], day: Moment | None) -> Found:
    """Turn the date of a meeting that a text about something else recalls into an upper bound."""
    d = found.disclosure
    if d.type != "meeting" or found.date_is_stated or d.body in reported:
        return found
    bound = as_bound(day)
    return replace(found, disclosure=replace(d, date=bound and bound.text, date_precision=bound and bound.precision))


def _meeting(found: Found) -> tuple[str | None, int] | None:
    d = found.disclosure
    return (d.body, d.ordinal) if d.type == "meeting" and d.ordinal is not None else None


def _dated_like(found: Found, stated: dict[tuple[str | None, int] | None, Disclosure], rules: Rules) -> Found:
    meeting = _meeting(found)
    if meeting is None or found.date_is_stated or found.disclosure.pattern.startswith("meeting/spirit"):
        return found
    other, known = stated.get(meeting), rules.known_meeting(*meeting)
    if other is not None:
        changed = replace(found.disclosure, date=other.date, date_precision=other.date_precision)
    elif known is not None:
        changed = replace(found.disclosure, date=known, date_precision="day")
    else:
        return found
    return replace(found, disclosure=changed)


def _mentions(marked: Marked, typed: Sequence[Found]) -> Iterator[Disclosure]:
    """Yield a mention for each named body that lies in no quote of a typed disclosure."""
    quoted = [marked.normal_span(f.span.start, f.span.end) for f in typed]
    for at, char in enumerate(marked.text):
        mention = marked.mention_at(char)
        if mention is None or mention.hit is None or any(s <= mention.start < e for s, e in quoted):
            continue
        span = unpaired_trimmed(marked.text, clause_around(marked.text, at, at + 1))
        start, end = marked.source_span(span.start, span.end)
        body = mention.bodies[0]
        yield Disclosure("mention", body.name, marked.source(start, end), start, end, _MENTION, "mention/named", body.region)


def _slogans(text: str, hits: Sequence[Hit], rules: Rules, sentences: Sentences) -> Iterator[Disclosure]:
    """Yield one slogan for each slogan and sentence; the speaker only where the sentence names one."""
    seen: set[tuple[int, str]] = set()
    for hit in hits:
        name, index = rules.file.slogans.get(hit.term), sentences.index_at(hit.start)
        if name is None or (index, hit.term) in seen:
            continue
        seen.add((index, hit.term))
        span = sentences.spans[index]
        normal = normalise(span.of(text))
        speaker = speaker_before(normal.text, normal.normal_span(hit.start - span.start, hit.end - span.start)[0])
        yield Disclosure(
            "slogan", None, span.of(text), span.start, span.end, _SLOGAN, "slogan/use", person=speaker, object=name, object_kind="slogan"
        )


def _agentless(
    text: str, hits: Sequence[Hit], rules: Rules, sentences: Sentences, provenance: Provenance
) -> Iterator[Disclosure]:
    """Yield approvals that name no approver (某全国重点实验室获批建设), in sentences that name a programme and no body."""
    with_body = {sentences.index_at(hit.start) for hit in hits if hit.term in BODY_TERMS}
    programmes = {sentences.index_at(hit.start) for hit in hits if hit.term in rules.file.programmes} - with_body
    if provenance.published and provenance.published.isoformat() < _FIRST_DAY:
        return
    for index in sorted(programmes):
        span = sentences.spans[index]
        source = span.of(text)
        if not any(word in source for word in ("批", "准")):
            continue
        reading = Reading(mark(normalise(source), span.start, (), ()), Calendar(text, sentences, provenance.published, ()), rules.file, None, None)
        names = [h for h in hits if h.term in rules.file.programmes and sentences.index_at(h.start) == index]
        told: set[tuple[int, int]] = set()
        for pattern in rules.agentless:
            for match in pattern.form.find_all(reading.marked.text):
                for found in read_match(pattern, match, reading):
                    place = (found.disclosure.start, found.disclosure.end)
                    if place in told or _taken_back(pattern, found, reading.marked):
                        continue
                    if _names_programme(found.disclosure, names):
                        told.add(place)
                        yield found.disclosure


def _names_programme(disclosure: Disclosure, hits: Sequence[Hit]) -> bool:
    early = disclosure.date is not None and disclosure.date < _FIRST_DAY
    return not early and any(disclosure.start <= hit.start < disclosure.end for hit in hits)
