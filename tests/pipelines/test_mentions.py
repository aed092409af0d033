"""A term that an analyst adds for himself comes to the review queue, once a text, and does not flood it."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from crawler.items import Disclosure, Document, Provenance
from pipelines.match import Finder
from pipelines.rules import load_rules
from pipelines.terms import Combination, Term, Terms, load_terms
from pipelines.watch import Watch, watch_document, watch_text
from store.config import bundled

NOWHERE = Provenance()


@cache
def rules() -> Any:
    return load_rules(bundled("disclosures.yml"))


@cache
def bundled_terms() -> Terms:
    return load_terms(bundled("keywords.yml"))


def watch(*added: Term, combinations: tuple[Combination, ...] = ()) -> Watch:
    """The bundled terms and some more."""
    known = bundled_terms()
    terms = Terms(terms=(*known.terms, *added), combinations=combinations)
    return Watch(terms, Finder(terms, segment=False), rules())


def term(**values: Any) -> Term:
    plain = {"id": "quantum-lab", "canonical": "量子信息实验室", "gloss": "x", "kind": "platform", "weight": 4}
    return Term(**{**plain, **values})


def mentions(text: str, *added: Term, **more: Any) -> list[Disclosure]:
    _, found = watch_text(text, watch(*added, **more), NOWHERE)
    return [one for one in found if one.type == "mention"]


def test_a_term_of_which_no_rule_speaks_is_mentioned_with_its_sentence_and_its_name():
    text = "会议昨天召开。代表们参观了量子信息實驗室并座谈。会后散发了材料。"

    (found,) = mentions(text, term())

    assert (found.quote, found.object, found.body) == ("代表们参观了量子信息實驗室并座谈。", "量子信息实验室", None)
    assert text[found.start : found.end] == found.quote
    assert found.pattern == "mention/term/quantum-lab"


def test_a_body_is_mentioned_as_a_body():
    (found,) = mentions("座谈会由国家数据局组织。", term(id="nda", canonical="国家数据局", kind="body"))

    assert (found.body, found.object) == ("国家数据局", None)


def test_a_term_with_a_place_is_mentioned_by_the_name_as_it_stands():
    (found,) = mentions(
        "四川省委数据委员会开会。", term(id="data", canonical="省委数据委员会", kind="body", place=True)
    )

    assert (found.body, found.object) == (None, "四川省委数据委员会")


def test_a_term_that_stands_often_is_mentioned_once_at_its_first_place():
    text = "量子信息实验室第一。" + "量子信息实验室又一次。" * 30

    assert [found.quote for found in mentions(text, term())] == ["量子信息实验室第一。"]


def test_a_place_that_a_typed_quote_shows_is_not_told_twice():
    text = "中央科技委员会审议通过量子信息实验室建设方案。"

    _, found = watch_text(text, watch(term()), NOWHERE)

    assert "approval" in [one.type for one in found]
    assert [one.pattern for one in found if one.object == "量子信息实验室"] == []


@pytest.mark.parametrize(("beside", "told"), [("", 0), ("国家科技咨询委员会也派人参加。", 1)])
def test_a_light_term_counts_only_beside_a_heavier_one(beside, told):
    found = mentions(f"代表们参观了量子信息实验室。{beside}", term(weight=3))

    assert len([one for one in found if one.object == "量子信息实验室"]) == told


def test_a_suspect_place_is_no_mention():
    far = {"any": ("合肥",), "within": 5}

    assert mentions("代表们参观了量子信息实验室。", term(requires=far)) == []


def test_a_term_kept_out_of_the_queue_is_a_hit_and_no_mention():
    hits, found = watch_text("代表们参观了量子信息实验室。", watch(term(queue=False)), NOWHERE)

    assert ([hit.term for hit in hits], found) == (["quantum-lab"], ())


def test_slogans_and_programmes_keep_to_their_own_disclosures():
    assert mentions("坚持四个面向，国家实验室要加强原始创新，推进国家科技重大专项。") == []


def test_a_combination_is_mentioned_too():
    pair = Combination(id="lab-and-zone", gloss="x", weight=6, all=("quantum-lab", "regional-innovation-centre"))

    found = mentions("量子信息实验室与区域科技创新中心同建。", term(queue=False), combinations=(pair,))

    assert [one.pattern for one in found] == ["mention/term/lab-and-zone"]


def test_of_title_and_body_only_the_body_tells_a_term():
    document = Document("参观量子信息实验室", "代表们昨天参观了量子信息实验室。")

    _, found = watch_document(document, watch(term()), NOWHERE)
    _, from_title = watch_document(replace(document, body="代表们昨天参观了它。"), watch(term()), NOWHERE)

    assert [one.place for one in found] == ["body"]
    assert [one.place for one in from_title] == ["title"]


def test_a_quote_of_an_endless_sentence_is_short_and_holds_the_term():
    text = (
        "，".join(f"第{number}项工作按计划推进" for number in range(60)) + "的量子信息实验室" + "和有关工作" * 60 + "。"
    )

    (found,) = mentions(text, term())

    assert "量子信息实验室" in found.quote
    assert len(found.quote) <= 200
