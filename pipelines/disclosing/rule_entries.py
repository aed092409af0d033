"""The entries of disclosures.yml as they are written: types, patterns, verbs, kinds and dated documents."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

TYPES = (
    "meeting",
    "membership",
    "approval",
    "document",
    "coordination",
    "funding",
    "establishment",
    "slogan",
    "mention",
)
Outcome = Literal["deliberated", "approved-in-principle", "passed", "approved"]
ObjectKind = Literal["document", "plan", "lab", "project", "fund", "unnamed", "slogan"]
# event: the date in the sentence, else of the event told; stated: in the sentence, else an upper bound; before: a bound.
DatePolicy = Literal["event", "stated", "before", "founding", "none"]
ReadPeople = Literal["chain", "list", "anywhere"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=400)]


def as_written(value: object) -> object:
    """Return a day as ISO text: YAML reads 2024-06-18 as a date and 2024-06 as text."""
    return value.isoformat() if isinstance(value, date) else value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PatternEntry(_Strict):
    """One way to say it: a form, and the facts that the form alone decides."""

    name: Slug
    form: Text
    confidence: float = Field(default=0.8, ge=0, le=1)
    date: DatePolicy = "event"
    action: str | None = None
    role: str | None = None
    people: ReadPeople | None = None
    quote: Literal["clause", "sentence"] = "clause"
    object_before: bool = False
    unless: tuple[Text, ...] = ()


class Example(_Strict):
    """A sentence that must disclose something: what the page is known by, and the facts that must come out."""

    text: Text
    finds: dict[str, Any] | list[dict[str, Any]]
    published: date | None = None
    source_name: str | None = None
    region: str | None = None
    title: str | None = None


class TypeEntry(_Strict):
    """One disclosure type with its patterns, examples and counter-examples."""

    type: Literal[TYPES]  # type: ignore[valid-type] # a literal of a tuple is fine at run time
    means: Text
    patterns: tuple[PatternEntry, ...] = ()
    unless: tuple[Text, ...] = ()
    examples: tuple[Example, ...] = Field(min_length=1)
    not_examples: tuple[Text, ...] = Field(min_length=1)


class VerbEntry(_Strict):
    """A verb of decision and how far it goes."""

    verb: Text
    outcome: Outcome


class KindEntry(_Strict):
    """Words by which a thing's name ends, and the kind of thing that it then is."""

    kind: ObjectKind
    words: tuple[Text, ...] = Field(min_length=1)


class DocumentEntry(_Strict):
    """A public document of a known month: it dates what a sentence tells of it, and the founding of the body it `founds`."""

    title: Text
    founds: Text
    date: Annotated[str, BeforeValidator(as_written), Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    evidence: Text
    short: tuple[Text, ...] = ()


class RulesFile(_Strict):
    """The whole of disclosures.yml."""

    words: dict[Slug, tuple[Text, ...]] = Field(default_factory=dict)
    verbs: tuple[VerbEntry, ...] = Field(min_length=1)
    kinds: tuple[KindEntry, ...] = Field(min_length=1)
    slogans: dict[Slug, Text]
    programmes: tuple[Slug, ...] = ()
    documents: tuple[DocumentEntry, ...] = ()
    never: tuple[Text, ...] = ()
    types: tuple[TypeEntry, ...] = Field(min_length=1)
