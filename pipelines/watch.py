"""Both searches in one call: the hits of a text, and what the text discloses about them."""

from dataclasses import dataclass, replace
from pathlib import Path

from crawler.items import Disclosure, Document, Hit, Provenance
from pipelines.disclose import BODY_TERMS, find_disclosures
from pipelines.finding.mentions import term_mention_of, term_mentions
from pipelines.match import Finder, find_hits
from pipelines.rules import Rules, load_rules
from pipelines.terms import Terms, load_terms
from store.yamlfile import YamlErrors

Finds = tuple[tuple[Hit, ...], tuple[Disclosure, ...]]


@dataclass(frozen=True, slots=True)
class Watch:
    """What is looked for: keywords.yml ready to search, and disclosures.yml."""

    terms: Terms
    finder: Finder
    rules: Rules

    @property
    def told_elsewhere(self) -> frozenset[str]:
        """The terms that have disclosures of their own: commissions, slogans, programmes."""
        return BODY_TERMS.union(self.rules.file.slogans, self.rules.file.programmes)


def load_watch(keywords: Path, disclosures: Path) -> Watch:
    """Load both files; raise store.yamlfile.YamlErrors with the errors of both at once."""
    errors: list[str] = []
    terms = rules = None
    try:
        terms = load_terms(keywords)
    except YamlErrors as error:
        errors.extend(error.lines)
    try:
        rules = load_rules(disclosures)
    except YamlErrors as error:
        errors.extend(error.lines)
    if terms is None or rules is None:
        raise YamlErrors(errors)
    return Watch(terms, Finder(terms), rules)


def watch_text(text: str, watch: Watch, provenance: Provenance) -> Finds:
    """Return the hits of a text and its disclosures, both in order of the text."""
    hits = find_hits(text, watch.finder, provenance)
    found = find_disclosures(text, hits, watch.rules, provenance, watch.terms.leaders)
    mentions = term_mentions(text, hits, found, watch.terms, watch.told_elsewhere)
    return hits, tuple(sorted((*found, *mentions), key=lambda d: (d.start, d.end, d.type))) if mentions else found


def watch_document(document: Document, watch: Watch, provenance: Provenance) -> Finds:
    """Return what stands in the body of a document and in its title; `place` says in which, offsets index that one.

    A title that is repeated as the first line of the body is searched once, in the body; a term that is mentioned in both is
    told once, from the body.
    """
    hits, disclosures = watch_text(document.body, watch, provenance)
    title = (document.title or "").strip()
    if not title or document.body.lstrip().startswith(title):
        return hits, disclosures
    title_hits, title_disclosures = watch_text(document.title or "", watch, provenance)
    again = {term_mention_of(found) for found in disclosures} - {None}
    return (
        (*(replace(hit, place="title") for hit in title_hits), *hits),
        (
            *(replace(found, place="title") for found in title_disclosures if term_mention_of(found) not in again),
            *disclosures,
        ),
    )
