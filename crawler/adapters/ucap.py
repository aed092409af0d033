"""UCAP (开普云): gov.cn and many provinces; documents in #UCAP-CONTENT, lists also as JSON from common/search."""

import re
from urllib.parse import urlsplit

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_pager, next_by_query
from crawler.extract.rows import rows_in
from crawler.extract.scriptrows import rows_by_script
from crawler.items import Document, Link

FAMILY = "ucap"
SHAPE = Shape(
    FAMILY,
    body=("#UCAP-CONTENT", "ucapcontent", ".pages_content", ".TRS_UEDITOR"),
    title=("ucaptitle",),
    published=("publishtime",),
)
_TOKENS = frozenset(("UCAP-CONTENT", "pages_content"))
_KEYS = ('"DOCRELPUBTIME"', '"searchVO"', '"publishedTimeStr"')
_MARKS = ("<ucap", "common_list.shtml", "/common/search/")
_ADDRESS = re.compile(
    r"/common/search/|/searchList/|common_list\.shtml|/search-gov/data|/c\d+/\d{6}/[0-9a-f]{32}\.s?html|ZUIXINZHENGCE\.json"
)
_PER_PAGE = 20


def recognises(markup: Markup) -> bool:
    """Say whether the page has UCAP's ids or tags, or its address one of its forms."""
    if markup.json is not None:
        return bool(_ADDRESS.search(markup.url)) or markup.names(_KEYS)
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a list page, of ZUIXINZHENGCE.json, of common/search or of the policy library."""
    if markup.json is not None:
        return json_rows(markup, markup.json)
    return rows_in(markup) or rows_by_script(markup)


def next_page(markup: Markup) -> str | None:
    """Return the next page; the JSON column API where the page holds a channel id and no rows."""
    if markup.json is not None:
        return next_by_query(markup, ("page", "p"), bool(links(markup)), markup.json)
    channel = markup.meta.get("channelid", "")
    if re.fullmatch(r"[0-9a-f]{32}", channel) and not links(markup):
        site = "{0.scheme}://{0.netloc}".format(urlsplit(markup.url))
        return f"{site}/common/search/{channel}?_isAgg=true&_isJson=true&_pageSize={_PER_PAGE}&_template=index&page=1"
    return next_by_pager(markup)


def document(markup: Markup) -> Document | None:
    """Return the document with the metadata table of the policy templates."""
    return read_shape(markup, SHAPE)
