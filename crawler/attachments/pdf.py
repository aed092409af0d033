"""Text of a PDF: pdfplumber keeps quotation marks where they stand; pypdf stops at its own limits."""

import io
import re
import unicodedata
import zlib
from typing import Any

from crawler.attachments.kinds import NotRead

MOST_PAGES = 500
# Fonts that give one shape to a radical and its character are often written out as the radical. Unicode has a compatibility
# character for those of Kangxi; the others are those of its Radicals Supplement that are characters by themselves.
_SUPPLEMENT = (
    "⺁⺊⺎⺒⺓⺝⺠⺧⺩⺬⺮⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰",
    "厂卜兀巳幺月民牛王示竹虎西见角贝足车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙",
)
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 400  # bytes before a stream that are searched for what it is
MOST_CONTENT = 16 * 2**20
_KANGXI = "".join(map(chr, range(0x2F00, 0x2FD6)))
_CHARACTER_OF = str.maketrans(*_SUPPLEMENT) | str.maketrans(_KANGXI, unicodedata.normalize("NFKC", _KANGXI))


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text, one line feed between pages; raise NotRead.

    A curly quotation mark moved by a character breaks quote-anchored matching, which pypdf and pypdfium2 did on a
    measured file (坚持 四个面向 。财教〔 “ ”); pdfminer in turn can hang on a small file, so `quick` goes to pypdf at once.
    """
    _refuse_bomb(body)
    if quick:
        return "pypdf", in_characters(_pypdf(body))
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        return "pdfplumber", in_characters(_pdfplumber(body))
    except (PDFException, PdfminerException):
        return "pypdf", in_characters(_pypdf(body))


def in_characters(text: str) -> str:
    """Return a text with the radicals that a font put in place of characters as those characters (⼈⺠ is 人民)."""
    return text.translate(_CHARACTER_OF)


def _pdfplumber(body: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(body)) as document:
        _refuse_long(len(document.pages))
        return "\n".join(_page_text(page) for page in document.pages)


def _page_text(page: Any) -> str:
    text = page.extract_text() or ""
    page.close()  # a page keeps every glyph: 500 of them would hold a gigabyte
    return str(text)


def _pypdf(body: bytes) -> str:
    from pypdf import PdfReader

    document = PdfReader(io.BytesIO(body))
    if document.is_encrypted and not document.decrypt(""):
        raise NotRead("is encrypted")
    _refuse_long(len(document.pages))
    return "\n".join(page.extract_text() for page in document.pages)


def _refuse_bomb(body: bytes) -> None:
    """Raise NotRead for a PDF with a deflated page content that unpacks to more than any page of text holds."""
    for match in _STREAM.finditer(body):
        about = body[max(0, match.start() - _DICTIONARY) : match.start()].rpartition(b"obj")[2]
        if b"Flate" in about and b"/Image" not in about and b"/Length1" not in about:
            content = _unpacked(memoryview(body)[match.end() :])
            if about.count(b"Flate") > 1 and content is not None:
                content = _unpacked(content)
            if content is None:
                raise NotRead(f"holds a page of more than {MOST_CONTENT // 2**20} MiB")


def _unpacked(packed: bytes | memoryview) -> bytes | None:
    """Return what a deflated stream holds as far as it can be read; None when that is more than is read."""
    try:
        content = zlib.decompressobj().decompress(packed, MOST_CONTENT + 1)
    except zlib.error:
        return b""
    return None if len(content) > MOST_CONTENT else content


def _refuse_long(pages: int) -> None:
    if pages > MOST_PAGES:
        raise NotRead(f"has {pages} pages; at most {MOST_PAGES} are read")
