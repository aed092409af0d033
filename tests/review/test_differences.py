"""Two versions are compared sentence by sentence, and the desk shows them side by side."""

import html
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from pipelines.save import save
from review.differences import Comparison, compare, fingerprint
from store.database import reading
from store.frontier import Frontier
from store.queries.history import VersionText, changes, version_lines, version_text
from tests import fakes
from tests.fakes import START
from tests.review.rows import Store
from tests.review.visitor import Visitor, open_desk

DAY = timedelta(days=1)


def version(body: str, number: int = 1, **values: object) -> VersionText:
    plain = {"title": "会议召开", "published": None, "signed": None, "source_line": None, "issuer": None}
    more = {"doc_number": None, "index_number": None, "attachments": ()}
    return VersionText(number=number, fetched_at=START, body=body, **{**plain, **more, **values})  # type: ignore[arg-type]


def marked(comparison: Comparison, side: str) -> list[str]:
    """What is marked on one side, change by change."""
    return [
        "".join(run.text for row in part.rows for run in getattr(row, side) if run.changed)
        for part in comparison.parts
        if part.changed
    ]


OLD = "会议在省城召开。会议审议通过了方案。各单位要抓好落实。"


@pytest.mark.parametrize(
    ("new", "gone", "come"),
    [
        (OLD.replace("审议通过了", "研究了"), ["审议通过"], ["研究"]),
        (OLD.replace("会议审议通过了方案。", ""), ["会议审议通过了方案。"], [""]),
        (OLD + "会后印发了纪要。", [""], ["会后印发了纪要。"]),
        (OLD.replace("各单位要抓好落实。", "天气晴好。"), ["各单位要抓好落实。"], ["天气晴好。"]),
        (OLD, [], []),
        ("", [OLD], [""]),
    ],
)
def test_what_went_and_what_came_is_marked(new: str, gone: list[str], come: list[str]) -> None:
    comparison = compare(version(OLD), version(new), ())
    assert (marked(comparison, "old"), marked(comparison, "new")) == (gone, come)


def test_nothing_of_either_text_is_left_out() -> None:
    new = OLD.replace("方案", "《方案》和办法") + "\n新的一段。"
    comparison = compare(version(OLD), version(new), ())
    for side, text in (("old", OLD), ("new", new)):
        shown = "".join(
            "".join(run.text for row in part.rows for run in getattr(row, side))
            if part.changed
            else "".join((*part.before, *part.folded, *part.after))
            for part in comparison.parts
        )
        assert shown == text.replace("\n", "")


def test_a_change_in_a_watched_passage_is_said_to_be_one() -> None:
    new = OLD.replace("审议通过了", "研究了").replace("抓好", "狠抓")
    rows = [row for part in compare(version(OLD), version(new), ("会议审议通过了方案",)).parts for row in part.rows]
    assert [row.watched for row in rows] == [True, False]


def test_fields_that_differ_are_told_with_both_values() -> None:
    old, new = version(OLD, issuer="省科技厅"), version(OLD, issuer=None, title="会议在省城召开")
    assert compare(old, new, ()).fields == (
        ("Title 标题", "会议召开", "会议在省城召开"),
        ("Issuer 发文机关", "省科技厅", ""),
    )


def test_unchanged_sentences_far_from_a_change_are_folded() -> None:
    body = "".join(f"第{n}句没有改动。" for n in range(40))
    comparison = compare(version(body + "旧的。"), version(body + "新的。"), ())
    assert len(comparison.parts[0].folded) == 39
    assert comparison.parts[0].after == ("第39句没有改动。",)


def test_texts_of_a_hundred_thousand_equal_sentences_are_compared_without_hanging() -> None:
    comparison = compare(version("改。" + "同。" * 100_000 + "止。"), version("变。" + "同。" * 99_000 + "终。"), ())
    assert comparison.changes >= 1


def test_the_same_edit_on_two_pages_has_one_fingerprint() -> None:
    first = fingerprint(version("甲地。" + OLD), version("甲地。" + OLD.replace("方案", "办法")))
    other = fingerprint(version("乙地。" + OLD), version("乙地。" + OLD.replace("方案", "办法")))
    third = fingerprint(version(OLD), version(OLD.replace("方案", "规划")))
    assert first == other != third


@pytest.fixture
def edited(engine: Engine) -> Engine:
    """Three pages; the first two were edited alike, the first one twice, the third is not found any more."""
    frontier = Frontier(engine)
    frontier.register([fakes.source(1)], START)
    frontier.keep(frontier.due(START)[0].id, [fakes.link(n) for n in (1, 2, 3)], START)
    for number in (1, 2, 3):
        save(engine, fakes.reading(number), START)
    for number in (1, 2):
        text = fakes.body(number) + "\n会后印发了纪要。"
        save(engine, fakes.reading(number, text, fetched_at=START + DAY), START + DAY)
    text = fakes.body(1).replace(fakes.sentence(1), "会议另行通知。") + "\n会后印发了纪要。"
    save(engine, fakes.reading(1, text, fetched_at=START + 3 * DAY), START + 3 * DAY)
    frontier.missing(3, 404, START + 3 * DAY)
    return engine


def test_each_edit_knows_the_version_that_it_made(edited: Engine) -> None:
    with reading(edited) as connection:
        found = changes(connection, START - 26 * DAY)
        assert [(c.kind, c.document_id, c.number) for c in found] == [
            ("edited", 1, 3),
            ("missing", 3, None),
            ("edited", 2, 2),
            ("edited", 1, 2),
        ]
        assert [line.number for line in version_lines(connection, 1)] == [3, 2, 1]
        assert version_text(connection, 1, 9) is None
        assert changes(connection, START + 2 * DAY) == found[:2]


def desk(engine: Engine) -> Visitor:
    store = Store(engine)
    return open_desk(store, now=lambda: START + 4 * DAY)


def test_the_desk_shows_the_last_change_with_both_sides(edited: Engine) -> None:
    page = html.unescape(desk(edited).get("/documents/1/versions").text)
    assert f"<del>{fakes.sentence(1)}</del>" in re.sub(r"\s+", "", page)
    assert "A watched passage" in page
    assert "/documents/1/versions/2" in page
    assert "1 place of the text differs" in page


def test_each_change_has_an_address_and_others_are_not_found(edited: Engine) -> None:
    visitor = desk(edited)
    assert "会后印发了纪要。</ins>" in visitor.get("/documents/1/versions/2").text
    for path in ("/documents/1/versions/1", "/documents/1/versions/4", "/documents/9/versions"):
        assert visitor.get(path).status_code == 404
    assert "has said the same at every look" in visitor.get("/documents/3/versions").text


def test_the_same_edit_on_many_pages_is_shown_once(edited: Engine) -> None:
    page = desk(edited).get("/changes").text
    assert page.count("data-row") == 3
    assert "The same on 1 more page" in page
    assert "not found once, not yet a removal" in page
    assert page.index("watched passage") < page.index("not yet a removal")


def test_a_desk_without_changes_says_so(small: Store) -> None:
    assert "Nothing has changed" in open_desk(small).get("/changes").text


def test_the_observed_instant_is_shown_in_the_readers_zone(edited: Engine) -> None:
    at: datetime = START + 3 * DAY
    assert f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}" in desk(edited).get("/changes").text
