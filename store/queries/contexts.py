"""The sentences beside watched terms in a window of days: what set phrases are counted in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from store.models import Document, Hit
from store.queries.dossier import published_between


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence that holds a confirmed hit, with the story that it stands in and the form that was hit."""

    story: int
    surface: str
    sentence: str


def contexts(connection: Connection, terms: Sequence[str], first: date, last: date) -> tuple[Context, ...]:
    """Return the sentences around confirmed hits of terms in documents published between two days, each once a story."""
    story = func.coalesce(Document.cluster_id, -Document.id)
    rows = connection.execute(
        select(story, Hit.surface, Hit.context)
        .join(Document, Document.id == Hit.document_id)
        .where(Hit.term.in_(terms), Hit.status == "confirmed", published_between(first, last))
        .distinct()
    )
    return tuple(Context(*row) for row in rows)
