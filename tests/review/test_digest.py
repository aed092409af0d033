"""One digest a day: told once, never repeated, never empty without saying so, and safe to read."""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select, update

from review.mail import LONGEST_HEADER, addresses, compose_mail, message_id, one_line, parse_address
from review.notifiers import Notice
from review.press import Press, make_digest, preview_digest
from store import models
from store.database import reading, writing
from store.problems import Problem
from tests.review.rows import SENTENCES, Store

DAY = date(2026, 9, 2)
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)  # 07:00 in Shanghai
PRESS = Press("Asia/Shanghai", "https://desk.example.org", "tealeaves@example.org", ("ana@example.org",))
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<iframe src=//evil.example></iframe>",
    "</title></style><link rel=stylesheet href=//evil.example/x.css>",
    "javascript:alert(1)",
    "&lt;script&gt;",
)
BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x85", "\u2028", "\u2029")


class Tags(HTMLParser):
    """Collects the tags, their attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_digest_says_what_was_disclosed_and_what_was_not_seen(store: Store) -> None:
    store.terms()
    document = store.document(store.source())
    disclosure = store.disclosure(document)
    store.source("most", name="科学技术部")
    store.state("sichuan-kjt", date(2026, 9, 1), "seen")
    store.state("most", date(2026, 9, 1), "blocked", "EdgeOne challenge")
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert made.subject == "tealeaves 2026-09-02: 1 disclosure, 1 of 2 sources seen"
    for part in (made.text, Tags(made.html).text):
        assert "not seen: 科学技术部 (blocked: EdgeOne challenge)" in part
        assert SENTENCES[1] in part
        assert "四川省委科技委员会" in part
        assert "Sichuan: Party committee S&T commission" in part
        assert "周明远" in part
        assert "on or before 2026-09-01" in part
    assert f"https://desk.example.org/disclosures/{disclosure}" in made.text
    assert f'href="https://desk.example.org/disclosures/{disclosure}"' in made.html


def test_an_empty_day_is_told_as_such(store: Store) -> None:
    store.source()
    store.state("sichuan-kjt", date(2026, 9, 2), "quiet")
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert made.subject == "tealeaves 2026-09-02: 0 disclosures, 1 of 1 sources seen"
    assert "0 disclosures" in made.text
    assert "0 disclosures" in made.html


def test_a_digest_is_made_once(store: Store) -> None:
    store.disclosure(store.document(store.source()))
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    store.disclosure(store.document("sichuan-kjt"))
    assert make_digest(store.engine, DAY, MORNING + timedelta(hours=1), PRESS) == made
    with reading(store.engine) as connection:
        assert connection.execute(select(func.count()).select_from(models.Delivery)).scalar_one() == 1


def test_nothing_is_told_twice_and_nothing_is_left_out(store: Store) -> None:
    document = store.document(store.source())
    told: list[str] = []
    made_keys = []
    for n in range(30):
        morning = MORNING + timedelta(days=n)
        for _ in range(n % 4):
            key = f"key-{len(made_keys)}"
            made_keys.append(key)
            # Found before the last digest was made, but saved after it: the time alone would lose it.
            store.disclosure(document, key=key, quote=f"第{len(made_keys)}句。", found_at=morning - timedelta(hours=25))
        digest = make_digest(store.engine, DAY + timedelta(days=n), morning, PRESS)
        told += re.findall(r"“(第\d+句。)”", digest.text)
        assert digest.subject.startswith(f"tealeaves {DAY + timedelta(days=n)}: {n % 4} disclosure")
    assert told == [f"第{n + 1}句。" for n in range(len(made_keys))]


def test_reprints_are_counted_and_not_repeated_the_day_after(store: Store) -> None:
    store.source()
    origin = store.document("sichuan-kjt")
    cluster = store.cluster(origin_document_id=origin)
    copies = [store.document("sichuan-kjt") for _ in range(2)]
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    store.disclosure(origin)
    store.disclosure(copies[0])
    first = make_digest(store.engine, DAY, MORNING, PRESS)
    assert first.text.count(SENTENCES[1]) == 1
    assert "(2 more copies)" in first.text
    assert "1 reprint folded" in first.text
    store.disclosure(copies[1], found_at=MORNING)
    second = make_digest(store.engine, DAY + timedelta(days=1), MORNING + timedelta(days=1), PRESS)
    assert second.subject.startswith("tealeaves 2026-09-03: 0 disclosures")
    assert SENTENCES[1] not in second.text


def test_what_was_found_later_stands_apart_and_is_not_counted_as_news(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, found_later=True)
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert made.subject.startswith("tealeaves 2026-09-02: 0 disclosures")
    assert made.text.index("Found later") < made.text.index(SENTENCES[1])


def test_a_possibly_hacked_page_is_never_a_headline_and_never_a_link(store: Store) -> None:
    good = store.document(store.source())
    bad = store.document("sichuan-kjt", suspicions=["links to a casino"], url="https://hacked.example.gov.cn/1")
    store.disclosure(bad, "全省科技工作部署已经展开。")
    store.disclosure(good)
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert made.subject.startswith("tealeaves 2026-09-02: 1 disclosure,")
    assert made.text.index(SENTENCES[1]) < made.text.index("全省科技工作部署已经展开")
    assert "POSSIBLY HACKED: links to a casino" in made.text
    assert "https://hacked.example.gov.cn/1" not in [value for _, value in Tags(made.html).attributes]


def test_what_was_rejected_before_the_morning_is_not_told(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, verdict="rejected")
    store.disclosure(document, SENTENCES[2], verdict="accepted")
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert SENTENCES[1] not in made.text
    assert "accepted by an analyst" in made.text


def test_a_flood_is_cut_and_said_to_be_cut(store: Store) -> None:
    document = store.document(store.source())
    for n in range(203):
        store.disclosure(document, f"第{n}句。")
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert made.subject.startswith("tealeaves 2026-09-02: 203 disclosures")
    assert "3 more are in the queue" in made.text
    assert len(re.findall(r"“第\d+句。”", made.text)) == 200


def test_central_bodies_come_first_and_strong_types_before_mentions(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, "提及。", type="mention", body="中央科技委员会", region=None)
    store.disclosure(document, "会议。", type="meeting", body="中央科技委员会", region=None)
    store.disclosure(document, "地方。", type="meeting")
    store.disclosure(document, "提法。", type="slogan", body=None, region=None)
    text = make_digest(store.engine, DAY, MORNING, PRESS).text
    assert text.index("“会议。”") < text.index("“提及。”") < text.index("“地方。”") < text.index("“提法。”")


def test_a_preview_stores_nothing(store: Store) -> None:
    store.disclosure(store.document(store.source()))
    assert SENTENCES[1] in preview_digest(store.engine, DAY, MORNING, PRESS).text
    with reading(store.engine) as connection:
        assert connection.execute(select(models.Digest.id)).all() == []
        assert connection.execute(select(models.DigestItem.key)).all() == []


def test_a_day_that_has_not_begun_has_no_digest(store: Store) -> None:
    with pytest.raises(Problem, match="has not begun"):
        make_digest(store.engine, DAY + timedelta(days=1), MORNING, PRESS)


def test_the_digest_of_a_past_day_ends_with_that_day(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, "昨天。", found_at=datetime(2026, 9, 2, 15, 59, tzinfo=UTC))
    store.disclosure(document, "今天。", found_at=datetime(2026, 9, 2, 16, 0, tzinfo=UTC))
    made = make_digest(store.engine, DAY, MORNING + timedelta(days=3), PRESS)
    assert "昨天。" in made.text
    assert "今天。" not in made.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_page_becomes_a_tag_or_is_loaded(store: Store, payload: str) -> None:
    document = store.document(
        store.source(name=payload), f"前文。{payload}。", title=payload, url=payload, suspicions=[payload]
    )
    store.disclosure(document, payload, person=payload, body=payload, object=payload)
    other = store.document("sichuan-kjt", f"前文。{payload}。", title=payload, url=payload)
    store.disclosure(other, payload, person=payload, body=payload, object=payload)
    page = Tags(make_digest(store.engine, DAY, MORNING, PRESS).html)
    assert set(page.tags) <= {
        *("html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "span", "b", "a", "br"),
    }
    assert all(name != "src" and not name.startswith("on") for name, _ in page.attributes)
    assert all(v.startswith("https://desk.example.org/") for name, v in page.attributes if name == "href")
    assert page.text.count(payload) >= 8


@pytest.mark.parametrize("mark", BREAKS)
def test_a_line_break_in_a_title_adds_no_header_and_no_recipient(store: Store, mark: str) -> None:
    evil = f"会议{mark}Bcc: evil@example.com{mark}{mark}<html>"
    document = store.document(store.source(name=evil), evil, title=evil)
    store.disclosure(document, evil, person=evil)
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    mail = compose_mail(_notice(evil, made.text), "tealeaves@example.org")
    parsed = message_from_bytes(mail.as_bytes(), policy=default)
    assert {name.lower() for name in parsed} == {
        *("subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version", "content-type"),
    }
    assert parsed["to"] == "ana@example.org"
    assert "evil@example.com" in parsed["subject"]


@pytest.mark.parametrize(
    "words",
    ["中央科技委员会", "𠮷喆㛃镕" * 40, "“四个面向”——科技强国", "café naïve", "x" * 2000, "长" * 2000, "。" * 998],
)
def test_chinese_survives_and_every_line_is_short(words: str) -> None:
    raw = compose_mail(_notice(words, f"{words}\n"), "tealeaves@example.org").as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    parsed = message_from_bytes(raw, policy=default)
    plain = parsed.get_body(("plain",))
    page = parsed.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == f"{words}\n"
    assert page.get_content().replace("\r\n", "\n") == f"<p>{words}</p>\n"
    assert parsed["subject"] == one_line(words)
    assert len(parsed["subject"]) <= LONGEST_HEADER


def test_the_same_mail_has_the_same_id_and_another_recipient_another() -> None:
    one = message_id("t@example.org", 1, "ana@example.org")
    assert one == message_id("t@example.org", 1, "ana@example.org")
    assert one != message_id("t@example.org", 1, "ben@example.org")
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", one)


def test_recipients_are_read_from_a_list_and_bad_ones_are_refused() -> None:
    assert addresses("a@example.org, b@example.org;a@example.org\nc@example.org") == (
        *("a@example.org", "b@example.org", "c@example.org"),
    )
    for bad in ("nobody", "a@", "@b", "a@b@c", "a b@c\r\nBcc: d@e", "a@b\x00", ""):
        with pytest.raises(Problem, match="no mail address"):
            parse_address(bad)


def _notice(subject: str, text: str) -> Notice:
    page = f"<p>{text.strip()}</p>\n"
    return Notice(DAY, MORNING, subject, page, text, "ana@example.org", "<1@example.org>")
