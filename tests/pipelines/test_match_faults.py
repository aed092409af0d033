"""The faults of the fault table that touch matching: split terms, segmentation that hides a term, patterns that hang."""

import random
import re
from functools import cache
from typing import Any

import pytest

from crawler.items import Provenance
from crawler.reading import read_document
from pipelines.finding.segment import Segmenter
from pipelines.match import Finder, find_hits
from pipelines.normalise import normalise
from pipelines.terms import Pattern, Term, Terms, compile_regex
from tests.pipelines.finding import bundled_finder, scattered
from tests.pipelines.test_match_hostile import CATASTROPHIC, seconds

TERM = "中央科技委员会"
NOWHERE = Provenance()

# E3: sixty ways in which a term was seen split or disguised. `/` stands where the split goes.
BETWEEN = {
    "line break": "\n",
    "carriage return": "\r\n",
    "lone carriage return": "\r",
    "space": " ",
    "three spaces": "   ",
    "tab": "\t",
    "ideographic space": "\u3000",
    "indented new line": "\n\u3000\u3000",
    "no-break space": "\xa0",
    "narrow no-break space": "\u202f",
    "em space": "\u2003",
    "thin space": "\u2009",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "next line": "\x85",
    "form feed": "\x0c",
    "braille blank": "\u2800",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "zero width non-joiner": "\u200c",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\xad",
    "left-to-right mark": "\u200e",
    "right-to-left override": "\u202e",
    "Mongolian vowel separator": "\u180e",
    "Hangul filler": "\u3164",
    "variation selector": "\ufe0f",
    "control character": "\x07",
    "combining stroke": "\u0336",
    "zero width space and line break": "\u200b\n\u200b",
    "emoji": "🤳",
    "emoji in brackets": "(🤳)",
    "emoji in full-width brackets": "（🐢）",
    "private use character": "\ue5e5",
    "escaped tag": "<span>",
    "escaped tag with attributes": '<font color="red">',
    "escaped closing and opening tag": "</b><b>",
    "escaped no-break space": "&nbsp;",
    "escaped number": "&#8203;",
    "escaped em space without semicolon": "&emsp",
}
DISGUISED = {
    "traditional": "中央科技委員會",
    "partly traditional": "中央科技委员會",
    "full-width and traditional": "中央科技委員会",
    "radicals": "中央科技委员会".replace("会", "会\ufe00"),
    "pinyin gloss": "中央科技委員會(huì)",
    "pinyin glosses inside": "中央科技委員(yuán)會",
    "gloss in full-width brackets": "中央科技（jì）委员会",
    "gloss of a neutral tone": "中央科(ke)技委員會",
    "gloss and emoji": "中(zhōng)央🤳科技委員會",
    "every sign apart": "\u200b".join(TERM),
    "a space between all": " ".join(TERM),
}
IN_PAGES = {
    "span": "中央<span>科技</span>委员会",
    "styled spans": '<span style="a">中央</span><span style="b">科技</span><span>委员会</span>',
    "bold half": "中央科技<b>委员会</b>",
    "link": '中央科技<a href="/x">委员会</a>',
    "break": "中央科技<br>委员会",
    "entity": "中央科技&nbsp;委员会",
    "zero width entity": "中央科技&#8203;委员会",
    "comment": "中央科技<!-- x -->委员会",
}
assert len(BETWEEN) + len(DISGUISED) + len(IN_PAGES) == 60


@pytest.mark.parametrize("name", BETWEEN)
def test_a_term_split_in_any_place_is_found_with_its_exact_characters(name: str) -> None:
    for at in range(1, len(TERM)):
        split = TERM[:at] + BETWEEN[name] + TERM[at:]
        assert surfaces(f"今天，{split}召开会议。") == [split]


@pytest.mark.parametrize("name", DISGUISED)
def test_a_disguised_term_is_found_with_its_exact_characters(name: str) -> None:
    (found,) = surfaces(f"今天，{DISGUISED[name]}召开会议。")

    assert DISGUISED[name].startswith(found)
    assert normalise(found).text == TERM


@pytest.mark.parametrize("name", IN_PAGES)
def test_a_term_that_markup_splits_is_found_in_the_page(name: str) -> None:
    text = f"今天，{IN_PAGES[name]}在北京召开会议，研究部署有关工作，审议通过有关文件。"
    page = f"<html><head><title>要闻</title></head><body><div class='TRS_Editor'><p>{text}</p><p>会议强调要抓好落实，各部门要按照分工推进各项任务，确保取得实效。</p></div></body></html>"

    reading = read_document("https://www.example.gov.cn/t20260901_1.html", page.encode(), "text/html; charset=utf-8")

    assert reading.document is not None
    body = reading.document.body
    (found,) = surfaces(body)
    assert normalise(found).text == TERM


def surfaces(text: str) -> list[str]:
    hits = [hit for hit in find_hits(text, bundled_finder(), NOWHERE) if hit.term == "cstc"]
    assert all(text[hit.start : hit.end] == hit.surface for hit in hits)
    return [hit.surface for hit in hits]


# E4: whatever jieba makes of a text, no term is lost.
FILLERS = [
    *"的在了，。和、主任会议要求坚持发展（）“”省市委十第托法",
    *("国家", "十四个", "\n", "《报告》", "2024年", "AI", "四川", "民盟", "中央军委", "技术", "实验室认可", "江西安排"),
]


@cache
def watched_forms() -> dict[str, str]:
    """The plain forms of the watched terms, normalised, with their terms; the longest first."""
    terms = [term for term in bundled_finder().terms.terms if term.watch]
    forms = {normalise(form).text: term.id for term in terms for form in (*term.forms, *term.weak)}
    return dict(sorted(forms.items(), key=lambda form: -len(form[0])))


def made(chance: random.Random) -> str:
    forms = list(watched_forms())
    pieces = [
        scattered(chance.choice(forms), chance) if chance.random() < 0.3 else chance.choice(FILLERS)
        for _ in range(chance.randint(5, 60))
    ]
    return "".join(pieces)


def lost(text: str, finder: Finder) -> list[str]:
    """Return the forms that stand in a text and that no hit covers, of the same term or a longer one."""
    clean = normalise(text)
    spans = [clean.normal_span(hit.start, hit.end) for hit in find_hits(text, finder, NOWHERE)]
    return [
        form
        for form in watched_forms()
        for place in re.finditer(f"(?={re.escape(form)})", clean.text)
        if not any(low <= place.start() and place.start() + len(form) <= high for low, high in spans)
    ]


class Nonsense(Segmenter):
    """A segmenter whose dictionary was poisoned: every edge of a term is inside some word."""

    def straddling(self, text: str, start: int, end: int) -> tuple[str | None, str | None]:
        return text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]


def poisoned() -> Finder:
    finder = Finder(bundled_finder().terms)
    finder.segmenter = Nonsense(())
    finder.guards._segmenter = finder.segmenter
    return finder


@pytest.mark.parametrize("seed", range(5))
def test_no_term_of_a_thousand_documents_is_lost(seed: int) -> None:
    chance = random.Random(seed)
    texts = [made(chance) for _ in range(1_000)]

    assert sum(len(find_hits(text, bundled_finder(), NOWHERE)) for text in texts) > 3_000
    assert [(text, gone) for text in texts if (gone := lost(text, bundled_finder()))] == []


@pytest.mark.parametrize("finder", [poisoned, lambda: Finder(bundled_finder().terms, segment=False)])
def test_a_poisoned_or_missing_dictionary_changes_labels_and_no_place(finder: Any) -> None:
    chance, other = random.Random(9), finder()
    for text in (made(chance) for _ in range(300)):
        places = [(hit.term, hit.start, hit.end) for hit in find_hits(text, bundled_finder(), NOWHERE)]
        assert [(hit.term, hit.start, hit.end) for hit in find_hits(text, other, NOWHERE)] == places


# P6: a pattern that makes other engines hang is linear or refused.
UNSUPPORTED = [
    "(?=a)b",
    "(?!a)b",
    "(?<=a)b",
    "(?<!a)b",
    r"(a)\1",
    "(?P<x>a)(?P=x)",
    "a++",
    "(?>a+)b",
    "(?(1)a|b)",
    "a{1001}",
]
TOO_LARGE = ["((a{100}){100}){100}", "(((x{30}){30}){30}){30}"]


@pytest.mark.parametrize("pattern", UNSUPPORTED + TOO_LARGE)
def test_a_pattern_that_is_not_linear_or_too_large_is_refused_in_words(pattern: str) -> None:
    with pytest.raises(ValueError, match="RE2 refuses"):
        compile_regex(pattern)


@pytest.mark.long
@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_megabyte_and_a_catastrophic_pattern_take_no_more_than_in_proportion(pattern: str) -> None:
    slow = Term(
        id="slow",
        canonical="四个面向",
        gloss="x",
        kind="slogan",
        weight=1,
        patterns=(Pattern(find=pattern, anchor="aaaa"),),
    )
    finder = Finder(Terms(terms=(slow,)), segment=False)
    tenth = min(seconds("a" * 100_000 + "四个面向", finder) for _ in range(3))

    assert seconds("a" * 1_000_000 + "四个面向", finder) < 25 * max(tenth, 0.02)
