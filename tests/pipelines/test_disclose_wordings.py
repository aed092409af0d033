"""Wordings that say the same in another way, and wordings that say nothing, on sentences made up for these tests."""

import time
from datetime import date
from typing import Any

import pytest

from crawler.items import Disclosure, Provenance
from pipelines.watch import Watch, load_watch, watch_text
from store.config import bundled

TODAY = date(2025, 5, 10)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(bundled("keywords.yml"), bundled("disclosures.yml"))


def disclose(watch: Watch, text: str, **known: Any) -> list[Disclosure]:
    return list(watch_text(text, watch, Provenance(**({"published": TODAY} | known)))[1])


def of_type(found: list[Disclosure], type_: str) -> list[Disclosure]:
    return [d for d in found if d.type == type_]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("上周三，贵州省委科技委员会召开会议。", "2025-04-30", "day"),
        ("本周四召开的贵州省委科技委员会会议气氛热烈。", "2025-05-08", "day"),
        ("去年，贵州省委科技委员会召开两次会议。", "2024", "year"),
        ("贵州省科技工作2024年度总结\n全年召开贵州省委科技委员会会议4次。", "2024", "year"),
        ("4月上旬，贵州省委科技委员会召开会议。", "2025-04", "month"),
        ("4月8日，对照2024年清单，贵州省委科技委员会召开会议。", "2025-04-08", "day"),
        ("4月8日，贵州省委科技委员会召开会议，围绕全年目标作出安排。", "2025-04-08", "day"),
        ("黔政函〔2025〕6号提出落实贵州省委科技委员会会议精神。", "2025-05-10", "before"),
        ("请于9月15日前报送贵州省委科技委员会第三次会议落实情况。", "2025-05-10", "before"),
        ("厅里传达贵州省委科技委员会第三次会议和全国大会精神。", "2025-05-10", "before"),
    ],
)
def test_the_date_of_a_meeting_is_that_of_the_meeting(watch: Watch, text: str, value: str, precision: str) -> None:
    found = of_type(disclose(watch, text), "meeting")[0]
    assert (found.date, found.date_precision) == (value, precision)


def test_a_date_right_after_the_verb_is_the_date_of_the_founding(watch: Watch) -> None:
    (found,) = disclose(watch, "4月的会上说，贵州省委科技委员会成立于2月。")
    assert (found.type, found.date, found.date_precision) == ("establishment", "2025-02", "month")


def test_a_month_takes_the_year_that_its_sentence_named_before(watch: Watch) -> None:
    found = disclose(watch, "2023年9月，宁波市委科技委员会成立，同年11月召开第一次会议。")
    assert [(d.type, d.date) for d in found] == [("establishment", "2023-09"), ("meeting", "2023-11")]
    (meeting,) = disclose(watch, "2025年5月9日讯，12月30日宁波市委科技委员会召开会议。")
    assert meeting.date == "2024-12-30"


def test_a_vague_month_is_carried_on_to_what_the_meeting_did(watch: Watch) -> None:
    text = "4月下旬，贵州省委科技委员会召开第二次会议。\n省长、省委科技委员会副主任李明参加。会议审议了《平台办法》。"
    assert {(d.type, d.date) for d in disclose(watch, text)} == {
        ("meeting", "2025-04"),
        ("membership", "2025-04"),
        ("approval", "2025-04"),
    }


def test_a_year_in_the_object_of_another_verb_dates_no_decision(watch: Watch) -> None:
    text = "4月8日，贵州省委科技委员会会议听取2024年任务完成情况，审议《平台办法》。"
    assert {(d.type, d.date) for d in disclose(watch, text)} == {("meeting", "2025-04-08"), ("approval", "2025-04-08")}


def test_the_head_of_minutes_dates_the_meeting_and_a_deadline_does_not(watch: Watch) -> None:
    text = (
        "金华市委科技委员会第二次会议纪要\n时间：2025年4月2日下午\n地点：市委会议室\n"
        "主持：方 明 市委书记、市委科技委员会主任\n"
        "出席：陈国强 市长、市委科技委员会副主任；林晓 副市长、市委科技委员会副主任\n"
        "会议审议通过《实验室办法》。各县请于6月底前报送方案。"
    )
    found = disclose(watch, text)
    assert {d.date for d in found} == {"2025-04-02"}
    assert [(d.person, d.role, d.capacity) for d in of_type(found, "membership")] == [
        ("方明", "主任", "金华市委书记"),
        ("陈国强", "副主任", "金华市市长"),
        ("林晓", "副主任", "副市长"),
    ]


def test_a_reform_of_another_year_is_not_dated_like_the_one_that_is_known(watch: Watch) -> None:
    text = "今年机构改革后，湖北省委科技委员会成立于2月，省委书记李明任主任。"
    assert {d.date for d in disclose(watch, text, published=date(2024, 7, 1))} == {"2024-02"}
    (undated,) = disclose(watch, "机构改革后，湖北省委科技委员会成立。", published=None)
    assert (undated.date, undated.date_precision) == (None, None)


def test_a_meeting_without_a_date_stays_without_one(watch: Watch) -> None:
    text = "十二届四川省委科技委员会第一次会议审议了有关文件。"
    assert {(d.date, d.date_precision) for d in disclose(watch, text, published=None)} == {(None, None)}


def test_a_founding_day_of_another_year_does_not_date_the_duties_told_later(watch: Watch) -> None:
    text = "去年3月8日，贵州省委科技委员会成立。一年过去，变化很大。\n省委科技委员会统筹全省经费、项目。"
    (duty,) = of_type(disclose(watch, text), "coordination")
    assert (duty.date, duty.action, duty.object) == (None, "统筹", "全省经费、项目")


@pytest.mark.parametrize(
    ("text", "members"),
    [
        (
            "赵启明，男，汉族，1970年3月生。历任讲师、教授。现任中央科技委员会委员、部总经济师。",
            [("赵启明", "委员", "部总经济师")],
        ),
        ("赵启明，男，汉族，现任湖北省委科技委员会副主任。", [("赵启明", "副主任", None)]),
        (
            "昨天，苏州市吴中区委科技委员会成立。区委书记陈国强任主任，区长林晓燕任副主任。",
            [("陈国强", "主任", "吴中区委书记"), ("林晓燕", "副主任", "吴中区区长")],
        ),
        ("湖州市委科技委员会副主任增加到三人，新任的是副市长林晓燕。", [("林晓燕", "副主任", "副市长")]),
        (
            "中央科技委员会成立两年。外界所知不多。其一，主任是中共中央政治局常委丁薛祥。",
            [("丁薛祥", "主任", "中共中央政治局常委")],
        ),
        (
            "台州市委科技委员会成立，市委、市政府主要负责同志任双主任。",
            [(None, "主任", "市委、市政府主要负责同志")],
        ),
        (
            "嘉兴市委科技委员会组成人员名单\n主 任：陈国强 市委书记\n副主任：林晓燕 市委常委",
            [("陈国强", "主任", "嘉兴市委书记"), ("林晓燕", "副主任", "市委常委")],
        ),
        ("湖北省委科技委员会召开会议。省科协改选，陈国强任主任。", []),
        ("湖北省委科技委员会成立。领导小组办公室设在科技厅，主任由厅长兼任。", []),
        ("省领导李明、王立新，湖北省委科技委员会委员参加会议。", []),
    ],
)
def test_members_are_found_in_lists_minutes_biographies_and_the_next_sentence(
    watch: Watch, text: str, members: list[tuple[str | None, str, str | None]]
) -> None:
    found = [(d.person, d.role, d.capacity) for d in of_type(disclose(watch, text), "membership")]
    assert found == members


@pytest.mark.parametrize(
    ("text", "action", "thing"),
    [
        ("各市应于6月底前将自评报告送省科技厅，由省科技厅审核后报中央科技办。", "报", "自评报告"),
        (
            "广东省委科技委员会是全省科技工作的议事协调机构，负责审议重大政策，统筹全省创新资源。",
            "统筹",
            "全省创新资源",
        ),
        ("浙江省委科技委员会统一布局省级实验室。", "布局", "省级实验室"),
        ("湖南省委科技委员会每季度调度。", "调度", None),
        ("要发挥湖南省委科技委员会统筹作用。", "统筹", None),
        ("抓好入库培育；拟提请海南省委科技委员会审议《中试平台办法》。", "提请审议", "《中试平台办法》"),
        (
            "第六条 省科技厅会同有关部门提出年度攻关清单，报请湖南省委科技委员会审议。",
            "报请审议",
            "年度攻关清单",
        ),
        ("请各单位于5月20日前报贵州省委科技委员会办公室备案。", "报", None),
    ],
)
def test_duties_and_chains_are_told_in_many_verbs(watch: Watch, text: str, action: str, thing: str | None) -> None:
    (found,) = of_type(disclose(watch, text), "coordination")
    assert (found.action, found.object) == (action, thing)


def test_its_office_is_the_office_of_the_body_named_last(watch: Watch) -> None:
    found = disclose(watch, "中央科技委员会是决策议事协调机构，其办事机构职责由科学技术部承担。")
    (duty,) = of_type(found, "coordination")
    assert (duty.body, duty.object) == ("中央科技委员会办公室", "科学技术部")


def test_money_may_stand_behind_the_comma(watch: Watch) -> None:
    text = "江西省委科技委员会审定的攻关任务和平台建设，由省级科技专项资金予以优先支持。"
    (found,) = of_type(disclose(watch, text), "funding")
    assert (found.body, found.object) == ("江西省委科技委员会", "省级科技专项资金")


def test_the_thing_approved_may_stand_before_the_clause_that_only_dates(watch: Watch) -> None:
    (found,) = disclose(watch, "两个深海项目，3月已由海南省委科技委员会审议通过。")
    assert (found.object, found.object_kind, found.date) == ("深海项目", "project", "2025-03")


@pytest.mark.parametrize(
    ("text", "meetings"),
    [
        ("3月3日，宁波市委科技委员会揭牌，随后召开第一次会议。", [("宁波市委科技委员会", 1)]),
        ("3月，宁波市委科技委员会成立；4月，召开第一次会议。", [("宁波市委科技委员会", 1)]),
        ("宁波市委科技委员会揭牌大会暨第一次会议举行。", [("宁波市委科技委员会", 1)]),
        ("厅里学习中央科技委员会第三次、第四次会议精神。", [("中央科技委员会", 3), ("中央科技委员会", 4)]),
        (
            "杭州市西湖区、南京市鼓楼区分别召开区委科技委员会会议。",
            [("西湖区委科技委员会", None), ("鼓楼区委科技委员会", None)],
        ),
        (
            "江苏省委科技委员会、浙江省委科技委员会联合召开会议。",
            [("江苏省委科技委员会", None), ("浙江省委科技委员会", None)],
        ),
        ("昨天，贵州省委召开科技委员会第二次会议。", [("贵州省委科技委员会", 2)]),
        ("贵州省委科技委员会召开专题会，协调用地问题。", [("贵州省委科技委员会", None)]),
        ("未见贵州省委科技委员会召开会议的报道。", []),
        ("网传贵州省委科技委员会召开会议。", []),
        ("假如贵州省委科技委员会召开会议，就能定下来。", []),
        ("关于召开贵州省委科技委员会第三次会议的通知", []),
    ],
)
def test_meetings_are_counted_as_they_took_place(
    watch: Watch, text: str, meetings: list[tuple[str, int | None]]
) -> None:
    assert [(d.body, d.ordinal) for d in of_type(disclose(watch, text), "meeting")] == meetings


def test_what_a_meeting_after_the_founding_passes_is_an_approval(watch: Watch) -> None:
    text = "3月3日，宁波市委科技委员会成立大会暨第一次会议举行。\n会议审议通过《工作规则》。"
    (found,) = of_type(disclose(watch, text), "approval")
    assert (found.body, found.date) == ("宁波市委科技委员会", "2025-03-03")


def test_what_a_joint_meeting_passes_is_passed_by_each(watch: Watch) -> None:
    text = "江苏省委科技委员会、浙江省委科技委员会联合召开会议，审议通过《长三角攻关计划》。"
    approvals = of_type(disclose(watch, text), "approval")
    assert [d.body for d in approvals] == ["江苏省委科技委员会", "浙江省委科技委员会"]


def test_a_district_named_with_its_city_is_one_body(watch: Watch) -> None:
    text = "合肥市蜀山区委科技委员会昨天揭牌。福州市鼓楼区委科技委员会去年成立。区委科技委员会统筹全区力量。"
    assert [(d.type, d.body, d.region) for d in disclose(watch, text)] == [
        ("establishment", "蜀山区委科技委员会", "340104"),
        ("establishment", "鼓楼区委科技委员会", "350102"),
        ("coordination", "鼓楼区委科技委员会", "350102"),
    ]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("吉林省委成立科技委员会。", "吉林省委科技委员会"),
        ("日前，吉林省委正式组建了科技委。", "吉林省委科技委员会"),
        ("某地省委成立科技委员会。", None),
    ],
)
def test_the_verb_of_founding_may_stand_inside_a_local_name(watch: Watch, text: str, body: str | None) -> None:
    (found,) = disclose(watch, text)
    assert (found.type, found.body) == ("establishment", body)


def test_the_short_name_of_an_office_is_its_commission_unless_it_is_another_word(watch: Watch) -> None:
    (found,) = disclose(watch, "陕西省委科技办印发《平台建设指引》。")
    assert (found.type, found.body) == ("document", "陕西省委科技委员会")
    assert disclose(watch, "省委科技办法人才培训班。") == []


@pytest.mark.parametrize(
    "text",
    [
        "与其组建贵州省委科技委员会，不如办几件实事。",
        "文件写上了“在贵州省委科技委员会领导下”，机构却没有。",
        "如果贵州省委科技委员会批准该方案，工程就能开工。",
        "所谓“贵州省委科技委员会批准”的文件系伪造。",
        "并非贵州省委科技委员会审议通过的方案，不予支持。",
    ],
)
def test_what_is_supposed_denied_or_only_quoted_is_a_mention(watch: Watch, text: str) -> None:
    assert {d.type for d in disclose(watch, text)} == {"mention"}


@pytest.mark.parametrize(
    ("text", "slogans"),
    [
        ("该区把党建概括为“四个面向”，即面向群众、面向企业、面向基层、面向未来。", []),
        ("要做到面向群众、面向企业、面向基层、面向未来“四个面向”。", []),
        ("坚持“四个面向”，即面向世界科技前沿、面向经济主战场、面向国家重大需求、面向人民生命健康。", ["四个面向"]),
        ("光刻机这一关没有过，“卡脖子”的日子还长。", ["卡脖子"]),
        ("围巾太紧，孩子喊卡脖子。", []),
    ],
)
def test_a_set_phrase_with_another_meaning_is_no_slogan(watch: Watch, text: str, slogans: list[str]) -> None:
    assert [d.object for d in of_type(disclose(watch, text), "slogan")] == slogans


def test_a_page_of_bare_mentions_is_read_in_linear_time(watch: Watch) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        disclose(watch, "省委科技委员会、" * count)
        return time.process_time() - started

    seconds(100)
    few, many = seconds(800), seconds(3200)
    assert many < 8 * few  # four times as long a page; the square would be sixteen


@pytest.mark.parametrize("when", ["在兰州", "今天", "5月8日", "5月8日下午在兰州", "以视频形式", ""])
def test_what_stands_before_the_verb_of_sitting_does_not_lose_the_decisions(watch: Watch, when: str) -> None:
    text = f"甘肃省委科技委员会{when}召开第三次会议。\n会议听取有关汇报，审议通过《甘肃省冷湖观测基地条例》。"
    (found,) = of_type(disclose(watch, text), "approval")
    assert (found.body, found.action, found.object) == ("甘肃省委科技委员会", "审议通过", "《甘肃省冷湖观测基地条例》")


@pytest.mark.parametrize(
    "turn", ["会议对风电装备的检测平台作了研究", "会议听取汇报，并就风电装备的检测平台进行了专题研究"]
)
def test_a_verb_behind_what_it_is_about_is_a_decision(watch: Watch, turn: str) -> None:
    text = f"甘肃省委科技委员会召开第三次会议。\n{turn}。"
    (found,) = of_type(disclose(watch, text), "approval")
    assert (found.action, found.outcome, found.object) == ("研究", "deliberated", "风电装备的检测平台")


MINUTES = "嘉兴市委科技委员会2025年第二次会议纪要\n时间：2025年5月7日\n"


@pytest.mark.parametrize(
    "items",
    [
        "会议议定事项如下：\n一、审议通过《嘉兴市概念验证办法》，由市科技局印发。\n二、同意秀洲区建设柔性电子实验室。",
        "会议议定：\n（一）会议审议通过《嘉兴市概念验证办法》。\n（二）会议同意秀洲区建设柔性电子实验室。",
        "会议议定：1.审议通过《嘉兴市概念验证办法》；2.同意秀洲区建设柔性电子实验室。",
    ],
)
def test_each_numbered_item_of_minutes_is_a_decision_of_the_meeting(watch: Watch, items: str) -> None:
    found = of_type(disclose(watch, MINUTES + items), "approval")
    assert [(d.body, d.action, d.object) for d in found] == [
        ("嘉兴市委科技委员会", "审议通过", "《嘉兴市概念验证办法》"),
        ("嘉兴市委科技委员会", "同意", "秀洲区建设柔性电子实验室"),
    ]


def test_numbered_tasks_that_a_meeting_sets_others_are_no_decisions(watch: Watch) -> None:
    text = MINUTES + "会议要求：\n一、审议通过的项目要尽快开工。\n二、批准用地，各县抓紧。"
    assert of_type(disclose(watch, text), "approval") == []


@pytest.mark.parametrize(
    "other",
    [
        "●5月8日，省人大常委会第十次会议闭幕，表决通过2件条例，批准吉首市条例1件。",
        "●5月8日，省政协召开主席会议，审议通过一件提案。",
        "会后，省自然资源厅加班，批准了两宗用地，会议室很忙。",
    ],
)
def test_what_another_named_actor_decides_is_not_given_to_the_commission(watch: Watch, other: str) -> None:
    text = f"●5月7日，湖南省委科技委员会第四次会议召开。会议审议了《湖南省种业创新规划》。\n{other}"
    found = of_type(disclose(watch, text), "approval")
    assert [d.object for d in found] == ["《湖南省种业创新规划》"]


def test_hearing_another_body_leaves_the_decision_with_the_meeting(watch: Watch) -> None:
    text = "湖南省委科技委员会第四次会议召开。会议研究种业，听取省政府汇报，审议通过《湖南省种业创新规划》。"
    found = of_type(disclose(watch, text), "approval")
    assert {d.object for d in found} == {"种业", "《湖南省种业创新规划》"}


@pytest.mark.parametrize(
    "text",
    [
        "朋友圈里有人爆料“充电桩补贴已获贵州省委科技委员会批准”。",
        "一则短文写道，充电桩方案已经贵州省委科技委员会批准。经查证，该消息纯属虚假信息。",
        "关于贵州省委科技委员会批准充电桩方案一事，上述说法不实。",
        "这份清单还没有提交贵州省委科技委员会会议研究。",
        "充电桩方案从未报送贵州省委科技委员会审议。",
    ],
)
def test_what_is_denied_or_only_rumoured_is_a_mention(watch: Watch, text: str) -> None:
    assert {d.type for d in disclose(watch, text)} == {"mention"}


def test_a_denial_of_one_sentence_leaves_the_next_as_it_is(watch: Watch) -> None:
    text = "有关传言均不属实。公司照常经营。贵州省委科技委员会批准了充电桩方案。"
    assert [d.action for d in of_type(disclose(watch, text), "approval")] == ["批准"]


def test_a_denial_leaves_what_the_same_sentence_tells_after_it(watch: Watch) -> None:
    text = "上述消息不实，贵州省委科技委员会批准了充电桩方案。"
    assert [d.action for d in of_type(disclose(watch, text), "approval")] == ["批准"]


@pytest.mark.parametrize(
    ("dateline", "said", "value", "precision"),
    [
        ("本报贵阳5月8日讯", "今天", "2025-05-08", "day"),
        ("遵义5月8日电（记者）", "昨日", "2025-05-07", "day"),
        ("本报贵阳5月8日电", "", "2025-05-08", "before"),
        ("本报贵阳3月8日电", "今天", "2025-05-10", "day"),
    ],
)
def test_a_dateline_gives_the_day_of_the_text(
    watch: Watch, dateline: str, said: str, value: str, precision: str
) -> None:
    text = f"{dateline}　贵州省委科技委员会{said}召开第三次会议。"
    (found,) = of_type(disclose(watch, text), "meeting")
    assert (found.date, found.date_precision) == (value, precision)


@pytest.mark.parametrize("office", ["区委副书记", "区政协主席", "党组副书记", "农业农村局局长"])
def test_the_office_after_a_name_in_a_list_is_no_name(watch: Watch, office: str) -> None:
    text = f"滨江区委科技委员会已运行。区委书记郑立帆担任滨江区委科技委员会主任，区长许若溪、{office}蒋知远任副主任。"
    found = of_type(disclose(watch, text, region="330108"), "membership")
    assert {d.person for d in found} <= {"郑立帆", "许若溪", "蒋知远"}
    assert "许若溪" in {d.person for d in found}
