"""First appearances: the earliest page sets the date, only fresh finds are news, reprints count once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from review.dossier.firsts import first_appearances
from store import models
from store.database import reading, writing
from store.queries.first_seen import pair_sightings, role_sightings, term_sightings
from tests.review.rows import Store

TODAY = date(2026, 12, 31)
TEXT = "省委科技委员会召开会议。会议强调坚持四个面向，省委科技委抓好落实。"


@pytest.fixture
def two(store: Store) -> Store:
    """A store with two sources in two provinces."""
    store.source("sichuan-kjt")
    store.source("fujian-kjt", region="350000", name="福建省科学技术厅")
    return store


def firsts(store, ask, *args):
    with reading(store.engine) as connection:
        return first_appearances(ask(connection, *args, TODAY))


def by_scope(found, what):
    return {(f.scope, f.where): f.sighting.place.published for f in found if f.what == what}


def seen(store, source, day, surface="省委科技委员会", **values):
    found_at = values.pop("found_at", store.clock)
    document = store.document(source, TEXT, published=date.fromisoformat(day), **values)
    store.hit(document, surface, found_at=found_at, found_later=values.get("found_later", False))
    return document


def test_a_form_appears_first_anywhere_in_a_province_and_in_a_source(two):
    seen(two, "sichuan-kjt", "2026-08-20")
    seen(two, "fujian-kjt", "2026-08-25")
    seen(two, "fujian-kjt", "2026-08-30")

    found = firsts(two, term_sightings, "local-stc")

    assert by_scope(found, ("local-stc", "省委科技委员会")) == {
        ("anywhere", ""): date(2026, 8, 20),
        ("province", "510000"): date(2026, 8, 20),
        ("source", "sichuan-kjt"): date(2026, 8, 20),
        ("province", "350000"): date(2026, 8, 25),
        ("source", "fujian-kjt"): date(2026, 8, 25),
    }
    assert {f.stories for f in found if f.where in ("350000", "fujian-kjt")} == {2}


def test_each_form_of_a_term_has_its_own_first(two):
    seen(two, "sichuan-kjt", "2026-08-25", "省委科技委员会")
    seen(two, "fujian-kjt", "2026-08-20", "省委科技委")

    with reading(two.engine) as connection:
        forms = term_sightings(connection, "local-stc", TODAY)

    of_forms = {f.what[1]: f.sighting.place.published for f in first_appearances(forms) if f.scope == "anywhere"}
    assert of_forms == {"省委科技委员会": date(2026, 8, 25), "省委科技委": date(2026, 8, 20)}


def test_what_is_found_later_sets_the_date_and_is_never_news(two):
    old = datetime(2026, 9, 1, tzinfo=UTC)
    seen(two, "sichuan-kjt", "2026-08-20", found_at=old)
    seen(two, "sichuan-kjt", "2023-07-17", found_at=datetime(2026, 9, 20, tzinfo=UTC), found_later=True)

    anywhere = next(f for f in firsts(two, term_sightings, "local-stc") if f.scope == "anywhere")

    assert anywhere.sighting.place.published == date(2023, 7, 17)
    assert not anywhere.news


def test_a_fresh_find_is_news_once(two):
    day = datetime(2026, 9, 1, 1, tzinfo=UTC)
    seen(two, "sichuan-kjt", "2026-09-01", found_at=day)
    found = firsts(two, term_sightings, "local-stc")

    assert {f.scope for f in found if f.news} == {"anywhere", "province", "source"}


def test_pages_of_one_crawl_are_news_in_whatever_order_they_were_found(two):
    seen(two, "sichuan-kjt", "2026-09-02", found_at=datetime(2026, 9, 2, 1, 0, tzinfo=UTC))
    seen(two, "sichuan-kjt", "2026-09-01", found_at=datetime(2026, 9, 2, 1, 1, tzinfo=UTC))

    anywhere = next(f for f in firsts(two, term_sightings, "local-stc") if f.scope == "anywhere")

    assert anywhere.news and anywhere.sighting.place.published == date(2026, 9, 1)


def test_an_older_page_found_on_a_later_day_is_no_news(two):
    seen(two, "sichuan-kjt", "2026-09-01", found_at=datetime(2026, 9, 1, 1, tzinfo=UTC))
    seen(two, "sichuan-kjt", "2026-08-30", found_at=datetime(2026, 9, 3, 1, tzinfo=UTC))

    anywhere = next(f for f in firsts(two, term_sightings, "local-stc") if f.scope == "anywhere")

    assert not anywhere.news and anywhere.sighting.place.published == date(2026, 8, 30)


def cluster_of(store, **values):
    origin = seen(store, "sichuan-kjt", "2026-08-20")
    copy = seen(store, "fujian-kjt", "2026-08-01", **values)
    number = store.cluster(origin_document_id=origin)
    with writing(store.engine) as connection:
        members = update(models.Document).where(models.Document.id.in_((origin, copy)))
        connection.execute(members.values(cluster_id=number))
    return origin, copy


def test_reprints_count_once_are_no_news_and_do_not_move_the_date(two):
    origin, copy = cluster_of(two)
    found = firsts(two, term_sightings, "local-stc")

    anywhere = next(f for f in found if f.scope == "anywhere")
    assert (anywhere.sighting.place.document_id, anywhere.stories, anywhere.news) == (origin, 1, True)
    there = next(f for f in found if f.where == "fujian-kjt")
    assert (there.sighting.place.document_id, there.news) == (copy, False)
    assert there.sighting.place.published == date(2026, 8, 20)


def test_a_copy_that_adds_a_form_of_its_own_is_news(two):
    cluster_of(two, surface="省委科技委")

    anywhere = next(
        f for f in firsts(two, term_sightings, "local-stc") if f.scope == "anywhere" and f.what[1] == "省委科技委"
    )

    assert anywhere.news


def test_a_suspect_hit_is_no_appearance(two):
    document = two.document("sichuan-kjt", TEXT)
    two.hit(document, "省委科技委员会", status="suspect")

    assert firsts(two, term_sightings, "local-stc") == ()


def test_a_person_in_a_role_appears_first(two):
    older = two.document("sichuan-kjt", published=date(2024, 6, 18))
    two.disclosure(older, person="周明远", role="主任")
    newer = two.document("fujian-kjt", published=date(2026, 2, 27))
    two.disclosure(newer, person="周明远", role="主任")
    two.disclosure(newer, person="周明远", role="副主任")
    two.disclosure(newer, person="李远山", role="主任", verdict="rejected")

    found = firsts(two, role_sightings, "四川省委科技委员会")

    assert by_scope(found, ("周明远", "主任"))[("anywhere", "")] == date(2024, 6, 18)
    assert by_scope(found, ("周明远", "副主任"))[("anywhere", "")] == date(2026, 2, 27)
    assert "李远山" not in {f.what[0] for f in found}


def test_a_pair_is_told_by_sentence_and_by_document(two):
    apart = two.document("sichuan-kjt", "省委科技委员会召开会议。会议强调坚持四个面向。", published=date(2026, 8, 1))
    two.hit(apart, "省委科技委员会")
    two.hit(apart, "四个面向", "four-facings")
    together = two.document("sichuan-kjt", "省委科技委员会强调坚持四个面向。", published=date(2026, 8, 9))
    two.hit(together, "省委科技委员会")
    two.hit(together, "四个面向", "four-facings")

    found = firsts(two, pair_sightings, "local-stc", "four-facings")

    assert by_scope(found, ("local-stc", "four-facings", "document"))[("anywhere", "")] == date(2026, 8, 1)
    assert by_scope(found, ("local-stc", "four-facings", "sentence"))[("anywhere", "")] == date(2026, 8, 9)


def test_a_day_in_the_past_knows_nothing_of_later_finds(two):
    seen(two, "sichuan-kjt", "2026-08-20", found_at=datetime(2026, 9, 2, 1, tzinfo=UTC))

    with reading(two.engine) as connection:
        assert term_sightings(connection, "local-stc", date(2026, 9, 1)) == ()
        assert len(term_sightings(connection, "local-stc", date(2026, 9, 2))) == 1
