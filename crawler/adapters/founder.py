"""Founder e-papers (方正) of the Party dailies and their kin: a page of an issue lists its articles, then comes 下一版."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crawler.extract.addresses import day_in
from crawler.extract.anchors import address_of, anchor_title
from crawler.extract.documents import Shape, read_shape
from crawler.extract.lines import flat
from crawler.extract.markup import Markup, parse_html, select_all
from crawler.extract.rows import unique
from crawler.items import Document, Link

FAMILY = "founder"
SHAPE = Shape(
    FAMILY,
    body=("#ozoom", ".main-article-content", "#articleContent", "founder-content", ".article-content", "#content"),
)
_ARTICLE = re.compile(
    r"(?:content_(?:[a-z]+_)?\d+(?:_\d+)*|/c/[\w/-]*/?c\d+|/con/[\w/-]+|/content/\d{6}/\d\d/\w+|/content/\d{8}/\w+"
    r"|/shtml/\w+/\d{8}/\d+)\.s?html?$",
    re.I,
)
# The pages of an issue: node_03, node_A03, v03 (Sichuan), col03 (Gansu), /003/node.htm (Chongqing).
_PAGE = re.compile(r"/(?:node_\w*\d+|v\d\d|col\d\d)\.html?$|/\d{3}/node\.html?$", re.I)
_INDEX = re.compile(r"index\w*\.html?$", re.I)
_ADDRESS = re.compile(
    r"/(?:layout|content|column|pad|c|con)/\d{6}/\d{2}/|/html/\d{4}-\d{2}/\d{2}/(?:node|content)_|paperindex\.htm"
    r"|/pc/(?:layout|column)/|node_\w*\d+\.html?$|/col\d+\.html$|/mobile/\d{4}/\d{8}/|/shtml/\w+/\d{8}/"
    r"|/\d{4}-\d\d/\d\d/\d{3}/(?:node|content)",
    re.I,
)
_TOKENS = frozenset(("ozoom", "pageLink", "main-article-content"))
_MARKS = ("<founder-", "enpproperty")
_DEEPEST = 8
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s;]+)", re.I)
_NEXT = re.compile(r"下一?版|后一?版|下一版面")
_JUMP = re.compile(r"\blocation(?:\.href)?\s*=\s*[\"']([^\"'<>\s]+\.html?)[\"']")


def recognises(markup: Markup) -> bool:
    """Say whether the page is one of an e-paper: its address form or Founder's own tags."""
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the articles of a page of the issue; all carry the day of the issue, which stands in their addresses.

    They are links, areas of the picture of the page (also wrapped in JSON), or links with their address in data-href.
    """
    found = []
    for anchor in _anchors(markup):
        href = address_of(anchor)
        url, title = markup.join(href), anchor_title(anchor) or flat(anchor.get("alt"))
        # An area without words is an article all the same: its title is read from its page.
        if href and _is_article(url) and (title or anchor.tag == "area"):
            found.append(Link(url, title, day_in(url) or day_in(markup.url)))
    return unique(found)


def next_page(markup: Markup) -> str | None:
    """Return the next page of the issue; from the front page, which may jump by meta refresh or script, its first one."""
    for tag in markup.all("meta[http-equiv]"):
        target = _REFRESH.search(tag.get("content") or "")
        if tag.get("http-equiv").lower() == "refresh" and target:
            return markup.join(target[1])
    for anchor in markup.all("a"):
        if _NEXT.search(flat("".join(anchor.itertext())) or anchor.get("title") or "") and (href := address_of(anchor)):
            return _other(markup, markup.join(href))
    following = _next_of_issue(markup)
    if following is None and markup.tree is not None and not links(markup) and (jump := _JUMP.search(markup.text)):
        return _other(markup, markup.join(jump[1]))
    return following


def _anchors(markup: Markup) -> list[Any]:
    if markup.json is None:
        return markup.all("a, area")
    trees = (parse_html(html) for html in _strings(markup.json) if "<area" in html or "<a " in html)
    return [anchor for tree in trees if tree is not None for anchor in select_all(tree, "a, area")]


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item, depth + 1)


def _is_article(url: str) -> bool:
    address = url.split("?")[0].split("#")[0]
    return bool(_ARTICLE.search(address)) and not _PAGE.search(address) and not _INDEX.search(address)


def _next_of_issue(markup: Markup) -> str | None:
    """Return the page after this one among the pages of its issue that it links, in their order; of a front page the first
    one, or the second where the front page shows the articles of the first itself."""
    pages = list(
        dict.fromkeys(
            markup.join(href).split("#")[0] for anchor in markup.all("a, area") if (href := address_of(anchor))
        )
    )
    pages = [url for url in pages if _PAGE.search(url.split("?")[0])]
    here = markup.url.split("#")[0]
    if here in pages:
        return next(iter(pages[pages.index(here) + 1 :]), None)
    if _PAGE.search(here.split("?")[0]):
        return None
    return next(iter(pages[1:] if links(markup) else pages), None)


def _other(markup: Markup, url: str) -> str | None:
    return None if url.split("#")[0] == markup.url.split("#")[0] else url


def document(markup: Markup) -> Document | None:
    """Return the article; its day is the day of the issue."""
    read = read_shape(markup, SHAPE)
    issue_day = day_in(markup.url) if _ADDRESS.search(markup.url) else None
    return read if read is None or issue_day is None else replace(read, published=issue_day, published_time=None)
