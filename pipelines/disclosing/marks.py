"""Marks a sentence: each body, each meeting of a body and each person becomes one character that a form can name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import re2

from crawler.items import Hit
from pipelines.disclosing.patterns import FIRST_BODY, FIRST_MEETING, FIRST_PERSON, FIRST_SILENT, LAST_PERSON
from pipelines.disclosing.people import Person
from pipelines.finding.bodies import Body
from pipelines.normalise import Normalised

MentionKind = Literal["named", "bare", "meeting", "silent"]
_FIRST = {"named": FIRST_BODY, "bare": FIRST_BODY, "meeting": FIRST_MEETING, "silent": FIRST_SILENT}
_ROOM = FIRST_MEETING - FIRST_BODY  # so many mentions of one kind fit into a sentence; the rest stays unmarked
_JUSTIFIED = re2.compile(r"主任|组长|委员|成员|时间|地点|主持|出席|列席")  # 主 任：, words drawn apart to one width
_PRIVATE = re2.compile(r"[\x{E000}-\x{F8FF}]")  # icon fonts leave such characters in pages


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a normalised sentence that speaks of a body, or of several (a list of provinces).

    `named` by a hit; `bare` by 委员会 or 科技委 alone; its `meeting` by 会议; `silent` where Chinese leaves the subject out.
    """

    start: int
    end: int
    bodies: tuple[Body, ...]
    kind: MentionKind
    hit: Hit | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence ready for forms: `text` with marks, and for each of its characters the place in the normalised text."""

    text: str
    normal: Normalised
    offset: int
    mentions: tuple[Mention, ...]
    people: tuple[Person, ...]
    places: tuple[int, ...]
    _mention_at: dict[str, Mention]
    _person_at: dict[str, Person]

    def mention(self, mark: str) -> Mention:
        """Return the mention that a mark stands for."""
        return self._mention_at[mark]

    def mention_at(self, char: str) -> Mention | None:
        """Return the mention that a character stands for; None when it is no such mark."""
        return self._mention_at.get(char)

    def chained_before(self, at: int) -> tuple[Mention, ...]:
        """Return the bodies that 、 和 及 与 chain directly before a mark, in order."""
        chain: list[Mention] = []
        while at >= 2 and self.text[at - 1] in "、和及与同暨":
            before = self._mention_at.get(self.text[at - 2])
            if before is None or before.kind != "named":
                break
            chain.insert(0, before)
            at -= 2
        return tuple(chain)

    def source(self, start: int, end: int) -> str:
        """Return the original text between two of its positions, which must lie in this sentence."""
        return self.normal.source[start - self.offset : end - self.offset]

    def person(self, mark: str) -> Person | None:
        """Return the person that a mark stands for; None when the character is no such mark."""
        return self._person_at.get(mark)

    def normal_span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the marked text into one of the normalised sentence."""
        return self.places[start], self.places[end]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the marked text into one of the whole original text."""
        first, last = self.normal.source_span(*self.normal_span(start, end))
        return first + self.offset, last + self.offset

    def plain(self, start: int, end: int) -> str:
        """Return what stands in a span of the marked text, in simplified script without noise, marks written out."""
        first, last = self.normal_span(start, end)
        return self.normal.text[first:last]


def mark(normal: Normalised, offset: int, mentions: Sequence[Mention], people: Sequence[Person]) -> Marked:
    """Mark a normalised sentence that starts at `offset` of the original; a mention wins over a person in its place.

    In a headline white space parts what commas part in a sentence, so there each gap becomes a comma.
    """
    mention_at: dict[str, Mention] = {}
    person_at: dict[str, Person] = {}
    pieces: list[tuple[int, int, str]] = []
    ordered = sorted(mentions, key=lambda m: (m.start, m.end))
    for mention in ordered:
        char = _next_mark(_FIRST[mention.kind], _ROOM, mention_at)
        if char is not None and (not pieces or mention.start >= pieces[-1][1]):
            mention_at[char] = mention
            pieces.append((mention.start, mention.end, char))
    taken = list(pieces)
    for person in people:
        char = _next_mark(FIRST_PERSON, LAST_PERSON - FIRST_PERSON, person_at)
        if char is not None and not any(s < person.end and person.start < e for s, e, _ in taken):
            person_at[char] = person
            pieces.append((person.start, person.end, char))
    if normal.text[-1:] not in "。！？；”":
        inside = (*((s, e) for s, e, _ in pieces), *(m.span() for m in _JUSTIFIED.finditer(normal.text)))
        pieces += [(gap, gap, "，") for gap in normal.gaps if not any(s < gap < e for s, e in inside)]
    text, places = _written(normal.text, sorted(pieces))
    return Marked(text, normal, offset, tuple(ordered), tuple(people), places, mention_at, person_at)


def _next_mark(first: int, room: int, used: dict[str, Mention] | dict[str, Person]) -> str | None:
    count = sum(1 for char in used if first <= ord(char) < first + room)
    return chr(first + count) if count < room else None


def _written(text: str, pieces: Sequence[tuple[int, int, str]]) -> tuple[str, tuple[int, ...]]:
    text = str(_PRIVATE.sub(" ", text)) if _PRIVATE.search(text) else text
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, char in pieces:
        parts += [text[done:start], char]
        places += [*range(done, start), start]
        done = end
    parts.append(text[done:])
    places += range(done, len(text) + 1)
    return "".join(parts), tuple(places)
