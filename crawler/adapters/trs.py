"""TRS WCM (拓尔思): static lists paged by createPageHTML, documents named t20240618_123.html, text in TRS_Editor."""

import re

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import has_create_page, next_by_link, next_by_pager, next_by_query, query_number
from crawler.extract.rows import rows_in
from crawler.extract.scriptrows import rows_by_script
from crawler.items import Document, Link

FAMILY = "trs"
SHAPE = Shape(
    FAMILY,
    body=(
        ".TRS_UEDITOR", ".trs_editor_view", ".trs_paper_default", ".TRS_Editor", ".Custom_UnionStyle", ".TRS_PreAppend", "#zoom", "#Zoom",
        "#fontzoom", "#dochtmlcon", ".article_con", ".article-content", ".my_conboxzw", ".my_doccontent",
    ),
)  # fmt: skip
_TOKENS = frozenset(("TRS_Editor", "TRS_UEDITOR", "TRS_PreAppend", "trs_editor_view", "trs_paper_default"))
_NAMED = re.compile(r"/t(?:19|20)\d{6}_\d+\.s?html?")
_COUNT = re.compile(r"\bcountPage\s*=\s*[\"']?(\d{1,5})")
_SEARCH = re.compile(r"/was5/web/|/igs/front/")


def recognises(markup: Markup) -> bool:
    """Say whether the page has TRS's pager, its editor's class, its document names or its search."""
    if _NAMED.search(markup.url) or _SEARCH.search(markup.url):
        return True
    if markup.json is not None:
        return False
    if not _TOKENS.isdisjoint(markup.tokens) or has_create_page(markup):
        return True
    return markup.names(("/t20", "/t19")) and bool(_NAMED.search(markup.text))


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a static list, or of an IGS search answer (page.content[])."""
    if markup.json is not None:
        return json_rows(markup, markup.json)
    return rows_in(markup) or rows_by_script(markup)


def next_page(markup: Markup) -> str | None:
    """Return index_{n+1} by the pager call; for WAS and IGS searches the address with the next page number."""
    if _SEARCH.search(markup.url):
        return (
            next_by_link(markup)
            or next_by_query(markup, ("page", "pageNumber"), bool(links(markup)), markup.json)
            or _second(markup)
        )
    return next_by_pager(markup)


def _second(markup: Markup) -> str | None:
    """Return the second page of a WAS search whose address names none: the first one may do without."""
    several = _COUNT.search(markup.text)
    if "/was5/" not in markup.url or query_number(markup.url, "page") is not None or not several:
        return None
    return f"{markup.url}&page=2" if int(several[1]) > 1 and "?" in markup.url else None


def document(markup: Markup) -> Document | None:
    """Return the document; nested editors count once."""
    return read_shape(markup, SHAPE)
