"""The block of a page that holds most of its running text, whatever it is called."""

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from crawler.extract.decode import han_count
from crawler.extract.lines import squeezed
from crawler.extract.markup import string_of
from crawler.extract.tables import innermost_tables, names_fields

_SENTENCE = re.compile("[。；！？]")
_BLOCKS = ("p", "td", "div", "section", "article", "li", "h1", "h2", "h3", "h4")
_BLOCK_TAGS = frozenset(_BLOCKS)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
IMPRINT = re.compile(
    r"ICP备|网站标识码|公网安备|版权所有|技术支持|Copyright|All Rights Reserved|主办单位[:：]|免责声明|浏览器", re.I
)
_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|bottom\w*|copyright\w*|nav\w*|menu\w*|crumbs?|friend\w*|yqlj)(?:$|[\s_-])", re.I
)
# What stands beside a text and may be longer than it: further reading, comments, what others read.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:related?|relevant\w*|xg(?:wz|yd|xx|jd|bd|lj|xw)|recommend\w*|tuijian|comments?|pinglun|sidebar|rank\w*)(?:$|[\s_-])",
    re.I,
)
_MARGIN_TAGS = frozenset(("footer", "nav", "header", "aside"))
_SHORTEST_HEADING = 5
_SHORTEST_TITLE = 8
_SHORTEST_LINE = 8
_LONG_LINE = 60
_LEAST_HAN = 0.3  # what has fewer is a script's text or a table of figures
_MOST_LAYERS = 6
_LEVELS = 6
_MARGIN_LEVELS = 4
_MUCH_MORE = 1.5
_MOSTLY = 0.7
_LEAST_TABLE = 60
_ENOUGH = 40
_ENOUGH_BELOW_HEADING = 20


def densest(tree: Any, page_title: str = "") -> Any:
    """Return the block whose own paragraphs hold the most running text outside links; None when nothing reads as prose.

    What follows the heading that `page_title` names counts double and may be one short sentence; page footers never count.
    """
    scores: dict[Any, float] = {}
    lengths: dict[Any, int] = {}
    margins: dict[Any, bool] = {}
    around: dict[Any, Any] = {}
    below_heading = False
    for block in tree.iter(*_BLOCKS):
        own = own_text(block)
        if len(own) < _SHORTEST_HEADING:
            continue
        if own in page_title:
            below_heading = True
            continue
        share = _prose_share(own, below_heading)
        if not share or block.tag in _HEADINGS or _in_margin(block, margins):
            continue
        lengths[block] = len(own)
        holder = block.getparent() if block.tag in ("p", "li") else block
        if holder not in around:
            around[holder] = _around(holder)
        for step, part in ((holder, 1.0), (around[holder], 0.45)):
            if step is not None and step.tag not in ("body", "html"):
                scores[step] = scores.get(step, 0) + len(own) * share * part
    best = max(scores, key=lambda element: scores[element], default=None)
    enough = _ENOUGH_BELOW_HEADING if below_heading else _ENOUGH
    return _whole(best, tree, _prose_in(lengths)) if best is not None and scores[best] >= enough else None


def _prose_in(lengths: dict[Any, int]) -> Counter[Any]:
    """Return how much prose each block holds, itself and some levels below it, from what each says itself."""
    prose = Counter(lengths)
    below: Counter[Any] = Counter()
    for block, length in lengths.items():
        below[block.getparent()] += length
    for parent, length in below.items():
        if parent is not None:
            prose[parent] += length
            prose.update(dict.fromkeys(islice(parent.iterancestors(), _LEVELS - 1), length))
    return prose


def fullest_table(tree: Any) -> Any:
    """Return the table with the most Chinese text outside links, for texts that are nothing else; None when it has little."""
    sizes = {}
    for table in innermost_tables(tree):
        text = string_of(table)
        linked = sum(len(string_of(anchor)) for anchor in table.iter("a"))
        if (
            linked * 4 < len(text)
            and han_count(text) >= _LEAST_TABLE
            and not names_fields(text)
            and not _in_margin(table, {})
        ):
            sizes[table] = han_count(text)
    return max(sizes, key=lambda table: sizes[table], default=None)


def _whole(best: Any, tree: Any, prose: Counter[Any]) -> Any:
    """Return the block around the densest one where that holds much more prose and little else: a text in several parts."""
    for above in islice(best.iterancestors(), _LEVELS):
        if above is tree or above.tag in ("body", "html"):
            break
        if prose[above] >= _MUCH_MORE * prose[best] and prose[above] >= _MOSTLY * len(squeezed(string_of(above))):
            best = above
    return best


def prints_title(element: Any, page_title: str) -> bool:
    """Say whether a block inside an element holds nothing but the title that a page's <title> names."""
    if not page_title:
        return False
    texts = (own_text(block) for block in element.iter(*_BLOCKS))
    return any(len(text) >= _SHORTEST_TITLE and text in page_title for text in texts)


def _around(holder: Any) -> Any:
    """Return the element that holds a block beside others: editors wrap each paragraph in layers that hold nothing else."""
    for _ in range(_MOST_LAYERS):
        if holder is None:
            return None
        above = holder.getparent()
        # Not by len(): lxml counts all children each time, which is quadratic on a page of 20,000 blocks in a row.
        alone = holder.getprevious() is None and holder.getnext() is None
        if above is None or not alone or above.tag in ("body", "html"):
            return above
        holder = above
    return holder


def _prose_share(text: str, below_heading: bool) -> float:
    """Return how much a block's text counts: sentences fully (twice below the heading), short Chinese lines below it half."""
    if len(text) < _SHORTEST_LINE or IMPRINT.search(text) or han_count(text) < len(text) * _LEAST_HAN:
        return 0.0
    if _SENTENCE.search(text) or len(text) > _LONG_LINE:
        return 2.0 if below_heading else 1.0
    return 0.5 if below_heading else 0.0


def _in_margin(block: Any, known: dict[Any, bool]) -> bool:
    """Say whether a block lies in the header, the footer, a menu of the page or in what it recommends.

    `known` keeps the answer for the blocks' parents, which many paragraphs share.
    """
    parent = block.getparent()
    if parent not in known:
        known[parent] = _lies_in_margin(parent)
    return known[parent] or _is_aside(block)


def _lies_in_margin(element: Any) -> bool:
    for _ in range(_MARGIN_LEVELS):
        if element is None or element.tag in ("body", "html"):
            return False
        if _is_aside(element):
            return True
        element = element.getparent()
    return False


def _is_aside(element: Any) -> bool:
    return element.tag in _MARGIN_TAGS or names_margin(names := _names(element)) or names_further(names)


def is_margin(element: Any) -> bool:
    """Say whether an element is by its tag or name the header, the footer or a menu of a page."""
    return element.tag in _MARGIN_TAGS or names_margin(_names(element))


def is_beside(element: Any) -> bool:
    """Say whether an element is by its name further reading, comments or a column beside the text."""
    return names_further(_names(element))


# A page has few names and asks for each of them at every paragraph.
@lru_cache(maxsize=4096)
def names_margin(names: str) -> bool:
    """Say whether a class and id are those of the header, the footer or a menu of a page."""
    return bool(_MARGIN.search(names))


@lru_cache(maxsize=4096)
def names_further(names: str) -> bool:
    """Say whether a class and id are those of further reading, comments or a column beside the text."""
    return bool(_BESIDE.search(names))


def _names(element: Any) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def own_text(block: Any) -> str:
    """Return the text of a block that lies in no deeper block and in no link."""
    if not len(block):
        return squeezed(block.text) if block.text else ""
    pieces = [block.text or ""]
    for child in block:
        if child.tag in INLINE and child.tag != "a":
            pieces.append(_inline_text(child))
        pieces.append(child.tail or "")
    return squeezed("".join(pieces))


def _inline_text(element: Any) -> str:
    """Return the text of an inline element without that of blocks in it, so that no text is gone through more than once."""
    if not len(element):
        return element.text or ""
    pieces = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        if event == "start" and part.tag in _BLOCK_TAGS:
            walk.skip_subtree()
        elif event == "start":
            pieces.append(part.text or "")
        elif part is not element:
            pieces.append(part.tail or "")
    return "".join(pieces)


INLINE = frozenset(
    ("span", "font", "b", "strong", "em", "i", "u", "sup", "sub", "a", "label", "o:p", "st1:chsdate", "st1:chmetcnv")
)
