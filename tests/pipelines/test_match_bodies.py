"""A bare 省委科技委员会 gets its place from the text or the publisher, or no name at all."""

from datetime import date

import pytest

from crawler.items import Provenance
from pipelines.finding.bodies import BodyResolver, in_office
from pipelines.terms import Leader
from tests.pipelines.finding import bundled_finder, hits

SICHUAN = Provenance(region="510000")


def bodies(text: str, known: Provenance | None = None) -> list[tuple[str | None, str | None]]:
    known = known or Provenance()
    found = [hit for hit in hits(text, known) if hit.status == "confirmed"]
    resolve = BodyResolver(text, known, found, bundled_finder().terms.leaders)
    return [(body.name, body.region) for body in map(resolve, found)]


@pytest.mark.parametrize(
    ("text", "name", "region"),
    [
        ("四川省委科技委员会", "四川省委科技委员会", "510000"),
        ("四川省委科技委", "四川省委科技委员会", "510000"),
        ("内蒙古自治区党委科技委", "内蒙古自治区党委科技委员会", "150000"),
        ("内蒙古党委科技委员会", "内蒙古自治区党委科技委员会", "150000"),
        ("中共内蒙古自治区委员会科技委员会", "内蒙古自治区党委科技委员会", "150000"),
        ("上海市委科技委员会", "上海市委科技委员会", "310000"),
        ("莆田市委科技委员会", "莆田市委科技委员会", "350300"),
        ("余杭区委科技委员会", "余杭区委科技委员会", "330110"),
        ("凉山彝族自治州委科技委员会", "凉山州委科技委员会", "513400"),
        ("浦东新区区委科技委员会", "浦东新区区委科技委员会", "310115"),
        ("中央科技委", "中央科技委员会", None),
        ("中央科技办", "中央科技委员会办公室", None),
        ("国家科技咨询委员会", "国家科技咨询委员会", None),
    ],
)
def test_a_place_in_the_name_decides(text, name, region):
    assert bodies(f"{text}召开会议。") == [(name, region)]


@pytest.mark.parametrize(
    ("text", "known", "name"),
    [
        ("福建省委书记、省委科技委员会主任出席。", SICHUAN, "福建省委科技委员会"),
        ("省委科技委员会召开会议。", SICHUAN, "四川省委科技委员会"),
        ("省委科技委员会召开会议。", Provenance(source_name="四川日报"), "四川省委科技委员会"),
        ("省委科技委员会召开会议。", Provenance(region="350300"), "福建省委科技委员会"),
        ("市委科技委员会召开会议。", Provenance(region="350300"), "莆田市委科技委员会"),
        ("市委科技委员会召开会议。", Provenance(region="310000"), "上海市委科技委员会"),
        ("区委科技委员会召开会议。", Provenance("", "余杭晨报", "330000"), "余杭区委科技委员会"),
        ("自治区党委科技委员会召开会议。", Provenance(region="640000"), "宁夏回族自治区党委科技委员会"),
        ("四川省委科技委员会开会，审议《省委科技委员会规则》。", None, "四川省委科技委员会"),
        ("据吉林方面发布，省委科技委员会开会。", None, "吉林省委科技委员会"),
        ("省委科技委员会开会。甘肃省委书记讲话。", None, "甘肃省委科技委员会"),
        ("江苏的省委科技委员会开会。", None, "江苏省委科技委员会"),
        ("周祖翼主持省委科技委员会会议。", Provenance(published=date(2024, 9, 6)), "福建省委科技委员会"),
        ("黄强主持省委科技委员会会议。", Provenance(published=date(2024, 5, 6)), "四川省委科技委员会"),
        ("黄强主持省委科技委员会会议。", Provenance(published=date(2025, 5, 6)), "吉林省委科技委员会"),
        ("省委科技委员会开会。", Provenance(title="福建省委召开会议"), "福建省委科技委员会"),
    ],
)
def test_a_bare_name_is_resolved(text, known, name):
    assert bodies(text, known)[-1][0] == name


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("河南省有雨。省委科技委员会要统筹力量。", None),
        ("有的省已经开到省委科技委员会第三次会议。", SICHUAN),
        ("河南、吉林和四川的省委科技委员会已经亮相。", SICHUAN),
        ("省级党委科技委员会已经亮相。", SICHUAN),
        ("县委科技委员会召开会议。", SICHUAN),
        ("省委科技委员会召开会议。", Provenance(source_name="科学技术部")),
        ("黄强的书卖得好。省委科技委员会召开会议。", Provenance(published=date(2025, 5, 6))),
        ("民盟广东省委参加。省委科技委员会召开会议。", None),
    ],
)
def test_a_bare_name_that_nothing_resolves_stays_without_name(text, known):
    assert bodies(text, known)[-1] == (None, None)


@pytest.mark.parametrize(
    ("since", "until", "day", "is_in_office"),
    [
        (None, None, date(2024, 5, 6), True),
        (None, date(2024, 6, 28), date(2024, 5, 6), True),
        (None, date(2024, 6, 28), date(2024, 6, 29), False),
        (date(2024, 6, 28), None, date(2024, 6, 27), False),
        (date(2024, 6, 28), None, None, True),
        (None, date(2024, 6, 28), None, False),
    ],
)
def test_an_end_of_office_that_is_not_known_is_open(since, until, day, is_in_office):
    assert in_office(Leader(name="某人", region="510000", since=since, until=until), day) is is_in_office


def test_every_leader_of_the_bundled_file_rests_on_something_public_and_holds_one_office_at_a_time():
    leaders = bundled_finder().terms.leaders

    assert [leader.name for leader in leaders if not leader.evidence] == []
    for leader in leaders:
        for other in leaders:
            if (leader.name, leader.region) < (other.name, other.region) and leader.name == other.name:
                first, second = sorted((leader, other), key=lambda one: one.since or date.min)
                assert first.until is not None
                assert second.since is not None
                assert first.until <= second.since or (first.until - second.since).days < 10


def test_a_bare_commission_is_the_one_named_before():
    assert bodies("四川省委科技委员会开会。会议要求，科技委成员单位抓好落实。")[-1] == ("四川省委科技委员会", "510000")
    assert bodies("中央科技委员会开会。会议要求，科技委成员单位抓好落实。")[-1] == ("中央科技委员会", None)


def test_a_shared_district_name_is_told_apart_by_the_publisher():
    assert bodies("鼓楼区委科技委员会开会。", Provenance(region="320100"))[0] == ("鼓楼区委科技委员会", "320106")
    assert bodies("鼓楼区委科技委员会开会。")[0] == ("鼓楼区委科技委员会", None)
