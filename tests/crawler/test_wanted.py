"""What a person asks to be crawled is understood, or refused with every reason."""

from datetime import date

import pytest

from crawler.wanted import Wanted, wanted_of
from store.problems import Problem

KNOWN = ("most", "moe", "sichuan-kjt")


def test_words_become_what_is_wanted_and_back() -> None:
    wanted = wanted_of(["most", "moe", "most"], "yes", "2024-06-18", KNOWN)

    assert wanted == Wanted(("most", "moe"), due=True, since=date(2024, 6, 18))
    assert wanted.arguments == {"sources": "most,moe", "due": "yes", "since": "2024-06-18"}


@pytest.mark.parametrize(("word", "due"), [("", False), ("no", False), ("0", False), ("1", True), ("True", True)])
def test_no_is_not_yes(word: str, due: bool) -> None:
    assert wanted_of([], word, "", KNOWN).due is due


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Problem) as told:
        wanted_of(["mots", "nowhere"], "perhaps", "18.6.2024", KNOWN)

    words = str(told.value)
    assert "'mots'. Is most" in words
    assert "'nowhere'." in words
    assert "'perhaps'" in words
    assert "'18.6.2024'" in words
