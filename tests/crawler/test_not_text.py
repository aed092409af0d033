"""Bytes that are no text are no document, and are told."""

import random
import zlib

import pytest

from crawler.extract.decode import holds_text
from crawler.reading import read_document, read_list

URL = "https://www.example.gov.cn/a.html"
PAGE = (
    "<html><head><title>会议</title></head><body><p>四川省委科技委员会召开会议，研究部署下一步工作。</p></body></html>"
)


def noise(length: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(length)


@pytest.mark.parametrize(
    "body", [noise(200_000), noise(300, 3), zlib.compress(noise(9000)), b"\x89PNG\r\n\x1a\n" + bytes(500)]
)
def test_noise_pictures_and_packed_bytes_are_no_document_and_no_list(body):
    reading, rows = read_document(URL, body, "text/html; charset=gb2312"), read_list(URL, body, None)

    assert reading.document is None
    assert [issue.kind for issue in reading.issues] == ["not-text"]
    assert (rows.links, [issue.kind for issue in rows.issues]) == ((), ["not-text"])


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_a_page_in_any_encoding_is_text(codec):
    page = (
        PAGE
        if codec != "big5"
        else PAGE.replace("会议", "會議").replace("科技委员会", "科技委員會").replace("开", "開")
    )
    body = page.encode(codec, "ignore")

    assert holds_text(body)
    assert read_document(URL, body, None).document is not None


def test_a_stray_control_character_does_not_make_a_page_unreadable():
    body = PAGE.replace("召开", "召\x00开\x0b").encode()

    assert holds_text(body)


def test_an_empty_answer_is_not_called_noise():
    assert holds_text(b"")
