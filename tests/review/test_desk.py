"""The desk judges, shows and refuses as it should, with and without JavaScript."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

import review.desk.app
from review.deliveries import deliver_due
from review.notifiers.smtp import SmtpNotifier, SmtpServer
from review.press import Press, make_digest
from store import search
from store.database import writing
from store.leases import take
from store.vitals import LEASE_LASTS, SCHEDULER
from tests.review.post import open_post_office
from tests.review.rows import SENTENCES, Store
from tests.review.visitor import NOW, PAGES, SAME_ORIGIN, Tags, Visitor, fill, open_desk, verdicts

HERE = Path(review.desk.app.__file__).parent


@pytest.fixture
def filled(store: Store) -> Store:
    return fill(store)


@pytest.fixture
def client(store: Store) -> Visitor:
    return open_desk(store)


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


def test_health_is_green_while_the_scheduler_ticks_and_tells_a_stranger_nothing_but_ok(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_desk(small)
    well = {"status": "ok", "store": "ok", "schema": "ok", "scheduler": "ok", "disk": "ok"}
    assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (200, well)
    take(small.engine, SCHEDULER, "one", NOW - timedelta(minutes=2), LEASE_LASTS)
    assert client.get("/healthz").status_code == 200
    take(small.engine, SCHEDULER, "one", NOW - timedelta(minutes=4), LEASE_LASTS)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {**well, "status": "not ok", "scheduler": "not ok"})
    monkeypatch.setattr("store.vitals.LEAST_FREE", 2**70)
    assert client.get("/healthz").json()["disk"] == "not ok"


def test_a_mail_that_the_server_took_and_dropped_can_be_seen_and_tested(small: Store) -> None:
    press = Press("Asia/Shanghai", "http://desk", "t@example.org", ("ana@example.org", "gone@example.org"))
    made = make_digest(small.engine, NOW.date(), NOW, press)
    with open_post_office() as office:
        deliver_due(small.engine, [SmtpNotifier(SmtpServer.parse(f"smtp://127.0.0.1:{office.port}"), "t@x.org")], NOW)
    text = " ".join(Tags(open_desk(small).get("/digests").text).text.split())
    assert made.subject in text
    assert "ana@example.orgtaken by the server1" in text
    assert "gone@example.orgfailed1550 5.1.1 no such person" in text
    assert "tealeaves digest --test ADDRESS" in text


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
