"""The desk refuses what does not come from its own pages, and shows what pages say as text only."""

import hashlib
import html
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

import review.desk.app
from review.desk.binding import check_binding, is_loopback
from review.desk.guard import HEADERS
from store import models
from store.problems import Problem
from tests.review.rows import START, Store
from tests.review.visitor import PAGES, SAME_ORIGIN, Visitor, fill, open_desk, verdicts

HERE = Path(review.desk.app.__file__).parent


@pytest.fixture
def filled(small: Store) -> Store:
    return fill(small)


@pytest.fixture
def client(small: Store) -> Visitor:
    return open_desk(small)


def test_a_change_from_elsewhere_is_refused(filled: Store, client: Visitor) -> None:
    for headers in (
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8765"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": ""},
    ):
        answer = client.post("/disclosures/2/verdict", data={"decision": "accepted"}, headers=headers)
        assert answer.status_code == 403, headers
    assert verdicts(filled) == []


def test_an_old_browser_is_known_by_its_origin(filled: Store, client: Visitor) -> None:
    origin = {"origin": "http://127.0.0.1:8765"}
    assert client.post("/disclosures/2/verdict", data={"decision": "accepted"}, headers=origin).status_code == 303


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8765", "0x7f000001", "", "10.0.0.1", "[::"],
)
def test_a_name_of_somebody_else_is_not_answered(client: Visitor, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST"])
def test_this_computer_is_answered(client: Visitor, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_the_public_address_is_answered(small: Store) -> None:
    client = open_desk(small, "https://desk.example.org/")
    assert client.get("/", headers={"host": "desk.example.org"}).status_code == 200


def test_every_answer_carries_every_header(filled: Store, client: Visitor) -> None:
    errors = ("/nothing", "/static/nothing", "/disclosures/0", "/disclosures/x", "/disclosures/99", "/?shelf=x")
    for path in (*PAGES, *errors, "/static/desk.css"):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert "server" not in answer.headers
        assert ("max-age" in answer.headers["cache-control"]) == path.startswith("/static/"), path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_with_the_headers_on(client: Visitor, method: str) -> None:
    answer = client.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_our_own_mistake_shows_no_details_and_keeps_the_headers(small: Store) -> None:
    broken = Store(create_engine("sqlite:////nowhere/secret-path.sqlite"))
    client = open_desk(broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret-path" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    health = client.get("/healthz")
    assert (health.status_code, health.json()) == (503, {"status": "not ok", "store": "not ok", "disk": "ok"})


@pytest.mark.parametrize(
    "query",
    [
        "shelf=x",
        "type=x",
        "tier=x",
        "region=51",
        "region=５１００００",
        "confidence=2",
        "confidence=nan",
        "after=x",
        "after=1-x",
        "body=%00",
        "at=x",
        "done=-1",
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(filled: Store, client: Visitor, query: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}",
    "</textarea><svg onload=alert(1)>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_page_says_is_text_on_every_page_of_the_desk(small: Store, client: Visitor, payload: str) -> None:
    source = small.source(name=payload, name_en=payload)
    document = small.document(
        source,
        f"前。{payload}。",
        title=payload,
        url=payload,
        issuer=payload,
        suspicions=[payload],
        doc_number=payload,
        attachments=[{"url": payload, "name": payload}],
    )
    small.disclosure(document, payload, body=payload, person=payload, role=payload, object=payload)
    small.hit(document, payload[:3], why=payload, status="suspect", term=payload)
    small.state(source, date(2026, 9, 2), "blind", payload)
    small.add(models.Issue(kind="odd", detail=payload, source_id=source, url=payload, at=START))
    small.add(models.Event(kind=payload[:20], detail=payload, page_id=1, source_id=source, at=START))
    small.add(
        models.Digest(day=date(2026, 9, 2), made_at=START, since=START, subject=payload, html=payload, text=payload)
    )
    client.post("/disclosures/1/verdict", data={"decision": "accepted", "note": payload}, headers=SAME_ORIGIN)
    for path in (*PAGES, "/?done=1", "/?shelf=accepted"):
        page = client.get(path).text
        assert payload not in page or html.escape(payload) == payload
        if path not in ("/", "/help", "/healthz"):
            assert payload in html.unescape(page), path
        assert re.findall(r"<(script|img|svg)\b", page) == re.findall(r'<(script|img|svg)(?= src="/static/)', page)


def test_templates_have_no_way_around_the_escaping() -> None:
    for path in HERE.parent.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|<style(?!>\nbody)|\son\w+=|\sstyle=", source), path
    for path in (*HERE.parent.rglob("*.py"), HERE / "static" / "desk.js"):
        assert not re.search(r"Markup\(|innerHTML|\beval\(", path.read_text(encoding="utf-8")), path


def test_vendored_files_are_what_they_say_they_are() -> None:
    folder = HERE / "static" / "vendor"
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| (\S+) \| (\S+) \| ([0-9a-f]{64}) \|$", (folder / "VENDORED.md").read_text("utf-8"), re.M
    )
    assert {path.name for path in folder.iterdir()} == {"VENDORED.md", *(row[0] for row in rows)}
    for name, _, version, licence, digest in rows:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        assert version
        assert licence


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/vendor/../../app.py",
    ],
)
def test_no_file_outside_is_served(client: Visitor, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "create_desk" not in answer.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example.org", "", "127.0.0.1.evil.example"])
def test_the_desk_does_not_listen_to_other_computers(host: str) -> None:
    with pytest.raises(Problem, match="no login yet"):
        check_binding(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_the_desk_listens_to_this_computer(host: str) -> None:
    check_binding(host)
    assert is_loopback(host)


def test_a_form_that_is_too_long_or_of_no_length_is_refused(filled: Store, client: Visitor) -> None:
    long = {"decision": "accepted", "note": "长" * 30000}
    assert client.post("/disclosures/2/verdict", data=long, headers=SAME_ORIGIN).status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        yield b"decision=accepted"

    assert client.post("/disclosures/2/verdict", content=chunks(), headers=SAME_ORIGIN).status_code == 411
    assert verdicts(filled) == []
