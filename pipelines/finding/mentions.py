"""Brings the terms of which disclosures.yml says nothing to the review queue: each is mentioned once in a text."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from crawler.items import Disclosure, Hit
from pipelines.disclosing.clauses import Span, clause_around, split_sentences, trim
from pipelines.finding.combine import LIGHT
from pipelines.normalise import normalise
from pipelines.terms import Term, Terms

LONGEST_QUOTE = 200  # a longer sentence is cut to the clause in which the term stands
CONFIDENCE = 0.9
_PATTERN = "mention/term/"


def term_mentions(
    text: str, hits: Sequence[Hit], told: Iterable[Disclosure], terms: Terms, elsewhere: frozenset[str]
) -> tuple[Disclosure, ...]:
    """Return a mention for each term at its first confirmed place in a text, unless a quote of `told` shows the term.

    `elsewhere` are the terms that have disclosures of their own. A term of weight 3 or less is mentioned only in a text that
    a heavier one carries. A mention names its body when the term is one, else the term as its object.
    """
    sure = [hit for hit in hits if hit.status == "confirmed"]
    if max((terms.entries[hit.term].weight for hit in sure), default=0) <= LIGHT:
        return ()
    quotes = sorted((found.start, found.end) for found in told)
    # How far the quotes up to each one reach, so that a hit is looked up and not held against every quote.
    starts, reach = [start for start, _ in quotes], [0, *accumulate((end for _, end in quotes), max)]
    shown = {hit.term for hit in sure if hit.start < reach[bisect_right(starts, hit.start)]}
    first: dict[str, Hit] = {}
    for hit in sure:
        if hit.term not in elsewhere and hit.term not in shown and terms.entries[hit.term].queue:
            first.setdefault(hit.term, hit)
    return tuple(_mention(text, hit, terms) for hit in first.values())


def term_mention_of(disclosure: Disclosure) -> str | None:
    """Return the id of the term that a disclosure made here mentions; None for any other disclosure."""
    return disclosure.pattern.removeprefix(_PATTERN) if disclosure.pattern.startswith(_PATTERN) else None


def _mention(text: str, hit: Hit, terms: Terms) -> Disclosure:
    entry = terms.entries[hit.term]
    name = _name(hit, entry) if isinstance(entry, Term) else None
    body = name if isinstance(entry, Term) and entry.kind == "body" and not entry.place else None
    span = _quote(text, hit)
    return Disclosure(
        type="mention",
        body=body,
        quote=span.of(text),
        start=span.start,
        end=span.end,
        confidence=CONFIDENCE,
        pattern=_PATTERN + hit.term,
        object=None if body else name,
    )


def _name(hit: Hit, term: Term) -> str:
    """Return what is mentioned: a term that takes up a place name goes by the name as it stands (省科技咨询委员会)."""
    return normalise(hit.surface).text if term.place else term.canonical


def _quote(text: str, hit: Hit) -> Span:
    """Return the sentence of a hit; of a long one the clause, or as much of it as may be quoted."""
    sentences = split_sentences(text, [(hit.start, hit.end)])
    sentence = sentences.spans[sentences.index_at(hit.start)]
    if sentence.end - sentence.start <= LONGEST_QUOTE:
        return sentence
    clause = clause_around(text, hit.start, hit.end)
    room = max(0, LONGEST_QUOTE - (hit.end - hit.start)) // 2
    return trim(
        text, max(clause.start, sentence.start, hit.start - room), min(clause.end, sentence.end, hit.end + room)
    )
