"""The small language of disclosures.yml: readable forms such as `{body}[召开]{ordinal}会议`, compiled to linear-time RE2.

A form is matched against a *marked* sentence (see `pipelines.disclosing.marks`): every mention of a body, of its meeting and every
name of a person has become one private character, so that a form speaks of bodies and people and not of their spelling.

    {slot}    one of SLOTS below, or a list of `words:` in disclosures.yml
    <a|b>     one of these words; the word becomes the `action` of the disclosure
    (a|b)     one of these words            [a|b]   one of these words, or nothing
    x?        x or nothing                  x*      x any number of times, or nothing      x+      x once or more
    …         anything within the clause    ……      anything within the sentence
    ^         the start of a clause         $       the end of a clause
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from pipelines.disclosing.clauses import CLAUSE_END, CLOSING, OPENING

FIRST_BODY, FIRST_MEETING, FIRST_SILENT, FIRST_PERSON = 0xE000, 0xE400, 0xE800, 0xF000
LAST_PERSON = 0xF8FF
_BODY = r"[\x{E000}-\x{E3FF}]"
_ANY_BODY = r"[\x{E000}-\x{EBFF}]"
_PERSON = r"[\x{F000}-\x{F8FF}]"
_STOPS = CLAUSE_END
_EDGES = "".join(dict.fromkeys(CLAUSE_END + OPENING + CLOSING + "、…—"))
_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
ORDINAL = rf"(?:第{_NUMBER}次|首次)"
ORDINALS = rf"{ORDINAL}(?:(?:、|和|及|与|以及|至|到){ORDINAL})*"
MEETING = r"(?:(?:全体|扩大|专题|工作|领导|委员|主任|办公|推进|年度|例行|调度|成员)*(?:[（(]扩大[）)])?(?:全体)?(?:会议|全会|大会|例会))"
_TITLES = r"(?:《[^《》]*(?:《[^《》]*》[^《》]*)*》(?:[（(][^（）()]{1,20}[）)])?)"
SLOTS: Mapping[str, str] = {
    "body": rf"(?P<body>{_BODY})",
    "actor": rf"(?P<body>{_ANY_BODY})(?:(?:召开|举行)?(?:的)?{ORDINAL}?{MEETING}(?:上|还)?)?，?",
    "meeting": r"(?P<body>[\x{E400}-\x{E7FF}])",
    "ordinal": rf"(?P<ordinal>{ORDINALS})",
    "any": rf"[^{CLAUSE_END}]{{0,60}}?",
    "count": ORDINAL,
    "year": r"(?:20[0-9]{2}|[二2][〇○零0][一二三四五六七八九〇○零]{2})年度?",
    "sitting": MEETING,
    "members": rf"(?P<object>(?P<body>{_BODY})(?:各|的)?成员单位)",
    "money": rf"(?P<object>[^{_STOPS}\x{{E000}}-\x{{EBFF}}]{{0,30}}(?:(?:资金|经费|基金|拨款|专款|预算|财政投入|补助)(?:[0-9.]+(?:余|多)?(?:万|亿)元)?|[0-9一二三四五六七八九十百千两]+(?:余|多)?(?:万|亿|万亿|千万|百万)元))",
    "person": rf"(?P<person>{_PERSON})",
    "when": (
        r"(?:(?:于|在)?(?:(?:[0-9]{1,4}|[〇一二三四五六七八九十]{1,4})[年月日](?:初|底|中旬|上旬|下旬|上午|下午)?|今日|今天|昨天|昨日|"
        r"近日|日前|当天|当日|去年|今年|上午|下午)|在[\x{4E00}-\x{9FFF}]{1,6}?)*"
    ),
    "own-title": rf"(?P<object>《(?P<body>{_BODY})[^《》]{{0,60}}》)",
    "title": rf"(?P<object>{_TITLES})",
    "object": rf"(?P<object>{_TITLES}(?:[、和及与]?{_TITLES})*(?:等[^{_STOPS}]{{0,12}}|[、和及与以][^{_STOPS}《》]{{2,40}})?|[^{_STOPS}\x{{E800}}-\x{{EBFF}}]{{2,80}})",
    "before": r"(?P<object>[^。；;！？]{2,80}?)",
    "holder": rf"(?P<object>[^{_STOPS}]{{2,30}}?)",
    "posts": rf"(?:[^{_STOPS}\x{{E000}}-\x{{F8FF}}]{{2,40}}、)?",
    "offices": r"(?P<offices>[^。；;！？\x{E000}-\x{EBFF}]{1,80}?)",
    "list": r"(?P<list>[^。！？\x{E000}-\x{E3FF}]{1,200})",
}
CAUGHT_WORDS = ("verb", "role")  # the lists of words whose match is a fact of the disclosure
_GAP = rf"[^{_STOPS}\x{{E000}}-\x{{EBFF}}]{{0,40}}?"
_LONG_GAP = r"[^。！？\x{E000}-\x{E7FF}]{0,120}?"
_CLAUSE_START = rf"(?:^|[{_EDGES}])"
_CLAUSE_STOP = rf"(?:$|[{_EDGES}])"


class FormError(ValueError):
    """A form that cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Form:
    """A compiled form and the text it was written as."""

    written: str
    regex: Any  # re2 has no type for its compiled pattern

    def __reduce__(self) -> tuple[Any, ...]:
        return _form, (self.written, self.regex.pattern)

    @property
    def names_body(self) -> bool:
        """Whether a match says which body it is about."""
        return "body" in self.regex.groupindex

    def find_all(self, marked: str) -> tuple[Any, ...]:
        """Return the matches of the form in a marked sentence, left to right, none overlapping another."""
        return tuple(self.regex.finditer(marked))


class Screen:
    """Many forms at once: one pass over a sentence tells which of them can match it at all, most often four of eighty."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = tuple(forms)
        self._filter = re2.Filter()
        for form in self._forms:
            self._filter.Add(form.regex.pattern, _options())
        if self._forms:
            self._filter.Compile()

    def __reduce__(self) -> tuple[Any, ...]:
        return Screen, (self._forms,)

    def passing(self, marked: str) -> tuple[int, ...]:
        """Return the indexes of the forms that are worth a try, in order; those left out do not match."""
        return tuple(sorted(self._filter.Match(marked, potential=True) or ())) if self._forms else ()


def _form(written: str, pattern: str) -> Form:
    return Form(written, re2.compile(pattern, _options()))


def compile_form(written: str, words: Mapping[str, tuple[str, ...]]) -> Form:
    """Compile a form; raise FormError for an unknown slot, an unclosed bracket or a form that matches nothing at all."""
    pattern = _Reader(written, words).read()
    try:
        form = _form(written, pattern)
    except re2.error as error:
        raise FormError(f"cannot be compiled: {error.args[0]!r}") from error
    if form.regex.search("") is not None:
        raise FormError("matches an empty text")
    return form


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return options


def group_span(match: Any, name: str) -> tuple[int, int]:
    """Return the span of a named group of a match; (-1, -1) when the form has no such group or it took nothing."""
    index = match.re.groupindex.get(name)
    return match.span(index) if index else (-1, -1)


class _Reader:
    """Reads one form from left to right."""

    def __init__(self, written: str, words: Mapping[str, tuple[str, ...]]) -> None:
        self.written, self.words, self.at, self.actions = written, words, 0, 0
        self.groups: set[str] = set()

    def read(self) -> str:
        """Return the RE2 pattern of the whole form."""
        pattern = self._sequence("")
        if self.at < len(self.written):
            raise FormError(f"'{self.written[self.at]}' closes nothing, at character {self.at + 1}")
        return pattern

    def _sequence(self, closing: str) -> str:
        parts: list[str] = []
        while self.at < len(self.written) and self.written[self.at] not in "])>" + closing:
            parts.append(self._piece())
            if self.at < len(self.written) and self.written[self.at] in "*?+":
                parts[-1] = f"(?:{parts[-1]}){self.written[self.at]}"
                self.at += 1
        return "".join(parts)

    def _piece(self) -> str:
        char = self.written[self.at]
        self.at += 1
        if char in "[(<":
            return self._choice(char)
        if char == "{":
            return self._slot()
        if char == "…":
            return self._gap()
        return {"^": _CLAUSE_START, "$": _CLAUSE_STOP, "|": "|"}.get(char) or re2.escape(char)

    def _gap(self) -> str:
        if self.written.startswith("…", self.at):
            self.at += 1
            return _LONG_GAP
        return _GAP

    def _choice(self, opening: str) -> str:
        started, inner, closing = self.at, self._sequence(""), {"[": "]", "(": ")", "<": ">"}[opening]
        if not self.written.startswith(closing, self.at):
            raise FormError(f"'{opening}' is not closed, at character {started}")
        self.at += 1
        if opening == "<":
            self.actions += 1
            return f"(?P<action{self.actions}>{inner})"
        return f"(?:{inner}){'?' if opening == '[' else ''}"

    def _slot(self) -> str:
        end = self.written.find("}", self.at)
        if end < 0:
            raise FormError(f"'{{' is not closed, at character {self.at}")
        name, self.at = self.written[self.at : end], end + 1
        if name in self.words:
            longest_first = sorted(self.words[name], key=len, reverse=True)
            return f"({'?P<' + name + '>' if name in CAUGHT_WORDS else '?:'}{'|'.join(map(re2.escape, longest_first))})"
        if name not in SLOTS:
            raise FormError(f"'{{{name}}}' is no slot and no list of words; slots are {', '.join(sorted(SLOTS))}")
        pattern = SLOTS[name]
        for group in re2.compile(pattern).groupindex:
            if group in self.groups:
                raise FormError(f"'{{{name}}}' stands where {group} was already taken: one of each kind in a form")
            self.groups.add(group)
        return pattern
