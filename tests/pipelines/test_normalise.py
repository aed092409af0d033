"""Texts are searched clean and cited as they stand."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import normalise as module
from pipelines.normalise import fold, normalise, simplified

TERM = "中央科技委员会"
SPLITS = [
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u3000",
    "\xa0",
    "\u2003",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\xad",
    "\u200b\n",
    " \u200b ",
    "\n\u3000\u3000",
    "🤳",
    "(🤳)",
    "（🐢）",
    "<span>",
    "</b>",
    '<a href="x">',
    "&nbsp;",
    "&#8203;",
    "\ufe0f",
    "\u0336",
]


@pytest.mark.parametrize("at", range(1, len(TERM)))
@pytest.mark.parametrize("split", SPLITS, ids=ascii)
def test_a_term_split_by_noise_is_whole_again(split, at):
    text = f"设立{TERM[:at]}{split}{TERM[at:]}。"

    normalised = normalise(text)

    assert normalised.text == f"设立{TERM}。"
    assert normalised.source_span(2, 9) == (2, 9 + len(split))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("中央科技委員會辦公室", "中央科技委员会办公室"),
        ("中央科技委員會(huì)辦公室", "中央科技委员会办公室"),
        ("堅(jiān)持“四個(gè)面向”", "坚持“四个面向”"),
        ("四個(ge)面向", "四个面向"),
        ("科技創（chuàng）新", "科技创新"),
        ("２０２４年６月", "2024年6月"),
        ("⼦公司", "子公司"),
        ("㈱中央", "(株)中央"),
        ("乾坤與乾淨", "乾坤与干净"),
    ],
)
def test_scripts_glosses_and_compatible_forms_become_one(text, clean):
    assert normalise(text).text == clean


@pytest.mark.parametrize(
    "text", ["，：；！？（）…", "全长(km)五十", "见(ii)条", "GDP 增长 5%", "", "甲。\n乙", "1 < 2 & 3 > 2"]
)
def test_what_is_no_noise_stays(text):
    assert normalise(text).text == text


def test_a_lone_surrogate_becomes_a_replacement_character():
    assert normalise("\ud800中央").text == "\ufffd中央"


def test_dropped_white_space_is_remembered():
    normalised = normalise("第一段\n第二段 第三段。\n第四段")

    assert normalised.text == "第一段第二段第三段。\n第四段"
    assert normalised.gaps == (3, 6)
    assert normalised.breaks == (3,)


def test_every_format_character_of_the_first_plane_is_invisible():
    visible = [chr(c) for c in range(0x10000) if unicodedata.category(chr(c)) == "Cf" and fold(chr(c))]

    assert visible == []


NOISY = st.lists(
    st.sampled_from(
        [
            *"中央科技會員國x3。，（",
            " ",
            "\n",
            "\u200b",
            "\u3000",
            "(huì)",
            "🤳",
            "(🐢)",
            "㈱",
            "Ａ",
            "½",
            "<b>",
            "&nbsp;",
        ]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=30,
).map("".join)


@given(NOISY)
@settings(max_examples=400, deadline=None)
def test_every_character_knows_where_it_came_from(text):
    normalised = normalise(text)

    ends = 0
    for position, character in enumerate(normalised.text):
        start, end = normalised.source_span(position, position + 1)
        assert end == start + 1
        assert start + 1 >= ends
        ends = end
        assert character.isspace() or len(simplified(text[start])) != 1 or character in _possible(text[start])
        first, last = normalised.normal_span(start, end)
        assert first <= position < last


def _possible(character):
    # A phrase may keep what a character alone would lose: 乾坤.
    return {*fold(character), character, "\ufffd"}


@given(NOISY)
@settings(max_examples=200, deadline=None)
def test_the_whole_text_comes_from_the_whole_source(text):
    normalised = normalise(text)

    assert normalised.normal_span(0, len(text)) == (0, len(normalised.text))


def test_conversion_never_changes_the_length():
    plane = "".join(chr(c) for c in range(0x4E00, 0xA000))

    assert len(simplified(plane)) == len(plane)
    assert module.simplified("後來") == "后来"
