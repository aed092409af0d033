"""The dossier of a body, from rows in a store to sections, answers and printed words."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from review.dossier.claims import place_claims
from review.dossier.plain import as_plain
from review.dossier.questions import answer_questions
from review.dossier.reference import Question
from review.dossier.sections import sections_of
from review.dossier.sheet import dossier
from review.words import Glossary
from store import search
from store.database import reading, writing
from store.queries.dossier import statements
from tealeaves.dossier_words import print_dossier
from tests.review.rows import Store
from tests.review.statements import statement

CSTC = "中央科技委员会"
DAY = date(2026, 9, 30)
WORDS = {"regions": ("区域科技创新中心",), "spending": ("资金",)}
CENTRAL = {"body": CSTC, "region": None}
NOBODY = {"person": None, "role": None, "capacity": None}


@pytest.fixture
def full(store: Store) -> Store:
    """A store with two sources and one disclosure of most kinds about the central commission."""
    store.terms()
    store.source("most", region=None, name="科学技术部", name_en="Ministry of Science and Technology", tier="ministry")
    store.source("sichuan-kjt")
    store.state("most", date(2026, 9, 1), "seen")
    store.state("sichuan-kjt", date(2026, 9, 1), "blocked")
    say(
        store,
        "most",
        "中央科技委员会主任丁薛祥出席会议。",
        "2024-06-25",
        type="membership",
        person="丁薛祥",
        role="主任",
    )
    say(
        store,
        "most",
        "传达学习中央科技委员会第三次会议精神。",
        "2024-01-20",
        "before",
        type="meeting",
        ordinal=3,
        **NOBODY,
    )
    say(store, "most", "经中央科技委员会审议通过，西部区域科技创新中心方案公布。", "2025-05-01", type="approval",
        object="西部区域科技创新中心方案", outcome="passed", action="审议通过", object_kind="plan", **NOBODY)  # fmt: skip
    say(store, "sichuan-kjt", "省委科技委员会第一次会议召开。", "2026-09-01", type="meeting", ordinal=1,
        **{**NOBODY, "body": "四川省委科技委员会", "region": "510000"})  # fmt: skip
    return store


def say(store, source, text, day, precision="day", **values):
    document = store.document(source, text, published=date.fromisoformat(day))
    store.disclosure(document, text.rstrip("。"), **{**CENTRAL, "date": day, "date_precision": precision, **values})
    index(store, document, text)
    return document


def index(store, document, text):
    with writing(store.engine) as connection:
        search.add(connection, [(document, None, text)])


def made(store, body=CSTC, day=DAY):
    with reading(store.engine) as connection:
        return dossier(connection, body, day)


def test_each_statement_stands_in_its_sections(full):
    found = made(full)

    quotes = {section.name: [e.statement.disclosure.quote for e in section.entries] for section in found.sections}
    assert quotes["members"] == ["中央科技委员会主任丁薛祥出席会议"]
    assert quotes["cadence"] == ["传达学习中央科技委员会第三次会议精神"]
    assert quotes["regions"] == quotes["approvals"] == ["经中央科技委员会审议通过，西部区域科技创新中心方案公布"]
    assert quotes["provincial"] == ["省委科技委员会第一次会议召开"]
    assert quotes["office"] == quotes["spending"] == []


def test_slogans_of_local_commissions_stand_with_them_and_among_the_slogans(full):
    text = "省委科技委员会第一次会议召开。会议强调，坚持四个面向。"
    document = say(full, "sichuan-kjt", text, "2026-09-02", type="meeting", ordinal=1,
        **{**NOBODY, "body": "四川省委科技委员会", "region": "510000"})  # fmt: skip
    use = {**NOBODY, "body": None, "region": None, "date": None, "date_precision": None}
    slogan = {"object": "四个面向", "object_kind": "slogan"}
    full.disclosure(document, "会议强调，坚持四个面向", type="slogan", **use, **slogan)
    elsewhere = full.document("most", "要坚持四个面向。", published=date(2026, 9, 2))
    full.disclosure(elsewhere, "要坚持四个面向", type="slogan", **use, **slogan)

    found = made(full)

    for section in ("provincial", "slogans"):
        said = [e.statement.disclosure for e in found.section(section).entries]
        assert [d.quote for d in said if d.type == "slogan"] == ["会议强调，坚持四个面向"]


def test_a_question_about_a_project_says_on_which_lists_it_stands(full):
    answers = {answer.question.id: answer for answer in made(full).answers}

    assert [one.project for one in answers["smart-grid-project"].listings] == [None, "智能电网"]
    assert [one.project for one in answers["deep-earth-project"].listings] == [None, None]
    assert answers["full-membership"].listings == ()


def test_an_approval_of_something_else_does_not_answer_which_zones_were_approved(full):
    before = {answer.question.id: answer for answer in made(full).answers}["zones-approved"]
    say(full, "most", "经中央科技委员会审议通过，全国科研设施布局规划公布。", "2026-09-03", type="approval",
        object="全国科研设施布局规划", outcome="passed", action="审议通过", object_kind="plan", **NOBODY)  # fmt: skip

    after = {answer.question.id: answer for answer in made(full).answers}["zones-approved"]

    assert before.state == "disclosed"
    assert (after.state, after.found) == ("disclosed", before.found)


def test_what_is_later_than_the_article_is_marked(full):
    found = made(full)

    newer = {e.statement.disclosure.quote[:8]: e.newer for s in found.sections for e in s.entries}
    assert newer == {
        "中央科技委员会主": False,
        "传达学习中央科技": False,
        "经中央科技委员会": True,
        "省委科技委员会第": True,
    }


def test_accepted_stands_apart_and_rejected_is_gone(full):
    document = full.document("most", "中央科技委员会副主任李远山讲话。")
    full.disclosure(document, "中央科技委员会副主任李远山讲话", **CENTRAL, person="李远山", verdict="accepted")
    full.disclosure(document, "中央科技委员会副主任王某讲话", **CENTRAL, person="王某", verdict="rejected")

    members = made(full).section("members")

    assert [e.statement.disclosure.person for e in members.accepted] == ["李远山"]
    assert [e.statement.disclosure.person for e in members.machine] == ["丁薛祥"]


def test_the_ledgers_are_filled(full):
    found = made(full)

    assert found.ledger.at_least == 3
    assert [seat.holder for seat in found.roster.people] == ["丁薛祥"]
    assert [approval.object for approval in found.approvals] == ["西部区域科技创新中心方案"]
    sichuan = next(row for row in found.matrix if row.province.code == "510000")
    assert [mark.kind for mark in sichuan.cells[-1].marks] == ["met"]
    assert sichuan.cells[-2].blank == "not seen"
    assert found.beside.documents == 3


def test_the_first_sentence_that_names_it_with_another_term_is_told_and_printed(full):
    for day, text in (
        ("2026-09-05", "中央科技委员会开会。强调坚持四个面向。"),
        ("2026-09-06", "中央科技委员会强调坚持四个面向。"),
    ):
        document = full.document("most", text, published=date.fromisoformat(day))
        full.hit(document, "中央科技委员会", "cstc")
        full.hit(document, "四个面向", "four-facings")

    found = made(full)

    anywhere = [first for first in found.pairs if first.scope == "anywhere"]
    assert [(first.what, first.sighting.place.published) for first in anywhere] == [
        (("cstc", "four-facings", "sentence"), date(2026, 9, 6))
    ]
    console = Console(width=160, record=True, file=StringIO())
    print_dossier(found, Glossary(), (), console)
    assert "four-facings" in console.export_text().partition("First named in one sentence with")[2]


def test_a_local_body_has_its_province_only(full):
    say(full, "most", "福建省委科技委员会第二次会议召开。", "2026-09-02", type="meeting",
        **{**NOBODY, "body": "福建省委科技委员会", "region": "350000"})  # fmt: skip

    found = made(full, "四川省委科技委员会")

    assert found.section("provincial").entries == () and found.matrix == ()
    assert [ledger.body for ledger in found.comparison] == [CSTC]


def test_a_day_in_the_past_shows_what_was_known_then(full):
    assert made(full, day=date(2026, 8, 31)).section("members").entries == ()


def test_copies_of_one_fact_are_one_entry(full):
    cluster = full.cluster()
    for number in (1, 2):
        document = full.document("most", f"中央科技委员会第四次会议召开。{number}", cluster_id=cluster)
        values = {**CENTRAL, **NOBODY, "type": "meeting", "ordinal": 4, "date": "2026-08-01", "date_precision": "day"}
        full.disclosure(document, "中央科技委员会第四次会议召开", **values)

    assert len(made(full).section("cadence").entries) == 2


def test_every_claim_has_its_place_and_an_absence_is_counted(full):
    placed = {p.claim.n: p for p in place_claims(made(full))}

    assert len(placed) == 45
    assert placed[7].state == "disclosed" and placed[7].entries
    assert placed[16].state == "no evidence" and placed[16].answer is not None
    assert placed[44].state == "counted"
    assert placed[44].answer.counted.counts[0].in_sentence == 0


def ask(store, day=DAY, **values):
    question = Question(**{"id": "q", "asks": "?", "section": "office", "any": ("报送专项报告",), **values})
    with reading(store.engine) as connection:
        said = statements(connection, [CSTC], day)
        return answer_questions(connection, CSTC, [question], said, day)[0]


def test_no_evidence_is_a_state_with_its_search_its_date_and_its_coverage(full):
    answer = ask(full)

    assert (answer.state, answer.clues, answer.found) == ("no evidence", (), 0)
    assert answer.checked == date(2026, 9, 1) and answer.documents == 4
    assert answer.sight.line == "2 sources, 1 of them not seen on 1 source-days"


def test_a_wording_is_a_lead_and_needs_the_word_beside_it_in_one_sentence(full):
    text = "各单位每半年报送专项报告。中央科技委员会办公室汇总。"
    document = full.document("most", text, published=date(2026, 9, 3))
    index(full, document, text)

    lead = ask(full)
    assert (lead.state, lead.clues[0].quote) == ("lead", "各单位每半年报送专项报告。")
    assert ask(full, beside=("每半年",)).state == "lead"
    assert ask(full, beside=("中央科技委员会",)).state == "no evidence"
    assert ask(full, day=date(2026, 8, 30)).state == "no evidence"


def test_a_disclosure_answers_and_an_accepted_one_answers_better(full):
    wanted = {"any": (), "types": ("membership",)}
    assert ask(full, **wanted).state == "disclosed"

    document = full.document("most", "中央科技委员会副主任李远山讲话。")
    full.disclosure(document, "中央科技委员会副主任李远山讲话", **CENTRAL, person="李远山", verdict="accepted")
    answer = ask(full, **wanted)
    assert (answer.state, answer.found) == ("accepted", 2)


@pytest.mark.parametrize(
    ("values", "sections"),
    [
        ({"type": "coordination", "quote": "省自然资源厅拟报请中央科技委审议的项目"}, ("approvals",)),
        ({"type": "coordination", "quote": "日常工作由科学技术部承担"}, ("office",)),
        ({"type": "mention", "quote": "中央科技委员会委员出席"}, ("members",)),
        ({"type": "mention", "quote": "建设区域科技创新中心"}, ("regions",)),
        ({"type": "mention", "quote": "开创新局面"}, ("slogans",)),
        ({"type": "approval", "quote": "审议通过资金管理办法", "object_kind": "document"}, ("approvals", "spending")),
        ({"type": "approval", "quote": "审议通过", "object_kind": "fund"}, ("approvals", "spending")),
        ({"type": "document", "quote": "印发专报"}, ("office",)),
    ],
)
def test_the_section_follows_from_type_and_words(values, sections):
    assert sections_of(statement("2026-09-01", values.pop("quote"), **values), WORDS) == sections


def test_the_printed_dossier_speaks_to_an_analyst(full):
    console = Console(width=200)
    found = made(full)
    with console.capture() as captured:
        print_dossier(found, Glossary(), place_claims(found), console)

    words = captured.get()
    assert "第3次" in words and "on or before 2024-01-20" in words
    assert "Members 成员: 0 accepted, 1 machine-found" in words
    assert "none so far" in words and "last checked 2026-09-01" in words
    assert "in none of the 3" in words


def test_the_dossier_as_plain_values_is_json(full):
    plain = json.loads(json.dumps(as_plain(made(full)), ensure_ascii=False))

    assert plain["body"] == CSTC and plain["ledger"]["at_least"] == 3
    entry = plain["sections"][0]["machine"][0]
    assert entry["statement"]["quote"] == "中央科技委员会主任丁薛祥出席会议"
    assert plain["ledger"]["meetings"][2]["span"] == {
        "earliest": None,
        "latest": "2024-01-20",
        "in_words": "on or before 2024-01-20",
    }
    assert plain["answers"][0]["state"] in ("no evidence", "lead", "disclosed", "accepted")


def test_the_command_prints_words_or_json(full, monkeypatch):
    import typer

    from tealeaves.commands.dossier import dossier as command

    monkeypatch.setenv("TEALEAVES_DATABASE_URL", full.engine.url.render_as_string(hide_password=False))
    app = typer.Typer()
    app.command()(command)

    words = CliRunner().invoke(app, ["cstc", "--date", "2026-09-30"])
    assert words.exit_code == 0 and CSTC in words.stdout
    plain = CliRunner().invoke(app, [CSTC, "--date", "2026-09-30", "--json"])
    assert len(json.loads(plain.stdout)["claims"]) == 45


def test_an_empty_store_gives_an_empty_dossier_and_every_question(store):
    found = made(store)

    assert all(section.entries == () for section in found.sections)
    assert {answer.state for answer in found.answers} == {"no evidence"}
    assert {answer.checked for answer in found.answers} == {None}
    assert found.beside.documents == 0


def test_the_end_of_a_day_is_the_end_in_china(full):
    found_at = datetime(2026, 9, 30, 15, 59, tzinfo=UTC)  # 23:59 in China
    document = full.document("most", "中央科技委员会委员名单。")
    full.disclosure(document, "中央科技委员会委员名单", **CENTRAL, person="甲某", found_at=found_at)

    assert "甲某" in {seat.holder for seat in made(full, day=DAY).roster.people}
    assert "甲某" not in {seat.holder for seat in made(full, day=date(2026, 9, 29)).roster.people}
