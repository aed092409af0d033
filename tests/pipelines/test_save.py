"""Saving: one reading is one transaction, twice is once, and nothing a page said is ever overwritten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, update

from crawler.items import Attachment, Issue, Kept, Reading
from pipelines.save import Saved, SavePipeline, keep_terms, save, save_all
from pipelines.terms import load_terms
from store import models
from store.config import Config, bundled
from store.database import reading, writing
from store.frontier import Frontier
from store.queries import glosses
from store.search import search
from tests import fakes
from tests.fakes import START

DAY = timedelta(days=1)


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store whose frontier holds the pages 1 to 9 of one source."""
    frontier = Frontier(engine)
    frontier.register([fakes.source(1), fakes.source(2)], START)
    frontier.keep(frontier.due(START)[0].id, [fakes.link(number) for number in range(1, 10)], START)
    return engine


def count(engine: Engine, table: Any, *where: Any) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def rows(engine: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]


def counts(engine: Engine) -> dict[str, int]:
    tables = (
        models.Capture,
        models.Document,
        models.Version,
        models.Hit,
        models.Disclosure,
        models.Issue,
        models.Event,
    )
    return {table.__tablename__: count(engine, table) for table in tables}


def again(number: int, text: str | None = None, days: int = 1, **values: Any) -> Reading:
    """A later reading of the same page."""
    return fakes.reading(number, text, fetched_at=START + days * DAY, **values)


def test_a_reading_becomes_a_document_with_its_finds(store: Engine) -> None:
    saved = save(store, fakes.reading(1), START)
    assert saved == Saved(saved.capture_id, saved.page_id, saved.document_id, saved.version_id, True, True, 1, 1)
    assert counts(store) == {
        "capture": 1, "document": 1, "version": 1, "hit": 1, "disclosure": 1, "issue": 0, "event": 0,
    }  # fmt: skip
    (row,) = rows(store, models.Page.state, models.Page.etag, models.Page.next_check_at)[:1]
    assert row == ("fetched", '"1"', START + DAY)


def test_saving_the_same_reading_twice_doubles_nothing(store: Engine) -> None:
    first = save(store, fakes.reading(1), START)
    before = counts(store)
    second = save(store, fakes.reading(1), START + DAY)
    assert counts(store) == before
    assert (second.version_id, second.new_version, second.hits) == (first.version_id, False, 0)


def test_an_unchanged_page_is_a_new_capture_and_no_new_version(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    saved = save(store, again(1), START + DAY)
    assert (saved.new_document, saved.new_version) == (False, False)
    assert (count(store, models.Capture), count(store, models.Version), count(store, models.Event)) == (2, 1, 0)
    assert rows(store, models.Page.id, models.Page.next_check_at)[0] == (1, START + 3 * DAY)


@pytest.mark.parametrize(
    "noise",
    [
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("会议", "会 议"),
        lambda text: text + "\n浏览次数：1024次",
        lambda text: text.replace("项", "\u200b项"),
    ],
)
def test_template_noise_is_no_change(store: Engine, noise: Any) -> None:
    save(store, fakes.reading(1), START)
    assert not save(store, again(1, noise(fakes.body(1))), START + DAY).new_version


def test_an_edit_is_a_new_version_an_event_and_keeps_the_old_one(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    text = fakes.body(1).replace("研究部署", "安排部署")
    assert save(store, again(1, text), START + DAY).new_version
    assert rows(store, models.Version.number, models.Version.body) == [(1, fakes.body(1)), (2, text)]
    (event,) = rows(store, models.Event.kind, models.Event.detail, models.Event.priority)
    assert event[:2] == ("edited", "the page was edited; no watched passage was touched")
    assert 0 < event[2] < 0.5


def test_an_edit_of_a_watched_passage_is_named_in_words(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    save(store, again(1, fakes.body(1).replace(fakes.sentence(1), "会议另行通知。")), START + DAY)
    (event,) = rows(store, models.Event.kind, models.Event.detail, models.Event.priority)
    assert event[1] == f"the page was edited in a watched passage: it no longer says “{fakes.sentence(1)}”"
    (found,) = rows(store, models.Disclosure.version_id, models.Disclosure.last_version_id)
    assert found == (1, 1)  # no longer the current version: the page has stopped saying it


def test_a_changed_field_alone_is_a_new_version(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    later = again(1)
    assert later.document
    moved = replace(later, document=replace(later.document, published=START.date()))
    assert save(store, moved, START + DAY).new_version
    assert "its text was not" in rows(store, models.Event.id, models.Event.detail)[0][1]
    assert count(store, models.Document) == 1


def test_a_sentence_that_stays_keeps_its_row_and_is_marked_as_still_there(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    save(store, again(1, "编者按：本文略有改动。\n" + fakes.body(1)), START + DAY)
    found = rows(store, models.Disclosure.id, models.Disclosure.version_id, models.Disclosure.last_version_id)
    assert found == [(1, 1, 2)]


def test_a_verdict_survives_re_reading(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    key = rows(store, models.Disclosure.key)[0][0]
    with writing(store) as connection:
        for decision in ("rejected", "accepted"):
            connection.execute(insert(models.Verdict).values(key=key, decision=decision, by="li", at=START, note=""))
        connection.execute(models.Disclosure.__table__.delete())
    save(store, again(1, fakes.body(1) + "\n补记一句。"), START + DAY)
    assert rows(store, models.Disclosure.key, models.Disclosure.verdict) == [(key, "accepted")]


def test_an_undone_verdict_is_none(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    key = rows(store, models.Disclosure.key)[0][0]
    with writing(store) as connection:
        for decision in ("accepted", "new"):
            connection.execute(insert(models.Verdict).values(key=key, decision=decision, by="li", at=START, note=""))
        connection.execute(models.Disclosure.__table__.delete())
    save(store, again(1, fakes.body(1) + "\n补记一句。"), START + DAY)
    assert rows(store, models.Disclosure.key, models.Disclosure.verdict) == [(key, None)]


def test_four_people_in_one_quote_are_four_rows(store: Engine) -> None:
    one = fakes.reading(1)
    four = tuple(
        replace(one.disclosures[0], type="membership", person=name) for name in ("王甲", "李乙", "张丙", "赵丁")
    )
    assert save(store, replace(one, disclosures=four), START).disclosures == 4


def test_http_and_https_copies_are_one_document(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    plain = fakes.link(1).url.replace("https", "http")
    save(store, again(1, url=plain, requested_url=plain), START + DAY)
    assert count(store, models.Document) == 1


def test_an_address_that_leads_to_a_page_read_before_is_that_page(store: Engine) -> None:
    first = save(store, fakes.reading(1), START)
    moved = save(store, again(1, requested_url=fakes.link(2).url), START + DAY)
    assert (moved.document_id, count(store, models.Document)) == (first.document_id, 1)
    assert rows(store, models.Page.id, models.Page.state)[1] == (2, "fetched")


def test_a_block_page_is_a_capture_and_a_state_and_nothing_else(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    before = counts(store)
    blocked = again(1, "请完成安全验证", status=412, block="ruishu")
    saved = save(store, blocked, START + DAY)
    assert saved.document_id is None
    assert counts(store) == {**before, "capture": 2}
    save(store, replace(fakes.reading(2), page=replace(fakes.page(2), block="ruishu")), START)
    assert rows(store, models.Page.id, models.Page.state)[1] == (2, "blocked")
    assert counts(store) == {**before, "capture": 3}


@pytest.mark.parametrize("status", [404, 410, 500, 403])
def test_an_error_answer_is_a_capture_and_no_document(store: Engine, status: int) -> None:
    save(store, fakes.reading(1), START)
    before = counts(store)
    save(store, again(1, "您访问的页面不存在", status=status), START + DAY)
    assert counts(store) == {**before, "capture": 2}


def test_a_list_page_is_a_capture(store: Engine) -> None:
    listed = fakes.page(1, kind="list", url="https://kjt1.example.gov.cn/list1/")
    assert save(store, listed, START).page_id is None
    assert rows(store, models.Capture.kind, models.Capture.page_id) == [("list", None)]


def test_a_page_that_could_not_be_read_is_fetched_with_its_issue(store: Engine) -> None:
    unread = replace(fakes.reading(1), document=None, hits=(), disclosures=(), issues=(Issue("parse-timeout", "3 s"),))
    save(store, unread, START)
    assert rows(store, models.Issue.kind, models.Issue.url) == [("parse-timeout", fakes.link(1).url)]
    assert rows(store, models.Page.id, models.Page.state)[0] == (1, "fetched")
    assert count(store, models.Document) == 0


def test_a_page_without_finds_is_stored_and_not_looked_at_again(store: Engine) -> None:
    save(store, fakes.reading(1, "春季植树活动启动。"), START)
    assert rows(store, models.Page.id, models.Page.next_check_at)[0] == (1, None)
    assert count(store, models.Document) == 1


def test_a_page_that_was_missing_is_restored_by_a_reading(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    Frontier(store).missing(1, 404, START + DAY)
    save(store, again(1, days=2), START + 2 * DAY)
    assert [kind for _, kind in rows(store, models.Event.id, models.Event.kind)] == ["missing", "restored"]


def test_finds_of_a_walk_back_are_found_later_and_edits_after_it_are_news(store: Engine) -> None:
    with writing(store) as connection:
        connection.execute(update(models.Page).where(models.Page.id == 1).values(found_later=True))
    save(store, fakes.reading(1), START)
    assert rows(store, models.Disclosure.id, models.Disclosure.found_later) == [(1, True)]
    changed = again(1, fakes.body(1) + "\n" + fakes.sentence(2))
    news = fakes.disclosure(changed.document.body if changed.document else "", fakes.sentence(2), ordinal=2)
    save(store, replace(changed, disclosures=(*changed.disclosures, news)), START + DAY)
    assert rows(store, models.Disclosure.id, models.Disclosure.found_later) == [(1, True), (2, False)]


def test_what_is_saved_can_be_searched_and_what_was_edited_away_is_marked(store: Engine) -> None:
    save(store, fakes.reading(1), START)
    save(store, again(1, fakes.body(1).replace("科技计划项目", "重大专项")), START + DAY)
    with reading(store) as connection:
        (old,), (new,) = search(connection, "科技计划项目"), search(connection, "重大专项")
    assert (old.current, new.current) == (False, True)


def test_attachments_are_kept_with_the_version(store: Engine) -> None:
    one = fakes.reading(1)
    assert one.document
    file = Attachment("https://kjt1.example.gov.cn/a.pdf", "附件1.pdf")
    save(store, replace(one, document=replace(one.document, attachments=(file,))), START)
    assert rows(store, models.Version.id, models.Version.attachments) == [(1, [{"url": file.url, "name": file.name}])]


def test_what_was_not_archived_is_not_saved(store: Engine) -> None:
    with pytest.raises(ValueError, match="not archived"):
        save(store, replace(fakes.reading(1), page=fakes.page(1, capture=None)), START)
    assert counts(store)["document"] == 0


def test_one_bad_item_takes_no_other_along(store: Engine) -> None:
    bad = replace(fakes.reading(2), page=fakes.page(2, capture=None))
    outcome = save_all(store, [fakes.reading(1), bad, fakes.reading(3)], START)
    assert [type(one).__name__ for one in outcome] == ["Saved", "ValueError", "Saved"]
    assert count(store, models.Document) == 2


def test_an_address_nobody_listed_is_kept_as_a_page(store: Engine) -> None:
    save(store, fakes.reading(77), START)
    assert count(store, models.Page) == 10


def test_the_terms_in_force_can_be_read_with_their_glosses(engine: Engine) -> None:
    terms = load_terms(bundled("keywords.yml"))
    older = terms.model_copy(update={"version": "older", "terms": terms.terms[:1]})
    keep_terms(engine, older, START)
    for _ in range(2):
        keep_terms(engine, terms, START + DAY)
    assert count(engine, models.TermSet) == 2
    with reading(engine) as connection:
        assert {"cstc", "four-facings"} <= {gloss.term for gloss in glosses(connection)}


async def test_the_pipeline_passes_an_item_on_once_it_is_stored(store: Engine) -> None:
    url = store.url.render_as_string(hide_password=False)
    pipeline = SavePipeline(Config(database_url=url, clock_shift=timedelta(0)))
    item = fakes.reading(1)
    passed = await pipeline.process_item(item)
    assert isinstance(passed, Reading)
    assert passed.kept == Kept(new_document=True, hits=1, disclosures=1)
    assert replace(passed, kept=None) == item
    assert count(store, models.Document) == 1
    with pytest.raises(ValueError, match="not archived"):
        await pipeline.process_item(replace(fakes.reading(2), page=fakes.page(2, capture=None)))
    pipeline.close_spider()
