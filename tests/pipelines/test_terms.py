"""keywords.yml is read whole, or refused with the line of every mistake."""

import re

import pytest

from pipelines.terms import load_terms
from store.config import bundled
from store.yamlfile import YamlErrors

FIXED_IDS = (
    "cstc cstc-office local-stc advisory-committee ethics-committee four-facings two-legs whole-nation-system chokepoint "
    "core-tech-battle st-megaproject national-lab national-key-lab intl-innovation-centre regional-innovation-centre guiding-fund"
)
GOOD = """\
terms:
  - id: lab
    canonical: 量子实验室
    traditional: 量子實驗室
    gloss: quantum laboratory
    kind: platform
    weight: 4
"""


def refused(tmp_path, text):
    path = tmp_path / "keywords.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(YamlErrors) as caught:
        load_terms(path)
    return [line.removeprefix(f"{path}:") for line in caught.value.lines]


def test_the_bundled_file_has_every_fixed_id():
    terms = load_terms(bundled("keywords.yml"))

    assert set(FIXED_IDS.split()) <= set(terms.by_id)
    assert re.fullmatch(r"[0-9a-f]{64}", terms.version)


def test_the_version_changes_with_the_file(tmp_path):
    path = tmp_path / "keywords.yml"
    path.write_text(GOOD, encoding="utf-8")
    before = load_terms(path).version
    path.write_text(GOOD.replace("weight: 4", "weight: 5"), encoding="utf-8")

    assert load_terms(path).version != before


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: platform", "kind: thing", 6, "Input should be 'body'"),
        ("weight: 4", "weight: 40", 7, "less than or equal to 10"),
        ("    gloss: quantum laboratory\n", "", 2, "Field required"),
        ("canonical: 量子实验室", "canonical: 光学实验室", 2, "traditional"),
        ("weight: 4", "weigth: 4", 7, "Extra inputs"),
        ("id: lab", "id: Lab One", 2, "pattern"),
        ("weight: 4", "weight: 4\n    patterns: [{find: 量子院, anchor: 光子}]", 8, "光 is not in it"),
        (
            "weight: 4",
            "weight: 4\nleaders: [{name: 某人, region: '510000', since: 2024-02-01, until: 2024-01-01}]",
            8,
            "before",
        ),
        ("weight: 4", "weight: 4\n    aliases: [的]", 2, "confirm: true"),
        ("weight: 4", "weight: 4\n    aliases: [会议]", 2, "confirm: true"),
        ("weight: 4", "weight: 4\n    aliases: [量子实验室]", 2, "already belongs to 'lab'"),
        ("weight: 4", "weight: 4\n    patterns:\n      - {find: '(量子', anchor: 量子}", 9, "RE2 refuses"),
        ("weight: 4", "weight: 4\n    patterns:\n      - {find: '(?<=量)子', anchor: 子}", 9, "RE2 refuses"),
        ("weight: 4", "weight: 4\n    patterns:\n      - {find: '(量)\\1', anchor: 量}", 9, "RE2 refuses"),
        ("weight: 4", "weight: 4\n    patterns:\n      - {find: '量*', anchor: 量}", 9, "matches the empty text"),
        ("weight: 4", "weight: 4\n    requires: {any: [], within: 3}", 8, "at least 1 item"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, line, words):
    errors = refused(tmp_path, GOOD.replace(old, new))

    assert any(error.startswith(f"{line}:") and words in error for error in errors), errors


def test_all_mistakes_are_named_at_once(tmp_path):
    broken = GOOD.replace("kind: platform", "kind: thing").replace("weight: 4", "weight: 40")

    assert len(refused(tmp_path, broken)) == 2


def test_an_empty_list_is_refused(tmp_path):
    assert refused(tmp_path, "terms: []\n") == ["1: there is no term to look for"]


def test_a_regular_expression_that_is_too_long_is_refused(tmp_path):
    pattern = f"weight: 4\n    patterns:\n      - {{find: '{'量' * 201}', anchor: 量}}"

    assert "200" in refused(tmp_path, GOOD.replace("weight: 4", pattern))[0]


def test_a_short_term_is_taken_when_it_is_meant(tmp_path):
    path = tmp_path / "keywords.yml"
    path.write_text(GOOD.replace("weight: 4", "weight: 4\n    confirm: true\n    aliases: [量]"), encoding="utf-8")

    assert load_terms(path).terms[0].forms == ("量子实验室", "量")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("false_friends:\n  - {id: ff, gloss: x, of: [nothing], forms: [量子社]}\n", "no term 'nothing'"),
        ("false_friends:\n  - {id: ff, gloss: x, of: [lab], forms: [量子实验室]}\n", "cannot be its false friend"),
        ("false_friends:\n  - {id: ff, gloss: x, of: [lab]}\n", "give forms"),
        ("false_friends:\n  - {id: lab, gloss: x, of: [lab], forms: [量子社]}\n", "used twice"),
        ("combinations:\n  - {id: both, gloss: x, weight: 5, all: [lab]}\n", "at least two"),
        ("combinations:\n  - {id: both, gloss: x, weight: 5, all: [lab, nothing]}\n", "no term 'nothing'"),
    ],
)
def test_entries_that_do_not_fit_together_are_refused(tmp_path, more, words):
    assert any(words in error for error in refused(tmp_path, GOOD + more))
