"""Says why a place is suspect: a false friend, a context that is missing, a link, a word that runs over its edge."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from crawler.items import Provenance
from pipelines.finding.localities import without_places
from pipelines.finding.navigation import Links, navigation_spans
from pipelines.finding.segment import NEIGHBOURHOOD, Segmenter
from pipelines.finding.sightings import Lookalike, Place, Sightings
from pipelines.finding.spans import Spans
from pipelines.normalise import HAN, Normalised
from pipelines.terms import Context, FalseFriend, Term, Terms

# Before a bare 科技委 there stands nothing, a sign, or a word that governs it; 部科技委, 设施科技委 are other bodies.
_CLEAN = re.compile(
    rf"(?:^|[^{HAN}]|[由向经在对为把与和及或按该本此被请报给从将让使是即而]"
    r"|召开|成立|组建|设立|担任|根据|依据|听取|发挥|作为|明确|传达|落实|贯彻|按照|通过|提请|报请|要求|强调|以及|建立|参加|出席)\Z"
)
_YEAR = re.compile(r"20[2-9]\d(?=年)")
_NEW_PARAGRAPH = re.compile(r"\n\s*\n|\n[ \t\u3000\xa0]{2,}|\n\u3000")


class Guards:
    """The rules of a term file about the surroundings of a term; `segmenter` None leaves jieba out."""

    def __init__(self, terms: Terms, segmenter: Segmenter | None) -> None:
        self._segmenter = segmenter
        self._friends: dict[str, tuple[FalseFriend, ...]] = {
            term.id: tuple(friend for friend in terms.false_friends if term.id in friend.of) for term in terms.terms
        }

    def why_suspect(self, place: Place, term: Term, scene: "Scene") -> str:
        """Return one sentence that says why a place is suspect; empty when nothing speaks against it."""
        return (
            self._false_friend(place, term, scene)
            or _context(place, term, scene.text)
            or _not_in_force(term, scene)
            or _beside_the_text(place, scene)
            or (f"everyday form of {term.canonical}" if place.weak else "")
            or ("" if place.choices else self.word_over_edge(term, *scene.between_gaps(place)))
        )

    def _false_friend(self, place: Place, term: Term, scene: "Scene") -> str:
        for seen in scene.sightings.lookalikes.touching(place.start, place.end):
            if term.id in seen.friend.of and not _inside(seen, place):
                return f"false friend {scene.text[seen.start : seen.end]}: {seen.friend.gloss}"
        for friend in self._friends[term.id]:
            if friend.after and scene.text.startswith(friend.after, place.end):
                return f"false friend: {friend.gloss}"
            if friend.before and _stands_before(friend.before, scene.text, place.start):
                return f"false friend: {friend.gloss}"
        return ""

    def word_over_edge(self, term: Term, text: str, start: int, end: int) -> str:
        """Say which word jieba lets run over an edge of a place; empty when none does, or without a segmenter."""
        if self._segmenter is None:
            return ""
        left, right = self._segmenter.straddling(text, start, end)
        if left and not term.place and left not in term.joins:
            return f"crosses a word boundary: jieba reads {left} at its beginning"
        if right:
            return f"crosses a word boundary: jieba reads {right} at its end"
        return ""


class Scene:
    """A text while its places are labelled: what stands in it and what is known from outside."""

    def __init__(self, normalised: Normalised, sightings: Sightings, provenance: Provenance) -> None:
        self.normalised = normalised
        self.text = normalised.text
        self.sightings = sightings
        self.provenance = provenance

    @cached_property
    def navigation(self) -> Spans[Links]:
        """The parts of the original text that only lead elsewhere."""
        source = self.normalised.source
        starts = (self.normalised.source_span(marker, marker + 1)[0] for marker in self.sightings.markers)
        return Spans(navigation_spans(source, starts))

    def between_gaps(self, place: Place) -> tuple[str, int, int]:
        """Return the text around a place up to the next dropped white space, which ends a word, and the place in it."""
        gaps = self.normalised.gaps
        before, after = bisect_right(gaps, place.start), bisect_left(gaps, place.end)
        low = max(gaps[before - 1] if before else 0, place.start - 2 * NEIGHBOURHOOD)
        high = min(gaps[after] if after < len(gaps) else len(self.text), place.end + 2 * NEIGHBOURHOOD)
        return self.text[low:high], place.start - low, place.end - low

    @cached_property
    def latest_year(self) -> int:
        """The latest year that the text itself speaks of, 0 when it names none."""
        return max(map(int, _YEAR.findall(self.text)), default=0)


def is_clean(text: str, start: int) -> bool:
    """Say whether a bare form at `start` stands alone, not as the tail of another body's name."""
    return _CLEAN.search(text[max(0, start - 2) : start]) is not None


def is_another_committee(place: Place, text: str) -> bool:
    """Say whether a place names a committee that a bare form may mean from here on: 部科技委, 设施科技委."""
    if place.choices:
        return not is_clean(text, place.start)
    return place.term.kind == "body" and not place.term.watch


def _inside(seen: Lookalike, place: Place) -> bool:
    return place.start <= seen.start and seen.end <= place.end and seen.end - seen.start < place.end - place.start


def _stands_before(words: Iterable[str], text: str, start: int) -> bool:
    return text.endswith(tuple(words), 0, start) or text.endswith(tuple(words), 0, without_places(text, start))


def _context(place: Place, term: Term, text: str) -> str:
    if term.requires and not _near(place, term.requires, text):
        return term.requires.why or f"none of {'、'.join(term.requires.any)} within {term.requires.within} characters"
    if term.excludes and (word := _near(place, term.excludes, text)):
        return term.excludes.why or f"{word} within {term.excludes.within} characters"
    return ""


def _near(place: Place, context: Context, text: str) -> str | None:
    before = text[max(0, place.start - context.within) : place.start] if context.side != "after" else ""
    after = text[place.end : place.end + context.within] if context.side != "before" else ""
    return next((word for word in context.any if word in before or word in after), None)


def _not_in_force(term: Term, scene: Scene) -> str:
    published = scene.provenance.published
    if not term.valid or not published:
        return ""
    # The date on a copy is often wrong, so a text that itself speaks of a later year is believed.
    if term.valid.since and published < term.valid.since and scene.latest_year < term.valid.since.year:
        return f"published {published}, before {term.valid.since} when this could be meant"
    if term.valid.until and published > term.valid.until:
        return f"published {published}, after {term.valid.until} when this could still be meant"
    return ""


def _beside_the_text(place: Place, scene: Scene) -> str:
    start, end = scene.normalised.source_span(place.start, place.end)
    if end - start != place.end - place.start and _NEW_PARAGRAPH.search(scene.normalised.source, start, end):
        return "runs from one paragraph into the next"
    if scene.sightings.markers and any(
        links.start <= start and end <= links.end for links in scene.navigation.touching(start, end)
    ):
        return "stands in navigation or related links only"
    return ""
