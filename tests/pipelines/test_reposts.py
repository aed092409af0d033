"""A hundred reposts of twenty reports, in any order: twenty stories, each with its earliest source, each one piece of evidence."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.items import Document, Provenance, Reading
from pipelines.save import save
from pipelines.watch import Watch, load_watch, watch_document
from store import models
from store.config import bundled
from store.database import reading
from store.frontier import Frontier
from store.queries.digests import untold
from store.queries.dossier import statements
from tests import fakes
from tests.fakes import START
from tests.pipelines.test_cluster import COPIES, story

STORIES, REPOSTS, SITES = 20, 100, 10
BODY = "中央科技委员会"
FIRST = date(2026, 7, 1)
Rows = Sequence[Any]  # id, cluster, origin and day of each document
DAMAGE: dict[str, Callable[[str], str]] = COPIES


def report(number: int) -> str:
    """A report of one event that discloses one meeting of the body."""
    lines = story(number, 12).split("\n")
    meeting = f"{BODY}第{number + 1}次会议精神在当地{('高校', '企业', '园区', '院所')[number % 4]}传达学习，场面热烈。"
    return "\n".join((*lines[:3], meeting, *lines[3:]))


def reposts() -> list[tuple[int, date, str]]:
    """Which story, on which day, in what words; of each story the first day is one site's alone."""
    chance = random.Random(7)
    made = []
    for number in range(REPOSTS):
        told, copy = number % STORIES, number // STORIES
        how = chance.choice(list(DAMAGE)) if copy else "whole"
        made.append((told, FIRST + timedelta(days=told + 2 * copy), DAMAGE[how](report(told))))
    chance.shuffle(made)
    return made


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


def file(engine: Engine, number: int, day: date, text: str, watch: Watch) -> None:
    site = 1 + number % SITES
    url = fakes.link(number, site).url
    made = fakes.reading(number, text, url=url, requested_url=url, source_id=f"kjt-{site}")
    document = Document(f"第{number}条", text, day)
    hits, found = watch_document(document, watch, Provenance(document.title, published=day))
    hits = hits or (fakes.hit(text, surface=text[:3]),)  # a crawl files what it watches: a copy that lost the name, too
    save(engine, Reading(replace(made.page), "utf-8", "trs", document, hits, found), START)


@pytest.fixture
def filed(engine: Engine, watch: Watch) -> tuple[list[int], Rows, Engine]:
    Frontier(engine).register([fakes.source(n) for n in range(1, SITES + 1)], START)
    made = reposts()
    for number, (_, day, text) in enumerate(made, 1):
        file(engine, number, day, text, watch)
    with reading(engine) as connection:
        query = select(
            models.Document.id, models.Document.cluster_id, models.Cluster.origin_document_id, models.Document.published
        ).outerjoin(models.Cluster, models.Cluster.id == models.Document.cluster_id)
        rows = connection.execute(query.order_by(models.Document.id)).all()
    return [told for told, *_ in made], rows, engine


def test_reposts_are_sorted_into_stories_that_begin_with_the_earliest_and_count_once(
    filed: tuple[list[int], Rows, Engine],
) -> None:
    told, rows, engine = filed
    pairs = [
        (one == other, ours.cluster_id is not None and ours.cluster_id == theirs.cluster_id)
        for (one, ours), (other, theirs) in combinations(zip(told, rows, strict=True), 2)
    ]
    right, wrong, missed = (pairs.count(kind) for kind in ((True, True), (False, True), (True, False)))
    assert 2 * right / (2 * right + wrong + missed) >= 0.95
    earliest = {row.id for row in rows if row.published == FIRST + timedelta(days=told[row.id - 1])}
    assert {row.origin_document_id for row in rows if row.cluster_id is not None} == earliest
    assert len(earliest) == STORIES
    with reading(engine) as connection:
        news = [item for item in untold(connection, START + timedelta(days=1)) if not item.reprint]
        evidence = statements(connection, [BODY], date(2026, 12, 31), ["meeting"])
    assert sorted(item.row.disclosure.ordinal or 0 for item in news) == list(range(1, STORIES + 1))
    assert len({statement.story for statement in evidence}) == STORIES
    assert len(evidence) > 3 * STORIES
