"""The desk judges, shows and refuses as it should, with and without JavaScript."""

import hashlib
import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, select

import review.desk.app
from review.desk.app import create_desk
from review.desk.binding import check_binding, is_loopback
from review.desk.guard import HEADERS
from store import models, search
from store.database import reading, writing
from store.problems import Problem
from tests.review.rows import SENTENCES, START, Store
from tests.review.visitor import Visitor

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
HERE = Path(review.desk.app.__file__).parent
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
PAGES = (
    "/",
    "/documents",
    "/coverage",
    "/issues",
    "/digests",
    "/help",
    "/healthz",
    "/disclosures/1",
    "/documents/1",
    "/documents/1/original",
)


@pytest.fixture
def client(store: Store) -> Iterator[Visitor]:
    yield open_desk(store)


def open_desk(store: Store, public_url: str = "") -> Visitor:
    desk = create_desk(store.engine, lambda: NOW, "Asia/Shanghai", public_url)
    return Visitor(desk)


@pytest.fixture
def filled(store: Store) -> Store:
    store.terms()
    document = store.document(store.source())
    for sentence in SENTENCES[:3]:
        store.disclosure(document, sentence)
    store.hit(document, "省委科技委员会")
    store.state("sichuan-kjt", date(2026, 9, 2), "blocked", "EdgeOne challenge")
    store.add(models.Issue(kind="missing-title", detail="no title could be read", source_id="sichuan-kjt", at=START))
    return store


def verdicts(store: Store) -> list[tuple[str, str]]:
    with reading(store.engine) as connection:
        return [tuple(row) for row in connection.execute(select(models.Verdict.decision, models.Verdict.note))]


def test_the_queue_shows_quote_body_gloss_and_source(filled: Store, client: Visitor) -> None:
    page = client.get("/").text
    for words in (
        SENTENCES[1],
        "四川省委科技委员会",
        "Sichuan: Party committee S&amp;T commission",
        "四川省科学技术厅",
        "on or before 2026-09-01",
    ):
        assert words in page
    assert page.index(SENTENCES[2]) < page.index(SENTENCES[1]) < page.index(SENTENCES[0])


def test_an_empty_queue_says_so(client: Visitor) -> None:
    assert "Nothing to review" in client.get("/").text


def test_one_disclosure_shows_the_quote_in_its_context_and_the_evidence(filled: Store, client: Visitor) -> None:
    page = client.get("/disclosures/2").text
    passage = re.search(r"<blockquote.*?</blockquote>", page, re.S)
    assert passage is not None
    assert "".join(re.findall(r'<mark class="quote[^>]*>(.*?)</mark>', passage.group())) == SENTENCES[1]
    assert SENTENCES[0] in passage.group()
    assert re.search(r'<code class="hash">[0-9a-f]{64}</code>', page)
    assert "membership-chair" in page
    assert "/documents/1/original" in page


def test_a_decision_is_recorded_and_leads_to_the_next_row(filled: Store, client: Visitor) -> None:
    answer = client.post("/disclosures/3/verdict", data={"decision": "accepted", "note": " 可靠 "}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/disclosures/2?done=3")
    assert verdicts(filled) == [("accepted", "可靠")]
    page = client.get(answer.headers["location"]).text
    assert "Accepted" in page
    assert "Undo" in page


def test_from_the_queue_a_decision_leads_back_to_the_queue_at_the_next_row(filled: Store, client: Visitor) -> None:
    form = {"decision": "later", "view": "queue", "place": "type=membership"}
    answer = client.post("/disclosures/3/verdict", data=form, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/?type=membership&done=3&at=2"
    page = client.get(answer.headers["location"]).text
    assert page.count("data-row") == 2
    assert page.index("data-at") < page.index(SENTENCES[1])


def test_the_last_row_of_all_leads_to_an_empty_queue(filled: Store, client: Visitor) -> None:
    location = ""
    for disclosure in (3, 2, 1):
        answer = client.post(f"/disclosures/{disclosure}/verdict", data={"decision": "rejected"}, headers=SAME_ORIGIN)
        location = answer.headers["location"]
    assert location == "/?done=1"
    assert "Nothing to review" in client.get("/").text


def test_a_decision_can_be_undone(filled: Store, client: Visitor) -> None:
    client.post("/disclosures/2/verdict", data={"decision": "rejected"}, headers=SAME_ORIGIN)
    answer = client.post("/disclosures/2/verdict", data={"decision": "new"}, headers=SAME_ORIGIN)
    assert answer.headers["location"] == "/disclosures/2?"
    assert verdicts(filled) == [("rejected", ""), ("new", "")]
    assert client.get("/").text.count("data-row") == 3


def test_a_bad_decision_is_refused_in_words(filled: Store, client: Visitor) -> None:
    answer = client.post("/disclosures/2/verdict", data={"decision": "maybe"}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "a verdict is one of" in answer.text
    assert client.post("/disclosures/2/verdict", data={}, headers=SAME_ORIGIN).status_code == 400
    assert client.post("/disclosures/99/verdict", data={"decision": "accepted"}, headers=SAME_ORIGIN).status_code == 404
    assert verdicts(filled) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8765"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": ""},
    ],
)
def test_a_change_from_elsewhere_is_refused(filled: Store, client: Visitor, headers: dict[str, str]) -> None:
    answer = client.post("/disclosures/2/verdict", data={"decision": "accepted"}, headers=headers)
    assert answer.status_code == 403
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


def test_the_public_address_is_answered(store: Store) -> None:
    client = open_desk(store, "https://desk.example.org/")
    assert client.get("/", headers={"host": "desk.example.org"}).status_code == 200


@pytest.mark.parametrize(
    "path", [*PAGES, "/nothing", "/static/desk.css", "/static/nothing", "/disclosures/0", "/disclosures/x", "/?shelf=x"]
)
def test_every_answer_carries_every_header(filled: Store, client: Visitor, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "server" not in answer.headers
    assert ("max-age" in answer.headers["cache-control"]) == path.startswith("/static/")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_with_the_headers_on(client: Visitor, method: str) -> None:
    answer = client.request(method, "/")
    assert answer.status_code == 405
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_our_own_mistake_shows_no_details_and_keeps_the_headers(store: Store) -> None:
    broken = Store(create_engine("sqlite:////nowhere/secret-path.sqlite"))
    client = open_desk(broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret-path" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]
    health = client.get("/healthz")
    assert (health.status_code, health.json()) == (503, {"status": "the database cannot be read"})


def test_reading_changes_nothing(filled: Store, client: Visitor) -> None:
    written: list[str] = []

    def watch(*values: object) -> None:
        if not str(values[2]).lstrip().upper().startswith(("SELECT", "BEGIN")):
            written.append(str(values[2]))

    event.listen(filled.engine, "before_cursor_execute", watch)
    for path in PAGES:
        assert client.get(path).status_code == 200
        assert client.request("HEAD", path).status_code in (200, 405)
    assert client.get("/disclosures/2/verdict").status_code == 405
    event.remove(filled.engine, "before_cursor_execute", watch)
    assert written == []


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


def test_filters_are_kept_from_page_to_page(filled: Store, client: Visitor) -> None:
    page = html.unescape(client.get("/?type=membership&region=510000&confidence=0.5").text)
    assert "/disclosures/3?type=membership&region=510000&confidence=0.5" in page
    assert client.get("/?type=meeting").text.count("data-row") == 0


def test_a_long_queue_goes_on_on_a_second_page(store: Store, client: Visitor) -> None:
    document = store.document(store.source())
    for n in range(52):
        store.disclosure(document, f"第{n}句。")
    first = client.get("/").text
    assert first.count("data-row") == 50
    older = re.search(r'href="(/\?after=[^"]+)"', first)
    assert older is not None
    assert client.get(html.unescape(older.group(1))).text.count("data-row") == 2


def test_coverage_says_state_and_reason_in_words(filled: Store, client: Visitor) -> None:
    page = client.get("/coverage").text
    assert "0 of 1" in page
    assert "EdgeOne challenge" in page
    assert page.count('class="state state-blocked"') >= 2
    assert client.get("/coverage?days=61").status_code == 400


def test_issues_can_be_looked_at_by_kind(filled: Store, client: Visitor) -> None:
    assert "no title could be read" in client.get("/issues?kind=missing-title").text
    assert "no title could be read" not in client.get("/issues?kind=other").text


def test_documents_are_found_by_a_phrase(filled: Store, client: Visitor) -> None:
    with writing(filled.engine) as connection:
        search.add(connection, [(1, "省委科技委员会第三次会议召开", "".join(SENTENCES))])
    assert "1 document " in client.get("/documents?q=科技委员会").text
    assert "0 documents" in client.get("/documents?q=半导体").text


def test_the_way_out_says_where_it_goes_and_makes_no_link_of_what_is_no_web_address(
    store: Store, client: Visitor
) -> None:
    store.document(store.source(), url="https://kjt.example.gov.cn/1.html")
    store.document("sichuan-kjt", url="javascript:alert(1)")
    page = client.get("/documents/1/original").text
    assert 'href="https://kjt.example.gov.cn/1.html" target="_blank" rel="noopener noreferrer"' in page
    assert 'href="javascript' not in client.get("/documents/2/original").text


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}",
    "</textarea><svg onload=alert(1)>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_page_says_is_text_on_every_page_of_the_desk(store: Store, client: Visitor, payload: str) -> None:
    source = store.source(name=payload, name_en=payload)
    document = store.document(
        source,
        f"前。{payload}。",
        title=payload,
        url=payload,
        issuer=payload,
        suspicions=[payload],
        doc_number=payload,
        attachments=[{"url": payload, "name": payload}],
    )
    store.disclosure(document, payload, body=payload, person=payload, role=payload, object=payload)
    store.hit(document, payload[:3], why=payload, status="suspect", term=payload)
    store.state(source, date(2026, 9, 2), "blind", payload)
    store.add(models.Issue(kind="odd", detail=payload, source_id=source, url=payload, at=START))
    store.add(
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
