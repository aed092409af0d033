"""Says what each sentence discloses about a watched body: typed, with facts, and a verbatim quote of one clause or sentence."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.items import Disclosure, Hit, Provenance
from pipelines.disclosing.clauses import Sentences, clause_around, split_sentences, unpaired_trimmed
from pipelines.disclosing.dates import Moment
from pipelines.disclosing.dating import Reading
from pipelines.disclosing.discourse import Discourse
from pipelines.disclosing.facts import Found, founding_inside_name, read_match
from pipelines.disclosing.marks import Marked, mark
from pipelines.disclosing.meetings import with_shared_dates
from pipelines.disclosing.moments import Calendar
from pipelines.disclosing.patterns import Form, group_span
from pipelines.disclosing.slogans import find_slogans
from pipelines.finding.bodies import BodyResolver
from pipelines.normalise import normalise
from pipelines.rules import Pattern, Rules
from pipelines.terms import Leader

BODY_TERMS = frozenset({"cstc", "cstc-office", "local-stc"})
_FOUNDING_VERBS = ("组建", "成立", "设立")
_FIRST_DAY = "2023-03"  # the commission was founded in March 2023: what was approved before, somebody else approved
_MENTION = 0.9
_NEVER_ASKED = ("approval", "document", "coordination", "funding", "establishment")  # a question tells none of these
# Of one mention these say more than those: money over coordination, a list of duties over the verbs inside it.
_STRONGER = {"funding": ("coordination", "approval"), "document": ("coordination",), "coordination": ("approval",)}


def find_disclosures(
    text: str, hits: Sequence[Hit], rules: Rules, provenance: Provenance, leaders: Sequence[Leader] = ()
) -> tuple[Disclosure, ...]:
    """Return what a text discloses, in order of the text; only sentences with hits and what refers to them are looked at.

    A body that no pattern fits becomes a `mention`. Suspect hits disclose nothing: they stay hits, with their reason.
    """
    sure = [hit for hit in hits if hit.status == "confirmed"]
    if not sure:
        return ()
    sentences = split_sentences(text, ((hit.start, hit.end) for hit in hits))
    found = list(find_slogans(text, sure, rules.file.slogans, sentences))
    found += _unsigned(text, sure, rules, sentences, provenance)
    bodies = [hit for hit in sure if hit.term in BODY_TERMS]
    if bodies:
        resolver = BodyResolver(text, provenance, bodies, leaders)
        discourse = Discourse(text, sentences, bodies, resolver, (leader.name for leader in leaders))
        found += _about_bodies(text, rules, provenance, discourse)
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
    calendar = Calendar(text, discourse.sentences, provenance.published, rules.file.documents)
    marked = list(discourse.marked(rules.verbs))
    told = calendar.lead()
    published = calendar.dateline or provenance.published or calendar.stamp
    day = told or (Moment(published.isoformat(), "day") if published else None)
    typed: list[Found] = []
    mentions: list[Disclosure] = []
    for sentence in marked:
        here = [] if discourse.denied(sentence) else _typed(Reading(sentence, calendar, rules.file, told, day), rules)
        typed += here
        mentions += _mentions(sentence, here)
    return [found.disclosure for found in with_shared_dates(typed, day)] + mentions


def _typed(reading: Reading, rules: Rules) -> list[Found]:
    """Match every pattern against a sentence; of two that say the same of the same mention the first in the file stays."""
    found: list[Found] = _verbs_inside_names(reading)
    for pattern in rules.worth_trying(reading.marked.text):
        for match in pattern.form.find_all(reading.marked.text):
            candidates = read_match(pattern, match, reading) if _takes_whole_verb(match, rules) else ()
            for candidate in candidates:
                if not _taken_back(pattern, candidate, reading.marked, rules.never) and not any(
                    _same(f, candidate) for f in found
                ):
                    found.append(candidate)
    return [f for f in found if not any(_covers(other, f) for other in found)]


def _takes_whole_verb(match: Any, rules: Rules) -> bool:
    """Say whether a match took the longest verb of decision that stands there: 审议 is not the verb of 审议通过."""
    start, end = group_span(match, "verb")
    longer = (v.verb for v in rules.file.verbs if len(v.verb) > end - start)
    return start < 0 or not any(match.string.startswith(verb, start) for verb in longer)


def _taken_back(pattern: Pattern, candidate: Found, marked: Marked, never: Sequence[Form]) -> bool:
    """Say whether the clause, or the sentence where nobody is named as acting, holds what the pattern must not stand beside."""
    if pattern.type in _NEVER_ASKED and marked.text.rstrip("”’」』")[-1:] in ("？", "?"):
        return True
    span = candidate.span
    if any(form.regex.search(marked.text, span.start, span.end) for form in never):
        return True
    where = marked.text[span.start : span.end] if pattern.form.names_body else marked.text
    return any(form.regex.search(where) for form in pattern.unless)


def _same(kept: Found, candidate: Found) -> bool:
    a, b = kept.disclosure, candidate.disclosure
    if a.type != b.type or a.body != b.body:
        return False
    if a.type in ("approval", "document"):
        one_unnamed = kept.mention is candidate.mention and a.action == b.action and not (a.object and b.object)
        return a.object == b.object or one_unnamed or (kept.span == candidate.span and a.pattern != b.pattern)
    if a.type == "membership":
        return a.person == b.person if a.person or b.person else a.capacity == b.capacity
    if a.type == "meeting":
        return a.ordinal == b.ordinal or (kept.mention is candidate.mention and a.pattern != b.pattern)
    if a.type == "establishment":
        return True
    return kept.mention is candidate.mention


def _covers(strong: Found, weak: Found) -> bool:
    a, b = strong.disclosure, weak.disclosure
    if b.type not in _STRONGER.get(a.type, ()) or a.body != b.body:
        return False
    if a.type == "coordination":
        return strong.span.start <= weak.span.start and weak.span.end <= strong.span.end and strong.whole_sentence
    return strong.mention is weak.mention


def _verbs_inside_names(reading: Reading) -> list[Found]:
    """Find 中央成立科技委: the name of the body with the verb of its founding inside."""
    found: list[Found] = []
    for at, char in enumerate(reading.marked.text):
        mention = reading.marked.mention_at(char)
        surface = reading.marked.plain(at, at + 1) if mention and mention.hit else ""
        verb = next((v for v in _FOUNDING_VERBS if v in surface), None)
        if verb:
            found += founding_inside_name(reading, at, verb)
    return found


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
        yield Disclosure(
            "mention", body.name, marked.source(start, end), start, end, _MENTION, "mention/named", body.region
        )


def _unsigned(
    text: str, hits: Sequence[Hit], rules: Rules, sentences: Sentences, provenance: Provenance
) -> Iterator[Disclosure]:
    """Yield approvals that name no approver (某全国重点实验室获批建设), in sentences that name a programme and no body."""
    if provenance.published and provenance.published.isoformat() < _FIRST_DAY:
        return
    taken = {sentences.index_at(hit.start) for hit in hits if hit.term in BODY_TERMS}
    programmes = [hit for hit in hits if hit.term in rules.file.programmes]
    for index in sorted({sentences.index_at(hit.start) for hit in programmes} - taken):
        span = sentences.spans[index]
        source = span.of(text)
        if "批" not in source and "准" not in source:
            continue
        calendar = Calendar(text, sentences, provenance.published, ())
        published = calendar.dateline or provenance.published or calendar.stamp
        day = Moment(published.isoformat(), "day") if published else None
        reading = Reading(mark(normalise(source), span.start, (), ()), calendar, rules.file, None, day)
        yield from _one_a_clause(reading, rules, programmes)


def _one_a_clause(reading: Reading, rules: Rules, programmes: Sequence[Hit]) -> Iterator[Disclosure]:
    told: set[tuple[int, int]] = set()
    for pattern in rules.agentless:
        for match in pattern.form.find_all(reading.marked.text):
            for found in read_match(pattern, match, reading):
                d = found.disclosure
                early = d.date is not None and d.date < _FIRST_DAY[: len(d.date)]
                about = any(d.start <= hit.start < d.end for hit in programmes)
                if (
                    about
                    and not early
                    and (d.start, d.end) not in told
                    and not _taken_back(pattern, found, reading.marked, rules.never)
                ):
                    told.add((d.start, d.end))
                    yield d
