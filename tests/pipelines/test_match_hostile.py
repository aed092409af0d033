"""No text and no pattern makes the search slow, and none makes it fail."""

import random
import time

import pytest

from crawler.items import Provenance
from pipelines.match import Finder, find_hits
from pipelines.terms import Pattern, Term, Terms
from tests.pipelines.finding import bundled_finder

CATASTROPHIC = [
    f"{head}{middle}{tail}"
    for head in ("(a+)+", "(a|aa)+", "(a*)*a", "([a-z]+)*a", "(a|a?)+a", "(.*a){9}")
    for middle in ("", "a?", "(aa|a)*")
    for tail in ("b", "$x")
][:30]


def seconds(text: str, finder: Finder) -> float:
    started = time.process_time()
    find_hits(text, finder, Provenance())
    return time.process_time() - started


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_catastrophic_pattern_is_linear(pattern):
    slow = Term(
        id="slow",
        canonical="四个面向",
        gloss="x",
        kind="slogan",
        weight=1,
        patterns=(Pattern(find=pattern, anchor="aaaa"),),
    )
    finder = Finder(Terms(terms=(slow,)), segment=False)

    assert seconds("a" * 100_000 + "四个面向", finder) < 1


@pytest.mark.parametrize(
    "unit",
    [
        "省科委",
        "中央军委科技委，",
        "省委科技委员会",
        "科技委",
        "中央科技委托",
        "相关链接\n",
        "上一篇：中央科技委\n",
        "民盟省委科技委，",
        "四\u200b个面向",
        "面向世界科技前沿",
        "十四个面向",
    ],
    ids=ascii,
)
def test_a_text_that_repeats_itself_takes_linear_time(unit):
    find_hits("十四个面向", bundled_finder(), Provenance())  # jieba's dictionary is read once
    short, long = unit * 2_000, unit * 16_000
    once = max(seconds(short, bundled_finder()), 0.01)

    assert seconds(long, bundled_finder()) < 40 * once


@pytest.mark.parametrize("seed", range(4))
def test_any_text_is_searched_without_an_error(seed):
    chance = random.Random(seed)
    alphabet = [
        *"中央科技委员会省市区（）(<&>huìā",
        "\ud800",
        "\x00",
        "\u200b",
        "🤳",
        "民盟",
        "相关链接\n",
        "&nbsp;",
        "　",
        "\n",
    ]
    for _ in range(500):
        text = "".join(chance.choices(alphabet, k=chance.randint(0, 60)))
        for hit in find_hits(text, bundled_finder(), Provenance()):
            assert text[hit.start : hit.end] == hit.surface
            assert len(hit.context) <= 120
            assert bool(hit.why) == (hit.status == "suspect")
