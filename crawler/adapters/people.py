"""people.cn and its kin: documents as /n1/2024/0618/c1001-123.html, lists as index{n}.html."""

import re

from crawler.extract.documents import Shape, read_shape
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_link
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "people"
SHAPE = Shape(
    FAMILY,
    body=("#rwb_zw", "#rm_txt_zw", ".rm_txt_con", ".show_text", "#p_content", ".box_con"),
    title=(".rm_txt h1", ".text_title h1", ".text_c h1"),
)
_TOKENS = frozenset(("rwb_zw", "rm_txt_zw", "rm_txt_con", "p_content"))
_DOCUMENT = re.compile(r"/n\d/\d{4}/\d{4}/c\d+-\d+\.html")
_ADDRESS = re.compile(r"/n\d/\d{4}/\d{4}/c\d+-\d+\.html|//(?!paper\.)[\w.]*\bpeople\.com\.cn/")


def recognises(markup: Markup) -> bool:
    """Say whether the page has people.cn's text containers or document addresses."""
    return (
        bool(_ADDRESS.search(markup.url))
        or not _TOKENS.isdisjoint(markup.tokens)
        or (markup.names(("/n1/", "/n2/")) and bool(_DOCUMENT.search(markup.text)))
    )


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a list page."""
    return rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return the 下一页 link or index{n+1}.html."""
    return next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document of either template."""
    return read_shape(markup, SHAPE)
