"""jieba labels exactly as cutting the whole text would, is asked only where needed, and trusts no shared cache."""

import json
import marshal
import random
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

from crawler.items import Provenance
from pipelines.finding.segment import Segmenter
from pipelines.match import Finder, find_hits
from pipelines.normalise import normalise
from tests.pipelines.finding import plain_terms

SHARED = Path(__file__).resolve().parents[2] / "../shared"
WORDS = [
    "四个面向",
    "财政部",
    "西安",
    "国家实验室",
    "中央科技委员会",
    "科技委",
    "新型举国体制",
    "教育部",
    "“十四五”规划",
    "6G",
]
PIECES = [
    *WORDS,
    *"十门江西安远的了是在会，。！“”《》\n 和与及三第A7",
    "财政部门",
    "教育部党组",
    "二十四个",
    "民盟中央",
    "委托",
    "北京市",
    "工作",
    "重点",
]


def tokens(finder: Finder, text: str) -> set[tuple[int, int]]:
    """Cut a whole text the plain way: every token with its place."""
    spans, at = set(), 0
    for word in finder.segmenter.tokenizer.cut(text):
        spans.add((at, at + len(word)))
        at += len(word)
    return spans


def differences(finder: Finder, words: list[str], text: str) -> list[object]:
    """Compare labels with the tokens of a plain text, word by word."""
    found = find_hits(text, finder, Provenance())
    plain = tokens(finder, text)
    wrong: list[object] = []
    for hit in found:
        token = (hit.start, hit.end) in plain
        # jieba never joins quotation marks to a word, so such a term is judged by its edges alone.
        if "“" not in hit.surface and token != (hit.status == "confirmed"):
            wrong.append((hit.surface, hit.status, hit.why, hit.context))
    inside = [(hit.start, hit.end) for hit in found]
    wrong += [text[a:b] for a, b in plain if text[a:b] in words and not any(s <= a and b <= e for s, e in inside)]
    return wrong


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(plain_terms(WORDS))


@pytest.mark.parametrize("seed", range(4))
def test_labels_equal_the_plain_way_on_made_texts(finder, seed):
    chance = random.Random(seed)
    for _ in range(250):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(2, 25)))
        if normalise(text).text == text:
            assert differences(finder, WORDS, text) == [], text


@pytest.mark.parametrize("name", ["selective", "hot"])
def test_labels_equal_the_plain_way_on_the_transcripts(name):
    archive, listed = SHARED / "corpus/days.tar.xz", SHARED / f"reference/terms-{name}.txt"
    if not archive.is_file() or not listed.is_file():
        pytest.skip("the reference material is not beside this clone")
    words = listed.read_text(encoding="utf-8").split()
    finder = Finder(plain_terms(words))
    with tarfile.open(archive) as opened:
        texts = [json.loads(line)["text"] for line in list(opened.extractfile("days.jsonl"))[::40]]
    wrong = [difference for text in texts for difference in differences(finder, words, text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "surface", "crossing"),
    [("坚持十四个面向", "四个面向", "十四个"), ("财政部门开会", "财政部", "财政部门"), ("江西安远县", "西安", "江西")],
)
def test_a_term_across_a_word_boundary_is_suspect_and_says_which_word(finder, text, surface, crossing):
    (hit,) = find_hits(text, finder, Provenance())

    assert (hit.surface, hit.status) == (surface, "suspect")
    assert crossing in hit.why


def test_a_line_break_ends_a_word_also_where_it_was_dropped(finder):
    assert find_hits("名单如下：第十\n四\u200b个面向", finder, Provenance())[0].status == "confirmed"


@pytest.mark.parametrize("poison", [b"no marshal at all", marshal.dumps(({"中央科技": 10**9}, 1)), marshal.dumps(0)])
def test_a_planted_cache_is_never_read(monkeypatch, tmp_path, poison):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(poison)
    segmenter = Segmenter(["中央科技委员会"])

    assert list(segmenter.tokenizer.cut("中央科技委员会主任")) == ["中央科技委员会", "主任"]
    assert segmenter.straddling("十四个面向", 1, 5)[0] == "十四个"
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


@pytest.mark.parametrize(
    "text", ["中" * 300_000, "a" * 2_000_000, "1." * 500_000, "四个面向" * 2_000], ids=["han", "latin", "dots", "terms"]
)
def test_odd_texts_take_no_odd_time(finder, text):
    started = time.process_time()
    find_hits(text + "国家实验室", finder, Provenance())
    assert time.process_time() - started < 3
