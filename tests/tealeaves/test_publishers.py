"""What a publisher's name says of it: place, tier, English name; nothing is guessed."""

import pytest

from tealeaves.publishers import english_of, region_of, tier_of


@pytest.mark.parametrize(
    ("name", "tier", "english"),
    [
        ("中华人民共和国科学技术部", "ministry", None),
        ("国家发展和改革委员会", "ministry", None),
        ("国家自然科学基金委员会", "agency", None),
        ("国家知识产权局", "agency", None),
        ("中国政府网", "state-council", None),
        ("中国科学院", "academy", None),
        ("中国工程院", "academy", None),
        ("中共中央网络安全和信息化委员会办公室", "central-party", None),
        ("广西壮族自治区科学技术厅", "province", "Guangxi Department of Science and Technology"),
        ("天津市科学技术局", "municipality", "Tianjin Bureau of Science and Technology"),
        ("上海市人民政府", "municipality", "Shanghai People’s Government"),
        ("浙江省经济和信息化厅", "province", "Zhejiang Department of Economy and Information Technology"),
        ("杭州市科学技术局", "city", None),
        ("湖南日报", "official-media", None),
        ("人民网", "official-media", None),
        ("新华社", "official-media", None),
        ("某某网", None, None),
        ("", None, None),
    ],
)
def test_the_tier_and_the_english_name_follow_from_the_chinese_name(
    name: str, tier: str | None, english: str | None
) -> None:
    assert (tier_of(name), english_of(name)) == (tier, english)


def test_of_a_province_and_a_city_the_place_is_the_city() -> None:
    region = region_of("江苏省苏州市科技局")
    assert region is not None
    assert region.code == "320500"
    assert region_of("国家数据局") is None
