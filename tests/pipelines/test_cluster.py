"""Clusters: the same story on other sites is one story, with its origin; a copy whose facts differ is not merged."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Engine, select

from crawler.items import Reading
from pipelines.cluster import ALIKE, containment, in_one_run, likeness_wanted, plain, shingles, weighed, weights
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
    """How much of the smaller text stands in the other in one run, all pieces weighing the same."""
    return in_one_run(weighed(plain(one), {}), weighed(plain(other), {}))


COPIES = {
    "whole": lambda text: text,
    "cut off": lambda text: text[: len(text) // 2],
    "re-titled": lambda text: "重磅消息来了\n" + text + "\n责任编辑：小王　来源：转载",
    "traditional": lambda text: (
        text.replace("实验室", "實驗室").replace("经费", "經費").replace("单位", "單位").replace("会", "會")
    ),
    "glossed": lambda text: text.replace("企业", "企(🤳)业").replace("人才", "人 才"),
    "broken into lines": lambda text: "\n".join(text[start : start + 17] for start in range(0, len(text), 17)),
    "re-dated": lambda text: "发布时间：2025-06-01 10:10:14　浏览量：68623\n" + text,
    "damaged": lambda text: "".join(character for at, character in enumerate(text) if at % 60),
    "a sentence lost": lambda text: "\n".join(line for at, line in enumerate(text.split("\n")) if at != 5),
    "second page": lambda text: text[len(text) // 3 :],
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_recognised(how: str) -> None:
    assert all(alike(story(number), COPIES[how](story(number))) >= ALIKE for number in range(20))


def test_different_stories_are_not_alike() -> None:
    assert max(alike(story(one), story(other)) for one, other in combinations(range(30), 2)) < ALIKE


def test_a_hundred_reposts_are_sorted_into_their_stories() -> None:
    chance = random.Random(1)
    reposts = [(number % 20, chance.choice(list(COPIES.values()))(story(number % 20))) for number in range(100)]
    counts: dict[int, int] = {}
    for _, text in reposts:
        for piece in shingles(plain(text)):
            counts[piece] = counts.get(piece, 0) + 1
    weight = weights(counts, len(reposts))
    cut = [weighed(plain(text), weight) for _, text in reposts]
    right = wrong = missed = 0
    for (one, ours), (other, theirs) in combinations([(n, p) for (n, _), p in zip(reposts, cut, strict=True)], 2):
        found = in_one_run(ours, theirs) >= ALIKE
        right += found and one == other
        wrong += found and one != other
        missed += not found and one == other
    assert 2 * right / (2 * right + wrong + missed) >= 0.95


def test_boilerplate_does_not_make_two_texts_alike() -> None:
    footer = story(99, 8)
    one, other = story(1, 2) + footer, story(2, 2) + footer
    common = shingles(plain(footer))
    assert alike(one, other) >= ALIKE
    counts = {piece: 50_000 if piece in common else 1 for piece in shingles(plain(one)) | shingles(plain(other))}
    weight = weights(counts, 60_000)
    assert in_one_run(weighed(plain(one), weight), weighed(plain(other), weight)) < ALIKE


def test_passages_picked_here_and_there_make_no_copy() -> None:
    lines = story(1, 14).split("\n")
    picked = "\n".join(lines[at] for at in (2, 5, 8, 11, 13))
    ours, theirs = weighed(plain(picked), {}), weighed(plain("\n".join(lines)), {})
    assert containment(ours, theirs) >= 0.8
    assert in_one_run(ours, theirs) < ALIKE


def test_a_short_text_must_be_more_alike_than_a_long_one() -> None:
    assert likeness_wanted(120) > likeness_wanted(1200)


def test_an_empty_text_is_like_nothing() -> None:
    assert alike("", story(1)) == 0.0


def test_shingles_are_the_same_in_every_process() -> None:
    assert sum(shingles("中央科技委员会召开第三次会议")) == sum(shingles("中央科技委员会召开第三次会议"))
    assert min(shingles("中央科技委员会召开第三次会议")) >= 0
    assert max(shingles(story(1))) < 2**63


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
    for number, text in enumerate((story(1), story(2), story(1)[:400], "转载\n" + story(1)), 1):
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


def saved(engine: Engine, *texts: str | tuple[str, str]) -> list[int | None]:
    """Save texts (or title and text) of different sites and return their clusters."""
    for number, text in enumerate(texts, 1):
        title, body = text if isinstance(text, tuple) else (f"第{number}条工作动态", text)
        made = told(number, body, 1 + number % 3)
        assert made.document
        save(engine, replace(made, document=replace(made.document, title=title)), START)
    return clusters(engine)


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_filed_with_its_story(store: Engine, how: str) -> None:
    one, other, copy = saved(store, story(1), story(2), COPIES[how](story(1)))
    assert one == copy is not None
    assert other is None


def test_one_meeting_reported_by_two_hands_is_two_stories(store: Engine) -> None:
    fact = "6月18日，省委科技委员会第二次会议在省城召开，省委书记周明主持会议并讲话，审议通过有关文件。"
    one = fact + "会议指出，要把科技创新摆在突出位置，抓好企业主体地位，办好高校院所，用好每一笔经费。" + story(1, 5)
    other = "本报记者获悉，昨日召开的这次会议议程有三项。" + fact + "记者了解到，与会人员讨论了两个小时。" + story(2, 5)
    assert saved(store, one, other) == [None, None]


def test_a_shared_sentence_on_duties_makes_no_copy(store: Engine) -> None:
    duty = (
        "省委科技委员会负责加强对全省科技工作的集中统一领导，统筹推进创新体系建设和科技体制改革，研究审议重大战略、"
        "重大规划和重大政策，统筹解决战略性、方向性、全局性的重大问题，办公室设在省科学技术厅。"
    )
    assert saved(store, *(story(number, 4) + "\n" + duty for number in range(1, 6))) == [None] * 5


PLAN = ("省城科技创新走廊建设三年行动方案", "省城科技创新走廊建设三年行动方案\n" + story(5))


@pytest.mark.parametrize(
    "title",
    [
        "关于印发《省城科技创新走廊建设三年行动方案》的通知",
        "省政府办公厅关于印发省城科技创新走廊建设三年行动方案的通知",
    ],
)
def test_a_notice_and_the_plan_that_it_issues_are_one_publication(store: Engine, title: str) -> None:
    notice = (title, "各市人民政府：\n现将方案印发给你们，请结合实际抓好落实，遇到的问题及时反馈办公厅综合处。")
    one, other, plan = saved(store, notice, story(3), PLAN)
    assert one == plan is not None
    assert other is None


@pytest.mark.parametrize(
    "title",
    [
        "转发省政府《关于印发《省城科技创新走廊建设三年行动方案》的通知》的通知",
        "关于印发《行动方案》的通知",
        "《省城科技创新走廊建设三年行动方案》解读",
    ],
)
def test_who_passes_a_plan_on_or_explains_it_tells_another_story(store: Engine, title: str) -> None:
    body = "各县区：\n请认真学习领会，结合职责提出本地措施，于月底前报送联络员名单和工作打算。" + story(8, 3)
    assert saved(store, (title, body), PLAN) == [None, None]


def test_pages_pieced_together_from_the_same_texts_belong_together_and_to_no_story(store: Engine) -> None:
    lines, weather, crops = (story(number, 14).split("\n") for number in (1, 2, 3))
    shared = "\n".join(lines[3:6])
    one = "\n".join((*weather[:2], "《棋牌游戏下载》" + shared, *weather[4:6]))
    other = "\n".join((*crops[:3], "《彩票大全》" + shared, crops[6]))
    report, first, second = saved(store, "\n".join(lines), ("棋牌游戏下载", one), ("彩票大全", other))
    assert first == second is not None
    assert report is None


def test_the_announcements_of_two_years_are_two_stories(store: Engine) -> None:
    said = "国家实验室将于今日发表二〇二{}年新年寄语，届时将对外公布。" + story(4, 5)
    assert saved(store, said.format("三"), said.format("四")) == [None, None]


def test_a_text_of_one_line_is_a_copy_only_word_for_word(store: Engine) -> None:
    line = "应省科学技术厅邀请，青海省科技代表团将于六月二日至五日对我省进行工作访问。"
    one, other, copy = saved(store, line, line.replace("青海", "云南").replace("二日", "九日"), "快讯：" + line)
    assert one == copy is not None
    assert other is None


def test_a_story_with_hundreds_of_reprints_stays_one(store: Engine) -> None:
    made = set(saved(store, *(f"来源：第{number}号网站\n" + story(1) for number in range(1, 230))))
    assert len(made) == 1
    with reading(store) as connection:
        kept = connection.execute(select(models.DocumentShingle.document_id).distinct()).scalars().all()
    assert kept == [1]  # a copy that adds nothing is not kept, so no piece becomes common by being reprinted
