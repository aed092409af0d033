"""A visitor of the desk without a socket: asks the application itself, follows nothing, keeps nothing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
from sqlalchemy import select
from starlette.types import ASGIApp

from review.desk.app import create_desk
from store import models
from store.database import reading
from tests.review.rows import SENTENCES, START, Store

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
PAGES = (
    *("/", "/documents", "/coverage", "/issues", "/digests", "/help", "/healthz"),
    *(
        "/disclosures/1",
        "/disclosures/1/cite",
        "/documents/1",
        "/documents/1/original",
        "/documents/1/versions",
        "/changes",
    ),
)


@dataclass(frozen=True)
class Visitor:
    """Asks an application; an exception inside it becomes the answer that a browser would see."""

    app: ASGIApp
    address: str = "http://127.0.0.1:8765"

    def get(self, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a GET."""
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a POST."""
        return self.request("POST", path, **values)

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        """Return the answer to a request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.address) as client:
                return await client.request(method, path, **values)

        return asyncio.run(ask())


class Tags(HTMLParser):
    """Collects the tags of a page, their attributes and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def open_desk(store: Store, public_url: str = "", now: Callable[[], datetime] = lambda: NOW) -> Visitor:
    """Return a visitor of the desk over a store."""
    return Visitor(create_desk(store.engine, now, "Asia/Shanghai", public_url))


def fill(store: Store) -> Store:
    """Put one document with three disclosures, a hit, a blocked source and an issue into a store."""
    store.terms()
    document = store.document(store.source())
    for sentence in SENTENCES[:3]:
        store.disclosure(document, sentence)
    store.hit(document, "省委科技委员会")
    store.state("sichuan-kjt", date(2026, 9, 2), "blocked", "EdgeOne challenge")
    store.add(models.Issue(kind="missing-title", detail="no title could be read", source_id="sichuan-kjt", at=START))
    return store


def verdicts(store: Store) -> list[tuple[str, str]]:
    """Return every decision with its note."""
    with reading(store.engine) as connection:
        return [(d, note) for d, note in connection.execute(select(models.Verdict.decision, models.Verdict.note))]
