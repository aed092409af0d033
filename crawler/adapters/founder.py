"""Founder e-papers (方正) of the Party dailies: a page of an issue lists its articles, the next page is 下一版."""

import re
from dataclasses import replace

from crawler.extract.addresses import day_in, is_followable
from crawler.extract.anchors import anchor_title
from crawler.extract.documents import Shape, read_shape
from crawler.extract.lines import flat
from crawler.extract.markup import Markup
from crawler.extract.rows import unique
from crawler.items import Document, Link

FAMILY = "founder"
SHAPE = Shape(
    FAMILY,
    body=("#ozoom", ".main-article-content", "#articleContent", "founder-content", ".article-content", "#content"),
)
_ARTICLE = re.compile(r"(?:content_\d+(?:_\d+)?|/c/[\w/-]*/?c\d+|/con/[\w/-]+|/content/\d{6}/\d\d/\w+)\.html?$", re.I)
_ADDRESS = re.compile(
    r"/(?:layout|content|column|pad|c|con)/\d{6}/\d{2}/|/html/\d{4}-\d{2}/\d{2}/(?:node|content)_|paperindex\.htm|/pc/(?:layout|column)/|node_\w*\d+\.html?$|/col\d+\.html$"
)
_TOKENS = frozenset(("ozoom", "pageLink", "main-article-content"))
_MARKS = ("<founder-", "enpproperty")
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s;]+)", re.I)
_NEXT = re.compile(r"下一?版|后一?版|下一版面")


def recognises(markup: Markup) -> bool:
    """Say whether the page is one of an e-paper: its address form or Founder's own tags."""
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the articles of a page of the issue; all carry the day of the issue, which stands in their addresses."""
    anchors = [anchor for anchor in markup.all("a, area") if is_followable(anchor.get("href") or "")]
    found = []
    for anchor in anchors:
        url, title = markup.join(anchor.get("href")), anchor_title(anchor) or flat(anchor.get("alt"))
        if _ARTICLE.search(url.split("?")[0]) and title:
            found.append(Link(url, title, day_in(url) or day_in(markup.url)))
    return unique(found)


def next_page(markup: Markup) -> str | None:
    """Return the next page of the issue; from paperindex.htm the first, by its meta refresh."""
    for tag in markup.all("meta[http-equiv]"):
        target = _REFRESH.search(tag.get("content") or "")
        if tag.get("http-equiv").lower() == "refresh" and target:
            return markup.join(target[1])
    for anchor in markup.all("a"):
        if is_followable(anchor.get("href") or "") and _NEXT.search(
            flat("".join(anchor.itertext())) or anchor.get("title") or ""
        ):
            url = markup.join(anchor.get("href"))
            return None if url.split("#")[0] == markup.url.split("#")[0] else url
    return None


def document(markup: Markup) -> Document | None:
    """Return the article; its day is the day of the issue."""
    read = read_shape(markup, SHAPE)
    issue_day = day_in(markup.url) if _ADDRESS.search(markup.url) else None
    return read if read is None or issue_day is None else replace(read, published=issue_day, published_time=None)
