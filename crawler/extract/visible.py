"""The words that a page shows outside its menus, header and footer, for pages on which nothing reads as an article."""

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from crawler.extract.body import hides
from crawler.extract.decode import han_count
from crawler.extract.density import IMPRINT, INLINE, is_beside, is_margin, own_text
from crawler.extract.labels import labelled

_SILENT = frozenset(
    ("script", "style", "noscript", "template", "head", "title", "select", "textarea", "button", "iframe")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TRAIL = re.compile(r"[>＞»›→].*[>＞»›→]|(?:当前|所在|您的)位置|[上下]一?页")
# What a page shows until its script has brought the text.
_PENDING = re.compile(r"加载|请稍[候后等]|loading", re.I)
_CONTACT = re.compile(r"^(?:地址|通[讯信]地址|邮编|邮政编码|电话|传真|邮箱|访问量|您是第)")
_LONGEST_LABELLED = 120
_FEWEST_HAN = 8  # a label in the frame that a script fills (标的基本信息, 联系方式) has fewer
_MANY_HAN = 200  # so many in short cells are a list of names, not the frame of a page
_NEARLY_ALL = 0.9
_DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with nearly all that a page shows, copied without menus and footer, and its Han characters outside links."""

    element: Any
    han: int


def shown_block(tree: Any, page_title: str = "") -> Shown | None:
    """Return the smallest block that holds nearly all Chinese text outside links, menus and footer; None without a sentence.

    `page_title` is the page's <title> without blanks: a line that only repeats it says nothing, nor do labels, breadcrumbs,
    imprints and 加载中. Short cells count where they are many. Takes linear time.
    """
    page = _without_margins(tree)
    texts = {element: own_text(element) for element in page.iter() if element.tag not in INLINE}
    speaking = any(_speaks(element.tag, text, page_title) for element, text in texts.items())
    sizes = {element: han_count(text) for element, text in texts.items()}
    if not speaking and sum(sizes.values()) < _MANY_HAN:
        return None
    totals = _totals(page, sizes)
    block = _innermost(page, totals)
    return Shown(block, totals[block])


def _without_margins(tree: Any) -> Any:
    """Return a copy of a page without header, menus, footer, further reading, hidden parts and what is never shown."""
    page = deepcopy(tree)
    for element in page.iter():
        if element.tag in _SILENT or is_margin(element) or is_beside(element) or hides(element.get("style") or ""):
            element.tag = _DROPPED
    etree.strip_elements(page, _DROPPED, with_tail=False)
    return page


def _speaks(tag: str, text: str, page_title: str) -> bool:
    """Say whether a block's own text tells something: no heading, title, label, breadcrumb or imprint."""
    if tag in _HEADINGS or han_count(text) < _FEWEST_HAN or text in page_title:
        return False
    if any(pattern.search(text) for pattern in (IMPRINT, _PENDING, _CONTACT, _TRAIL)):
        return False
    return len(text) > _LONGEST_LABELLED or not labelled([text])


def _totals(page: Any, sizes: dict[Any, int]) -> dict[Any, int]:
    """Return how much each element holds, itself and everything below it."""
    totals = dict(sizes)
    for element in reversed(list(page.iter())):
        parent = element.getparent()
        if parent is not None:
            totals[parent] = totals.get(parent, 0) + totals.get(element, 0)
    return totals


def _innermost(page: Any, totals: dict[Any, int]) -> Any:
    block = page
    while True:
        inner = next((child for child in block if totals.get(child, 0) >= _NEARLY_ALL * totals[page]), None)
        if inner is None or inner.tag in INLINE:
            return block
        block = inner
