"""Every page that no known family claims: containers, labels and rows that Chinese sites share."""

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import PAGE_NAMES, next_by_block, next_by_file, next_by_pager, next_by_query
from crawler.extract.rows import rows_in
from crawler.extract.scriptrows import rows_by_script
from crawler.items import Document, Link

FAMILY = "generic"
SHAPE = Shape(FAMILY)


def recognises(markup: Markup) -> bool:
    """Say yes to every page: the last family asked."""
    return True


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a list page, from JSON, markup or a script."""
    if markup.json is not None:
        return json_rows(markup, markup.json)
    return rows_in(markup) or rows_by_script(markup)


def next_page(markup: Markup) -> str | None:
    """Return the address where the rows go on."""
    if markup.json is not None:
        return next_by_query(markup, PAGE_NAMES, bool(links(markup)), markup.json) or next_by_file(markup)
    following = next_by_pager(markup) or next_by_block(markup)
    return following or next_by_query(markup, PAGE_NAMES, bool(links(markup)))


def document(markup: Markup) -> Document | None:
    """Return the document that the page shows."""
    return read_shape(markup, SHAPE)
