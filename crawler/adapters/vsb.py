"""VSB (博达 Visual SiteBuilder): institutes, universities, counties; text in #vsb_content, files through download.jsp."""

import re

from crawler.extract.documents import Shape, read_shape
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_link
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "vsb"
SHAPE = Shape(
    FAMILY,
    body=(
        "#vsb_content",
        "#vsb_content_2",
        "#vsb_content_4",
        "#vsb_content_501",
        "#vsb_newscontent",
        ".v_news_content",
    ),
)
_TOKENS = frozenset(
    (
        "vsb_content",
        "vsb_content_2",
        "vsb_content_4",
        "vsb_content_501",
        "vsb_newscontent",
        "v_news_content",
        "vsbcontent_end",
        "pb_sys_common",
    )
)
_MARKS = ("/system/_co", "_vsb_", "webber.wbst", 'id="line_u')
_ADDRESS = re.compile(r"/info/\d{3,}/\d+\.htm")


def recognises(markup: Markup) -> bool:
    """Say whether the page has VSB's ids, its servlets or its editing marks."""
    return bool(_ADDRESS.search(markup.url)) or not _TOKENS.isdisjoint(markup.tokens) or markup.names(_MARKS)


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a list page."""
    return rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return the 下页 link; VSB numbers its pages downwards, so nothing can be computed."""
    return next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document; its files are linked below the text."""
    return read_shape(markup, SHAPE)
