"""Statements made for ledgers, as they would come from the store: one page, one story, one fact each unless told otherwise."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from store.queries import FoundDisclosure, Publication
from store.queries.dossier import Statement

_numbers = count(1)
BODY = "四川省委科技委员会"


def statement(published: str, quote: str = "省委科技委员会召开会议。", **values: Any) -> Statement:
    """Make a statement on a page of a day; `cluster`, `document`, `origin` and `origin_published` tell its story."""
    number = next(_numbers)
    day = date.fromisoformat(published)
    document = values.pop("document", number)
    origin, origin_published = values.pop("origin", None), values.pop("origin_published", None)
    page = publication(document, day, values.pop("cluster", None), values.pop("source", f"source-{number}"))
    found = datetime.combine(day, time(4), UTC)
    return Statement(disclosure(number, quote, found, values), page, found, origin, origin_published)


def disclosure(number: int, quote: str, found: datetime, values: dict[str, Any]) -> FoundDisclosure:
    """Make a disclosure; it is a meeting without date or number when no values say otherwise."""
    plain: dict[str, Any] = dict.fromkeys(FoundDisclosure.__dataclass_fields__)
    known = {"id": number, "key": f"key-{number}", "type": "meeting", "body": BODY, "place": "body", "quote": quote}
    machine = {"start": 0, "end": len(quote), "confidence": 0.9, "pattern": "meeting/x", "found_at": found}
    return FoundDisclosure(**{**plain, **known, **machine, "found_later": False, **values})


def publication(document: int, day: date, cluster: int | None, source: str) -> Publication:
    """Make the page on which it stands."""
    plain: dict[str, Any] = dict.fromkeys(Publication.__dataclass_fields__)
    known = {"document_id": document, "version_id": document, "cluster_id": cluster, "published": day}
    where = {
        "url": f"https://example.gov.cn/{document}",
        "source_id": source,
        "source_name": source,
        "tier": "province",
    }
    return Publication(**{**plain, **known, **where, "current": True, "suspicions": (), "source_name_en": source})


def on(day: str, **values: Any) -> Statement:
    """Make a statement whose fact is of that day, published on it."""
    return statement(values.pop("published", day), date=day, date_precision="day", **values)


def by(day: str, **values: Any) -> Statement:
    """Make a statement whose fact is of that day at the latest."""
    return statement(values.pop("published", day), date=day, date_precision="before", **values)
