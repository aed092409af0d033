"""Every reason that the program can give for a state is explained to operators, with what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.middlewares.block_pages import IN_WORDS
from crawler.outcomes import _BY_CLASS

TOP = Path(__file__).resolve().parents[1]
OPERATING = (TOP / "docs" / "operating.md").read_text(encoding="utf-8")
WORD = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
STATES = {"seen", "quiet", "suspect", "blocked", "blind", "not-due"}
ENDINGS = ("Outcome", "NotFetched", "ReadingFailed")
# Modules that give reasons of their own: as the word of a Doubt, or as text that begins with "word: ".
JUDGES = ("crawler/judgement.py", "crawler/spiders/ledger.py", "store/ledger.py", "store/alarms.py")


def texts(node: ast.AST) -> Iterator[str]:
    """Every text below a node; of one with parts filled in, its beginning."""
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr) and part.values and isinstance(part.values[0], ast.Constant):
            yield f"{part.values[0].value}…"
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def kinds_of_endings() -> Iterator[str]:
    """The kinds with which a fetch or a reading can end, wherever in the crawler one is made."""
    for path in (TOP / "crawler").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ENDINGS and node.args:
                yield from (text for text in texts(node.args[0]) if WORD.fullmatch(text))
                # A word with a part filled in is there once for each part: block-…, http-….
                yield from (text for text in texts(node.args[0]) if re.fullmatch(r"[a-z]+-…", text))
    yield from (kind for _, kind, _ in _BY_CLASS)


def words_of_judges() -> Iterator[str]:
    """The words that judgement, ledger and alarms begin their reasons with."""
    for name in JUDGES:
        tree = ast.parse((TOP / name).read_text(encoding="utf-8"))
        yield from (found[1] for text in texts(tree) if (found := re.match(r"([a-z]+(?:-[a-z]+)*): ", text)))
        for node in ast.walk(tree):
            given = node.value.elts if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) else []
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Doubt":
                given = node.args[1:2]
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                given = node.value.elts
            yield from (
                part.value
                for part in given[:1]
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and "-" in part.value
            )


BLOCKS = {f"block-{label}" for label in IN_WORDS}
REASONS = sorted({*kinds_of_endings(), *words_of_judges(), *BLOCKS, "frozen", "family-mismatch"} - {"block-…"} - STATES)


def test_the_reasons_are_found_where_the_program_makes_them() -> None:
    assert {"dns", "timeout", "off-site", "http-…", "block-ruishu", "parse-timeout", "no-rows", "few-rows"} <= set(
        REASONS
    )
    assert {"nothing-ran", "not-visited", "our-network", "list-cut", "budget", "left-alone", "days-to-come"} <= set(
        REASONS
    )
    assert len(REASONS) > 50


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_stands_in_the_table_for_operators(reason: str) -> None:
    row = re.compile(rf"^\|[^|\n]*`{re.escape(reason)}`[^|\n]*\|[^|\n]+\|[^|\n]+\|$", re.MULTILINE)
    assert row.search(OPERATING), f"docs/operating.md does not say what {reason} means and what to do"
