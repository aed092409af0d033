"""The desk shows what a finding rests on: footnotes to copy."""

import html

import pytest

from tests.review.rows import SENTENCES, Store
from tests.review.visitor import Visitor, fill, open_desk


@pytest.fixture
def client(small: Store) -> Visitor:
    return open_desk(fill(small))


def test_a_footnote_of_each_style_can_be_copied_from_the_desk(client: Visitor) -> None:
    page = html.unescape(client.get("/disclosures/2/cite?type=membership").text)
    for words in (
        "Chicago (note)",
        "GB/T 7714-2015",
        "[EB/OL]",
        "@online{tealeaves-",
        SENTENCES[1],
        "export evidence 2",
    ):
        assert words in page
    assert page.count("data-copy=") == 6
    assert "/disclosures/2?type=membership" in page
    assert "/disclosures/2/cite?" in client.get("/disclosures/2").text
    assert client.get("/disclosures/99/cite").status_code == 404
