"""Clusters: the same story on other sites is one story, with its origin; a copy whose facts differ is not merged."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.items import Reading
from pipelines.cluster import ALIKE, Fact, containment, disagreements, plain, shingles, weights
from pipelines.save import save
from store import models
from store.database import reading
from store.frontier import Frontier
from tests import fakes
from tests.fakes import START

ACTS = ("部署", "听取", "研究", "审议", "讨论", "通报", "检查", "总结", "评估", "安排", "协调", "督促")
THINGS = (
    "科研经费",
    "实验室建设",
    "人才引进",
    "成果转化",
    "开放合作",
    "平台运行",
    "企业研发",
    "产业升级",
    "数据共享",
    "仪器采购",
)
WHERE = ("在会上", "近日", "按照要求", "围绕目标", "结合实际", "从年初起", "在全省范围内", "会同有关部门")


def story(number: int, sentences: int = 12) -> str:
    """A made-up report; no two numbers tell the same."""
    chance = random.Random(number)
    parts = (
        f"{chance.choice(WHERE)}，第{chance.randrange(100, 999)}工作组{chance.choice(ACTS)}了{chance.choice(THINGS)}"
        f"和{chance.choice(THINGS)}，涉及{chance.randrange(2, 99)}个单位、{chance.randrange(100, 9999)}人"
        for _ in range(sentences)
    )
    return "。\n".join(parts) + "。"


def alike(one: str, other: str) -> float:
    """How much of the smaller text stands in the other, all shingles weighing the same."""
    ours, theirs = shingles(plain(one)), shingles(plain(other))
    return containment(ours, theirs, dict.fromkeys(ours | theirs, 1.0))


COPIES = {
    "whole": lambda text: text,
    "cut off": lambda text: text[: len(text) // 2],
    "re-titled": lambda text: "重磅消息来了\n" + text + "\n责任编辑：小王　来源：转载",
    "traditional": lambda text: (
        text.replace("实验室", "實驗室").replace("经费", "經費").replace("单位", "單位").replace("会", "會")
    ),
    "glossed": lambda text: text.replace("企业", "企(🤳)业").replace("人才", "人 才"),
    "broken into lines": lambda text: "\n".join(text[start : start + 17] for start in range(0, len(text), 17)),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_recognised(how: str) -> None:
    assert all(alike(story(number), COPIES[how](story(number))) >= ALIKE for number in range(20))


def test_different_stories_are_not_alike() -> None:
    assert max(alike(story(one), story(other)) for one, other in combinations(range(30), 2)) < ALIKE


def test_a_hundred_reposts_are_sorted_into_their_stories() -> None:
    chance = random.Random(1)
    reposts = [(number % 20, chance.choice(list(COPIES.values()))(story(number % 20))) for number in range(100)]
    pieces = [shingles(plain(text)) for _, text in reposts]
    counts: dict[int, int] = {}
    for each in pieces:
        for piece in each:
            counts[piece] = counts.get(piece, 0) + 1
    weight = weights(counts, len(reposts))
    right = wrong = missed = 0
    for (one, ours), (other, theirs) in combinations([(n, p) for (n, _), p in zip(reposts, pieces, strict=True)], 2):
        found = containment(ours, theirs, weight) >= ALIKE
        right += found and one == other
        wrong += found and one != other
        missed += not found and one == other
    assert 2 * right / (2 * right + wrong + missed) >= 0.95


def test_boilerplate_does_not_make_two_texts_alike() -> None:
    footer = story(99, 8)
    one, other = story(1, 2) + footer, story(2, 2) + footer
    ours, theirs, common = shingles(plain(one)), shingles(plain(other)), shingles(plain(footer))
    assert containment(ours, theirs, dict.fromkeys(ours | theirs, 1.0)) >= ALIKE
    counts = {piece: 50_000 if piece in common else 1 for piece in ours | theirs}
    assert containment(ours, theirs, weights(counts, 60_000)) < ALIKE


def test_an_empty_text_is_like_nothing() -> None:
    assert alike("", story(1)) == 0.0


def test_shingles_are_the_same_in_every_process() -> None:
    assert sum(shingles("中央科技委员会召开第三次会议", sample=1)) == sum(
        shingles("中央科技委员会召开第三次会议", sample=1)
    )
    assert min(shingles("中央科技委员会召开第三次会议", sample=1)) >= 0
    assert max(shingles(story(1))) < 2**63


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Fact("省委科技委员会第二次会议6月18日召开"), Fact("省委科技委员会第三次会议6月18日召开")),
        (
            Fact("会议由省委书记王甲同志主持并讲话", person="王甲"),
            Fact("会议由省委书记李乙同志主持并讲话", person="李乙"),
        ),
        (Fact("会议审议通过了有关工作规则", outcome="passed"), Fact("会议审议了有关工作规则", outcome="deliberated")),
    ],
)
def test_another_number_person_or_outcome_in_the_same_sentence_is_a_disagreement(ours: Fact, theirs: Fact) -> None:
    assert disagreements([ours], [theirs]) == [(ours.quote, theirs.quote)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([Fact("省委科技委员会第二次会议召开", ordinal=2)], []),
        ([Fact("省委科技委员会第二次会议召开")], [Fact("省委科技委員會 第二次会议召开")]),
        ([Fact("省委科技委员会第二次会议召开")], [Fact("四川省委书记王甲兼任委员会主任", person="王甲")]),
        (
            [Fact("甲、乙任副主任", person="甲"), Fact("甲、乙任副主任", person="乙")],
            [Fact("甲、乙任副主任", person="甲")],
        ),
    ],
)
def test_what_a_copy_leaves_out_or_writes_differently_is_none(ours: Sequence[Fact], theirs: Sequence[Fact]) -> None:
    assert disagreements(ours, theirs) == []


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A store with a department, a ministry and a paper."""
    sources = [
        replace(fakes.source(n), tier=tier) for n, tier in ((1, "province"), (2, "ministry"), (3, "official-media"))
    ]
    Frontier(engine).register(sources, START)
    return engine


def told(number: int, text: str, source: int, day: date = date(2026, 8, 3), **values: Any) -> Reading:
    """A reading of a text on the site of a source."""
    url = fakes.link(number, source).url
    made = fakes.reading(number, text, url=url, requested_url=url, source_id=f"kjt-{source}")
    assert made.document
    hits = made.hits or (fakes.hit(text, surface=text[:3]),)
    return replace(made, document=replace(made.document, published=day), hits=hits, **values)


def clusters(engine: Engine) -> list[int | None]:
    with reading(engine) as connection:
        return list(connection.execute(select(models.Document.cluster_id).order_by(models.Document.id)).scalars())


def origins(engine: Engine) -> list[int | None]:
    with reading(engine) as connection:
        return list(connection.execute(select(models.Cluster.origin_document_id)).scalars())


def test_reprints_are_one_story_and_another_report_is_none_of_it(store: Engine) -> None:
    for number, text in enumerate((story(1), story(2), story(1)[:300], "转载\n" + story(1)), 1):
        save(store, told(number, text, 1 + number % 3), START)
    one, other, cut, whole = clusters(store)
    assert one == cut == whole is not None
    assert other is None


def test_the_origin_is_the_earliest_and_of_one_day_the_most_official(store: Engine) -> None:
    save(store, told(1, story(1), 3, date(2026, 8, 3)), START)
    save(store, told(2, story(1), 1, date(2026, 8, 3)), START)
    assert origins(store) == [2]
    save(store, told(3, story(1), 2, date(2026, 8, 3)), START)
    assert origins(store) == [3]
    save(store, told(4, story(1), 3, date(2026, 8, 2)), START)
    assert origins(store) == [4]


def test_a_copy_whose_facts_differ_is_flagged_and_not_merged(store: Engine) -> None:
    ours, theirs = (story(1) + "\n" + fakes.sentence(number) for number in (2, 3))
    first = fakes.disclosure(ours, fakes.sentence(2), ordinal=2)
    second = fakes.disclosure(theirs, fakes.sentence(3), ordinal=3)
    save(store, told(1, ours, 1, disclosures=(first,)), START)
    save(store, told(2, theirs, 2, disclosures=(second,)), START)
    assert clusters(store) == [None, None]
    with reading(store) as connection:
        ((kind, detail),) = connection.execute(select(models.Event.kind, models.Event.detail)).all()
    assert kind == "copy-differs"
    assert fakes.sentence(2) in detail
    assert fakes.sentence(3) in detail


def test_two_stories_that_turn_out_to_be_one_become_one_cluster(store: Engine) -> None:
    halves = story(1, 24)
    head, tail = halves[: len(halves) // 2], halves[len(halves) // 2 :]
    for number, text in enumerate((head, head, tail, tail), 1):
        save(store, told(number, text, 1 + number % 3), START)
    assert len(set(clusters(store))) == 2
    save(store, told(5, halves, 1), START)
    assert len(set(clusters(store))) == 1
    assert len(origins(store)) == 1


def test_a_document_that_changed_is_compared_as_it_is_now(store: Engine) -> None:
    save(store, told(1, story(1), 1), START)
    save(store, told(2, story(2), 2), START)
    later = told(2, story(1), 2)
    moved = fakes.page(
        2, url=later.page.url, requested_url=later.page.url, source_id="kjt-2", fetched_at=START + timedelta(1)
    )
    save(store, replace(later, page=moved), START + timedelta(days=1))
    one, other = clusters(store)
    assert one == other is not None
