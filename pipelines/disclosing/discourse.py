"""Follows a text sentence by sentence: which body 委员会主任, 会议 and a clause without subject speak of."""

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import re2

from crawler.items import Hit
from pipelines.disclosing.acting import (
    DENIES,
    ITEM,
    OPENS_DECISIONS,
    OPENS_TASKS,
    OTHER_ACTOR,
    OTHER_SITTING,
    number_length,
)
from pipelines.disclosing.clauses import CLAUSE_END, CLOSING, OPENING, Sentences
from pipelines.disclosing.marks import Marked, Mention, mark
from pipelines.disclosing.patterns import MEETING, ORDINALS, SLOTS
from pipelines.disclosing.people import find_people
from pipelines.disclosing.place_lists import listed_bodies
from pipelines.disclosing.unnamed_offices import UnnamedOffices, bare_roles, described
from pipelines.finding.bodies import Body, office_of
from pipelines.finding.localities import attached_regions
from pipelines.normalise import normalise
from store.regions import by_code

Resolve = Callable[[Hit], Body]
# The body's own meeting: …科技委员会(第三次)(全体)会议, but not the 精神 of one, which others study.
SITTING = re2.compile(
    rf"^(?:正式|宣告)*(?:(?:成立|组建|揭牌|挂牌)(?:大会|会议|仪式)?[，、]?(?:暨|并|后|随即|随后|即|同时|当天|当日|当场)*)?"
    rf"(?:的|召开|举行|于|了|联合|共同|分别|同时|同日|先后|相继"
    rf"|以[\x{{4E00}}-\x{{9FFF}}]{{1,8}}?(?:形式|方式)|{SLOTS['when']})*(?:[0-9]{{4}}年)?(?:{ORDINALS})?(?:的)?{MEETING}"
    rf"|^{SLOTS['when']}(?:联合|共同)(?:召开|举行|召集|举办)[^，。；：]{{0,24}}?(?:会议|推进会|座谈会|联席会)"
)
SPIRIT = re2.compile(r"^[^，。；]{0,24}?(?:会议|全会|大会|例会)[^，。；]{0,6}?(?:精神|要求|部署)")
_ITS_MEETING = re2.compile(
    r"^(?:据悉|据了解|当天|当日|昨天|昨日|随后|同时|此外|另外|最后)?(?:的)?(?:此次|本次|这次|该次)?(?:全体)?(会议|会上|全会|大会)"
)
# 委员会 alone before an office or a duty, 科技委 alone unless it is 委托 or part of a longer name.
_BARE = re.compile(
    r"(?:该|这个|这一|新|本)委员会|委员会(?=主任|常务副主任|副主任|委员(?!会)|秘书长|办公室|办事机构|成员单位|下设|每|将|负责|统筹|开了|召开|举行)|科技委(?!托|员会)|它(?=要|将|负责|承担|主要|的职责)"
    r"|其(?=办公室|办事机构|成员单位|主要职责|职责|日常工作)"
)
_ENLARGED = ("扩大）", "扩大)")  # 第三次（扩大）会议 is one word
_ITS_OFFICE = ("其办公室", "其办事机构")
_BEFORE_BARE = frozenset("、，。；：由任为兼即和及与以“「‘（担")
_COMMITTEE = re.compile(r"委员会|科技委(?!托)|领导小组")
_JOINTLY, _JOINT_REACH = re2.compile(r"联合|共同"), 12
_FOUNDED = re2.compile(r"(?:组建|成立|设立|新组建)$")
_DUTIES = re2.compile(r"(?:主要)?(?:负责|加强党|统筹|研究审议|贯彻落实)")
_REMEMBERED = 60  # so many names are known again later in a text
_TRIGGERS = ("其", "会议", "会上", "全会", "大会", "委员会", "科技委", "它", "主任")
# 对某事作了研究 puts the verb behind what it is about.
_ABOUT = r"(?:对|就|围绕)[^，。；：]{2,60}?(?:进行|作|作出|开展)了?(?:认真|深入|专题|充分)*"
_ADVERBS = r"(?:还|并|也|共同|共|书面|又|先后|一致|分别|随后|同时|最后|逐项|逐一|认真|集中|专题|正式|现场|听取并|学习并|讨论并|另外|此外|，)*"


class Discourse:
    """One reading of a text from its first body on; call `marked()` once."""

    def __init__(
        self, text: str, sentences: Sentences, hits: Sequence[Hit], resolve: Resolve, known: Iterable[str] = ()
    ) -> None:
        self._text, self.sentences, self._resolve = text, sentences, resolve
        self._hits: dict[int, list[Hit]] = {}
        for hit in hits:
            self._hits.setdefault(sentences.index_at(hit.start), []).append(hit)
        self._topic: tuple[Body, ...] = ()
        self._last: tuple[Body, ...] = ()
        self._other_committee = self._lists_decisions = False
        self._just_founded: tuple[Body, ...] = ()
        self._offices = UnnamedOffices()
        self._known = frozenset(known)
        self._people: deque[str] = deque(maxlen=_REMEMBERED)

    def marked(self, verbs: Sequence[str]) -> Iterator[Marked]:
        """Yield every sentence that speaks of a body, marked; `verbs` are those whose subject may be left out."""
        any_verb = "|".join(sorted(map(re2.escape, verbs), key=len, reverse=True))
        self._starts_with_verb = re2.compile(rf"^{_ADVERBS}(?:{_ABOUT})?(?:{any_verb})")
        self._has_verb = re2.compile(any_verb)
        for index in range(min(self._hits, default=len(self.sentences.spans)), len(self.sentences.spans)):
            span = self.sentences.spans[index]
            source = span.of(self._text)
            if index not in self._hits and not self._may_matter(source):
                self._note_other(source)
                continue
            marked = self._mark(source, span.start, self._hits.get(index, []))
            if marked.mentions:
                yield marked

    def denied(self, marked: Marked) -> bool:
        """Say whether a sentence behind the body that it names, or the one right after it, calls untrue what it tells."""
        index = self.sentences.index_at(marked.offset)
        rest = marked.normal.text[marked.mentions[0].end :]
        after = [normalise(span.of(self._text)).text for span in self.sentences.spans[index + 1 : index + 2]]
        return any(DENIES.search(text) for text in (rest, *after))

    def _may_matter(self, source: str) -> bool:
        if not self._topic and not self._last:
            return False
        text = normalise(source).text
        item = self._topic and self._lists_decisions and ITEM.match(text)
        return bool(self._just_founded or item) or any(word in text for word in _TRIGGERS)

    def _note_other(self, source: str) -> None:
        if self._topic and OTHER_SITTING.search(normalise(source).text):
            self._topic = ()

    def _mark(self, source: str, offset: int, hits: list[Hit]) -> Marked:
        normal = normalise(source)
        mentions = [
            self._named(hit, normal.normal_span(hit.start - offset, hit.end - offset), normal.text) for hit in hits
        ]
        before = self._last if len(self._last) == 1 else ()
        mentions += self._duties_left_open(normal.text, mentions)
        mentions += self._bare(normal.text, mentions)
        people = find_people(normal.text, self._known | frozenset(self._people), normal.gaps)
        self._people.extend(p.name for p in people if len(p.name) > 2 and p.name not in self._people)
        mentions += bare_roles(normal.text, mentions, {p.start for p in people})
        known = () if self._other_committee else before
        mentions += self._offices.find(normal.text, mentions, self.sentences.index_at(offset), known)
        people = (*people, *described(normal.text, self._text, offset + len(source)))
        mentions += self._meetings_and_silence(normal.text, sorted(mentions, key=lambda m: m.start))
        return mark(normal, offset, mentions, people)

    def _named(self, hit: Hit, span: tuple[int, int], text: str) -> Mention:
        bodies: tuple[Body, ...] = ()
        own = self._resolve(hit)
        if hit.term == "local-stc":
            named = bool(attached_regions(normalise(hit.surface).text))
            bodies = listed_bodies(text, *span, by_code(own.region) if named else None)
            if bodies and own.name and own not in bodies and named:
                bodies = (*bodies, own)
        return Mention(*span, bodies or (own,), "named", hit, listed=bool(bodies))

    def _duties_left_open(self, text: str, named: Sequence[Mention]) -> list[Mention]:
        """Find a sentence of duties without subject, right after the sentence that founds the body (组建中央科技委员会。加强…)."""
        founded, self._just_founded = self._just_founded, ()
        last = max(named, key=lambda m: m.end, default=None)
        if (
            last is not None
            and len(last.bodies) == 1
            and _FOUNDED.search(text[: last.start])
            and len(text) - last.end <= 1
        ):
            self._just_founded = last.bodies
        return [Mention(0, 0, founded, "bare")] if founded and _DUTIES.match(text) else []

    def _bare(self, text: str, named: Sequence[Mention]) -> list[Mention]:
        """Find 委员会主任, 该委员会 and a lone 科技委, when the committee named last is a body."""
        found: list[Mention] = []
        for match in _BARE.finditer(text):
            start, end = match.span()
            if any(m.start < end and start < m.end for m in named) or not _stands_alone(text, start):
                continue
            bodies = self._last_committee(text, start, named)
            if bodies and text.startswith(_ITS_OFFICE, start):
                bodies = tuple(office_of(body) for body in bodies)
            if bodies:
                found.append(Mention(start, end, bodies, "bare"))
        for mention in sorted(named, key=lambda m: m.start):
            self._last = mention.bodies if len(mention.bodies) == 1 else self._last
        self._note_committees(text, named)
        return found

    def _last_committee(self, text: str, position: int, named: Sequence[Mention]) -> tuple[Body, ...]:
        before = [m for m in named if m.end <= position]
        others = [m for m in _COMMITTEE.finditer(text, 0, position) if not _stands_alone(text, m.start())]
        if others and not any(m.start <= others[-1].start() < m.end for m in before):
            return ()
        if before:
            return before[-1].bodies if len(before[-1].bodies) == 1 else ()
        return () if self._other_committee else self._last

    def _note_committees(self, text: str, named: Sequence[Mention]) -> None:
        for match in _COMMITTEE.finditer(text):
            if any(m.start <= match.start() < m.end for m in named):
                self._other_committee = False
            elif not _stands_alone(text, match.start()):
                self._other_committee = True

    def _meetings_and_silence(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        found: list[Mention] = []
        acting = self._topic
        opened_other = OTHER_SITTING.search(text) is not None
        opened_own = False
        opening: tuple[Body, ...] = ()  # who acts in the first clause acts again behind each semicolon
        for start, end in _clauses(text):
            here = [m for m in mentions if start <= m.start < end]
            if text[start - 1 : start] in ("；", ";"):
                acting = acting or opening
            start += number_length(text[start:end])
            sitting = next((m for m in here if is_sitting(text, m)), None)
            its = (
                _ITS_MEETING.match(text[start:end]) if self._topic and not text.endswith(_ENLARGED, 0, start) else None
            )
            if sitting is not None:
                self._topic = acting = _conveners(text, here, sitting)
                opened_own = True
                self._lists_decisions = OPENS_DECISIONS.search(text) is not None
            elif its and not (here and here[0].start == start):
                found.append(Mention(start + its.start(1), start + its.end(1), self._topic, "meeting"))
                acting = self._topic
                self._lists_decisions = OPENS_DECISIONS.search(text) is not None or (
                    self._lists_decisions and not OPENS_TASKS.match(text[start:end])
                )
            elif here and here[0].start == start:
                acting = here[0].bodies
            elif acting and self._starts_with_verb.match(text[start:end]):
                found.append(Mention(start, start, acting, "silent"))
            elif OTHER_ACTOR.match(text[start:end]) or self._has_verb.search(text[start:end]):
                acting = ()
            opening = opening or acting
        if opened_other and not opened_own and not found:
            self._topic = ()
        return found


def _conveners(text: str, mentions: Sequence[Mention], sitting: Mention) -> tuple[Body, ...]:
    """Return the bodies of a sitting: with 联合 also those that 、 and 和 chain before the one named last."""
    bodies, start = sitting.bodies, sitting.start
    if _JOINTLY.search(text[sitting.end : sitting.end + _JOINT_REACH]) is None:
        return bodies
    for mention in reversed([m for m in mentions if m.end < sitting.start]):
        if text[mention.end : start] not in ("、", "和", "与", "及", "同", "暨"):
            break
        bodies, start = (*mention.bodies, *bodies), mention.start
    return bodies


def is_sitting(text: str, mention: Mention) -> bool:
    """Say whether a mention names a sitting of the body, and not only what others make of it (…会议精神)."""
    rest = text[mention.end : mention.end + 40]
    return mention.kind == "named" and SITTING.match(rest) is not None and SPIRIT.match(rest) is None


def _stands_alone(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in _BEFORE_BARE or not "\u4e00" <= text[start - 1] <= "\u9fff"


def _clauses(text: str) -> list[tuple[int, int]]:
    # 《…》印发 is one clause.
    stops = [i for i, c in enumerate(text) if c in CLAUSE_END + OPENING + CLOSING and c != "》"]
    edges = [-1, *stops, len(text)]
    return [(a + 1, b) for a, b in itertools.pairwise(edges) if b > a + 1]
