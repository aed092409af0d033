"""A digest carries what pages say without letting any of it act: no tag, no header, no recipient."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from review.mail import LONGEST_HEADER, addresses, compose_mail, message_id, one_line, parse_address
from review.notifiers import Notice
from review.press import Press, make_digest
from store.problems import Problem
from tests.review.rows import Store
from tests.review.visitor import Tags

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


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_page_becomes_a_tag_or_is_loaded(small: Store, payload: str) -> None:
    document = small.document(
        small.source(name=payload), f"前文。{payload}。", title=payload, url=payload, suspicions=[payload]
    )
    small.disclosure(document, payload, person=payload, body=payload, object=payload)
    other = small.document("sichuan-kjt", f"前文。{payload}。", title=payload, url=payload)
    small.disclosure(other, payload, person=payload, body=payload, object=payload)
    page = Tags(make_digest(small.engine, DAY, MORNING, PRESS).html)
    assert set(page.tags) <= {
        *("html", "head", "meta", "title", "body", "div", "h1", "h2", "p", "span", "b", "a", "br"),
    }
    assert all(name != "src" and not name.startswith("on") for name, _ in page.attributes)
    assert all(v.startswith("https://desk.example.org/") for name, v in page.attributes if name == "href")
    assert page.text.count(payload) >= 8


@pytest.mark.parametrize("mark", BREAKS)
def test_a_line_break_in_a_title_adds_no_header_and_no_recipient(small: Store, mark: str) -> None:
    evil = f"会议{mark}Bcc: evil@example.com{mark}{mark}<html>"
    document = small.document(small.source(name=evil), evil, title=evil)
    small.disclosure(document, evil, person=evil)
    made = make_digest(small.engine, DAY, MORNING, PRESS)
    mail = compose_mail(_notice(evil, made.text), "tealeaves@example.org")
    parsed = message_from_bytes(mail.as_bytes(), policy=default)
    assert {name.lower() for name in parsed} == {
        *("subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version", "content-type"),
    }
    assert parsed["to"] == "ana@example.org"
    assert "evil@example.com" in parsed["subject"]


@pytest.mark.parametrize(
    "words",
    [
        *(chr(0x4E00 + 397 * n) * (37 * n + 1) + "《通知》" for n in range(33)),
        "中央科技委员会",
        "𠮷喆㛃镕" * 40,
        "“四个面向”——科技强国",
        "café naïve",
        "x" * 2000,
        "长" * 2000,
        "。" * 998,
    ],
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


HEADS = (
    "Bcc: evil@example.com",
    "To: evil@example.com",
    "Subject: x",
    "Content-Type: text/html",
    "From: a@b",
    "X-A: b",
)
OTHER = ("", "\0", "\ud800", "=?utf-8?q?a?=", "\u202e倒", "<evil@example.com>", "%0d%0aBcc: e@f", "长" * 3000)
TITLES = [f"会议{mark}{head}{mark}{mark}<html>" for mark in BREAKS for head in HEADS]
TITLES += [f"{one}会议{two}{head}" for one in OTHER for two in OTHER[:6] for head in HEADS[:3]]
TAGS = ("script", "img", "svg", "iframe", "object", "embed", "link", "style", "base", "form", "meta", "video", "a")
ATTACKS = (
    "<{t} src=//evil.example/x>",
    "<{t} onload=alert(1)>",
    "'><{t} href=javascript:alert(1)>",
    "</td></p><{t}>x</{t}>",
)
XSS = [attack.format(t=tag) for tag in TAGS for attack in ATTACKS]
XSS += [
    f"{text}{n}"
    for n in range(6)
    for text in (
        '" style="background:url(//e.example/',
        "<!--",
        "]]>",
        "&#60;b&#62;",
        "{{x}}",
        "`-alert()-`",
        "<a href='",
        "\\x3cscript\\x3e",
    )
]


def test_two_hundred_hostile_titles_go_through_one_digest_without_a_header_more(small: Store) -> None:
    assert len(TITLES) >= 200
    small.source()
    for title in TITLES[:200]:
        document = small.document(
            "sichuan-kjt",
            title.replace("\0", "").replace("\ud800", ""),
            title=title.replace("\0", "").replace("\ud800", ""),
        )
        small.disclosure(document, "会议", person=one_line(title))
    made = make_digest(small.engine, DAY, MORNING, PRESS)
    raw = compose_mail(
        Notice(DAY, MORNING, made.subject, made.html, made.text, "ana@example.org", "<1@x>"), "t@example.org"
    )
    parsed = message_from_bytes(raw.as_bytes(), policy=default)
    assert (parsed["to"], parsed["subject"]) == ("ana@example.org", made.subject)
    assert made.subject == "tealeaves 2026-09-02: 200 disclosures, 0 of 1 sources seen"
    for title in TITLES:
        mail = message_from_bytes(compose_mail(_notice(title, "x\n"), "t@example.org").as_bytes(), policy=default)
        assert sorted(name.lower() for name in mail) == sorted(
            ("subject", "from", "to", "date", "message-id", "auto-submitted", "mime-version", "content-type")
        )
        assert mail["to"] == "ana@example.org"


def test_a_hundred_payloads_in_one_digest_are_text_and_nothing_else(small: Store) -> None:
    assert len(XSS) >= 100
    small.source()
    for payload in XSS:
        document = small.document("sichuan-kjt", f"前文。{payload}。", title=payload, url=payload)
        small.disclosure(document, payload, person=payload, body=payload, object=payload)
    page = Tags(make_digest(small.engine, DAY, MORNING, PRESS).html)
    assert not set(page.tags) & ({*TAGS} - {"a", "meta"})
    assert page.tags.count("meta") == 3
    assert all(name not in ("src", "action", "background") and not name.startswith("on") for name, _ in page.attributes)
    assert all(v.startswith("https://desk.example.org/") for name, v in page.attributes if name == "href")
    for payload in XSS:
        assert page.text.count(payload) >= 4


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
