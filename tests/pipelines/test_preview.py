"""Before a term is in force an analyst sees what it would have found, and is warned of one that would flood the queue."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from sqlalchemy import Engine, func, select

from pipelines.match import Finder
from pipelines.preview import Preview, as_watched, floods, preview, with_phrase
from pipelines.save import save
from pipelines.terms import Term, Terms
from store import models
from store.database import reading
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START
from tests.pipelines.finding import bundled_finder

LAST = date(2026, 8, 30)
NOW = START


def term(**values: object) -> Term:
    plain = {"id": "quantum-lab", "canonical": "量子信息实验室", "gloss": "x", "kind": "platform", "weight": 5}
    return Term.model_validate({**plain, **values})


@cache
def finder(*terms: Term) -> Finder:
    return Finder(Terms(terms=terms), segment=False)


def publish(engine: Engine, texts: list[tuple[date | None, str]], source: int = 1) -> None:
    """Store one document for each day and text, of one source, in which nothing was looked for."""
    Frontier(engine).register([fakes.source(source)], START)
    with reading(engine) as connection:
        stored = connection.execute(select(func.count()).select_from(models.Document)).scalar_one()
    for number, (day, text) in enumerate(texts, 1000 * source + stored):
        plain = fakes.reading(number)
        page = replace(
            plain.page,
            source_id=f"kjt-{source}",
            url=plain.page.url.replace("kjt1", f"kjt{source}"),
            column_url=plain.page.column_url.replace("kjt1", f"kjt{source}"),
        )
        document = fakes.document(number, title=f"第{number}号", body=text, published=day)
        save(engine, replace(plain, page=page, document=document, hits=(), disclosures=()), START)


def shown(engine: Engine, tried: Term, *others: Term, since: date | None = None) -> Preview:
    with reading(engine) as connection:
        return preview(connection, finder(tried, *others), tried, NOW, since)


def test_documents_are_counted_by_month_and_by_kind_of_publisher(sqlite_engine: Engine) -> None:
    sentence = "量子信息實驗室今日揭牌。量子信息\n实验室到了。"
    publish(sqlite_engine, [(date(2026, 6, 1), sentence), (LAST, sentence), (LAST, "与此无关。")])

    seen = shown(sqlite_engine, term())

    assert (seen.documents, seen.stored, seen.confirmed, seen.suspect) == (2, 3, 4, 0)
    assert seen.months == (("2026-06", 1), ("2026-08", 1))
    assert seen.tiers == (("province", 2),)


def test_five_samples_come_from_as_many_publishers_as_there_are(sqlite_engine: Engine) -> None:
    for source in (1, 2):
        publish(sqlite_engine, [(LAST, f"量子信息实验室第{n}次开放。") for n in range(4)], source)

    seen = shown(sqlite_engine, term())

    assert len(seen.samples) == 5
    assert {sample.source for sample in seen.samples[:2]} == {"第1科技厅", "第2科技厅"}
    assert all("量子信息实验室" in sample.context for sample in seen.samples)


def test_a_suspect_place_is_told_with_its_reason_and_no_document(sqlite_engine: Engine) -> None:
    publish(sqlite_engine, [(LAST, "量子信息实验室开放。")])

    seen = shown(sqlite_engine, term(requires={"any": ["合肥"], "within": 9}))

    assert (seen.documents, seen.suspect) == (0, 1)
    assert "合肥" in seen.samples[0].why


def test_a_place_that_a_longer_term_takes_is_not_counted(sqlite_engine: Engine) -> None:
    publish(sqlite_engine, [(LAST, "量子信息实验室联盟成立。")])
    longer = term(id="alliance", canonical="量子信息实验室联盟")

    assert shown(sqlite_engine, term(), longer).confirmed == 0
    assert shown(sqlite_engine, longer, term()).confirmed == 1


def test_only_documents_since_a_day_are_counted_undated_ones_from_when_they_were_seen(sqlite_engine: Engine) -> None:
    publish(sqlite_engine, [(date(2026, 6, 1), "量子信息实验室。"), (None, "量子信息实验室。")])

    assert shown(sqlite_engine, term(), since=date(2026, 7, 1)).months == (("2026-09", 1),)


def test_forms_weak_forms_and_patterns_are_looked_for(sqlite_engine: Engine) -> None:
    publish(
        sqlite_engine, [(LAST, "量子实验室。"), (LAST, "量子中心。"), (LAST, "合肥量子院。"), (LAST, "上海量子院。")]
    )
    patterns = [{"find": "(?:合肥|济南)量子院", "anchor": "量子院"}]

    seen = shown(sqlite_engine, term(aliases=["量子实验室"], weak=["量子中心"], patterns=patterns))

    assert (seen.confirmed, seen.suspect) == (2, 1)


def test_the_pace_is_that_of_the_last_days_of_the_store(sqlite_engine: Engine) -> None:
    old = [(date(2026, 1, 1), "量子信息实验室。")] * 5
    recent = [(LAST - timedelta(days=n), "量子信息实验室。") for n in range(15)]
    publish(sqlite_engine, [*old, *recent])

    seen = shown(sqlite_engine, term())

    assert (seen.documents, seen.pace) == (20, 0.5)


def test_an_empty_store_has_no_pace(sqlite_engine: Engine) -> None:
    assert shown(sqlite_engine, term()).pace is None


@pytest.mark.parametrize(
    ("values", "warned"), [({}, True), ({"queue": False}, False), ({"watch": False}, False), ({"weight": 3}, False)]
)
def test_a_term_that_would_flood_the_queue_is_named(
    sqlite_engine: Engine, values: dict[str, object], warned: bool
) -> None:
    publish(sqlite_engine, [(LAST, f"各地第{n}次推进高质量发展。") for n in range(12)])
    publish(sqlite_engine, [(LAST, "量子信息实验室开放。")], 2)
    flood = term(id="flood", canonical="高质量发展", **values)

    with reading(sqlite_engine) as connection:
        found = floods(connection, finder(flood, term()), NOW, most=10)

    assert [seen.term for seen in found] == (["flood"] if warned else [])


def test_a_phrase_becomes_a_term_or_is_the_one_it_belongs_to() -> None:
    terms = bundled_finder().terms

    assert with_phrase(terms, "中央科技委員會")[1].id == "cstc"
    more, tried = with_phrase(terms, "量子信息實驗室")
    assert (tried.canonical, more.by_id[tried.id]) == ("量子信息实验室", tried)


def test_a_term_that_is_not_watched_is_previewed_as_if_it_were(sqlite_engine: Engine) -> None:
    publish(sqlite_engine, [(LAST, "量子信息实验室开放。")])
    sleeping = term(watch=False)

    terms, watched = as_watched(Terms(terms=(sleeping,)), sleeping)

    with reading(sqlite_engine) as connection:
        assert preview(connection, Finder(terms, segment=False), watched, NOW).documents == 1


@pytest.mark.postgres
def test_on_either_database_it_is_the_same(engine: Engine) -> None:
    publish(engine, [(LAST, "量子信息实验室开放。"), (LAST, "与此无关。")])

    assert shown(engine, term()).documents == 1
