"""A statement sent straight to the driver gives and takes what SQLAlchemy would."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, bindparam, func, select

from store import models
from store.database import reading, writing
from store.frontier import Frontier
from store.models import table_of
from store.prepared import Prepared
from tests import fakes
from tests.fakes import START

PAGE = table_of(models.Page)
ADD = Prepared(PAGE.insert().returning(PAGE.c.id))
HERE = select(PAGE).where(PAGE.c.canonical == bindparam("address"))
CHANGE = Prepared(PAGE.update().where(PAGE.c.id == bindparam("page")))
ROW = {
    "url": "https://www.example.gov.cn/一.html",
    "canonical": "example.gov.cn/a.html",
    "source_id": fakes.source(1).id,
    "found_at": datetime(2026, 3, 1, 20, 5, 7, 123, tzinfo=UTC),
    "found_published": date(2026, 3, 2),
    "found_title": "%s 和 :id 都是文字",
}


@pytest.fixture
def with_a_page(engine: Engine) -> Engine:
    Frontier(engine).register([fakes.source(1)], START)
    with writing(engine) as connection:
        assert ADD.value(connection, ROW) == 1
    return engine


def test_what_is_written_is_read_back_by_either_way(with_a_page: Engine) -> None:
    with reading(with_a_page) as connection:
        found = Prepared(HERE).row(connection, {"address": ROW["canonical"]})
        usual = connection.execute(HERE, {"address": ROW["canonical"]}).one()
    assert found._asdict() == usual._asdict()
    assert found._asdict().items() >= ROW.items()
    assert (found.state, found.found_later, found.attempts) == ("pending", False, 0)


def test_only_the_named_columns_are_changed(with_a_page: Engine) -> None:
    with writing(with_a_page) as connection:
        CHANGE.run(connection, {"page": 1, "attempts": 3, "fetched_at": START})
        CHANGE.run(connection, {"page": 1, "attempts": 4})
        found = connection.execute(select(PAGE)).one()
    assert (found.attempts, found.fetched_at, found.found_title) == (4, START, ROW["found_title"])


def test_nothing_found_is_none(engine: Engine) -> None:
    with reading(engine) as connection:
        assert Prepared(HERE).row(connection, {"address": "nowhere"}) is None
        assert Prepared(HERE).value(connection, {"address": "nowhere"}) is None


def test_what_fails_is_rolled_back_with_all_that_was_sent_before(with_a_page: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"), writing(with_a_page) as connection:
        CHANGE.run(connection, {"page": 1, "attempts": 9})
        ADD.run(connection, ROW)
    with reading(with_a_page) as connection:
        assert connection.execute(select(func.max(PAGE.c.attempts))).scalar_one() == 0
