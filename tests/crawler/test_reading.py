"""Pages of every family, read through the functions of the crawl and compared with what a person reads in them."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.adapters import ADAPTERS
from crawler.reading import read_document, read_list

PAGES = Path(__file__).resolve().parents[1] / "pages"
CASES = sorted(path for family in ADAPTERS for path in (PAGES / family).glob("*.expected.json"))
FIELDS = (
    "title",
    "published",
    "published_time",
    "signed",
    "source",
    "issuer",
    "doc_number",
    "index_number",
    "body",
    "reader",
)


def saved(case: Path) -> bytes:
    page = next(path for path in case.parent.glob(case.name.removesuffix(".expected.json") + ".*") if path != case)
    return page.read_bytes()


def expected(kind: str) -> list[Any]:
    cases = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in CASES]
    return [
        pytest.param(path, want, id=f"{path.parent.name}/{path.stem}") for path, want in cases if want["as"] == kind
    ]


@pytest.mark.parametrize(("case", "want"), expected("page"))
def test_a_document_is_read_as_a_person_reads_it(case: Path, want: dict[str, Any]) -> None:
    reading = read_document(want["url"], saved(case), None)
    assert reading.family == want["family"]
    assert reading.charset == want.get("charset", reading.charset)
    assert reading.document is not None
    got = asdict(reading.document)
    shown = {name: got[name].isoformat() if isinstance(got[name], date) else got[name] for name in FIELDS}
    assert {name: shown[name] for name in FIELDS if name in want} == {
        name: want[name] for name in FIELDS if name in want
    }
    assert [text for text in want.get("body_has", []) if text not in reading.document.body] == []
    if "attachments" in want:
        assert [file.url for file in reading.document.attachments] == want["attachments"]
    assert [issue.kind for issue in reading.issues] == want.get("issues", [])


@pytest.mark.parametrize(("case", "want"), expected("list"))
def test_a_list_is_read_as_a_person_reads_it(case: Path, want: dict[str, Any]) -> None:
    seen_on = date.fromisoformat(want["seen_on"]) if "seen_on" in want else None
    reading = read_list(want["url"], saved(case), None, seen_on=seen_on)
    assert reading.family == want["family"]
    assert [[link.url, link.title, link.published and link.published.isoformat()] for link in reading.links] == want[
        "links"
    ]
    if "next_page" in want:
        assert reading.next_page == want["next_page"]
    assert [issue.kind for issue in reading.issues] == want.get("issues", [])


def test_every_family_has_a_saved_page() -> None:
    assert {family for family in ADAPTERS if not list((PAGES / family).glob("*.expected.json"))} == set()
