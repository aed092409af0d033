"""Every claim of the reference article has its place: a section, and a question where nothing has been found."""

import re
from pathlib import Path

import pytest

from review.dossier.project_lists import listings, load_project_lists
from review.dossier.reference import SECTIONS, load_claims, load_questions
from review.dossier.sections import sections_of
from store.yamlfile import YamlErrors
from tests.review.statements import statement

SHARED = Path(__file__).resolve().parents[2] / "../shared/reference/claims.md"
TYPES = {
    "meeting",
    "membership",
    "approval",
    "document",
    "coordination",
    "funding",
    "establishment",
    "slogan",
    "mention",
}


@pytest.fixture(scope="module")
def listed():
    """The rows of the acceptance list: number to (status, the cell that names type and section)."""
    if not SHARED.exists():
        pytest.skip("the acceptance list is not here (../shared/reference/claims.md)")
    rows = (re.split(r"\s*\|\s*", line.strip("| \n")) for line in SHARED.read_text(encoding="utf-8").splitlines())
    return {int(row[0]): (row[4], row[-1]) for row in rows if row[0].isdigit() and len(row) == 7}


def places():
    return {claim.n: claim for claim in load_claims().claims}


def test_every_claim_of_the_list_has_its_place(listed):
    assert len(listed) == 45
    assert sorted(places()) == sorted(listed)


def test_the_section_is_the_one_that_the_list_names(listed):
    wrong = {n: (places()[n].section, cell) for n, (_, cell) in listed.items() if places()[n].section not in cell}

    assert wrong == {}


def test_what_has_not_been_found_has_an_open_question(listed):
    open_ones = {n for n, (status, cell) in listed.items() if status.startswith("NONE") or "absence" in cell}

    assert {n for n in open_ones if places()[n].question is None} == set()
    assert len(open_ones) >= 16


def test_claims_and_questions_know_each_other_and_agree_on_the_section():
    questions = {question.id: question for question in load_questions().of(load_claims().body)}
    claims = load_claims().claims

    assert {claim.question for claim in claims} - {None} == set(questions)
    assert [c.n for c in claims if c.question and questions[c.question].section != c.section] == []
    assert {claim.section for claim in claims} == set(SECTIONS)
    assert {kind for claim in claims for kind in claim.types} <= TYPES
    assert {kind for question in questions.values() for kind in question.types} <= TYPES


def test_our_words_are_not_those_of_the_list(listed):
    text = SHARED.read_text(encoding="utf-8")

    assert [claim.n for claim in load_claims().claims if claim.claim in text] == []


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("{id: a, asks: b, section: office, any: []}", "searches nothing"),
        ("{id: a, asks: b, section: kitchen, any: [科技]}", "section"),
        ("{id: a, asks: b, section: office, any: [科]}", "one character"),
        ("{id: a, asks: b, section: office, any: [科技], absence: true}", "counted in sentences"),
        (
            "{id: a, asks: b, section: office, any: [科技]}, {id: a, asks: b, section: office, any: [科技]}",
            "asked twice",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_its_line(tmp_path, question, wrong):
    path = tmp_path / "open_questions.yml"
    path.write_text(f"bodies:\n  - body: 中央科技委员会\n    questions: [{question}]\n", encoding="utf-8")

    with pytest.raises(YamlErrors, match=wrong) as caught:
        load_questions(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("智能电网",), (None, "智能电网")),
        (("深地", "地球深部"), (None, None)),
        (("大型飞机",), ("大型飞机", None)),
        (("脑科学",), (None, "脑科学与类脑研究")),
        (("重大新藥創製",), ("重大新药创制", None)),
    ],
)
def test_a_project_is_looked_up_on_the_public_lists(names, found):
    listed = listings(names, load_project_lists().lists)

    assert tuple(listing.project for listing in listed) == found


def test_a_list_that_names_only_a_part_says_how_much_is_not_public():
    first, second = listings(("深地",), load_project_lists().lists)

    assert first.line == "not on 国家科技重大专项 of 2006 (3 of it are not public)"
    assert second.line == "not on 科技创新2030—重大项目 of 2016"


def test_the_lists_are_as_long_as_their_documents_say():
    assert [len(one.projects) + one.unnamed for one in load_project_lists().lists] == [16, 15]


def test_the_table_of_the_documentation_is_that_of_the_claims():
    text = (Path(__file__).resolve().parents[2] / "docs/dossier.md").read_text(encoding="utf-8")
    rows = [re.split(r"\s*\|\s*", line.strip("| \n")) for line in text.splitlines() if re.match(r"\| \d+ \|", line)]

    told = [(int(row[0]), row[1], row[2], row[3], row[5].strip("`") if len(row) > 5 else "") for row in rows]

    assert told == [(c.n, c.claim, c.section, ", ".join(c.types), c.question or "") for c in load_claims().claims]


def test_every_type_that_a_claim_names_can_stand_in_its_section():
    reference = load_claims()

    def places(kind: str, *words: str) -> tuple[str, ...]:
        quote = f"中央科技委员会{'，'.join(words)}。"
        return sections_of(statement("2026-09-01", quote, type=kind), reference.section_words)

    lost = [
        (claim.n, kind)
        for claim in reference.claims
        if claim.section != "provincial"  # whatever is said of a local commission stands there
        for kind in claim.types
        if not any(
            claim.section in places(kind, word, *marks)
            for word in claim.words or ("",)
            for marks in ((), *((mark,) for mark in reference.section_words.get(claim.section, ())))
        )
    ]

    assert lost == []
