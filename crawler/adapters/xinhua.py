"""Xinhua's CMS: list rows from ds_{32 hex}.json beside the page, documents as c.html with #detailContent."""

import re

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_link
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "xinhua"
SHAPE = Shape(
    FAMILY,
    body=("#detailContent", "#detail", "#p-detail", ".main-aticle", "#content", "div.article-content"),
    title=(".head-line h1", ".h-title", "#title"),
    published=(".header-time", ".h-time"),
)
_TOKENS = frozenset(("p-detail", "detailContent"))
_MARKS = ("datasource:",)
_ADDRESS = re.compile(r"/ds_[0-9a-f]{32}\.json|/\d{8}/[0-9a-f]{32}/c\.html")
_LIST = re.compile(r"<(?:ul|ol|div)\b[^>]*\bdata=[\"']datasource:([0-9a-f]{32})[\"'][^>]*>", re.I)
_LIST_MARK = re.compile(r"datatype=[\"']ds[\"']|<ul|wz-list|showData", re.I)


def recognises(markup: Markup) -> bool:
    """Say whether the page names a data source or has Xinhua's text containers."""
    if markup.json is not None:
        return bool(_ADDRESS.search(markup.url)) or markup.names(('"datasource"',))
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the entries of a data source, or the rows that a page prints itself."""
    return json_rows(markup, markup.json) if markup.json is not None else rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return the data source of a list page without rows; it holds up to 1,000 entries and has no further page."""
    if markup.json is not None:
        return None
    if not rows_in(markup):
        for found in _LIST.finditer(markup.text):
            if _LIST_MARK.search(found[0]):
                return markup.join(f"ds_{found[1]}.json")
    return next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document; year, day and time of its date stand in elements of their own."""
    return read_shape(markup, SHAPE)
