"""In the store a document without a day borrows dates from its copies, in whatever order they come."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.items import Document, Provenance, Reading
from pipelines.rematch import rematch
from pipelines.save import save
from pipelines.watch import Watch, load_watch, watch_document
from store import models
from store.config import bundled
from store.database import reading
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START

FILES = bundled("keywords.yml"), bundled("disclosures.yml")
MEETING = "昨日，甘肃省委科技委员会第二次会议在兰州召开，听取了三项重点任务的进展，研究了下一步的安排。"
REPORT = (
    "入夏以来，省里接连晒出科技工作的新打算，不少企业主动找上门来对接。" + MEETING + "\n"
    "与会人员走进实验室，同一线的科研人员面对面交谈，当场答复了两件难事，还约定秋天再来看结果。\n"
    "有关部门介绍，今年头几个月全省技术合同成交额比上年同期多了一成半，新登记的科技型企业超过两千家。\n"
)
OTHER = (
    "连日来，市里的气温一路走高，气象台接连发布三次预警，提醒市民减少外出，注意防暑降温。\n"
    "交通部门答复读者来信说，公交线路的调整方案仍在征求意见，最快下个月公布，届时另行通知。\n"
    "城南的菜市场翻修一新，摊主们说，搬回来以后客流比从前多了，只是停车还不方便。\n"
)
WIND = "平台导航：首页、资讯、直播、登录。" + "".join(f"第{n}条推荐阅读与上文无关，仅供消遣。" for n in range(9))


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(*FILES)


@pytest.fixture
def store(engine: Engine) -> Engine:
    Frontier(engine).register([fakes.source(n) for n in (1, 2, 3)], START)
    return engine


def told(number: int, text: str, day: date | None, watch: Watch) -> Reading:
    """What a crawl makes of a text on the site of a source."""
    url = fakes.link(number, number).url
    made = fakes.reading(number, text, url=url, requested_url=url, source_id=f"kjt-{number}")
    document = Document(f"第{number}条", text, day)
    hits, found = watch_document(document, watch, Provenance(document.title, published=day))
    return Reading(made.page, "utf-8", "trs", document, hits, found)


def meetings(engine: Engine) -> dict[int, tuple[Any, ...]]:
    query = select(models.Disclosure).where(models.Disclosure.type == "meeting").order_by(models.Disclosure.id)
    with reading(engine) as connection:
        return {row.document_id: (row.date, row.date_precision, row.date_from) for row in connection.execute(query)}


def test_an_undated_copy_that_comes_later_is_dated_by_the_first(store: Engine, watch: Watch) -> None:
    save(store, told(1, REPORT, date(2026, 8, 3), watch), START)
    save(store, told(2, "来源：网络\n" + REPORT, None, watch), START)
    assert meetings(store) == {1: ("2026-08-02", "day", None), 2: ("2026-08-02", "day", fakes.link(1, 1).url)}


def test_an_undated_copy_that_came_first_is_dated_when_the_dated_one_comes(store: Engine, watch: Watch) -> None:
    save(store, told(2, "来源：网络\n" + REPORT, None, watch), START)
    assert meetings(store) == {1: (None, None, None)}
    save(store, told(1, REPORT, date(2026, 8, 3), watch), START)
    assert meetings(store)[1] == ("2026-08-02", "day", fakes.link(1, 1).url)


def test_an_earlier_copy_takes_over_from_a_later_one(store: Engine, watch: Watch) -> None:
    for number, day in ((3, date(2026, 8, 20)), (2, None), (1, date(2026, 8, 3))):
        save(store, told(number, REPORT + f"第{number}版", day, watch), START)
    assert meetings(store)[2] == ("2026-08-02", "day", fakes.link(1, 1).url)
    with reading(store) as connection:
        published = connection.execute(select(models.Document.published).order_by(models.Document.id)).scalars().all()
    assert published == [date(2026, 8, 20), None, date(2026, 8, 3)]


def test_a_page_pieced_together_borrows_though_it_is_no_copy_of_the_story(store: Engine, watch: Watch) -> None:
    save(store, told(1, REPORT + OTHER, date(2026, 8, 3), watch), START)
    save(store, told(2, WIND + REPORT[: len(REPORT) // 2] + WIND[::-1], None, watch), START)
    with reading(store) as connection:
        assert connection.execute(select(models.Document.cluster_id)).scalars().all() == [None, None]
    assert meetings(store)[2] == ("2026-08-02", "day", fakes.link(1, 1).url)


def test_a_report_of_its_own_without_a_day_borrows_nothing(store: Engine, watch: Watch) -> None:
    save(store, told(1, REPORT, date(2026, 8, 3), watch), START)
    save(store, told(2, OTHER + MEETING[3:], None, watch), START)
    assert meetings(store)[2] == (None, None, None)


@pytest.mark.parametrize("lent", [True, False])
def test_a_rematch_keeps_what_was_lent_and_lends_what_was_not(
    tmp_path: Path, store: Engine, watch: Watch, lent: bool
) -> None:
    save(store, told(1, REPORT, date(2026, 8, 3), watch), START)
    save(store, told(2, REPORT, None, watch), START)
    if not lent:
        table = models.table_of(models.Disclosure)
        with store.begin() as connection:
            no_loan = {"date": None, "date_precision": None, "date_from": None}
            connection.execute(table.update().where(table.c.document_id == 2).values(no_loan))
    rematch(store, FILES, datetime(2026, 9, 2, tzinfo=START.tzinfo))
    assert meetings(store)[2] == ("2026-08-02", "day", fakes.link(1, 1).url)
