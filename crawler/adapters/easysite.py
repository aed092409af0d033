"""EasySite: Liaoning departments, customs and others; documents as /{14-digit time}/index.shtml, pages as {hex}-{n}."""

import re

from crawler.extract.documents import Shape, read_shape
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_link
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "easysite"
SHAPE = Shape(
    FAMILY,
    body=(
        ".easysite-news-text",
        "#easysiteText",
        ".easysite-news-content",
        "#zoom",
        ".zfxxgk_content",
        ".article_content",
        ".news_content",
    ),
    title=(".easysite-news-title h2", ".easysite-news-title", ".title"),
)
_TOKENS = frozenset(("eprotalCurrentPageId", "easysiteText", "easysite-news-text", "easysite-list"))
_MARKS = ("easysite", "/attachDir/")
_ADDRESS = re.compile(r"/\d{14,}/index\.s?html|/[0-9a-f]{8}-\d+\.s?html")


def recognises(markup: Markup) -> bool:
    """Say whether the page has EasySite's classes or attachment folder, or an address of its form."""
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a list page."""
    return rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return the 下一页 link or {hex}-{n+1}."""
    return next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document; its files lie under /attachDir/."""
    return read_shape(markup, SHAPE)
