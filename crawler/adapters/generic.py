"""Every page that no known family claims: containers, labels and rows that Chinese sites share."""

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows, script_rows
from crawler.extract.markup import Markup
from crawler.extract.pagers import next_by_create_page, next_by_link
from crawler.extract.rows import rows_in
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
    return rows_in(markup) or script_rows(markup)


def next_page(markup: Markup) -> str | None:
    """Return the address where the rows go on."""
    return None if markup.json is not None else next_by_create_page(markup) or next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document that the page shows."""
    return read_shape(markup, SHAPE)
