"""Pages made to hang a parser end within the deadline of a worker, and the next good page is read."""

import asyncio
from collections.abc import Callable

import pytest

from crawler.reading import read_document
from crawler.workers import ReadingFailed, Workers

URL = "http://www.x.example/a"
SENTENCE = "林业科技委员会召开会议，研究部署工作。".encode()
GOOD = b"<title>t</title><div id='zoom'>" + SENTENCE + b"</div>"
ENDED = ("parse-timeout", "parse-memory")


def filled(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def attributes(size: int) -> bytes:
    return b"<div " + b" ".join(b"a%d=1" % number for number in range(size // 9)) + b"><p>" + SENTENCE * 20


KILLERS: dict[str, Callable[[int], bytes]] = {
    "comments that never close": lambda size: filled(b"<!--", size),
    "end tags that never close": lambda size: filled(b"</p", size),
    "one tag with all attributes": attributes,
    "blocks in blocks": lambda size: filled(b"<div>", size) + SENTENCE * 20,
    "tables in tables": lambda size: filled(b"<table><tr><td>", size) + SENTENCE * 20,
    "formatting in formatting": lambda size: filled(b"<b><i><font><p>", size) + SENTENCE * 20,
    "blocks in inline elements around one long text": lambda size: b"<b><div>" * 900 + filled(SENTENCE, size),
    "links in links": lambda size: filled(b"<a href='/x'>", size) + SENTENCE,
    "a value that never closes": lambda size: b'<a href="' + filled(SENTENCE, size),
    "labels without end": lambda size: filled("来源：发布时间：".encode(), size),
    "rows of dates": lambda size: b"<table>" + filled(b"<tr><td>1</td><td>2024-01-01</td></tr>", size),
    "tables in a row": lambda size: filled("<table><tr><td>发文机关：</td><td>林业局</td></tr></table>".encode(), size),
}


def ends_of(pages: list[bytes]) -> list[str]:
    """Return how the reading of each page ended, and that a good page was read after each."""

    async def ask() -> list[str]:
        ends = []
        with Workers() as workers:
            for page in pages:
                try:
                    await workers.run(read_document, URL, page, "text/html")
                    ends.append("read")
                except ReadingFailed as failed:
                    ends.append(failed.kind)
                said = await workers.run(read_document, URL, GOOD, "text/html")
                assert said.document is not None
                assert said.document.body == SENTENCE.decode()
        return ends

    return asyncio.run(ask())


def test_pages_of_a_hundred_kilobytes_made_to_hang_a_parser_end_and_the_next_page_is_read() -> None:
    ends = dict(zip(KILLERS, ends_of([make(100_000) for make in KILLERS.values()]), strict=True))
    assert {name: end for name, end in ends.items() if end not in ("read", *ENDED)} == {}
    assert ends["blocks in inline elements around one long text"] == "read"


@pytest.mark.long
@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
def test_pages_of_megabytes_made_to_hang_a_parser_end_and_the_next_page_is_read(size: int) -> None:
    ends = dict(zip(KILLERS, ends_of([make(size) for make in KILLERS.values()]), strict=True))
    assert {name: end for name, end in ends.items() if end not in ("read", *ENDED)} == {}
    assert list(ends.values()).count("read") >= len(KILLERS) / 2
