"""Rows made for tests: sources, documents, disclosures, each with what it needs and nothing more."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from store import models
from store.database import writing

START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
SENTENCES = (
    "记者从会议上获悉，全省科技工作部署已经展开。",
    "省委书记、省委科技委员会主任周明远主持会议并讲话。",
    "会议审议通过了有关文件，并对下一步工作作出安排。",
    "各成员单位主要负责同志参加会议。",
)


@dataclass
class Store:
    """Makes rows in a store, numbering what must be unique."""

    engine: Engine
    clock: datetime = START
    numbers: Any = field(default_factory=lambda: count(1))

    def add(self, row: Any) -> int:
        """Write one row and return its id."""
        with Session(self.engine) as session:
            session.add(row)
            session.commit()
            return row.id if hasattr(row, "id") else 0

    def source(self, id: str = "sichuan-kjt", *, column: bool = True, **values: Any) -> str:
        """Make a source that is visited (unless `column` is False) and return its id."""
        names = {"name": "四川省科学技术厅", "name_en": "Sichuan Department of Science and Technology"}
        plain = {**names, "tier": "province", "region": "510000", "homepage": f"https://{id}.example.gov.cn/"}
        self.add(models.Source(**{"id": id, "registered_at": START, **plain, **values}))
        if column:
            address = f"https://{id}.example.gov.cn/list/"
            self.add(models.Column(source_id=id, name="工作动态", url=address, family="trs"))
        return id

    def cluster(self, **values: Any) -> int:
        """Make a cluster and return its id."""
        return self.add(models.Cluster(made_at=self.clock, **values))

    def document(self, source: str, body: str = "".join(SENTENCES), **values: Any) -> int:
        """Make a page, its capture, a document and its version; return the document's id."""
        number = next(self.numbers)
        url = values.pop("url", f"https://{source}.example.gov.cn/{number}.html")
        version = {key: values.pop(key) for key in list(values) if key in VERSION_FIELDS}
        page_fields = {key: values.pop(key) for key in list(values) if key in ("missing_since", "removed_at")}
        page = models.Page(
            url=url, canonical=f"{url} {number}", source_id=source, state="fetched", found_at=self.clock, **page_fields
        )
        published = version.get("published", date(2026, 9, 1))
        with Session(self.engine) as session:
            session.add(page)
            session.flush()
            document = models.Document(
                page_id=page.id, source_id=source, first_seen_at=self.clock, published=published, **values
            )
            capture = self._capture(page, body)
            session.add_all([document, capture])
            session.flush()
            written = self._version(document, capture, {"body": body, "published": published, **version})
            session.add(written)
            session.flush()
            document.current_version_id = written.id
            session.commit()
            return document.id

    def _capture(self, page: models.Page, body: str) -> models.Capture:
        return models.Capture(
            page_id=page.id,
            source_id=page.source_id,
            url=page.url,
            kind="page",
            fetched_at=self.clock,
            status=200,
            headers=[],
            sha256=sha256(body.encode()).hexdigest(),
            length=len(body),
            warc_file="2026-09-01.warc.gz",
            warc_offset=page.id,
            record_length=1,
            record_sha256="0" * 64,
            chain="0" * 64,
        )

    def _version(self, document: models.Document, capture: models.Capture, values: dict[str, Any]) -> models.Version:
        ids = {"document_id": document.id, "capture_id": capture.id, "number": 1, "fetched_at": self.clock}
        read = {"charset": "utf-8", "family": "trs", "reader": "trs", "attachments": [], "suspicions": []}
        plain = {"title": "省委科技委员会第三次会议召开", "text_sha256": capture.sha256}
        return models.Version(**{**ids, **read, **plain, **values})

    def disclosure(self, document: int, quote: str = SENTENCES[1], **values: Any) -> int:
        """Make a disclosure of a document, found a minute after the one before; return its id."""
        self.clock += timedelta(minutes=1)
        with Session(self.engine) as session:
            version_id = session.get_one(models.Document, document).current_version_id
            version = session.get_one(models.Version, version_id)
            source, text = session.get_one(models.Document, document).source_id, version.body
        start = max(text.find(quote), 0)
        plain: dict[str, Any] = {
            "key": sha256(f"{document}{quote}{next(self.numbers)}".encode()).hexdigest(),
            "type": "membership",
            "body": "四川省委科技委员会",
            "region": "510000",
            "date": "2026-09-01",
            "date_precision": "before",
            "person": "周明远",
            "role": "主任",
            "capacity": "省委书记",
            "confidence": 0.9,
            "pattern": "membership-chair",
            "found_at": self.clock,
            "source_id": source,
            "start": start,
            "end": start + len(quote),
        }
        ids = {"document_id": document, "version_id": version_id, "last_version_id": version_id, "quote": quote}
        return self.add(models.Disclosure(**{**plain, **ids, **values}))

    def archive(self, source: str, documents: int) -> None:
        """Make many documents at once, three disclosures each; a fifth stand in clusters of two, a third is accepted."""
        first = self.document(source)
        self.disclosure(first)
        with Session(self.engine) as session:
            kinds = (models.Page, models.Capture, models.Document, models.Version, models.Disclosure)
            rows = {kind: _values(session.scalars(select(kind).order_by(kind.id.desc())).first()) for kind in kinds}
        clusters = [{"id": n, "made_at": START} for n in range(1, documents // 10 + 1)]
        numbers = range(100, 100 + documents)
        with writing(self.engine) as connection:
            connection.execute(insert(models.Cluster), clusters)
            for kind, values in rows.items():
                connection.execute(insert(kind), [made for n in numbers for made in _copies(kind, values, n)])

    def hit(self, document: int, surface: str, term: str = "local-stc", **values: Any) -> int:
        """Make a hit at the first place of a surface in a document's body."""
        with Session(self.engine) as session:
            version = session.get_one(models.Version, session.get_one(models.Document, document).current_version_id)
        start = version.body.find(surface)
        plain = {"place": "body", "status": "confirmed", "why": "", "context": surface, "found_at": self.clock}
        span = {"start": start, "end": start + len(surface), "surface": surface, "term": term}
        return self.add(models.Hit(**{"version_id": version.id, "document_id": document, **span, **plain, **values}))

    def state(self, source: str, day: date, state: str, reason: str = "") -> None:
        """Record what could be seen of a source on a day."""
        self.add(models.SourceState(source_id=source, day=day, state=state, reason=reason, seen_at=self.clock))

    def terms(self) -> None:
        """Put a few terms in force."""
        terms = [
            {"id": "cstc", "name": "中央科技委员会", "gloss": "Central Science and Technology Commission"},
            {"id": "local-stc", "name": "省委科技委员会", "gloss": "Party committee S&T commission"},
            {"id": "four-facings", "name": "四个面向", "gloss": "Four Facings"},
        ]
        self.add(models.TermSet(version="1", loaded_at=START, terms=terms))


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}


def _copies(kind: Any, values: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return the row of a kind that belongs to the document of that number; of disclosures three."""
    ids = {"id": number, "page_id": number, "document_id": number, "version_id": number, "last_version_id": number}
    own = {"capture_id": number, "current_version_id": number, "canonical": f"page {number}", "warc_offset": number}
    clustered = {"cluster_id": (number - 100) // 10 + 1 if number % 10 < 2 else None}
    row = values | {name: value for name, value in (ids | own | clustered).items() if name in values}
    if kind is not models.Disclosure:
        return [row]
    found = values["found_at"] + timedelta(seconds=number)
    return [
        row | {"id": number * 3 + n, "key": f"{number}-{n}", "found_at": found, "verdict": None if n else "accepted"}
        for n in range(3)
    ]


VERSION_FIELDS = {column.key for column in models.Version.__table__.columns} - {"id", "document_id", "body"}
