"""Pages of megabytes of one letter, one character or one number are read and searched within the deadline of a worker."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.items import Page
from crawler.workers import DEADLINE
from pipelines.read import LONGEST_TEXT, read
from pipelines.watch import Watch, load_watch

TOP = Path(__file__).resolve().parents[2]
URL = "http://www.x.example/a"


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_watch(TOP / "keywords.yml", TOP / "disclosures.yml")


@pytest.mark.parametrize(
    "text", ["a" * 5_000_000, "lorem ipsum " * 420_000, "中" * 1_700_000, "1." * 1_000_000], ids=lambda text: text[:12]
)
def test_a_page_of_megabytes_of_the_same_is_read_and_searched_in_time(watch: Watch, text: str) -> None:
    body = f"<title>t</title><div id='zoom'>{text}</div>".encode()
    page = Page(URL, URL, "page", 200, (), body, datetime(2026, 1, 1, tzinfo=UTC), "x", URL)
    began = time.process_time()
    said = read(page, watch)
    assert time.process_time() - began < DEADLINE
    assert said.document is not None
    assert len(said.document.body) == min(len(text.strip()), LONGEST_TEXT)
    assert ("text-cut" in {issue.kind for issue in said.issues}) == (len(text) > LONGEST_TEXT)
