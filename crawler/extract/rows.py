"""The rows of a list page: of all groups of like links, the one that reads as a list of documents."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from lxml import etree

from crawler.extract.addresses import day_in, is_detail, is_file, is_followable
from crawler.extract.anchors import anchor_title, show_addresses
from crawler.extract.dates import SEAM, first_stamp, has_day, row_day, stamps
from crawler.extract.labels import field_of, labelled
from crawler.extract.lines import one_line
from crawler.extract.markup import Markup, select_all, string_of
from crawler.items import Link

_INLINE = frozenset(("b", "strong", "font", "span", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6", "p"))
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|foot\w*|header\w*|head|top|bread\w*|crumb\w*|location|position|path|friend\w*|yqlj|link-?list|copyright|"
    r"search\w*|share|pager|pagination|paging|page_nav\w*|fenye|side\w*|aside|related|popbox|hot\w*|rank\w*|recommend\w*)(?:$|[\s_-])",
    re.I,
)
_CHROME_TAGS = frozenset(("nav", "header", "footer", "aside", "select"))
_MORE = re.compile(
    r"[\[【(（]?(?:更多|more|\+|>+|»+|详情|详细|查看详情|阅读全文|首页|尾页|末页|上一?页|下一?页|\d{1,4}|返回.*)[\]】)）]?[>»\s]*",
    re.I,
)
_DAY_ONLY = re.compile(r"\s*[\[(]?\d{1,2}[-/月]\d{1,2}日?[\])]?\s*")
_DATE_PART = 24
_HIDDEN: Any = etree.XPath(".//*[contains(translate(@style, ' ', ''), 'display:none')]")
_LEVELS = 7
_ITEMS = frozenset(("li", "tr", "dd"))
_SINGLE_ROWS = frozenset(("li", "tr", "dd", "dl", "p", "div"))
_HOLDERS = frozenset(("ul", "ol", "dl", "table", "div", "section"))
_DIGITS = re.compile(r"[0-9]+")
_ROW_NAMES = re.compile(
    r"(?<![\w-])(?:odd|even|first|last|on|active|cur|current|hover|new|top|istop|clearfix|cf|fl|fr|none|bg)(?![\w-])"
)
_NUMBERED = re.compile(r"\d")
_SHORTEST_TITLE, _PLAIN_TITLE = 5, 10
_SAME_ADDRESS = 2
_MOST_BOXES = 20  # a thousand, one in another, would take a second each
_SAMPLE = 60
_HIDES_ADDRESSES = ("data-href=", "data-url=", "data-link=", "onclick=", "avascript:")


def rows_in(markup: Markup, root: Any = None) -> tuple[Link, ...]:
    """Return the document links of a list page in page order, each address once; () when nothing reads as a list."""
    tree = markup.tree if root is None else root
    if tree is None:
        return ()
    if wanted := markup.select.get("links"):
        chosen = (_anchor_of(element) for element in select_all(tree, wanted))
        return unique(
            _links(markup, [one for one in chosen if one is not None and is_followable(one.get("href") or "")])
        )
    if markup.names(_HIDES_ADDRESSES):
        show_addresses(tree)
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for anchor in tree.iter("a"):
        if is_followable(anchor.get("href") or ""):
            groups[_signature(anchor)].append(anchor)
    best = max(groups.values(), key=lambda anchors: _worth(markup, anchors), default=[])
    return unique(_links(markup, best)) if best and _worth(markup, best) > 0 else ()


def unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """Return links with each address once: the first place, the longest title."""
    found: dict[str, Link] = {}
    for link in links:
        known = found.get(link.url)
        if known is None:
            found[link.url] = link
        elif len(link.title) > len(known.title) or (known.published is None and link.published):
            found[link.url] = Link(link.url, max(known.title, link.title, key=len), known.published or link.published)
    return tuple(found.values())


def _links(markup: Markup, anchors: list[Any]) -> list[Link]:
    found = []
    for row, inside in _rows(_without_side_links([anchor for anchor in anchors if anchor is not None])):
        anchor = max(inside, key=lambda one: len(anchor_title(one)))
        title = anchor_title(anchor)
        if title and not _MORE.fullmatch(title):
            url = markup.join(anchor.get("href") or "")
            found.extend([Link(url, title, _day_of(row, anchor, url, markup))] if url else [])
    return found


def _without_side_links(anchors: list[Any]) -> list[Any]:
    """Return a group without what stands beside the titles: icons, 详情, channel names, the files of a row that has a page."""
    titled = [anchor for anchor in anchors if len(anchor_title(anchor)) >= _SHORTEST_TITLE]
    anchors = titled if len(titled) * 4 >= len(anchors) else anchors
    repeats = Counter(anchor.get("href") for anchor in anchors)
    single = [anchor for anchor in anchors if repeats[anchor.get("href")] <= _SAME_ADDRESS]
    anchors = single or anchors
    with_page = {_item_of(anchor) for anchor in anchors if not is_file(anchor.get("href"))} - {None}
    return [anchor for anchor in anchors if not is_file(anchor.get("href")) or _item_of(anchor) not in with_page]


def _item_of(anchor: Any) -> Any:
    """Return the list item, table row or definition that a link lies in."""
    return next((element for element in _line_up(anchor) if element.tag in _ITEMS), None)


def _rows(anchors: list[Any]) -> list[tuple[Any, list[Any]]]:
    """Return each row element with its links: the highest element that leads to one address of the group only."""
    by_address: dict[str, list[Any]] = defaultdict(list)
    for anchor in anchors:
        by_address[anchor.get("href")].append(anchor)
    holds: Counter[Any] = Counter()
    for links in by_address.values():
        holds.update({element for anchor in links for element in _line_up(anchor)})
    rows = []
    alone = len(by_address) == 1
    for links in by_address.values():
        row = links[0]
        for element in _line_up(links[0]):
            if holds[element] > 1:
                break
            row = element
            if alone and element.tag in _SINGLE_ROWS:  # nothing beside it says where a row of one ends
                break
        rows.append((row, links))
    return rows


def _line_up(anchor: Any) -> list[Any]:
    line: list[Any] = []
    element = anchor
    while element is not None and len(line) < 9:
        line.append(element)
        element = element.getparent()
    return line


def _day_of(row: Any, anchor: Any, url: str, markup: Markup) -> Any:
    """Return the day printed in a row beside its title (the title itself may name other days)."""
    inside = SEAM.join(anchor.itertext())
    if row is anchor:
        around = " ".join((anchor.tail or "", _text_before(anchor), inside))
    else:
        around = SEAM.join(row.itertext()).replace(inside, f" {SEAM} ", 1)
        around = _without_hidden(row, around)
        around += _term_of(row) if row.tag == "dd" else ""
    known = day_in(url)
    if len(stamps(around)) > 1 and (day := _published_among(row, around)):
        return day
    day = row_day(around, seen_on=markup.seen_on, address_day=known)
    return day or row_day(_tail_of(anchor), seen_on=markup.seen_on, address_day=known)


def _term_of(row: Any) -> str:
    """Return what stands in the dt before a dd, where some lists print the day of their row."""
    before = row.getprevious()
    return f" {SEAM}{SEAM.join(before.itertext())}" if before is not None and before.tag == "dt" else ""


def _without_hidden(row: Any, around: str) -> str:
    """Return the text of a row without the boxes that only a pointer opens, unless the day stands nowhere else."""
    visible = around
    for box in _HIDDEN(row)[:_MOST_BOXES]:
        visible = visible.replace(SEAM.join(box.itertext()), "", 1)
    return visible if has_day(visible) else around


def _published_among(row: Any, around: str) -> date | None:
    """Return the day of publication of a row that prints several days: the labelled one, or the column that the table calls so."""
    for entry in labelled([around]):
        if entry.field == "published" and (stamp := first_stamp(entry.value)):
            return stamp.day
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else None
    names = next(table.iter("tr"), row) if table is not None else row
    cells = list(row.iterchildren("td", "th"))
    for name, cell in zip(names.iterchildren("td", "th"), cells, strict=False):
        if field_of(string_of(name)) == "published" and (stamp := first_stamp(string_of(cell))):
            return stamp.day
    return None


def _tail_of(anchor: Any) -> str:
    """Return the date part of a link that wraps title and date together."""
    parts = [one_line(child) for child in anchor.iter("span", "em", "i", "time", "div", "p", "b")]
    dated = (
        part for part in reversed(parts) if len(part) < _DATE_PART and (first_stamp(part) or _DAY_ONLY.fullmatch(part))
    )
    return next(dated, "") or one_line(anchor)[-_DATE_PART:]


def _text_before(anchor: Any) -> str:
    before = anchor.getprevious()
    return (before.tail or "") if before is not None else ""


def _anchor_of(element: Any) -> Any:
    return element if element.tag == "a" else next((anchor for anchor in element.iter("a") if anchor.get("href")), None)


def _is_chrome(anchor: Any) -> bool:
    """Say whether a link lies in a menu, header, footer or sidebar; the names of its own row do not count."""
    element = anchor.getparent()
    for _ in range(5):
        if element is None or element.tag in ("body", "html"):
            return False
        if element.tag in _CHROME_TAGS:
            return True
        if element.tag not in _ITEMS and _CHROME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        element = element.getparent()
    return False


def _signature(anchor: Any) -> tuple[str, ...]:
    """Return what like links share: the path of tags above them and the names of the list that holds them."""
    path: list[str] = []
    element = anchor.getparent()
    while element is not None and len(path) < _LEVELS:
        tag = element.tag if isinstance(element.tag, str) else "?"
        if tag not in _INLINE:
            path.append(f"{tag}.{_shared_names(element)}" if tag in _HOLDERS else tag)
        element = element.getparent()
    return tuple(path)


def _shared_names(element: Any) -> str:
    """Return an element's classes and id without what differs from row to row: numbers, odd and even, the current one."""
    names = f"{element.get('class') or ''} #{element.get('id') or ''}"
    return _ROW_NAMES.sub("", _DIGITS.sub("", names))


def _worth(markup: Markup, anchors: list[Any]) -> float:
    """Return how much a group of links looks like a list of documents: dated rows, long titles, detail addresses.

    Links in menus and sidebars count a fifth. Links that are neither dated nor shaped like documents count only when
    their titles are long and their addresses numbered: an empty list must not turn into its friendly links.
    """
    sample = anchors[:_SAMPLE]
    titles = [title for anchor in sample if (title := anchor_title(anchor)) and not _MORE.fullmatch(title)]
    mean = sum(map(len, titles)) / max(1, len(titles))
    if mean < _SHORTEST_TITLE + 1:
        return 0.0
    urls = [anchor.get("href") for anchor in sample]
    shaped = sum(1 for url in urls if is_detail("/" + url) or is_file(url)) / len(sample)
    dated = sum(1 for link in _links(markup, sample) if link.published) / len(sample)
    if dated + shaped == 0 and (mean < _PLAIN_TITLE or sum(1 for url in urls if _NUMBERED.search(url)) * 2 < len(urls)):
        return 0.0
    total = sum(min(len(title), 40) for title in titles) * (len(anchors) / len(sample)) ** 0.5
    return float(total * (1 + 3 * dated) * (1 + 2 * shaped) * (0.2 if _is_chrome(anchors[0]) else 1))
