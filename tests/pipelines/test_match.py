"""Every place of a term is found, cited as it stands, and labelled with its reason."""

import pickle
import random
import re
from datetime import date

import pytest

from crawler.items import Provenance
from pipelines.match import Finder, find_hits, sentence_around
from pipelines.normalise import normalise
from pipelines.terms import Combination, Context, FalseFriend, Pattern, Term, Terms
from tests.pipelines.finding import bundled_finder, confirmed, hits, plain_terms, scattered


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("中央科技委员会主任出席。", [("cstc", "中央科技委员会")]),
        ("报请中央科技委审议。", [("cstc", "中央科技委")]),
        ("党中央科技委员会部署", [("cstc", "中央科技委员会")]),
        ("“中央成立科技委，是为了统筹”", [("cstc", "中央成立科技委")]),
        ("中央组建了科技委员会", [("cstc", "中央组建了科技委员会")]),
        ("中央科技委员会办公室印发", [("cstc-office", "中央科技委员会办公室")]),
        ("中央科技委办事机构职责由该部承担", [("cstc-office", "中央科技委办事机构")]),
        ("中央科技办牵头", [("cstc-office", "中央科技办")]),
        ("十二届四川省委科技委员会召开会议", [("local-stc", "四川省委科技委员会")]),
        ("十二届省委科技委员会召开会议", [("local-stc", "省委科技委员会")]),
        ("内蒙古自治区党委科技委召开会议", [("local-stc", "内蒙古自治区党委科技委")]),
        ("自治区党委科技委员会召开会议", [("local-stc", "自治区党委科技委员会")]),
        ("中共内蒙古自治区委员会科技委员会", [("local-stc", "内蒙古自治区委员会科技委员会")]),
        ("凉山州委科技委员会成立", [("local-stc", "凉山州委科技委员会")]),
        ("德清县委科技委研究了工作", [("local-stc", "德清县委科技委")]),
        ("多个省级党委科技委员会已亮相", [("local-stc", "省级党委科技委员会")]),
        ("坚持“四个面向”", [("four-facings", "四个面向")]),
        (
            "坚持面向世界科技前沿、面向经济主战场、面向国家重大需求、面向人民生命健康，加快",
            [("four-facings", "面向世界科技前沿、面向经济主战场、面向国家重大需求、面向人民生命健康")],
        ),
        (
            "面向经济主战场、面向世界科技前沿、面向国家重大需求和面向人民生命健康",
            [("four-facings", "面向经济主战场、面向世界科技前沿、面向国家重大需求和面向人民生命健康")],
        ),
        (
            "面向世界科技前沿、经济主战场、国家重大需求、人民生命健康",
            [("four-facings", "面向世界科技前沿、经济主战场、国家重大需求、人民生命健康")],
        ),
        ("坚持四个“面向”", [("four-facings", "四个“面向")]),
        ("目标导向和自由探索“两条腿走路”", [("two-legs", "两条腿走路")]),
        ("目标导向和自由探索“两条腿”走路", [("two-legs", "两条腿”走路")]),
        ("破解“卡脖子”技术难题", [("chokepoint", "卡脖子")]),
        ("打赢关键核心技术攻坚战", [("core-tech-battle", "关键核心技术攻坚战")]),
        ("国家实验室和全国重点实验室", [("national-lab", "国家实验室"), ("national-key-lab", "全国重点实验室")]),
        ("企业国家重点实验室", [("national-key-lab", "国家重点实验室")]),
        ("北京国际科技创新中心", [("intl-innovation-centre", "国际科技创新中心")]),
        ("用好中央引导地方科技发展资金", [("guiding-fund", "中央引导地方科技发展资金")]),
        ("中央科技\n委员会", [("cstc", "中央科技\n委员会")]),
        ("中(🤳)央科技委员会", [("cstc", "中(🤳)央科技委员会")]),
        ("堅持‘四個(gè)面向’", [("four-facings", "四個(gè)面向")]),
    ],
)
def test_a_place_is_confirmed_with_the_span_of_the_label_rules(text, found):
    assert confirmed(text) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("中央军委科技委主任来访", "Central Military Commission"),
        ("民盟广东省委科技委员会开会", "democratic party"),
        ("民盟浙江省杭州市委科技委员会开会", "democratic party"),
        ("九三学社山东省委科技委员会开会", "democratic party"),
        ("民建中央科技委员会开会", "democratic party"),
        ("省政协科技委组织调研", "政协"),
        ("中国人民政治协商会议四川省委员会科技委员会", "政协"),
        ("省科委主任出席", "of a government"),
        ("省委科技创新委员会召开会议", "forerunner"),
        ("中央科技委托研究", "委托"),
        ("省委科技委托有关单位", "委托"),
        ("坚持十四个面向", "crosses a word boundary"),
        ("美国阿贡国家实验室", "another country"),
        ("通过国家实验室认可", "accreditation"),
        ("合资和自主“两条腿走路”，车卖得好", "some other pair"),
        ("路口堵得像被卡脖子一样", "everyday use"),
        ("加快关键核心技术攻关", "everyday form"),
        ("相关链接\n· 省委科技委员会召开会议", "navigation"),
        ("上一篇：中央科技委员会办公室有关负责人答问", "navigation"),
        ("首页 > 专题 > 中央科技委员会", "navigation"),
        ("中央科技\n\n　　委员会的工作", "paragraph"),
    ],
)
def test_a_look_alike_is_kept_as_suspect_with_its_reason(text, reason):
    found = hits(text)

    assert [hit.status for hit in found] == ["suspect"]
    assert reason in found[0].why
    assert found[0].surface in text


@pytest.mark.parametrize(
    "text",
    [
        "科学技术部召开会议",
        "自然资源部科技委审议",
        "航天科技集团公司科技委常委",
        "省委、省政府召开科技大会",
        "坚持三个面向",
        "校党委科技处",
    ],
)
def test_what_names_no_watched_body_has_no_confirmed_hit(text):
    assert confirmed(text) == []


def test_related_links_end_where_the_text_goes_on():
    text = "相关链接\n· 省委科技委员会召开会议\n会议指出，中央科技委员会作出部署，各地要抓好落实。\n"

    assert confirmed(text) == [("cstc", "中央科技委员会")]


def test_a_bare_form_counts_once_the_body_was_named():
    text = "四川省委科技委员会召开会议。会议要求，科技委各成员单位抓好落实。"

    assert confirmed(text)[1] == ("local-stc", "科技委")
    assert confirmed("科技委各成员单位抓好落实。") == []
    assert confirmed("四川省委科技委员会开会。集团科技委汇报。自然资源部科技委列席。")[1:] == []
    assert confirmed("报请中央科技委审议。部科技委负责汇总。科技委办公室设在司里。")[1:] == []
    assert confirmed("报请中央科技委审议。某部科学技术委员会成立。科技委办公室设在司里。")[1:] == []


def test_a_body_is_suspect_in_a_text_older_than_itself():
    old = Provenance(published=date(2015, 6, 8))

    assert confirmed("省委科技委员会召开会议", old) == []
    assert "before 2023" in hits("省委科技委员会召开会议", old)[0].why


def test_a_wrong_date_on_a_copy_does_not_outweigh_the_text():
    old = Provenance(published=date(2015, 6, 8))

    assert confirmed("2024年6月，省委科技委员会召开会议", old) == [("local-stc", "省委科技委员会")]


def test_slogans_and_laboratories_do_not_depend_on_the_date():
    assert len(confirmed("坚持“四个面向”，建设国家实验室", Provenance(published=date(2021, 1, 1)))) == 2


def test_a_context_term_is_known_but_is_no_hit():
    finds, _ = bundled_finder().look(normalise("高水平科技自立自强"), Provenance())

    assert [find.term.id for find in finds] == ["st-self-reliance"]
    assert hits("高水平科技自立自强") == ()


def test_a_finder_can_travel_to_another_process():
    finder = pickle.loads(pickle.dumps(bundled_finder()))

    assert find_hits("中央科技委员会", finder, Provenance())[0].term == "cstc"


def test_the_context_is_the_sentence_and_at_most_120_characters():
    assert sentence_around("甲。乙中央科技委丙！丁", 3, 8) == "乙中央科技委丙！"
    assert len(sentence_around("甲" * 500, 200, 210)) <= 120


# ------------------------------------------------------------------------- general rules, on made terms


def term(name: str, **more) -> Term:
    return Term(id=name, gloss=name, kind="slogan", weight=5, **more)


def labels(terms: Terms, text: str) -> list[tuple[str, str]]:
    return [(hit.term, hit.status) for hit in find_hits(text, Finder(terms, segment=False), Provenance())]


def test_required_and_excluded_context_within_a_distance():
    needs = Terms(terms=(term("net", canonical="量子网", requires=Context(any=("通信",), within=4)),))
    bars = Terms(terms=(term("net", canonical="量子网", excludes=Context(any=("游戏",), within=4, side="after")),))

    assert labels(needs, "通信的量子网") == [("net", "confirmed")]
    assert labels(needs, "通信事业发展中的量子网") == [("net", "suspect")]
    assert labels(bars, "量子网游戏") == [("net", "suspect")]
    assert labels(bars, "游戏量子网") == [("net", "confirmed")]


def test_a_pattern_is_tried_where_its_anchor_stands_and_covers_its_whole_match():
    terms = Terms(
        terms=(term("plan", canonical="量子计划", patterns=(Pattern(find="第[0-9]+期量子计?划", anchor="期量子"),)),)
    )

    assert [hit.surface for hit in find_hits("启动第12期量子划", Finder(terms, segment=False), Provenance())] == [
        "第12期量子划"
    ]


def test_a_combination_is_a_hit_where_its_members_stand_near_each_other():
    both = Combination(id="both", gloss="x", weight=9, all=("one", "two"), near=6)
    terms = Terms(terms=(term("one", canonical="量子网"), term("two", canonical="卫星群")), combinations=(both,))

    assert ("both", "confirmed") in labels(terms, "量子网和卫星群")
    assert ("both", "confirmed") not in labels(terms, "量子网，此外还有很多别的卫星群")


def test_any_of_a_combination_is_enough():
    some = Combination(id="some", gloss="x", weight=9, all=("one",), any=("two", "three"))
    members = (term("one", canonical="量子网"), term("two", canonical="卫星群"), term("three", canonical="深海站"))
    terms = Terms(terms=members, combinations=(some,))

    assert ("some", "confirmed") in labels(terms, "深海站。另有量子网")
    assert ("some", "confirmed") not in labels(terms, "深海站和卫星群")


def test_a_false_friend_inside_a_term_does_not_touch_it():
    friend = FalseFriend(id="ff", gloss="another net", of=("net",), forms=("子网",))
    terms = Terms(terms=(term("net", canonical="量子网"),), false_friends=(friend,))

    assert labels(terms, "量子网") == [("net", "confirmed")]


def test_partly_overlapping_terms_are_both_kept():
    terms = plain_terms(["科技创新中心", "中心城区"])

    assert [hit.surface for hit in find_hits("科技创新中心城区", Finder(terms, segment=False), Provenance())] == [
        "科技创新中心",
        "中心城区",
    ]


# ------------------------------------------------------------------------------------ nothing is lost


WORDS = [
    "中央科技委员会",
    "四个面向",
    "科技委",
    "国家实验室",
    "实验室",
    "两条腿走路",
    "新型举国体制",
    "面向",
    "全国重点实验室",
]
FILLERS = [*"的在了，。和主任会议要求坚持发展（）“”", "国家", "十四个", "\n", "《报告》", "2024年", "AI"]


@pytest.mark.parametrize("seed", range(5))
def test_a_term_that_stands_in_a_text_is_never_lost(seed):
    chance = random.Random(seed)
    finder = Finder(plain_terms(WORDS), segment=False)
    for _ in range(400):
        pieces = [
            scattered(chance.choice(WORDS), chance) if chance.random() < 0.4 else chance.choice(FILLERS)
            for _ in range(chance.randint(1, 12))
        ]
        text = "".join(pieces)
        found = find_hits(text, finder, Provenance())
        clean = normalise(text)
        spans = [clean.normal_span(hit.start, hit.end) for hit in found]
        for word in WORDS:
            for place in re.finditer(f"(?={word})", clean.text):
                first, last = place.start(), place.start() + len(word)
                assert any(low <= first and last <= high for low, high in spans), (text, word)
        assert all(text[hit.start : hit.end] == hit.surface for hit in found)
        assert all(normalise(hit.surface).text in WORDS for hit in found), text


@pytest.mark.parametrize("seed", range(5))
def test_a_text_searched_as_it_stands_gives_what_the_closer_look_gives(seed):
    chance = random.Random(seed)
    finder = Finder(plain_terms(WORDS), segment=False)
    looked = 0
    for _ in range(400):
        text = "".join(chance.choice(WORDS if chance.random() < 0.3 else FILLERS) for _ in range(chance.randint(1, 14)))
        places = finder.automaton.as_it_stands(text)
        if places is not None:
            looked += 1
            finds, _ = finder.look(normalise(text), Provenance())
            clean = normalise(text)
            assert [(s, e) for s, e, _ in places] == [clean.source_span(find.start, find.end) for find in finds], text
    assert looked > 100
