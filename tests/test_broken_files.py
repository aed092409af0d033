"""However a file of the user is broken, it is loaded or refused in words with file and line; nothing else comes out."""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from crawler.sources import load_sources
from pipelines.rules import load_rules
from pipelines.terms import load_terms
from store.config import bundled
from store.problems import Problem
from store.yamlfile import YamlErrors, parse_yaml

BREAKAGES = 100


class Anything(BaseModel, extra="allow"):
    """A file whose keys and values are not looked at."""


TERMS = """\
terms:
  - id: lab
    canonical: 量子实验室
    traditional: 量子實驗室
    gloss: quantum laboratory
    kind: platform
    weight: 4
    aliases: [量子实验中心]
    requires: {any: [建设], within: 30}
  - id: fund
    canonical: 量子引导基金
    traditional: 量子引導基金
    gloss: quantum guiding fund
    kind: money
    weight: 4
    patterns: [{find: '量子.{0,4}基金', anchor: 量子}]
"""
SOURCE = """\
name: 示例科技局
name_en: Example Science Bureau
tier: agency
homepage: https://example.gov.cn/
every: 6h
columns:
  - {name: 通知, url: "https://example.gov.cn/tz/", family: trs, evidence: {grade: A, seen: 2026-08}}
  - name: 公示
    url: https://example.gov.cn/gs/
expect: {min_links: 5, quiet_after: 21d}
"""


def load_one_source(path: Path) -> Any:
    return load_sources(path.parent.parent)


def breakage(text: str, chance: random.Random) -> bytes:
    """The file with one to three accidents of the kind that editors, merges and copies make."""
    lines = text.encode().split(b"\n")
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at : at + 1] = chance.choice(
            [
                [],
                [line, line],
                [b"\t" + line],
                [line[:cut]],
                [
                    line[:cut]
                    + chance.choice([b":", b"[", b"}", b'"', b"&a", b"*a", b"!x", b"\xff", b"\0", b"- "])
                    + line[cut:]
                ],
                [b"  " + line],
                [line.replace(b":", b": {}", 1)],
                [re.sub(rb": .*", b": -1", line)],
                [re.sub(rb": .*", b": ", line)],
                [re.sub(rb": .*", b": [1, [2, {3: 4}]]", line)],
                [b"<<<<<<< HEAD", line],
                [re.sub(rb": .*", b": 2024-13-45", line)],
            ]
        )
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("place", "text", "load"),
    [
        ("keywords.yml", TERMS, load_terms),
        ("sources/ministries/example.yml", SOURCE, load_one_source),
        ("disclosures.yml", None, load_rules),
    ],
    ids=["keywords", "source", "disclosures"],
)
def test_a_hundred_broken_files_are_loaded_or_refused_in_words(
    tmp_path: Path, place: str, text: str | None, load: Callable[[Path], Any]
) -> None:
    chance = random.Random(place)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = text or bundled("disclosures.yml").read_text(encoding="utf-8")
    path.write_text(whole, encoding="utf-8")
    load(path)
    refused = 0
    for _ in range(BREAKAGES):
        path.write_bytes(breakage(whole, chance))
        try:
            load(path)
        except Problem as problem:
            refused += 1
            for line in str(problem).splitlines():
                assert re.match(r".*\.yml(:\d+)?: \S", line), line
    assert refused > BREAKAGES / 2


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        ("name: 甲\nseen: 2024-13-45\n", 2, "'2024-13-45': month must be in 1..12"),
        ("name: 甲\nname_en: \0\n", 2, "the character U+0000 is not allowed"),
        ("name: 甲\ntier: agency\nname: 乙\n", 3, "'name' is given twice"),
        ("[" * 100_000, 1, "nest"),
    ],
)
def test_an_error_of_a_value_names_its_line(tmp_path: Path, broken: str, line: int, words: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(YamlErrors) as caught:
        parse_yaml(path, Anything)
    assert caught.value.lines[0].startswith(f"{path}:{line}: ")
    assert words in caught.value.lines[0]


def test_a_file_in_another_encoding_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes("a: b\nname: 甲\n".encode("gb18030"))
    with pytest.raises(YamlErrors, match=r"x\.yml:2: is not UTF-8 text"):
        parse_yaml(path, Anything)
