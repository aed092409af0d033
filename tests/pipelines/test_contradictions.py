"""Contradictions: copies that state other facts in the same sentence, and texts that fill one form on two occasions."""

from collections.abc import Sequence

import pytest

from pipelines.cluster import plain
from pipelines.saving.contradictions import Fact, disagreements, is_another_occasion

BODY = "四川省委科技委员会"


def meeting(quote: str, **values: object) -> Fact:
    return Fact(quote, "meeting", BODY, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            meeting("省委科技委员会第二次会议6月18日召开", ordinal=2),
            meeting("省委科技委员会第三次会议6月18日召开", ordinal=3),
        ),
        (
            Fact("会议由省委书记王甲同志主持并讲话", "membership", BODY, person="王甲"),
            Fact("会议由省委书记李乙同志主持并讲话", "membership", BODY, person="李乙"),
        ),
        (
            Fact("会议审议通过了有关工作规则", "approval", BODY, outcome="passed"),
            Fact("会议审议了有关工作规则", "approval", BODY, outcome="deliberated"),
        ),
        (
            Fact("省委科技委员会主任周明出席", "membership", BODY, person="周明", role="主任"),
            Fact("省委科技委员会副主任周明出席", "membership", BODY, person="周明", role="副主任"),
        ),
        (
            meeting("省委科技委员会会议6月18日在省城召开", day="2024-06-18"),
            meeting("省委科技委员会会议6月19日在省城召开", day="2024-06-19"),
        ),
    ],
)
def test_another_fact_in_the_same_sentence_about_the_same_body_is_a_disagreement(ours: Fact, theirs: Fact) -> None:
    assert disagreements([ours], [theirs]) == [(ours.quote, theirs.quote)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([meeting("省委科技委员会第二次会议召开", ordinal=2)], []),
        ([meeting("省委科技委员会第二次会议召开", ordinal=2)], [meeting("省委科技委員會 第二次会议召开", ordinal=2)]),
        (
            [meeting("省委科技委员会第二次会议召开", ordinal=2)],
            [Fact("四川省委书记王甲兼任委员会主任", "membership", BODY, person="王甲")],
        ),
        (
            [Fact("甲、乙任副主任", "membership", BODY, person=person) for person in ("甲", "乙")],
            [Fact("甲、乙任本会副主任", "membership", BODY, person="甲")],
        ),
        (
            [meeting("昨日召开省委科技委员会会议", day="2024-06-18")],
            [meeting("昨日召开的省委科技委员会会议", day="2024-06-19")],
        ),
        ([meeting("省委科技委员会第二次会议召开", ordinal=2)], [meeting("省委科技委员会第2次会议今天召开", ordinal=2)]),
        ([meeting("省委科技委员会第二次会议召开", ordinal=2)], [meeting("省委科技委员会有关会议召开")]),
        (
            [meeting("省委科技委员会第二次会议召开", ordinal=2)],
            [Fact("市委科技委员会第三次会议召开", "meeting", "成都市委科技委员会", ordinal=3)],
        ),
        (
            [meeting("传达省委科技委员会第二次会议精神", ordinal=2, day=None)],
            [meeting("传达學習省委科技委員會第二次會議精神", ordinal=2, day=None)],
        ),
    ],
)
def test_what_a_copy_leaves_out_words_or_writes_differently_is_none(
    ours: Sequence[Fact], theirs: Sequence[Fact]
) -> None:
    assert disagreements(ours, theirs) == []
    assert disagreements(theirs, ours) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("本台将于明日直播省人大二次会议开幕会", "本台将于明日直播省人大三次会议开幕会"),
        ("将于今晚发表二〇二三年新年贺词", "将于今晚发表二〇二四年新年贺词"),
        ("各界人士纪念建校99周年活动举行", "各界人士纪念建校100周年活动举行"),
        ("省委第五轮巡视完成进驻工作", "省委第六轮巡视完成进驻工作"),
    ],
)
def test_another_number_in_the_same_words_is_another_occasion(one: str, other: str) -> None:
    assert is_another_occasion(plain(one), plain(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("省委科技委员会第二次会议召开", "2025年6月1日 省委科技委员会第二次会议召开"),
        ("阅读1024次 会议召开", "阅读2048次 会议召开"),
        ("发布时间：2024年6月1日 会议召开", "发布时间：2024年6月9日 会议召开"),
        ("第一次会议后又召开第二次会议", "第一次会议后又"),
    ],
)
def test_dates_of_pages_counters_and_what_is_cut_off_are_none(one: str, other: str) -> None:
    assert not is_another_occasion(plain(one), plain(other))
