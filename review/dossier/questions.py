"""Open questions: each with its search, when it was last checked, the best evidence so far; none is a state of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from review.dossier.comentions import CoMentions, co_mentions
from review.dossier.project_lists import Listing, listings, load_project_lists
from review.dossier.reference import Question
from store.queries.dossier import EARLIEST, Statement
from store.queries.sights import Sight, last_look, sight
from store.queries.wording import WordingSearch, documents_by

State = Literal["no evidence", "lead", "disclosed", "accepted"]
STATES: tuple[State, ...] = ("no evidence", "lead", "disclosed", "accepted")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence for a question: a sentence that holds its wording, or a disclosure; the quote is verbatim."""

    state: State
    quote: str
    title: str | None
    url: str
    source_name: str
    published: date
    document_id: int
    story: int


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question stands on a day.

    `state` is that of the best clue; with none it is "no evidence". `clues` are the best few of `found`, `stories` the
    independent stories among them. `checked` is the last day on which any source was read (None: never), `documents`
    what was searched, `sight` how well the sources could be seen so far. `counted` is set for a question about an
    absence. `cut` when a wording stands in more documents than were read. `listings` say for a question about a project
    on which public lists it stands.
    """

    question: Question
    state: State
    clues: tuple[Clue, ...]
    found: int
    stories: int
    checked: date | None
    documents: int
    sight: Sight
    counted: CoMentions | None
    cut: bool
    listings: tuple[Listing, ...] = ()


def answer_questions(
    connection: Connection, body: str, questions: Sequence[Question], said: Iterable[Statement], day: date
) -> tuple[Answer, ...]:
    """Return how each question about a body stands at the end of a day; `said` are the statements about the body."""
    texts, known = WordingSearch(connection, day), tuple(said)
    checked, documents = last_look(connection, day), documents_by(connection, day)
    seen = sight(connection, EARLIEST, day)
    counted = _counted(connection, body, questions, day)
    answers = []
    for question in questions:
        leads, cut = _leads(texts, question)
        clues = _best_first([*_disclosed(question, known), *leads])
        stories = len({clue.story for clue in clues})
        state = clues[0].state if clues else "no evidence"
        found = (clues[:_SHOWN], len(clues), stories)
        listed = listings(question.project, load_project_lists().lists) if question.project else ()
        answers.append(Answer(question, state, *found, checked, documents, seen, counted.get(question.id), cut, listed))
    return tuple(answers)


def _leads(texts: WordingSearch, question: Question) -> tuple[list[Clue], bool]:
    found, cut = texts.find(question.any, question.beside)
    return [
        Clue("lead", w.sentence, w.title, w.url, w.source_name, w.published, w.document_id, w.story) for w in found
    ], cut


def _disclosed(question: Question, said: Iterable[Statement]) -> list[Clue]:
    return [
        Clue(
            "accepted" if statement.accepted else "disclosed",
            statement.disclosure.quote,
            statement.publication.title,
            statement.publication.url,
            statement.publication.source_name,
            statement.published,
            statement.publication.document_id,
            statement.story,
        )
        for statement in said
        if statement.disclosure.type in question.types and _words_fit(question, statement.disclosure.quote)
    ]


def _words_fit(question: Question, quote: str) -> bool:
    holds = not question.any or any(phrase in quote for phrase in question.any)
    return holds and (not question.beside or any(word in quote for word in question.beside))


def _best_first(clues: Iterable[Clue]) -> tuple[Clue, ...]:
    """Return clues by how far they go, then newest first; a page counts once, by its best clue."""
    ordered = sorted(clues, key=lambda c: (STATES.index(c.state), c.published, c.document_id), reverse=True)
    pages: dict[int, Clue] = {}
    for clue in ordered:
        pages.setdefault(clue.document_id, clue)
    return tuple(pages.values())


def _counted(connection: Connection, body: str, questions: Sequence[Question], day: date) -> dict[str, CoMentions]:
    """Return for each question about an absence how often the body stands beside what it asks about.

    That are the words beside, where `any` only names the body, else the phrases of `any`.
    """
    absences = [question for question in questions if question.absence]
    if not absences:
        return {}
    subjects = [q.beside if all(phrase in body for phrase in q.any) else q.any for q in absences]
    counted = co_mentions(connection, body, subjects, None, day)
    return {q.id: replace(counted, counts=(count,)) for q, count in zip(absences, counted.counts, strict=True)}
