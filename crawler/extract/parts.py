"""A document that is printed over several pages: where its further pages are, and all of them read as one document."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.extract.lines import squeezed
from crawler.extract.markup import absolute
from crawler.items import Document

MOST_PARTS = 30
_NAME = re.compile(r"(.+?)(\.s?html?|\.aspx?|\.jspx?|\.php)")
_PAGER = re.compile(
    r"(?:[\[【(（]?\s*(?:首页|尾页|末页|上一?页|下一?页|前一页|后一页|第?\s*\d{1,2}\s*页?|共\s*\d{1,2}\s*页|\.{3}|…|>+|<+|»|«)\s*[\]】)）]?[\s|/]*)+"
)
_LONGEST_PAGER = 120


def further_pages(url: str, body: bytes) -> tuple[str, ...]:
    """Return the addresses of a document's further pages, in their order, as far as one of its pages names them.

    `url` is that of the first page. In every family the others are named after it: content_123.htm goes on in
    content_123_2.htm (people.cn: c1-123-2), TRS calls createPageHTML(3, 0, "t20240618_123", "html"). No parser is asked,
    and the time is linear in the length of the page.
    """
    folder, _, name = urlsplit(url).path.rpartition("/")
    match = _NAME.fullmatch(name)
    if match is None or not _is_of_one_document(folder, match[1]) or match[1].encode() not in body:
        return ()
    numbers = _linked(match[1], match[2], body) | _called(match[1], match[2], body)
    return tuple(absolute(url, f"{folder}/{file}") for _, file in sorted(numbers))[:MOST_PARTS]


def joined(documents: Sequence[Document]) -> Document:
    """Return the pages of a document as one: texts in their order, each once, without the pagers between them.

    Title, days and source are those of the first page; the signature that ends a text stands on its last page.
    """
    first, last = documents[0], documents[-1]
    texts: dict[str, str] = {}
    for document in documents:
        text = _without_pager(document.body)
        texts.setdefault(squeezed(text), text)
    files = {file.url: file for document in documents for file in document.attachments}
    return replace(
        first,
        body="\n".join(text for text in texts.values() if text),
        attachments=tuple(files.values()),
        signed=first.signed or last.signed,
        issuer=first.issuer or last.issuer,
        source=first.source or last.source,
    )


def _is_of_one_document(folder: str, stem: str) -> bool:
    """Say whether a file is named after one document: by a number, or by standing in a folder of its own."""
    return re.search(r"\d{3}|[0-9a-f]{8}", stem) is not None or re.search(r"/c?[0-9a-f]{7,}$", folder) is not None


def _linked(first: str, suffix: str, body: bytes) -> set[tuple[int, str]]:
    pattern = (
        rb"(?<![\w-])" + re.escape(first.encode()) + rb"([_-])([1-9]\d?)" + re.escape(suffix.encode()) + rb"(?![\w.])"
    )
    found = re.finditer(pattern, body)
    return {(int(match[2]), f"{first}{match[1].decode()}{int(match[2])}{suffix}") for match in found}


def _called(first: str, suffix: str, body: bytes) -> set[tuple[int, str]]:
    """Return the pages that TRS's pager prints by script: as many as its first number says, counted from the second as _1."""
    call = re.search(
        rb"createPageHTML\(\s*(\d{1,2})\s*,\s*\d{1,2}\s*,\s*[\"']" + re.escape(first.encode()) + rb"[\"']", body
    )
    return {(number, f"{first}_{number}{suffix}") for number in range(1, int(call[1]))} if call else set()


def _without_pager(text: str) -> str:
    lines = text.split("\n")
    while lines and len(lines[-1]) <= _LONGEST_PAGER and _PAGER.fullmatch(lines[-1]):
        lines.pop()
    return "\n".join(lines)
