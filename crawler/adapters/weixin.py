"""Articles on mp.weixin.qq.com, where a third of some districts' news stands: the time of publication is in a script."""

import re
from dataclasses import replace

from crawler.extract.dates import Stamp, first_stamp, parse_epoch
from crawler.extract.documents import Shape, read_shape
from crawler.extract.markup import Markup
from crawler.extract.rows import rows_in
from crawler.items import Document, Link

FAMILY = "weixin"
SHAPE = Shape(FAMILY, body=("#js_content",), title=("#activity-name",), source=("#js_name",))
_TIME = re.compile(
    r"\b(?:create_time|createTime|publish_time|oriCreateTime|ct)\s*[:=]\s*[\"'](\d{10}|\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)[\"']"
)


def recognises(markup: Markup) -> bool:
    """Say whether the page is an article of an official account."""
    return "//mp.weixin.qq.com/" in markup.url or {"js_content", "activity-name"} <= markup.tokens


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a page that lists articles."""
    return rows_in(markup)


def next_page(markup: Markup) -> str | None:
    """Return None: an article has no further page."""
    return None


def document(markup: Markup) -> Document | None:
    """Return the article; its source is the account."""
    read = read_shape(markup, SHAPE)
    stamp = _published(markup)
    return read if read is None or stamp is None else replace(read, published=stamp.day, published_time=stamp.instant)


def _published(markup: Markup) -> Stamp | None:
    found = _TIME.search(markup.text)
    return None if found is None else parse_epoch(found[1]) or first_stamp(found[1])
