"""What sentences disclose, on sentences made up for these tests."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Disclosure, Provenance
from pipelines.disclose import disclosure_key, find_disclosures
from pipelines.match import find_hits
from pipelines.watch import Watch, load_watch, watch_text
from store.config import bundled


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


def disclose(watch: Watch, text: str, provenance: Provenance | None = None) -> list[Disclosure]:
    found = watch_text(text, watch, provenance or Provenance())[1]
    assert all(text[d.start : d.end] == d.quote for d in found)
    return list(found)


def of_type(found: list[Disclosure], type_: str) -> list[Disclosure]:
    return [d for d in found if d.type == type_]


HUBEI = Provenance(source_name="湖北日报", region="420000", published=date(2025, 5, 10))

REPORT = """湖北省委科技委员会第二次会议召开
5月9日，省委科技委员会第二次会议在武汉举行。省委书记、省委科技委员会主任蒋大明主持，省委副书记、省长、委员会主任李一凡讲话，省委常委、武汉市委书记、委员会副主任郭小丽，副主任陈平、许强参加。
会议传达中央科技委员会有关会议精神，审议通过《湖北省重大科技任务管理办法》《科技平台建设方案》和年度工作要点，研究了有关事项。会议强调，要加强基础研究，审议好重大项目。"""


def test_a_report_of_a_meeting_gives_meeting_members_and_decisions(watch: Watch) -> None:
    found = disclose(watch, REPORT, HUBEI)
    held = [(d.body, d.ordinal, d.date) for d in of_type(found, "meeting") if d.date_precision == "day"]
    assert held == [("湖北省委科技委员会", 2, "2025-05-09")] * 2
    members = [(d.person, d.role, d.capacity) for d in of_type(found, "membership")]
    assert members == [
        ("蒋大明", "主任", "湖北省委书记"),
        ("李一凡", "主任", "湖北省省长"),
        ("郭小丽", "副主任", "武汉市委书记"),
        ("陈平", "副主任", None),
        ("许强", "副主任", None),
    ]
    decided = [(d.action, d.outcome, d.object, d.object_kind) for d in of_type(found, "approval")]
    assert decided == [
        ("审议通过", "passed", "《湖北省重大科技任务管理办法》", "document"),
        ("审议通过", "passed", "《科技平台建设方案》", "plan"),
        ("审议通过", "passed", "年度工作要点", "document"),
        ("研究", "deliberated", "有关事项", "unnamed"),
    ]
    assert all(d.region == "420000" for d in found if d.body == "湖北省委科技委员会")


def test_a_meeting_known_by_what_others_study_of_it_has_an_upper_bound(watch: Watch) -> None:
    (central,) = [d for d in disclose(watch, REPORT, HUBEI) if d.body == "中央科技委员会"]
    assert (central.type, central.date, central.date_precision) == ("meeting", "2025-05-09", "before")


def test_a_meeting_of_somebody_else_decides_nothing_for_the_body(watch: Watch) -> None:
    text = "省科技厅召开党组会议，学习省委科技委员会第四次会议精神，审议通过《内部审计办法》。会议研究了干部工作。"
    assert {d.type for d in disclose(watch, text, HUBEI)} == {"meeting"}


def test_two_bodies_in_one_meeting_and_the_number_of_the_other_are_kept_apart(watch: Watch) -> None:
    text = "市委审计委员会第五次会议、市委科技委员会会议召开。"
    (found,) = disclose(watch, text, Provenance(region="420100", source_name="长江日报"))
    assert (found.type, found.body, found.ordinal) == ("meeting", "武汉市委科技委员会", None)


def test_a_congress_number_and_a_year_number_are_no_ordinals(watch: Watch) -> None:
    text = "十二届湖北省委科技委员会2025年第二次会议召开。"
    assert [d.ordinal for d in disclose(watch, text)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "湖北省委科技委员会将于近期召开第二次会议。",
        "湖北省委科技委员会尚未召开会议。",
        "湖北省委科技委员会筹备召开第三次会议。",
    ],
)
def test_a_meeting_that_did_not_take_place_is_a_mention(watch: Watch, text: str) -> None:
    assert [d.type for d in disclose(watch, text)] == ["mention"]


@pytest.mark.parametrize(
    ("text", "action", "outcome"),
    [
        ("湖北省委科技委员会会议研究《科技平台方案》。", "研究", "deliberated"),
        ("湖北省委科技委员会会议审议《科技平台方案》。", "审议", "deliberated"),
        ("湖北省委科技委员会会议原则同意《科技平台方案》。", "原则同意", "approved-in-principle"),
        ("湖北省委科技委员会会议审议并原则通过《科技平台方案》。", "审议并原则通过", "approved-in-principle"),
        ("湖北省委科技委员会会议审议通过《科技平台方案》。", "审议通过", "passed"),
        ("湖北省委科技委员会批复同意《科技平台方案》。", "批复同意", "approved"),
        ("《科技平台方案》获湖北省委科技委员会批准。", "批准", "approved"),
        ("《科技平台方案》经湖北省委科技委员会审议通过。", "审议通过", "passed"),
    ],
)
def test_verbs_of_decision_are_graded(watch: Watch, text: str, action: str, outcome: str) -> None:
    (found,) = of_type(disclose(watch, text), "approval")
    assert (found.action, found.outcome, found.object, found.body) == (
        action,
        outcome,
        "《科技平台方案》",
        "湖北省委科技委员会",
    )


def test_an_approval_without_approver_names_no_body_and_one_by_a_ministry_is_none(watch: Watch) -> None:
    today = Provenance(published=date(2025, 1, 1))
    (found,) = disclose(watch, "我省一家全国重点实验室获批建设。", today)
    assert (found.type, found.body, found.outcome, found.object_kind) == ("approval", None, "approved", "lab")
    assert disclose(watch, "科技部批准后，我省一家全国重点实验室获批建设。", today) == []
    assert disclose(watch, "我省一家国家重点实验室获批建设。", Provenance(published=date(2019, 1, 1))) == []


def test_a_review_chain_is_coordination_and_no_approval(watch: Watch) -> None:
    (found,) = disclose(watch, "深海国家科技重大专项实施方案，已按程序报请中央科技委审议。")
    assert (found.type, found.action, found.object) == ("coordination", "报请审议", "深海国家科技重大专项实施方案")


def test_the_same_person_in_another_capacity_is_no_member(watch: Watch) -> None:
    found = disclose(watch, "国务院副总理丁薛祥调研时强调，要落实中央科技委员会部署。")
    assert of_type(found, "membership") == []


def test_a_list_of_provinces_gives_one_founding_each_with_its_own_key(watch: Watch) -> None:
    text = "目前，云南、贵州、广西三省区的省级党委科技委员会已相继亮相。"
    found = disclose(watch, text, Provenance(published=date(2024, 9, 1)))
    assert [(d.body, d.region) for d in found] == [
        ("云南省委科技委员会", "530000"),
        ("贵州省委科技委员会", "520000"),
        ("广西壮族自治区党委科技委员会", "450000"),
    ]
    assert {(d.type, d.date, d.date_precision) for d in found} == {("establishment", "2024-09-01", "before")}
    assert len({disclosure_key("example.invalid/a", d) for d in found}) == 3


def test_a_place_that_only_stands_near_names_no_body(watch: Watch) -> None:
    (found,) = disclose(watch, "受冷空气影响，河南省有小雨。\n省委科技委员会要统筹各方力量。")
    assert (found.type, found.body, found.region) == ("coordination", None, None)


def test_a_suspect_hit_discloses_nothing(watch: Watch) -> None:
    text = "民盟湖北省委科技委员会召开第二次会议，审议通过工作计划。"
    hits = find_hits(text, watch.finder, Provenance())
    assert [h.status for h in hits] == ["suspect"]
    assert disclose(watch, text) == []


def test_the_duties_of_the_body_are_one_disclosure_and_no_decisions(watch: Watch) -> None:
    text = "中央科技委员会的主要职责是，统筹推进国家创新体系建设，审议国家科技发展规划，布局国家实验室。"
    assert [(d.type, d.action) for d in disclose(watch, text)] == [("coordination", "统筹")]


def test_the_founding_is_dated_by_the_reform_that_the_text_tells_of(watch: Watch) -> None:
    (found,) = disclose(watch, "去年的机构改革方案提出组建中央科技委员会。", Provenance(published=date(2024, 6, 1)))
    assert (found.type, found.date, found.date_precision) == ("establishment", "2023-03", "month")


def test_a_text_with_a_wrong_page_date_is_dated_by_what_it_tells(watch: Watch) -> None:
    text = "湖北省委科技委员会第一次会议6月20日召开。去年3月，机构改革方案提出组建中央科技委员会。"
    meeting = disclose(watch, text, Provenance(published=date(2026, 8, 1)))[0]
    assert meeting.date == "2024-06-20"


def test_a_slogan_is_filed_once_a_sentence_and_with_its_speaker(watch: Watch) -> None:
    text = "王浩强调，要坚持“四个面向”，“四个面向”是方向。会议指出，发挥新型举国体制优势。"
    found = disclose(watch, text)
    assert [(d.object, d.person, d.body) for d in found] == [("四个面向", "王浩", None), ("新型举国体制", None, None)]
    assert found[0].quote.endswith("。")


def test_traditional_script_glosses_and_emoji_change_no_fact(watch: Watch) -> None:
    plain = "湖北省委科技委员会第三次会议召开，审议通过《科技创新规划》。"
    noisy = "湖北省委科技委員會(huì)第三次會(🥎)議召開(kāi)，審議通過《科技創(chuàng)新規劃》。"

    def facts(text: str) -> list[Disclosure]:
        return [replace(d, quote="", start=0, end=0) for d in disclose(watch, text)]

    assert facts(noisy) == facts(plain)


def test_a_term_broken_by_a_line_end_keeps_its_sentence_together(watch: Watch) -> None:
    (found,) = disclose(watch, "湖北省委科技\n委员会第三次会议召开。")
    assert (found.type, found.ordinal) == ("meeting", 3)


def test_the_key_does_not_depend_on_place_date_or_noise(watch: Watch) -> None:
    (one,) = disclose(watch, "湖北省委科技委员会第三次会议召开。")
    (two,) = disclose(watch, "导语。\n湖北省委科技委員會第三次會(🤳)議召開。", HUBEI)
    assert disclosure_key("a.invalid/x", one) == disclosure_key("a.invalid/x", two)
    assert disclosure_key("a.invalid/x", one) != disclosure_key("a.invalid/y", one)
    assert disclosure_key("a.invalid/x", one) != disclosure_key("a.invalid/x", replace(one, ordinal=4))


def test_a_quote_is_never_a_paragraph(watch: Watch) -> None:
    for found in disclose(watch, REPORT, HUBEI):
        assert "\n" not in found.quote
        assert found.quote.rstrip("。！？").count("。") == 0


PIECES = st.lists(
    st.sampled_from(
        [
            "省委科技委员会",
            "中央科技委",
            "委员会",
            "主任",
            "副主任",
            "王晓明",
            "第二次会议",
            "召开",
            "审议通过",
            "《方案》",
            "，",
            "。",
            "、",
            "\n",
            "“",
            "”",
            "四川",
            "的",
            "和",
            "由",
            "任",
            "会议",
            "6月8日",
            "(🤳)",
            " ",
            "獲批",
            "全国重点实验室",
            "四个面向",
            "经",
            "等",
        ]
    ),
    max_size=30,
)


@given(PIECES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_words_gives_exact_quotes_and_plain_facts(watch: Watch, pieces: list[str]) -> None:
    text = "".join(pieces)
    for found in disclose(watch, text, HUBEI):
        for fact in (found.body, found.person, found.role, found.capacity, found.action, found.object):
            assert fact is None or not any("\ue000" <= c <= "\uf8ff" or c == "\n" for c in fact)
        assert 0 <= found.confidence <= 1
        assert "\n" not in found.quote


def test_a_text_without_hits_costs_nothing(watch: Watch) -> None:
    assert find_disclosures("没有什么。", (), watch.rules, Provenance()) == ()


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("赵刚任陕西省委科技委员会主任，叶平任副主任。", [("赵刚", "主任", None), ("叶平", "副主任", None)]),
        ("王浩（浙江省委书记、省委科技委员会主任）主持会议。", [("王浩", "主任", "浙江省委书记")]),
        ("身为中央科技委员会主任，丁薛祥多次调研。", [("丁薛祥", "主任", None)]),
        (
            "青海省委科技委员会主任为陈刚，副主任为李明、王小东。",
            [("陈刚", "主任", None), ("李明", "副主任", None), ("王小东", "副主任", None)],
        ),
        (
            "宁夏回族自治区党委书记李某、自治区主席张雨浦任自治区党委科技委员会主任。",
            [("张雨浦", "主任", "宁夏回族自治区主席")],
        ),
        ("四川省委科技委员会由省委书记任主任，省长任主任。", [(None, "主任", "省委书记"), (None, "主任", "省长")]),
        ("财政部是中央科技委员会成员单位。", [(None, "成员单位", "财政部")]),
        ("中央科技委员会主任、国务院副总理丁薛祥出席。", [("丁薛祥", "主任", "国务院副总理")]),
        (
            "阿不都·热西提主持，自治区主席艾尔肯·吐尼亚孜兼任新疆维吾尔自治区党委科技委员会主任。",
            [("艾尔肯·吐尼亚孜", "主任", "新疆维吾尔自治区主席")],
        ),
    ],
)
def test_members_are_read_in_every_order(
    watch: Watch, text: str, facts: list[tuple[str | None, str, str | None]]
) -> None:
    found = [(d.person, d.role, d.capacity) for d in of_type(disclose(watch, text), "membership")]
    assert [f for f in found if f in facts] == facts, found


@pytest.mark.parametrize(
    "text",
    [
        "未经湖北省委科技委员会批准，不得调整。",
        "方案须报湖北省委科技委员会批准后实施。",
        "方案已列入湖北省委科技委员会审议议程。",
    ],
)
def test_a_decision_that_was_not_taken_is_no_approval(watch: Watch, text: str) -> None:
    assert of_type(disclose(watch, text), "approval") == []


def test_a_date_inside_the_name_of_a_thing_does_not_date_the_decision(watch: Watch) -> None:
    text = "6月5日，湖北省委科技委员会会议召开。会议研究今年科技工作。"
    (found,) = of_type(disclose(watch, text, HUBEI), "approval")
    assert (found.object, found.date) == ("今年科技工作", "2024-06-05")


def test_history_that_a_text_recalls_is_not_the_day_of_what_it_tells(watch: Watch) -> None:
    text = "2020年9月11日，座谈会举行。\n目前，云南、贵州等省的省级党委科技委员会已亮相。"
    found = of_type(disclose(watch, text, HUBEI), "establishment")
    assert [(d.date, d.date_precision) for d in found] == [("2025-05-10", "before")] * 2


def test_the_reform_plan_itself_tells_founding_duties_office_and_experts(watch: Watch) -> None:
    text = (
        "近日印发的《党和国家机构改革方案》提出。\n组建中央科技委员会。加强党中央对科技工作的领导，统筹科技体制改革，审议重大规划。\n"
        "中央科技委员会办事机构职责由重组后的科学技术部承担。\n保留国家科技咨询委员会，服务决策，对中央科技委员会负责。"
    )
    found = disclose(watch, text, Provenance(published=date(2023, 3, 20)))
    assert [(d.type, d.action, d.object, d.date) for d in found] == [
        ("establishment", "组建", None, "2023-03"),
        ("coordination", "统筹", None, "2023-03"),
        ("coordination", "承担", "科学技术部", "2023-03"),
        ("coordination", "负责", "国家科技咨询委员会", "2023-03"),
    ]


def test_a_page_that_is_one_endless_sentence_ends_in_time(watch: Watch) -> None:
    text = "、".join(["四川"] * 4000) + "省委科技委员会召开会议，" + "审议" * 20000
    assert len(disclose(watch, text)) < 20


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("记者获悉，经中央科技委员会审议通过，全国科研设施布局规划近日印发。", "全国科研设施布局规划"),
        ("《科研设施规划》编制完成后，经中央科技委员会审议通过，由科技部印发。", "《科研设施规划》"),
        ("《科研设施规划》在中央科技委员会第三次会议上获得通过。", "《科研设施规划》"),
    ],
)
def test_what_was_approved_stands_before_or_after_and_lies_in_the_quote(watch: Watch, text: str, thing: str) -> None:
    (found,) = of_type(disclose(watch, text), "approval")
    assert (found.object, found.outcome) == (thing, "passed")
    assert thing in found.quote


def test_a_question_tells_no_facts(watch: Watch) -> None:
    assert {d.type for d in disclose(watch, "中央科技委员会办事机构设在哪里？")} == {"mention"}
