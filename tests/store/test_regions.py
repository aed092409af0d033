"""Places by name, code and committee."""

import pytest

from store.regions import by_code, committees, named, province_of, regions, resolve


def test_there_are_34_provincial_units_each_with_an_english_name():
    provinces = [region for region in regions() if region.level == "province"]

    assert len(provinces) == 34
    assert all(region.name_en and region.shorts for region in provinces)


def test_codes_are_unique_and_every_place_lies_in_a_known_province():
    codes = [region.code for region in regions()]

    assert len(set(codes)) == len(codes)
    assert all(province_of(code) for code in codes)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("四川", "510000"),
        ("四川省", "510000"),
        ("川", "510000"),
        ("Sichuan", "510000"),
        ("内蒙古", "150000"),
        ("内蒙古自治区", "150000"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("北京市", "110000"),
        ("莆田", "350300"),
        ("余杭区", "330110"),
        ("浦东", "310115"),
        ("凉山", "513400"),
        ("凉山彝族自治州", "513400"),
        ("锡林郭勒盟", "152500"),
        ("香港", "810000"),
    ],
)
def test_a_name_means_one_place(name, code):
    assert resolve(name).code == code


@pytest.mark.parametrize("name", ["鼓楼区", "没有这个地方", ""])
def test_a_shared_or_unknown_name_means_none(name):
    assert resolve(name) is None


@pytest.mark.parametrize(
    ("code", "committee"),
    [
        ("510000", "四川省委"),
        ("110000", "北京市委"),
        ("150000", "内蒙古自治区党委"),
        ("650000", "新疆维吾尔自治区党委"),
        ("350300", "莆田市委"),
        ("513400", "凉山州委"),
        ("152500", "锡林郭勒盟委"),
        ("542500", "阿里地委"),
        ("330110", "余杭区委"),
        ("310115", "浦东新区区委"),
        ("330521", "德清县委"),
    ],
)
def test_the_party_committee_of_a_place_has_its_usual_name(code, committee):
    assert by_code(code).committee == committee
    assert by_code(code) in committees()[committee]


def test_an_unknown_code_is_none():
    assert by_code("999999") is None
    assert by_code(None) is None
    assert len(named("鼓楼区")) == 4
