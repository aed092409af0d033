"""Finding terms with the real Finder, normalising and labels included, against jieba.cut and a set of the terms."""

import json
import random
import tarfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from crawler.items import Provenance
from pipelines.match import Finder, find_hits
from pipelines.terms import Term, Terms, load_terms

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / "../shared"
ROUNDS = 3
SAMPLE = 10  # theirs cuts every tenth text and is scaled by characters: the whole takes half a minute a round
NOWHERE = Provenance()
SHARE = {"selective": 0.14, "hot": 0.46}  # how many of the texts of the corpus hold a term of the list
MENTIONS = 3  # in a text that holds one, as in the corpus

_EVERYDAY = (
    "今天 会议 召开 城市 农村 春天 小麦 丰收 大桥 通车 铁路 港口 货物 工人 老师 学生 医院 居民 社区 公园 河流 水库 森林 气温 降雨 "
    "企业 订单 出口 增长 同比 季度 项目 开工 投资 市场 价格 稳定 服务 提升 改革 深化 开放 合作 交流 代表 讨论 意见 建议 方案 实施 "
    "我们 他们 已经 正在 继续 努力 认真 落实 加强 推进 重要 主要 目前 未来 这里 那里 以及 同时 但是 因为 所以 还有 其中 一些 许多"
)
_WORDS = _EVERYDAY.split()


def measure(figure: str) -> Figure:
    """Return `find-selective` or `find-hot`: processor seconds over all texts, theirs scaled from a tenth of them."""
    name = figure.removeprefix("find-")
    words = _terms(name)
    texts, origin = _texts(words, SHARE[name])
    finder = Finder(_as_terms(words))
    find_hits(
        "。".join(words), finder, NOWHERE
    )  # start-up is not counted on either side: jieba's dictionary is read here
    naive = _naive(words)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        seconds, hits = _ours(texts, finder)
        ours.append(seconds)
        theirs.append(_theirs(texts, naive, frozenset(words)))
    what = (
        f"{len(words)} terms in {len(texts)} texts ({origin}), {hits} hits kept and labelled; "
        f"jieba.cut on every {SAMPLE}th text, scaled; least of {ROUNDS} rounds"
    )
    return Figure(figure, round(min(theirs) / min(ours), 1), round(min(ours), 4), round(min(theirs), 2), "s cpu", what)


def _ours(texts: Sequence[str], finder: Finder) -> tuple[float, int]:
    start = time.process_time()
    hits = sum(len(find_hits(text, finder, NOWHERE)) for text in texts)
    return time.process_time() - start, hits


def _theirs(texts: Sequence[str], tokenizer: Any, words: frozenset[str]) -> float:
    sample = texts[::SAMPLE]
    start = time.process_time()
    for text in sample:
        [token for token in tokenizer.cut(text) if token in words]
    return (time.process_time() - start) * sum(map(len, texts)) / sum(map(len, sample))


def _naive(words: Sequence[str]) -> Any:
    tokenizer = Finder(_as_terms(words[:1])).segmenter.tokenizer  # type: ignore[union-attr] # segment is on
    for word in words:
        tokenizer.add_word(word)
    return tokenizer


def _as_terms(words: Sequence[str]) -> Terms:
    return Terms(
        terms=tuple(
            Term(id=f"t{index}", canonical=word, gloss=word, kind="body", weight=1, confirm=True)
            for index, word in enumerate(words)
        )
    )


def _terms(name: str) -> list[str]:
    """Return the list beside the reference material, else the forms of our own terms."""
    path = SHARED / f"reference/terms-{name}.txt"
    if path.is_file():
        return path.read_text(encoding="utf-8").split()
    return [form for term in load_terms(ROOT / "keywords.yml").terms for form in term.forms]


def _texts(words: Sequence[str], share: float) -> tuple[list[str], str]:
    archive = SHARED / "corpus/days.tar.xz"
    if archive.is_file():
        with tarfile.open(archive) as opened:
            days = opened.extractfile("days.jsonl") or ()
            return [json.loads(line)["text"] for line in days], "days.tar.xz"
    return list(_generated(words, share)), "generated text, ../shared is absent"


def _generated(words: Sequence[str], share: float) -> Iterator[str]:
    chance = random.Random(2023)  # noqa: S311 - the same text in every run is the point
    for _ in range(10_000):
        sentences = ["".join(chance.choices(_WORDS, k=chance.randint(6, 20))) for _ in range(20)]
        if chance.random() < share:
            for at in chance.sample(range(20), MENTIONS):
                sentences[at] += chance.choice(words)
        yield "。\n".join(sentences)
