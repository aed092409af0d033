"""Where a wording stands: the sentences of stored documents that hold a phrase, and another word beside it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection, func, select

from store.models import Document, Page, Source, Version
from store.queries.coverage import shanghai_day
from store.queries.dossier import end_of_day
from store.search import fold, search

LOOKED_AT = 500
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence that holds a phrase, verbatim, and the document in which it stands."""

    document_id: int
    story: int
    title: str | None
    url: str
    source_name: str
    published: date
    sentence: str


_Text = tuple[Wording, tuple[tuple[str, str], ...]]  # the document, and its sentences as (verbatim, folded)


@dataclass(slots=True)
class WordingSearch:
    """Looks phrases up in what was stored by the end of a day; keeps the texts that it has read for the next question."""

    connection: Connection
    day: date
    _read: dict[int, _Text | None] = field(default_factory=dict)

    def find(self, phrases: Iterable[str], beside: Sequence[str] = ()) -> tuple[tuple[Wording, ...], bool]:
        """Return the sentences with one of the phrases (and one of the words beside), one a document, newest page first.

        The second value is True when a phrase stands in more than LOOKED_AT documents, of which the newest were read.
        """
        words, cut = tuple(map(fold, beside)), False
        found: dict[int, Wording] = {}
        for phrase in phrases:
            holding = search(self.connection, phrase, LOOKED_AT)
            cut = cut or len(holding) == LOOKED_AT
            self._load([document.version_id for document in holding])
            for document in holding:
                wording = self._sentence(document.version_id, fold(phrase), words)
                if wording is not None:
                    found.setdefault(wording.document_id, wording)
        return tuple(sorted(found.values(), key=lambda w: (w.published, w.document_id), reverse=True)), cut

    def _sentence(self, version_id: int, phrase: str, words: Sequence[str]) -> Wording | None:
        read = self._read[version_id]
        if read is None:
            return None
        for verbatim, folded in read[1]:
            if phrase in folded and (not words or any(word in folded for word in words)):
                return replace(read[0], sentence=verbatim.strip())
        return None

    def _load(self, versions: Sequence[int]) -> None:
        missing = [id for id in versions if id not in self._read]
        for start in range(0, len(missing), _BATCH):
            part = missing[start : start + _BATCH]
            self._read.update(dict.fromkeys(part))
            self._read.update(_texts(self.connection, part, self.day))


def _texts(connection: Connection, versions: Sequence[int], day: date) -> dict[int, _Text]:
    story = func.coalesce(Document.cluster_id, -Document.id)
    rows = connection.execute(
        select(
            *(Version.id, Document.id.label("document_id"), story, Version.title, Page.url, Source.name),
            *(Version.published, Version.fetched_at, Version.body),
        )
        .join(Document, Document.id == Version.document_id)
        .join(Page, Page.id == Document.page_id)
        .join(Source, Source.id == Document.source_id)
        .where(Version.id.in_(versions), Version.fetched_at < end_of_day(day))
    )
    return {
        row.id: (
            Wording(*row[1:6], row.published or shanghai_day(row.fetched_at), ""),
            tuple((s, fold(s)) for s in _SENTENCE.findall(f"{row.title or ''}\n{row.body}")),
        )
        for row in rows
    }


def documents_by(connection: Connection, day: date) -> int:
    """Return the number of documents stored by the end of a day: what a search for a wording goes through."""
    stored = select(func.count()).select_from(Document).where(Document.first_seen_at < end_of_day(day))
    return connection.execute(stored).scalar_one()
