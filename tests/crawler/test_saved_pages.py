"""Pages that `tealeaves sources capture` saved are read today as a person found right when they were saved."""

import json
from pathlib import Path

import pytest

from crawler.adapters import ADAPTERS
from crawler.reading import read_list
from tealeaves.saved_pages import EXPECTED, LIST, reading_of

PAGES = Path(__file__).resolve().parents[1] / "pages"
SAVED = sorted(path for path in PAGES.glob(f"*/*{EXPECTED}") if path.parent.name not in ADAPTERS)
WANTED = {path: json.loads(path.read_text(encoding="utf-8")) for path in SAVED}
LISTS = [path for path in SAVED if WANTED[path]["as"] == LIST]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name.removesuffix(EXPECTED)}"


def bytes_of(expected: Path) -> bytes:
    (page,) = (path for path in expected.parent.glob(f"{expected.name.removesuffix(EXPECTED)}.*") if path != expected)
    return page.read_bytes()


def test_there_are_lists_and_documents():
    assert {wanted["as"] for wanted in WANTED.values()} == {"list", "page"}


@pytest.mark.parametrize("path", SAVED, ids=name_of)
def test_a_saved_page_is_read_as_it_was_when_it_was_checked(path):
    got = reading_of(WANTED[path], bytes_of(path))

    assert got == {name: WANTED[path][name] for name in got}


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_a_saved_list_is_read_alike_when_nothing_is_known_of_its_family(path):
    wanted = WANTED[path]

    links = read_list(wanted["url"], bytes_of(path), wanted["content_type"]).links

    assert [link.url for link in links] == [url for url, _, _ in wanted["links"]]
