"""The store answers the questions that people ask, in the same way on both databases, and from an index."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, text, update

from store import models, queries
from store.database import reading, writing
from store.queries.passage import Mark, quote_in_context
from tests.review.rows import SENTENCES, START, Store


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def ids(page: queries.QueuePage) -> list[int]:
    return [row.disclosure.id for row in page.rows]


def queue(engine: Engine, *args: object, **values: object) -> queries.QueuePage:
    with reading(engine) as connection:
        return queries.queue(connection, queries.Filters(**values), *args)  # type: ignore[arg-type]


def test_the_newest_disclosure_comes_first(store: Store) -> None:
    document = store.document(store.source())
    made = [store.disclosure(document, sentence) for sentence in SENTENCES]
    assert ids(queue(store.engine)) == made[::-1]


def test_pages_of_the_queue_follow_each_other_without_gap_or_repeat(store: Store) -> None:
    document = store.document(store.source())
    same_moment = datetime(2026, 9, 3, tzinfo=UTC)
    made = [store.disclosure(document, found_at=same_moment) for _ in range(7)]
    seen, cursor = [], None
    with reading(store.engine) as connection:
        for _ in range(4):
            page = queries.queue(connection, queries.Filters(), cursor, 2)
            seen += ids(page)
            cursor = page.next
    assert seen == made[::-1]
    assert cursor is None


def test_a_cursor_survives_the_address_bar(store: Store) -> None:
    cursor = queries.Cursor(datetime(2026, 9, 3, 4, 5, 6, 789, tzinfo=UTC), 42)
    assert queries.Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "bad", ["", "1", "-", "1-", "x-1", "1-x", "9" * 39 + "-1", "99999999999999999999-1", "１-1", "1-1-1"]
)
def test_a_broken_cursor_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not a place in the queue"):
        queries.Cursor.parse(bad)


def test_each_filter_keeps_what_it_names(store: Store) -> None:
    sichuan = store.document(store.source())
    central = store.document(store.source("most", tier="ministry", region=None))
    one = store.disclosure(sichuan)
    chengdu = store.disclosure(sichuan, type="meeting", body="成都市委科技委员会", region="510100", confidence=0.4)
    other = store.disclosure(central, type="document", body="中央科技委员会", region=None)
    engine = store.engine
    assert ids(queue(engine, type="meeting")) == [chengdu]
    assert ids(queue(engine, body="中央科技委员会")) == [other]
    assert ids(queue(engine, source="most")) == [other]
    assert ids(queue(engine, tier="ministry")) == [other]
    assert ids(queue(engine, region="510000")) == [chengdu, one]
    assert ids(queue(engine, confidence=0.5)) == [other, one]
    assert ids(queue(engine, region="440000")) == []


@pytest.mark.parametrize("few", [0, 1000])
def test_walking_and_gathering_answer_the_same(store: Store, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr("store.queries.shelves.FEW", few)
    sichuan = store.document(store.source())
    ministry = store.document(store.source("most", tier="ministry", region=None))
    near = store.disclosure(ministry, region="510100")
    store.disclosure(ministry, type="meeting", region="440000")
    own = store.disclosure(sichuan, type="meeting", region=None, confidence=0.3)
    store.disclosure(sichuan, verdict="accepted")
    engine = store.engine
    assert ids(queue(engine, region="510000")) == [own, near]
    assert ids(queue(engine, region="510000", tier="ministry")) == [near]
    assert ids(queue(engine, tier="province", type="meeting")) == [own]
    assert ids(queue(engine, tier="province", confidence=0.5)) == []
    with reading(engine) as connection:
        filters = queries.Filters(region="510000")
        page = queries.queue(connection, filters)
        assert queries.count_queue(connection, filters) == 2
        assert queries.neighbours(connection, filters, page.rows[0].cursor) == (None, near)
        assert queries.neighbours(connection, filters, page.rows[1].cursor) == (own, None)


def test_a_district_is_inside_its_city_and_a_city_is_not_inside_another(store: Store) -> None:
    document = store.document(store.source(region=None))
    district = store.disclosure(document, region="510104")
    assert ids(queue(store.engine, region="510100")) == [district]
    assert ids(queue(store.engine, region="510300")) == []


def test_reprints_of_a_story_are_folded_under_its_origin_and_counted(store: Store) -> None:
    store.source()
    first, origin, third = (store.document("sichuan-kjt") for _ in range(3))
    cluster = store.cluster(origin_document_id=origin)
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    store.disclosure(first)
    judged = store.disclosure(origin)
    store.disclosure(third, quote="省委科技委员会主任周明远主持会议并讲话", date="2026-09-02")
    page = queue(store.engine)
    assert ids(page) == [judged]
    assert page.rows[0].copies == 2


def test_a_reprint_does_not_come_back_when_the_origin_was_judged(store: Store) -> None:
    store.source()
    origin, copy = store.document("sichuan-kjt"), store.document("sichuan-kjt")
    cluster = store.cluster(origin_document_id=copy)
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    store.disclosure(origin, verdict="accepted")
    store.disclosure(copy)
    assert ids(queue(store.engine)) == []


def test_a_copy_whose_facts_differ_stands_for_itself(store: Store) -> None:
    store.source()
    origin, copy = store.document("sichuan-kjt"), store.document("sichuan-kjt")
    cluster = store.cluster(origin_document_id=origin)
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    one = store.disclosure(origin, type="meeting", ordinal=3, person=None, role=None)
    two = store.disclosure(copy, type="meeting", ordinal=2, person=None, role=None)
    assert ids(queue(store.engine)) == [two, one]


def test_news_is_not_hidden_behind_a_copy_that_was_found_later(store: Store) -> None:
    store.source()
    origin, copy = store.document("sichuan-kjt"), store.document("sichuan-kjt")
    cluster = store.cluster(origin_document_id=origin)
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    old = store.disclosure(origin, found_later=True)
    news = store.disclosure(copy)
    assert ids(queue(store.engine)) == [news]
    assert ids(queue(store.engine, shelf="found-later")) == [old]


def test_reviewed_and_later_finds_lie_on_shelves_of_their_own(store: Store) -> None:
    document = store.document(store.source())
    on = {verdict: store.disclosure(document, verdict=verdict) for verdict in ("accepted", "rejected", "later")}
    found_later = store.disclosure(document, found_later=True)
    assert ids(queue(store.engine)) == []
    for verdict, made in on.items():
        assert ids(queue(store.engine, shelf=verdict)) == [made]
    assert ids(queue(store.engine, shelf="found-later")) == [found_later]


def test_what_speaks_against_a_row_is_said(store: Store) -> None:
    document = store.document(store.source(), suspicions=["links to a casino"])
    store.disclosure(document)
    store.hit(document, "省委科技委员会", status="suspect", why="stands in navigation only")
    store.hit(document, "全省", status="suspect", why="outside the quote")
    row = queue(store.engine).rows[0]
    assert row.publication.suspicions == ("links to a casino",)
    assert row.doubts == ("stands in navigation only",)


def test_the_count_stops_at_its_cap(store: Store) -> None:
    document = store.document(store.source())
    for _ in range(4):
        store.disclosure(document)
    with reading(store.engine) as connection:
        assert queries.count_queue(connection, queries.Filters()) == 4
        assert queries.count_queue(connection, queries.Filters(), cap=3) == 3


@pytest.mark.parametrize(("shelf", "index"), [("new", "ix_disclosure_new"), ("accepted", "ix_disclosure_decided")])
def test_the_queue_is_read_from_its_index_without_sorting(store: Store, shelf: queries.Shelf, index: str) -> None:
    store.archive(store.source(), 2000)
    asked: list[tuple[str, object]] = []
    explain, sorts = "EXPLAIN QUERY PLAN", "USE TEMP B-TREE FOR ORDER BY"
    with reading(store.engine) as connection:
        connection.execute(text("ANALYZE"))
        if connection.dialect.name == "postgresql":
            explain, sorts = "EXPLAIN", "Sort"
        event.listen(connection, "before_cursor_execute", lambda *values: asked.append((values[2], values[3])))
        queries.queue(connection, queries.Filters(shelf=shelf), queries.Cursor(START + timedelta(hours=1), 9), 20)
        sql, parameters = asked[0]
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {sql}", parameters))
    assert index in plan, plan
    assert sorts not in plan, plan


def test_a_sheet_holds_the_quote_in_context_and_the_evidence(store: Store) -> None:
    document = store.document(store.source(), issuer="四川省人民政府办公厅", doc_number="川办发〔2026〕9号")
    disclosure = store.disclosure(document)
    other = store.disclosure(document, SENTENCES[2], type="approval")
    store.hit(document, "省委科技委员会")
    with reading(store.engine) as connection:
        sheet = queries.disclosure_sheet(connection, disclosure)
        assert queries.disclosure_sheet(connection, 999) is None
    assert sheet is not None
    quoted = "".join(piece.text for piece in sheet.passage.pieces if piece.quoted)
    assert quoted == SENTENCES[1]
    assert [piece.text for piece in sheet.passage.pieces if piece.label] == ["省委科技委员会"]
    assert sheet.passage.text == "".join(SENTENCES)
    assert [d.id for d in sheet.others] == [other]
    assert len(sheet.evidence.sha256) == 64
    assert sheet.row.publication.doc_number == "川办发〔2026〕9号"
    assert sheet.row.publication.current


def test_the_context_is_two_sentences_on_either_side() -> None:
    text = "".join(f"第{n}句话说的是这个。" for n in range(9))
    start = text.index("第4句")
    passage = quote_in_context(text, Mark(start, start + 10, "meeting"), [])
    assert passage.text == text[text.index("第2句") : text.index("第7句")]
    assert passage.cut_before
    assert passage.cut_after


def test_a_quote_at_either_end_of_a_text_has_no_context_there() -> None:
    passage = quote_in_context("只有一句。", Mark(0, 5, "mention"), [Mark(2, 3, "x")])
    assert [(p.text, p.quoted, p.label) for p in passage.pieces] == [
        ("只有", True, None),
        ("一", True, "x"),
        ("句。", True, None),
    ]
    assert not passage.cut_before
    assert not passage.cut_after


def test_a_document_shows_its_quotes_where_they_stand_now(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, start=3, end=9)
    with reading(store.engine) as connection:
        sheet = queries.document_sheet(connection, document)
    assert sheet is not None
    assert "".join(p.text for p in sheet.pieces if p.quoted) == SENTENCES[1]
    assert "".join(p.text for p in sheet.pieces) == "".join(SENTENCES)


def test_the_coverage_line_names_what_was_not_seen(store: Store) -> None:
    day = date(2026, 9, 1)
    for id, name in (("a", "甲"), ("b", "乙"), ("c", "丙"), ("d", "丁"), ("e", "戊")):
        store.source(id, name=name)
    store.source("host-only", column=False)
    store.state("a", day, "seen")
    store.state("b", day, "quiet")
    store.state("c", day, "blocked", "EdgeOne challenge")
    store.state("d", day, "not-due")
    with reading(store.engine) as connection:
        seen = queries.coverage(connection, day, day, START + timedelta(days=1))
    names = "丙 (blocked: EdgeOne challenge), 戊 (blind: nothing-ran)"
    assert seen.line == f"seen 2 of 5 sources (1 not due); not seen: {names}"


def test_a_source_counts_by_the_last_day_on_which_it_was_due(store: Store) -> None:
    store.source("a")
    store.state("a", date(2026, 9, 1), "blind")
    store.state("a", date(2026, 9, 2), "seen")
    store.state("a", date(2026, 9, 3), "not-due")
    now = START + timedelta(days=3)
    with reading(store.engine) as connection:
        assert queries.coverage(connection, date(2026, 9, 1), date(2026, 9, 3), now).seen == 1
        assert queries.coverage(connection, date(2026, 9, 1), date(2026, 9, 1), now).seen == 0
        table = queries.source_days(connection, date(2026, 8, 31), date(2026, 9, 3), now)
    assert [state.state if state else None for state in table[0].states] == [None, "blind", "seen", "not-due"]


def test_a_span_is_counted_in_days_of_shanghai() -> None:
    assert queries.shanghai_day(datetime(2026, 9, 1, 17, 0, tzinfo=UTC)) == date(2026, 9, 2)


def test_a_disclosure_counts_as_told_by_its_key(store: Store) -> None:
    document = store.document(store.source())
    store.disclosure(document, key="k1")
    store.disclosure(document, key="k2")
    digest = store.add(models.Digest(day=date(2026, 9, 1), made_at=START, since=START, subject="s", html="h", text="t"))
    store.add(models.DigestItem(key="k1", digest_id=digest))
    with reading(store.engine) as connection:
        rows = queries.annotate_untold(connection, queries.untold(connection, store.clock + timedelta(seconds=1)))
        assert queries.untold(connection, START) == ()
        assert queries.digest_days(connection) == {date(2026, 9, 1)}
    assert [item.row.disclosure.key for item in rows] == ["k2"]
    assert [item.first_in_source for item in rows] == [False]


def test_a_reprint_of_a_told_story_is_known_as_such(store: Store) -> None:
    store.source()
    origin, copy = store.document("sichuan-kjt"), store.document("sichuan-kjt")
    cluster = store.cluster(origin_document_id=origin)
    with writing(store.engine) as connection:
        connection.execute(update(models.Document).values(cluster_id=cluster))
    store.disclosure(origin, key="k1")
    store.disclosure(copy, key="k2")
    digest = store.add(models.Digest(day=date(2026, 9, 1), made_at=START, since=START, subject="s", html="h", text="t"))
    store.add(models.DigestItem(key="k1", digest_id=digest))
    with reading(store.engine) as connection:
        (item,) = queries.untold(connection, store.clock + timedelta(seconds=1))
    assert item.told_before


def test_issues_and_hits_and_glosses_are_read(store: Store) -> None:
    document = store.document(store.source())
    store.hit(document, "省委科技委员会")
    store.add(models.Issue(kind="missing-title", detail="no title", source_id="sichuan-kjt", at=START))
    store.add(models.Issue(kind="zero-links", detail="none", at=START))
    store.terms()
    with reading(store.engine) as connection:
        assert [issue.kind for issue in queries.issues(connection)] == ["zero-links", "missing-title"]
        assert [issue.source_name for issue in queries.issues(connection, "missing-title")] == ["四川省科学技术厅"]
        assert dict(queries.issue_kinds(connection)) == {"missing-title": 1, "zero-links": 1}
        assert [hit.surface for hit in queries.hits_of(connection, "local-stc")] == ["省委科技委员会"]
        assert queries.glosses(connection)[0].english == "Central Science and Technology Commission"
        assert [d.id for d in queries.documents(connection)] == [document]
        assert [d.id for d in queries.documents_by_id(connection, (9, document))] == [document]
        assert queries.bodies_waiting(connection) == ()
