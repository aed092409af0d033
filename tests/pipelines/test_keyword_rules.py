"""Each rule that keywords.yml can express, as an analyst would write it, on texts that it must and must not change."""

from datetime import date
from pathlib import Path

import pytest

from crawler.items import Provenance
from pipelines.finding.combine import weight
from pipelines.match import Finder, find_hits
from pipelines.normalise import normalise
from pipelines.terms import Terms, load_terms

TERM = "{id: lab, canonical: 量子信息实验室, gloss: laboratory, kind: platform, weight: 6%s}"
OTHER = "{id: zone, canonical: 未来科学城, gloss: zone, kind: zone, weight: 2%s}"


def written(folder: Path, *terms: str, more: str = "") -> Terms:
    """Load a keywords.yml with some entries, as it stands in a file."""
    path = folder / "keywords.yml"
    path.write_text("terms:\n" + "".join(f"  - {term}\n" for term in terms) + more, encoding="utf-8")
    return load_terms(path)


def labels(terms: Terms, text: str, published: date | None = None) -> list[tuple[str, str, bool]]:
    """Return (term, surface, whether it is confirmed) of every hit of a text."""
    hits = find_hits(text, Finder(terms, segment=False), Provenance(published=published))
    return [(hit.term, hit.surface, hit.status == "confirmed") for hit in hits]


@pytest.mark.parametrize(
    ("rule", "text", "confirmed"),
    [
        (", aliases: [量子院]", "量子院揭牌", True),
        (", weak: [量子攻关]", "开展量子攻关", False),
        (", requires: {any: [合肥], within: 6}", "合肥的量子信息实验室", True),
        (", requires: {any: [合肥], within: 6}", "合肥市科技局的人到了量子信息实验室", False),
        (", requires: {any: [揭牌], within: 4, side: after}", "量子信息实验室揭牌", True),
        (", requires: {any: [揭牌], within: 4, side: after}", "揭牌后的量子信息实验室", False),
        (", requires: {any: [揭牌], within: 4, side: before}", "揭牌后的量子信息实验室", True),
        (", excludes: {any: [小说], within: 5}", "小说里的量子信息实验室", False),
        (", excludes: {any: [小说], within: 5}", "小说家昨天到访了量子信息实验室", True),
        (", excludes: {any: [小说], within: 5, side: after}", "小说里的量子信息实验室", True),
    ],
)
def test_aliases_weak_forms_and_context_within_a_distance_on_a_side(tmp_path, rule, text, confirmed):
    ((_, _, is_confirmed),) = labels(written(tmp_path, TERM % rule), text)

    assert is_confirmed is confirmed


@pytest.mark.parametrize(
    ("day", "confirmed"),
    [(date(2023, 3, 1), True), (date(2023, 2, 28), False), (date(2025, 1, 1), False), (None, True)],
)
def test_a_term_is_suspect_outside_the_days_in_which_it_can_be_meant(tmp_path, day, confirmed):
    terms = written(tmp_path, TERM % ", valid: {since: 2023-03-01, until: 2024-12-31}")

    assert labels(terms, "量子信息实验室揭牌", day) == [("lab", "量子信息实验室", confirmed)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("合肥量子重点实验室", ["合肥量子重点实验室"]),
        ("济南量子省重点实验室", ["济南量子省重点实验室"]),
        ("北京量子重点实验室", []),
    ],
)
def test_a_regular_expression_is_tried_at_its_anchor(tmp_path, text, found):
    terms = written(tmp_path, TERM % ", patterns: [{find: (?:合肥|济南)量子(?:省)?重点实验室, anchor: 重点实验室}]")

    assert [surface for _, surface, _ in labels(terms, text)] == found


FRIEND = "false_friends:\n  - {id: ff, gloss: something else, of: [lab], %s}\n"


@pytest.mark.parametrize(
    ("rule", "text", "hits"),
    [
        ("forms: [量子信息实验室杯]", "量子信息实验室杯比赛", [False]),
        ("after: [杯]", "量子信息实验室杯比赛", [False]),
        ("before: [美国]", "美国量子信息实验室", [False]),
        ("before: [民营]", "民营广东量子信息实验室", [False]),  # a place name in between is skipped
        ("patterns: [{find: 第.量子信息实验室, anchor: 量子信息实验室}]", "第一量子信息实验室", [False]),
        ("forms: [量子理发店], keep: true", "量子理发店开业", [False]),
        ("forms: [量子理发店]", "量子理发店开业", []),
        ("after: [杯]", "量子信息实验室揭牌", [True]),
    ],
)
def test_a_false_friend_is_told_and_never_confirmed(tmp_path, rule, text, hits):
    terms = written(tmp_path, TERM % "", more=FRIEND % rule)

    assert [confirmed for _, _, confirmed in labels(terms, text)] == hits


BOTH = "combinations:\n  - {id: both, gloss: both, weight: 8, %s}\n"


@pytest.mark.parametrize(
    ("rule", "text", "together"),
    [
        ("all: [lab, zone]", "量子信息实验室。" + "很长的文字。" * 50 + "未来科学城。", True),
        ("all: [lab, zone]", "量子信息实验室。", False),
        ("all: [lab, zone], near: 4", "量子信息实验室在未来科学城", True),
        ("all: [lab, zone], near: 4", "量子信息实验室昨天搬到了未来科学城", False),
        ("any: [lab, zone], all: [site]", "大装置在未来科学城", True),
        ("any: [lab, zone], all: [site]", "未来科学城的量子信息实验室", False),
        ("all: [lab, zone], watch: false", "量子信息实验室在未来科学城", False),
    ],
)
def test_terms_together_all_any_and_near(tmp_path, rule, text, together):
    site = "{id: site, canonical: 大装置, gloss: facility, kind: platform, weight: 2}"
    terms = written(tmp_path, TERM % "", OTHER % "", site, more=BOTH % rule)

    assert ("both" in [term for term, _, _ in labels(terms, text)]) is together


@pytest.mark.parametrize(
    ("text", "heavy"),
    [("未来科学城", 0), ("量子信息实验室", 6), ("未来科学城的量子信息实验室", 8), ("无关", 0)],
)
def test_a_text_weighs_what_its_heaviest_term_or_combination_weighs_and_light_ones_nothing(tmp_path, text, heavy):
    terms = written(tmp_path, TERM % "", OTHER % "", more=BOTH % "all: [lab, zone], near: 9")
    finds, _ = Finder(terms, segment=False).look(normalise(text), Provenance())

    assert weight(finds, terms) == heavy


def test_of_two_forms_over_one_place_the_longest_wins_whatever_their_weights(tmp_path):
    longer = "{id: longer, canonical: 量子信息实验室联盟, gloss: alliance, kind: body, weight: 1}"
    terms = written(tmp_path, TERM % ", aliases: [量子院]", longer)

    assert labels(terms, "量子信息实验室联盟和量子院") == [
        ("longer", "量子信息实验室联盟", True),
        ("lab", "量子院", True),
    ]


def test_a_bare_form_counts_only_behind_the_full_name(tmp_path):
    terms = written(tmp_path, TERM % ", bare: [实验室]")

    assert labels(terms, "实验室很多。") == []
    assert [surface for _, surface, _ in labels(terms, "量子信息实验室揭牌。会上，实验室发布成果。")] == [
        "量子信息实验室",
        "实验室",
    ]


def test_a_place_name_before_a_term_with_a_place_belongs_to_it(tmp_path):
    bureau = "{id: bureau, canonical: 市数据局, gloss: data bureau, kind: body, weight: 5, place: true}"

    assert [surface for _, surface, _ in labels(written(tmp_path, bureau), "杭州市数据局和市数据局")] == [
        "杭州市数据局",
        "市数据局",
    ]


@pytest.mark.parametrize(("rule", "confirmed"), [("", False), (", joins: [党中央]", True)])
def test_a_longer_word_that_may_run_into_a_term_does_not_make_it_suspect(tmp_path, rule, confirmed):
    terms = written(tmp_path, f"{{id: c, canonical: 中央科委, gloss: x, kind: body, weight: 9{rule}}}")
    (hit,) = find_hits("党中央科委会议", Finder(terms), Provenance())

    assert (hit.status == "confirmed") is confirmed
    assert confirmed or "党中央" in hit.why
