"""Co-mentions with their denominator: of so many documents that name a body, how many also name something else, and where."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from store.queries import glosses
from store.queries.dossier import EARLIEST, Naming, documents_naming
from store.queries.sights import Sight, sight
from store.search import fold

_QUOTED = 5
_LOCAL = re.compile(r"(?:自治区党|[省市区县州盟旗])委科技委.*")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")


@dataclass(frozen=True, slots=True)
class Together:
    """How often a subject stands beside the body: in one sentence, anywhere in the document; copies counted apart.

    `sentences` are a few of the sentences, as (document, sentence), newest first.
    """

    subject: tuple[str, ...]
    in_sentence: int
    in_document: int
    stories_in_sentence: int
    stories_in_document: int
    sentences: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class CoMentions:
    """Counts of co-mentions and what they are counted in: documents, their stories and sources, and what was not seen."""

    body: str
    first: date | None
    last: date
    documents: int
    stories: int
    sources: int
    sight: Sight
    counts: tuple[Together, ...]

    def in_words(self, count: Together) -> str:
        """Return one count as a sentence that carries its denominator."""
        span = f"from {self.first} to {self.last}" if self.first else f"up to {self.last}"
        return (
            f"of {self.documents} documents naming {self.body} {span} ({self.stories} stories, "
            f"{self.sources} sources; {self.sight.line}), {count.in_sentence} also name {'/'.join(count.subject)} in the "
            f"same sentence, {count.in_document} anywhere in the document"
        )


def co_mentions(
    connection: Connection, body: str, subjects: Iterable[Sequence[str]], first: date | None, last: date
) -> CoMentions:
    """Return how often documents published between two days name a body together with each subject.

    With `first` None, from the earliest of them on.

    A subject is a list of words of which one is enough. Words are compared simplified, without white space and case. A
    sentence counts when it names the body by its full name or by its short form.
    """
    term = next((gloss.term for gloss in glosses(connection) if gloss.name == body), None)
    naming = documents_naming(connection, body, term, first or EARLIEST, last)
    earliest = first or min((document.published for document in naming if document.published), default=None)
    sentences = [_sentences(document) for document in naming]
    names = short_names(body)
    return CoMentions(
        body,
        earliest,
        last,
        documents=len(naming),
        stories=len({document.story for document in naming}),
        sources=len({document.source_id for document in naming}),
        sight=sight(connection, earliest or EARLIEST, last),
        counts=tuple(_together(tuple(words), naming, sentences, names) for words in subjects),
    )


def short_names(body: str) -> tuple[str, ...]:
    """Return the forms by which a sentence names a body, folded: 四川省委科技委 within it, and the bare 省委科技委."""
    short = fold(body).replace("委员会", "委")
    local = _LOCAL.search(short)
    return (fold(body), short, *((local.group(),) if local else ()))


def _sentences(document: Naming) -> list[str]:
    return _SENTENCE.findall(document.text)


def _together(
    words: tuple[str, ...], naming: Sequence[Naming], sentences: Sequence[list[str]], names: tuple[str, ...]
) -> Together:
    folded = tuple(fold(word) for word in words)
    anywhere, beside, quoted = [], [], []
    for document, own in zip(naming, sentences, strict=True):
        holding = [sentence for sentence in own if _any(folded, even := fold(sentence)) and _any(names, even)]
        if holding:
            beside.append(document)
            quoted.append((document.document_id, holding[0].strip()))
        if holding or _any(folded, fold(document.text)):
            anywhere.append(document)
    return Together(
        words,
        in_sentence=len(beside),
        in_document=len(anywhere),
        stories_in_sentence=len({document.story for document in beside}),
        stories_in_document=len({document.story for document in anywhere}),
        sentences=tuple(quoted[: -_QUOTED - 1 : -1]),
    )


def _any(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)
