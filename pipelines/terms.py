"""Loads keywords.yml: what to look for, what only looks like it, and the rules in between; a bad rule is refused."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.normalise import normalise
from store.yamlfile import Line, YamlErrors, line_of, parse_yaml

Kind = Literal[
    "body", "slogan", "programme", "platform", "zone", "money", "person", "document", "predecessor", "modifier"
]
Side = Literal["before", "after", "both"]
TermId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

LONGEST_REGEX = 200
_EVERY_PAGE = (
    "的 了 和 与 及 或 是 在 有 为 对 以 等 将 要 会 我们 他们 以及 关于 有关 通过 进行 加强 推进 推动 建设 发展 工作 会议 "
    "国家 中国 中央 全国 科技 创新 技术 部门 单位 企业 政府 领导 重要 重大 新闻 通知 委员会 办公室 主任 书记"
)
STOP_WORDS = frozenset(_EVERY_PAGE.split())


def compile_regex(pattern: str) -> Any:
    """Compile a pattern with the linear-time engine; raise ValueError that says in words why it is refused."""
    if len(pattern) > LONGEST_REGEX:
        raise ValueError(f"a regular expression may have {LONGEST_REGEX} characters, this one has {len(pattern)}")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        raise ValueError(f"RE2 refuses the regular expression {pattern!r}: {reason}") from error
    if compiled.match(""):
        raise ValueError(f"the regular expression {pattern!r} matches the empty text")
    return compiled


def _checked(pattern: str) -> str:
    compile_regex(pattern)
    return pattern


Regex = Annotated[Text, AfterValidator(_checked)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pattern(_Part):
    """A regular expression (RE2) and a plain text that every match of it contains, so that it is tried only there."""

    find: Regex
    anchor: Text

    @model_validator(mode="after")
    def _anchor_can_stand_in_a_match(self) -> "Pattern":
        # Without a class, a dot or an escape every character of a match is written out in the expression.
        foreign = sorted(set(self.anchor) - set(self.find))
        if foreign and not set(".[\\") & set(self.find):
            raise ValueError(
                f"the anchor '{self.anchor}' is in no match of {self.find!r}: {''.join(foreign)} is not in it"
            )
        return self


class Context(_Part):
    """Words of which one must stand (`requires`) or must not stand (`excludes`) within some characters of the term."""

    any: tuple[Text, ...] = Field(min_length=1)
    within: int = Field(ge=1, le=400)
    side: Side = "both"
    why: Text | None = None


class Validity(_Part):
    """The days between which a term can mean what it means; either end may be open."""

    since: date | None = None
    until: date | None = None


class Leader(_Part):
    """Who held the first or second office of a province, and when: tells whose 省委 a sentence speaks of.

    An end of the time in office that is not known stays open; `evidence` says what the days and the office rest on.
    """

    name: Annotated[str, StringConstraints(min_length=2, max_length=20)]
    region: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    since: date | None = None
    until: date | None = None
    evidence: Text | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Leader":
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"{self.name} left on {self.until}, before {self.since}")
        return self


class Term(_Part):
    """One thing to look for, in all its forms."""

    id: TermId
    canonical: Text
    traditional: Text | None = None
    pinyin: Text | None = None
    gloss: Text
    kind: Kind
    weight: int = Field(ge=0, le=10)
    watch: bool = True
    queue: bool = True
    aliases: tuple[Text, ...] = ()
    weak: tuple[Text, ...] = ()
    bare: tuple[Text, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    place: bool = False
    joins: tuple[Text, ...] = ()
    requires: Context | None = None
    excludes: Context | None = None
    valid: Validity | None = None
    confirm: bool = False
    note: Text | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """The plain forms in simplified script, canonical first."""
        return (self.canonical, *self.aliases)

    @model_validator(mode="after")
    def _short_forms_are_meant(self) -> "Term":
        for form in (*self.forms, *self.weak):
            if not self.confirm and (len(form) < 2 or form in STOP_WORDS):
                what = "has one character" if len(form) < 2 else "is a word of every page"
                raise ValueError(f"'{form}' {what}; write `confirm: true` if it is meant")
        return self

    @model_validator(mode="after")
    def _scripts_agree(self) -> "Term":
        if self.traditional and normalise(self.traditional).text != normalise(self.canonical).text:
            raise ValueError(
                f"traditional '{self.traditional}' is not the canonical form '{self.canonical}' in traditional script"
            )
        return self


class FalseFriend(_Part):
    """A sense that only looks like a term: its weight is 0, its use is to explain.

    `forms` and `patterns` are texts that are the false friend as they stand; `before` and `after` are texts that make one
    of a term of `of` by standing directly in front of it or behind it. `keep` lists a form as a suspect hit where it does
    not overlap a term.
    """

    id: TermId
    gloss: Text
    of: tuple[TermId, ...] = Field(min_length=1)
    forms: tuple[Text, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    before: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()
    keep: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "FalseFriend":
        if not (self.forms or self.patterns or self.before or self.after):
            raise ValueError("give forms, patterns, before or after")
        return self


class Combination(_Part):
    """Terms that mean more together: `all` of them, `any` of them beside those, within `near` characters when given."""

    id: TermId
    gloss: Text
    weight: int = Field(ge=0, le=10)
    watch: bool = True
    queue: bool = True
    all: tuple[TermId, ...] = ()
    any: tuple[TermId, ...] = ()
    near: int | None = Field(default=None, ge=1, le=2000)

    @model_validator(mode="after")
    def _has_members(self) -> "Combination":
        if len(self.all) + bool(self.any) < 2 and len(self.any) < 2:
            raise ValueError("a combination needs at least two terms in `all`, or one in `all` and some in `any`")
        return self


class Terms(_Part):
    """keywords.yml as loaded: terms, false friends, combinations, and the version of the file."""

    terms: tuple[Term, ...]
    false_friends: tuple[FalseFriend, ...] = ()
    combinations: tuple[Combination, ...] = ()
    leaders: tuple[Leader, ...] = ()
    version: str = ""

    @cached_property
    def by_id(self) -> dict[str, Term]:
        """The terms by their id."""
        return {term.id: term for term in self.terms}

    @cached_property
    def entries(self) -> dict[str, Term | Combination]:
        """Everything that a hit can name by its id: terms and combinations."""
        return {**self.by_id, **{combination.id: combination for combination in self.combinations}}

    def with_terms(self, terms: Iterable[Term]) -> "Terms":
        """Return the same file with other terms in it."""
        others = {name: getattr(self, name) for name in type(self).model_fields if name != "terms"}
        return Terms(terms=tuple(terms), **others)


def load_terms(path: Path) -> Terms:
    """Read keywords.yml; raise store.yamlfile.YamlErrors with `file:line: …` for every error at once."""
    terms, lines = parse_yaml(path, Terms)
    errors = [f"{path}:{line_of(where, lines)}: {what}" for where, what in _contradictions(terms)]
    if errors:
        raise YamlErrors(errors)
    return terms.model_copy(update={"version": hashlib.sha256(path.read_bytes()).hexdigest()})


def _contradictions(terms: Terms) -> Iterator[tuple[Line, str]]:
    if not terms.terms:
        yield ("terms",), "there is no term to look for"
    yield from _double_ids(terms)
    yield from _double_forms(terms)
    yield from _unknown_members(terms)


def _double_ids(terms: Terms) -> Iterator[tuple[Line, str]]:
    seen: set[str] = set()
    for section in ("terms", "false_friends", "combinations"):
        for index, entry in enumerate(getattr(terms, section)):
            if entry.id in seen:
                yield (section, index, "id"), f"the id '{entry.id}' is used twice"
            seen.add(entry.id)


def _double_forms(terms: Terms) -> Iterator[tuple[Line, str]]:
    owner: dict[str, str] = {}
    for index, term in enumerate(terms.terms):
        for form in (*term.forms, *term.weak):
            key = normalise(form).text
            if key in owner:
                yield ("terms", index), f"the form '{form}' of '{term.id}' already belongs to '{owner[key]}'"
            owner[key] = term.id
    for index, friend in enumerate(terms.false_friends):
        for form in friend.forms:
            if (key := normalise(form).text) in owner:
                yield ("false_friends", index), f"'{form}' is a form of '{owner[key]}' and cannot be its false friend"


def _unknown_members(terms: Terms) -> Iterator[tuple[Line, str]]:
    for index, friend in enumerate(terms.false_friends):
        for missing in set(friend.of) - set(terms.by_id):
            yield ("false_friends", index, "of"), f"there is no term '{missing}'"
    for index, combination in enumerate(terms.combinations):
        for missing in {*combination.all, *combination.any} - set(terms.by_id):
            yield ("combinations", index), f"there is no term '{missing}'"
