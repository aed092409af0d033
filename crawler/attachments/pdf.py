"""Text of a PDF: pdfplumber keeps quotation marks where they stand; pypdf stops at its own limits."""

import io
from typing import Any

from crawler.attachments.kinds import NotRead

MOST_PAGES = 500


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text, one line feed between pages; raise NotRead.

    A curly quotation mark moved by a character breaks quote-anchored matching, which pypdf and pypdfium2 did on a
    measured file (坚持 四个面向 。财教〔 “ ”); pdfminer in turn can hang on a small file, so `quick` goes to pypdf at once.
    """
    if quick:
        return "pypdf", _pypdf(body)
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        return "pdfplumber", _pdfplumber(body)
    except (PDFException, PdfminerException):
        return "pypdf", _pypdf(body)


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


def _refuse_long(pages: int) -> None:
    if pages > MOST_PAGES:
        raise NotRead(f"has {pages} pages; at most {MOST_PAGES} are read")
