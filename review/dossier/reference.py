"""What a dossier is measured against: the claims it must have a place for, and each body's open questions."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from store.yamlfile import parse_yaml

SectionName = Literal["members", "office", "cadence", "approvals", "regions", "spending", "provincial", "slogans"]
SECTIONS: tuple[SectionName, ...] = (
    *("members", "office", "cadence", "approvals"),
    *("regions", "spending", "provincial", "slogans"),
)
_HERE = Path(__file__).parent


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(_Entry):
    """A factual claim, and where its evidence would appear: section, types of disclosure, words, open question."""

    n: int = Field(ge=1)
    claim: str
    section: SectionName
    types: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()
    question: str | None = None


class Claims(_Entry):
    """The claims about a body in order, the day after which something is newer than them, the words that mark sections."""

    body: str
    written: date
    section_words: dict[SectionName, tuple[str, ...]]
    claims: tuple[Claim, ...]


class Question(_Entry):
    """An open question of a body with its search; the fields are explained at the top of open_questions.yml."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    asks: str
    section: SectionName
    any: tuple[str, ...]
    beside: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    absence: bool = False

    @model_validator(mode="after")
    def _searches_something(self) -> "Question":
        if not self.any and not self.types:
            raise ValueError("give phrases in `any` or disclosures in `types`: the question searches nothing")
        if self.absence and not (self.any and (self.beside or self.types)):
            raise ValueError("an absence is counted in sentences: give `any`, and `beside` or `types`")
        if any(len(phrase) < 2 for phrase in self.any):
            raise ValueError("a phrase of one character stands on every page")
        return self


class _OfBody(_Entry):
    body: str
    questions: tuple[Question, ...]


class OpenQuestions(_Entry):
    """The open questions of every body."""

    bodies: tuple[_OfBody, ...]

    @model_validator(mode="after")
    def _each_once(self) -> "OpenQuestions":
        for part in self.bodies:
            ids = [question.id for question in part.questions]
            if twice := {id for id in ids if ids.count(id) > 1}:
                raise ValueError(f"{part.body}: asked twice: {', '.join(sorted(twice))}")
        return self

    def of(self, body: str) -> tuple[Question, ...]:
        """Return the questions of a body; empty when none are written down."""
        return tuple(question for part in self.bodies if part.body == body for question in part.questions)


@cache
def load_claims(path: Path = _HERE / "claims.yml") -> Claims:
    """Return the claims; raise YamlErrors naming every mistake with its line."""
    return parse_yaml(path, Claims)[0]


@cache
def load_questions(path: Path = _HERE / "open_questions.yml") -> OpenQuestions:
    """Return the open questions; raise YamlErrors naming every mistake with its line."""
    return parse_yaml(path, OpenQuestions)[0]
