"""Literal marks are found together as surely as one by one."""

import random

from crawler.extract.marks import Marks


def test_marks_that_share_letters_or_lie_in_each_other_are_all_found() -> None:
    marks = Marks()
    asked = ("/n1/", "/n2/", "/t20", "/art/", "art", "/attachDir/", "datastore", "store", "<ucap", "ucap-", "页码")
    marks.know(asked)
    source = "x/n1/n2/t20/attachDir/art/<ucap-datastore页码".encode()
    assert marks.in_source(source) == set(asked)


def test_marks_are_found_in_any_source_as_a_search_for_each_finds_them() -> None:
    dice = random.Random(1)
    words = tuple({"".join(dice.choices("ab/", k=dice.randint(1, 5))) for _ in range(40)})
    marks = Marks()
    marks.know(words)
    for _ in range(200):
        source = "".join(dice.choices("ab/", k=12))
        assert marks.in_source(source.encode()) == {word for word in words if word in source}


def test_a_mark_that_is_asked_for_later_is_looked_for_from_then_on() -> None:
    marks = Marks()
    assert not marks.know(("one",))
    assert marks.know(("one",))
    assert marks.in_source(b"one two") == {"one"}
    assert not marks.know(("one", "two"))
    assert marks.in_source(b"one two") == {"one", "two"}
