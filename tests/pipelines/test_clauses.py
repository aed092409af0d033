"""Sentences and clauses with exact offsets."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipelines.disclosing.clauses import Span, clause_around, split_sentences, unpaired_trimmed


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text).spans]


def test_a_sentence_ends_at_its_stop_and_takes_the_closing_quotation_mark_along() -> None:
    assert sentences("他说：“要快。”会议结束。真的？是！") == ["他说：“要快。”", "会议结束。", "真的？", "是！"]


def test_a_heading_without_a_stop_is_a_sentence_of_its_own() -> None:
    assert sentences("标题在此\n\n　　正文第一句。\r\n正文第二句") == ["标题在此", "正文第一句。", "正文第二句"]


def test_a_semicolon_does_not_end_a_sentence() -> None:
    assert sentences("甲主持；乙讲话。") == ["甲主持；乙讲话。"]


def test_hard_wrapped_lines_are_joined() -> None:
    lines = [
        "这一行正好有二十五个字因为排版的时候设定了栏宽这样",
        "所以每一行都在同样的位置断开而句子却还没有写完整呢",
        "直到最后这里才是句子真正结束的地方也是第三行末尾了",
        "真的结束。",
    ]
    assert len({len(line) for line in lines[:3]}) == 1
    assert len(sentences("\n".join(lines))) == 1


def test_a_line_break_inside_a_kept_span_is_no_boundary() -> None:
    text = "中央科技\n委员会开会"
    assert [s.of(text) for s in split_sentences(text, [(0, 8)]).spans] == [text]
    assert len(sentences(text)) == 2


@given(st.text(alphabet="甲乙。！？，；\n\r “”》 　", max_size=60))
def test_sentences_lie_in_order_and_lose_no_character_but_white_space(text: str) -> None:
    spans = split_sentences(text).spans
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())


@given(st.text(alphabet="甲。\n", max_size=40), st.integers(0, 40))
def test_every_position_has_a_sentence(text: str, position: int) -> None:
    found = split_sentences(text)
    index = found.index_at(position)
    assert index == 0 or found.spans[index].start <= position


def test_a_clause_reaches_to_the_stops_around_it() -> None:
    text = "昨天，会议召开；随后散会。"
    assert clause_around(text, 4, 5).of(text) == "会议召开"


def test_a_quotation_mark_without_its_partner_is_dropped_at_the_edge() -> None:
    text = "“学习精神”，“审议"
    assert unpaired_trimmed(text, Span(0, 6)).of(text) == "“学习精神”"
    assert unpaired_trimmed(text, Span(7, 10)).of(text) == "审议"
