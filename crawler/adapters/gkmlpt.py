"""gkmlpt (广东省政府信息公开目录平台): one JSON API for all of Guangdong, documents under /gkmlpt/content/."""

import re
from urllib.parse import urlsplit

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_link, next_by_query
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "gkmlpt"
SHAPE = Shape(FAMILY, body=(".article-content", ".content"), title=(".title", "h1.content-title"))
_SID = re.compile(r"[\"']?\bSID[\"']?\s*:\s*[\"']?(\d+)")
_COLUMN = re.compile(r"#(\d+)|/gkmlpt/(?:index|policy)/?#?(\d+)")


def recognises(markup: Markup) -> bool:
    """Say whether the address or the page belongs to the platform."""
    return (
        "/gkmlpt/" in markup.url
        or (markup.names(("_CONFIG",)) and markup.names(("/gkmlpt/",)))
        or markup.names(('"classify_main"',))
    )


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the articles of an API answer, or the rows of a page."""
    return json_rows(markup, markup.json) if markup.json is not None else rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return the API's next page; from the platform's page its first, for the column named after # (0 is all)."""
    if markup.json is not None:
        return next_by_query(markup, ("page",), bool(links(markup)), markup.json)
    site = _SID.search(markup.text)
    if site is None or "/gkmlpt/content/" in markup.url:
        return next_by_link(markup)
    named = _COLUMN.search(markup.url)
    column = next((group for group in named.groups() if group), "0") if named else "0"
    return f"{'{0.scheme}://{0.netloc}'.format(urlsplit(markup.url))}/gkmlpt/api/all/{column}?page=1&sid={site[1]}"


def document(markup: Markup) -> Document | None:
    """Return the document with its metadata table."""
    return read_shape(markup, SHAPE)
