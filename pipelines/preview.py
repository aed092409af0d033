"""Tells what a term would have found in everything stored, before it is in force; writes nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from crawler.items import Hit, Provenance
from pipelines.finding.combine import LIGHT
from pipelines.finding.literals import literals
from pipelines.match import Finder, find_hits
from pipelines.normalise import normalise
from pipelines.terms import Term, Terms
from store.queries.holding import Holder, holders, recent_holders, stored_span

SAMPLES = 5
RECENT = 30  # days over which the pace is taken
MOST_A_DAY = 50  # documents a day that one term may bring before it is warned of


@dataclass(frozen=True, slots=True)
class Sample:
    """A place of the term: the day of its document, the publisher, the sentence, and why it is suspect (empty if not)."""

    day: date
    source: str
    context: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a term would have found: documents with a confirmed place, places by label, documents by month and by tier.

    `stored` is the number of all documents; `pace` the documents a day over the last days of the store, None when it is empty.
    """

    term: str
    documents: int
    confirmed: int
    suspect: int
    months: tuple[tuple[str, int], ...]
    tiers: tuple[tuple[str, int], ...]
    samples: tuple[Sample, ...]
    stored: int
    pace: float | None


@dataclass(slots=True)
class _Count:
    documents: int = 0
    places: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    recent: int = 0
    samples: dict[str, Sample] = field(default_factory=dict)  # one a publisher first, so that they differ
    further: list[Sample] = field(default_factory=list)

    def add(self, holder: Holder, hits: Sequence[Hit], recent_since: date | None) -> None:
        """Count the places of the term in one document."""
        self.places.update(hit.status for hit in hits)
        best = min(hits, key=lambda hit: hit.status)  # confirmed before suspect
        sample = Sample(holder.day, holder.source_name, best.context, best.why)
        if self.samples.setdefault(holder.source_id, sample) is not sample and len(self.further) < SAMPLES:
            self.further.append(sample)
        if best.status == "confirmed":
            self.documents += 1
            self.months[f"{holder.day:%Y-%m}"] += 1
            self.tiers[holder.tier] += 1
            self.recent += recent_since is not None and holder.day >= recent_since


def preview(connection: Connection, finder: Finder, term: Term, now: datetime, since: date | None = None) -> Preview:
    """Return what a term of the finder would have found in the documents of a day or later."""
    span = stored_span(connection, now)
    window = _window(span.first, span.last)
    count = _Count()
    for holder in holders(connection, phrases_of(term), since):
        if hits := _hits(holder, finder, term.id):
            count.add(holder, hits, window)
    days = (span.last - window).days + 1 if span.last and window else 0
    samples = (*count.samples.values(), *count.further)[:SAMPLES]
    return Preview(
        term=term.id,
        documents=count.documents,
        confirmed=count.places["confirmed"],
        suspect=count.places["suspect"],
        months=tuple(sorted(count.months.items())),
        tiers=tuple(count.tiers.most_common()),
        samples=samples,
        stored=span.documents,
        pace=count.recent / days if days else None,
    )


def floods(connection: Connection, finder: Finder, now: datetime, most: int = MOST_A_DAY) -> list[Preview]:
    """Return the watched terms that would bring more than so many documents a day, judged by the last days of the store.

    The index alone tells which terms are worth a closer look.
    """
    span = stored_span(connection, now)
    first = _window(span.first, span.last)
    if first is None or span.last is None:
        return []
    enough = most * ((span.last - first).days + 1)
    telling = [term for term in finder.terms.terms if fills_queue(term)]
    often = [term for term in telling if recent_holders(connection, phrases_of(term), first) > enough]
    found = [preview(connection, finder, term, now, first) for term in often]
    return [seen for seen in found if seen.pace is not None and seen.pace > most]


def fills_queue(term: Term) -> bool:
    """Say whether a term brings documents to the review queue by itself."""
    return term.watch and term.queue and term.weight > LIGHT


def with_phrase(terms: Terms, phrase: str) -> tuple[Terms, Term]:
    """Return the terms with one more for a phrase, and that one; where the phrase is a form of a term, the terms and that."""
    wanted = normalise(phrase).text
    for term in terms.terms:
        if wanted in {normalise(form).text for form in (*term.forms, *term.weak)}:
            return terms, term
    tried = Term(id="tried-phrase", canonical=wanted, gloss=phrase, kind="programme", weight=5, confirm=True)
    return terms.with_terms((*terms.terms, tried)), tried


def as_watched(terms: Terms, term: Term) -> tuple[Terms, Term]:
    """Return the terms with one of them watched, whatever the file says, and that one."""
    watched = term.model_copy(update={"watch": True})
    return terms.with_terms(watched if other.id == term.id else other for other in terms.terms), watched


def phrases_of(term: Term) -> Sequence[str]:
    """Return plain texts of which every document with a place of the term holds one; a bare form needs a full one."""
    return [literal for literal, use in literals(Terms(terms=(term,))).items() if use.name or use.weak or use.patterns]


def _window(first: date | None, last: date | None) -> date | None:
    return max(first, last - timedelta(days=RECENT - 1)) if first and last else None


def _hits(holder: Holder, finder: Finder, term: str) -> list[Hit]:
    known = Provenance(holder.title, holder.source_name, holder.region, holder.published)
    return _of(find_hits(holder.body, finder, known), term) or _of(find_hits(holder.title or "", finder, known), term)


def _of(hits: Iterable[Hit], term: str) -> list[Hit]:
    return [hit for hit in hits if hit.term == term]
