"""A text is searched as it stands only where its normal form would say the same, labels included."""

import random

import pytest

from crawler.items import Provenance
from pipelines.match import Finder, find_hits, hit_of
from pipelines.normalise import normalise
from tests.pipelines.finding import plain_terms

WORDS = [
    "中央科技委员会",
    "四个面向",
    "科技委",
    "国家实验室",
    "面向",
    "财政部",
    "西安",
    "干部",
    "C919大飞机",
    "5G基站",
    "（试行）",
]
BETWEEN = [
    *"的在了，。和主任会议要求十四“”（）()25℃㈱①",
    *("\n", "\n　　", " ", "huì", "(ge)", "（ huì ）", "（shì)", "江西", "安遠", "部門", "<b>", "&nbsp;"),
    *("\u200b", "🤳", "\u0301", "\ue001", "\x07", "\xa0", "國", "乾淨", "\ud800"),
]
INSIDE = [
    "\n",
    " ",
    "　",
    "\n　",
    "(huì)",
    "（ huì）",
    "(ge)",
    "\u200b",
    "🤳",
    "<b>",
    "&nbsp;",
    "\x07",
    "(🤳)",
    "（C",
    "(CPI)",
]
VARIANTS = {
    "员": "員",
    "会": "會⼀",
    "国": "國囯",
    "实": "實",
    "财": "財",
    "干": "乾幹",
    "机": "機",
    "C": "Ｃ",
    "9": "９⑨",
    "个": "個",
}


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(plain_terms(WORDS))


def disturbed(word: str, chance: random.Random) -> str:
    signs = (chance.choice(VARIANTS.get(sign, sign)) if chance.random() < 0.2 else sign for sign in word)
    return "".join(sign + (chance.choice(INSIDE) if chance.random() < 0.1 else "") for sign in signs)


def made(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.randint(1, 4))]
    pieces = [disturbed(word, chance) if chance.random() < 0.5 else word for word in words]
    pieces += chance.choices(BETWEEN, k=chance.randint(0, 6))
    chance.shuffle(pieces)
    return "".join(pieces)


@pytest.mark.parametrize("seed", range(4))
def test_the_quick_way_gives_the_hits_and_labels_of_the_closer_look(finder, seed):
    chance = random.Random(seed)
    quick = 0
    for _ in range(1_000):
        text = made(chance)
        normalised = normalise(text)
        finds, _ = finder.look(normalised, Provenance())
        closer = sorted((hit_of(find, normalised) for find in finds), key=lambda hit: hit.start)
        assert list(find_hits(text, finder, Provenance())) == closer, text
        quick += finder.automaton.as_it_stands(text) is not None
    assert quick > 100


@pytest.mark.parametrize(
    "text",
    [
        "最高气温25℃，实验室关闭",  # ℃ is °C, and a term begins with C
        "居民消费价格指数（CPI）上涨，面向",
        "去国\n外学习，会\n议要求",
        "這裡沒有那個詞",
        "财政\n，部門",
    ],
)
def test_what_cannot_hide_a_term_costs_no_closer_look(finder, text):
    assert finder.automaton.as_it_stands(text) is not None


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("四個面向", "四個面向"),
        ("国 \n　家实验室", "国 \n　家实验室"),
        ("国\n傢國家實驗室", "國家實驗室"),
        ("财（ cái）政部", "财（ cái）政部"),
        ("財\n政部", "財\n政部"),
        ("财\n政\u200b部", "财\n政\u200b部"),
        ("Ｃ９19大飞机", "Ｃ９19大飞机"),
    ],
)
def test_a_term_behind_several_disturbances_is_found(finder, text, surface):
    assert surface in [hit.surface for hit in find_hits(text, finder, Provenance())]


def test_a_term_that_begins_inside_a_sign_is_found(finder):
    (hit,) = find_hits("℃919大飞机", finder, Provenance())

    assert hit.surface == "℃919大飞机"
