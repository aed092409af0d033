"""Loads disclosures.yml: what a sentence can disclose, each type proved by its own examples and counter-examples."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from crawler.items import Disclosure, Provenance
from pipelines.disclosing.patterns import Form, FormError, Screen, compile_form
from pipelines.disclosing.rule_entries import TYPES, Example, PatternEntry, RulesFile, as_written
from store.yamlfile import Line, YamlErrors, line_of, parse_yaml


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern of a type; `unless` holds forms that, found in the same sentence, take the match back."""

    type: str
    entry: PatternEntry
    form: Form
    unless: tuple[Form, ...]

    @property
    def name(self) -> str:
        """The name under which a disclosure says what made it: type and pattern."""
        return f"{self.type}/{self.entry.name}"


@dataclass(frozen=True)
class Rules:
    """disclosures.yml, compiled. `patterns` are in the order of the file, which is the order of precedence.

    `never` holds forms that take back a find of any type: what is only supposed, asked, denied or said by hearsay.
    """

    path: Path
    file: RulesFile
    patterns: tuple[Pattern, ...]
    never: tuple[Form, ...]
    lines: dict[Line, int]

    @cached_property
    def about_bodies(self) -> tuple[Pattern, ...]:
        """The patterns whose form names a body."""
        return tuple(p for p in self.patterns if p.form.names_body)

    @cached_property
    def _screen(self) -> Screen:
        return Screen([pattern.form for pattern in self.about_bodies])

    def worth_trying(self, marked: str) -> Iterator[Pattern]:
        """Yield the patterns about bodies that can match a marked sentence, in the order of the file."""
        yield from (self.about_bodies[index] for index in self._screen.passing(marked))

    @cached_property
    def agentless(self) -> tuple[Pattern, ...]:
        """The patterns whose form names no body: somebody decided, nobody says who."""
        return tuple(p for p in self.patterns if not p.form.names_body)

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """The verbs whose subject, the body or its meeting, a clause may leave out."""
        return (*(v.verb for v in self.file.verbs), *self.file.words.get("issue", ()))


def load_rules(path: Path) -> Rules:
    """Read and compile disclosures.yml; raise YamlErrors with `file:line: path: what is wrong` for all errors at once."""
    file, lines = parse_yaml(path, RulesFile)
    errors: list[str] = []

    def wrong(where: Line, message: str) -> None:
        errors.append(f"{path}:{line_of(where, lines)}: {'.'.join(map(str, where))}: {message}")

    _check_names(file, wrong)
    patterns = tuple(
        pattern
        for t, entry in enumerate(file.types)
        for p in range(len(entry.patterns))
        if (pattern := _compile(file, t, p, wrong)) is not None
    )
    words = dict(file.words)
    never = tuple(_form(form, words, ("never", i), wrong) for i, form in enumerate(file.never))
    if errors:
        raise YamlErrors(errors)
    return Rules(path, file, patterns, tuple(form for form in never if form is not None), lines)


Complaint = Callable[[Line, str], None]


def _check_names(file: RulesFile, wrong: Complaint) -> None:
    seen_types: set[str] = set()
    for t, entry in enumerate(file.types):
        if entry.type in seen_types:
            wrong(("types", t, "type"), f"'{entry.type}' is given twice")
        seen_types.add(entry.type)
        names = [p.name for p in entry.patterns]
        for p, name in enumerate(names):
            if name in names[:p]:
                wrong(("types", t, "patterns", p, "name"), f"'{name}' is given twice in {entry.type}")
    for missing in [t for t in TYPES if t not in seen_types]:
        wrong(("types",), f"the type '{missing}' is missing")


def _compile(file: RulesFile, t: int, p: int, wrong: Complaint) -> Pattern | None:
    entry = file.types[t]
    pattern, words = entry.patterns[p], dict(file.words) | {"verb": tuple(v.verb for v in file.verbs)}
    here: Line = ("types", t, "patterns", p)
    form = _form(pattern.form, words, (*here, "form"), wrong)
    own = [_form(u, words, (*here, "unless", i), wrong) for i, u in enumerate(pattern.unless)]
    shared = [
        _form(u, words, ("types", t, "unless", i), wrong if p == 0 else _silent) for i, u in enumerate(entry.unless)
    ]
    if form is None:
        return None
    return Pattern(entry.type, pattern, form, tuple(f for f in own + shared if f is not None))


def _form(written: str, words: dict[str, tuple[str, ...]], where: Line, wrong: Complaint) -> Form | None:
    try:
        return compile_form(written, words)
    except FormError as error:
        wrong(where, str(error))
        return None


def _silent(where: Line, message: str) -> None:
    """Say nothing: the same error of the type was told with its first pattern."""


Disclose = Callable[[str, Provenance], Sequence[Disclosure]]


def check_examples(rules: Rules, disclose: Disclose) -> list[str]:
    """Return one `file:line: path: what is wrong` for every example that is not found and every not_example that is.

    `disclose` finds the disclosures of a text as a crawl would: hits by keywords.yml, then these rules.
    """
    wrong: list[str] = []
    for t, entry in enumerate(rules.file.types):
        for e, example in enumerate(entry.examples):
            found = disclose(example.text, _provenance(example))
            for missing in _missing(entry.type, example, found):
                wrong.append(_complain(rules, ("types", t, "examples", e), missing))
        for e, text in enumerate(entry.not_examples):
            for disclosure in (d for d in disclose(text, Provenance()) if d.type == entry.type):
                message = f"must not be a {entry.type}, but {disclosure.pattern} finds “{disclosure.quote}”"
                wrong.append(_complain(rules, ("types", t, "not_examples", e), message))
    return wrong


def _complain(rules: Rules, where: Line, message: str) -> str:
    return f"{rules.path}:{line_of(where, rules.lines)}: {'.'.join(map(str, where))}: {message}"


def _provenance(example: Example) -> Provenance:
    return Provenance(example.title, example.source_name, example.region, example.published)


def _missing(type_: str, example: Example, found: Sequence[Disclosure]) -> list[str]:
    wanted = example.finds if isinstance(example.finds, list) else [example.finds]
    of_type = [d for d in found if d.type == type_]
    missing = [w for w in wanted if not any(_agrees(d, w) for d in of_type)]
    seen = "; ".join(str({k: getattr(d, k) for k in w}) for w in missing for d in of_type) or "nothing of this type"
    lines = [f"{w} is not found; found: {seen}" for w in missing]
    if not missing and len(of_type) > len(wanted):
        lines.append(f"{len(of_type)} disclosures are found where {len(wanted)} are wanted")
    return lines


def _agrees(disclosure: Disclosure, wanted: dict[str, Any]) -> bool:
    return all(getattr(disclosure, key, "no such fact") == as_written(value) for key, value in wanted.items())
