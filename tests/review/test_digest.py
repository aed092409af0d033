"""One digest a day: told once, never repeated, never empty without saying so, and safe to read."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from review.press import Press, make_digest, preview_digest
from store import models
from store.database import reading, writing
from store.problems import Problem
from tests.review.rows import SENTENCES, Store
from tests.review.visitor import Tags

DAY = date(2026, 9, 2)
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)  # 07:00 in Shanghai
PRESS = Press("Asia/Shanghai", "https://desk.example.org", "tealeaves@example.org", ("ana@example.org",))


def test_a_digest_says_what_was_disclosed_and_what_was_not_seen(store: Store) -> None:
    store.terms()
    document = store.document(store.source())
    disclosure = store.disclosure(document)
    store.source("most", name="科学技术部")
    store.state("sichuan-kjt", date(2026, 9, 1), "seen")
    store.state("most", date(2026, 9, 1), "blocked", "EdgeOne challenge")
    with writing(store.engine) as connection:
        connection.execute(update(models.Column).values(due_at=MORNING + timedelta(hours=1)))
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


def test_a_preview_of_a_day_that_was_told_is_what_was_told(store: Store) -> None:
    store.disclosure(store.document(store.source()))
    made = make_digest(store.engine, DAY, MORNING, PRESS)
    assert preview_digest(store.engine, DAY, MORNING, PRESS).text == made.text


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
