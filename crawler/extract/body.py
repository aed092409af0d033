"""Where the text of a document stands, and that text as paragraphs: the family's container first, then the densest block."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crawler.extract.decode import han_count
from crawler.extract.density import densest, fullest_table, names_further, prints_title
from crawler.extract.lines import paragraphs, squeezed
from crawler.extract.markup import Markup, string_of, words_in_utf8

# Containers of many systems (cms-families.md section 1 and 6); a family's own come before them.
COMMON_CONTAINERS = (
    "#UCAP-CONTENT", "#vsb_content", "#zoom", "#Zoom", "#fontzoom", "#zoomcon", "#con_con", "#ozoom", "#detailContent", "#rwb_zw",
    "#dochtmlcon", ".TRS_UEDITOR", ".trs_editor_view", ".trs_paper_default", ".TRS_Editor", ".TRS_PreAppend", ".Custom_UnionStyle",
    ".pages_content", ".article-content", ".article_content", ".article_con", ".article-con", ".article-body", ".con_text",
    ".my_conboxzw", ".my_doccontent", ".show_text", ".rm_txt_con", "#printContent", "#articleContent", "#article_content", "#content_body",
    ".zwxl-article", ".news_content", ".news-content", ".newscontent", ".xxgk_content", ".contentbox", ".content_body", ".article_txt",
    ".entry-content", ".detail-content", ".detail_content", ".info-content", ".view_content", "#js_content", "[itemprop=articleBody]",
    "#mainText", ".u-mainText",
)  # fmt: skip
# Names that as often hold the whole page as its text.
LOOSE_CONTAINERS = ("#article", ".article", "article", "#Content", "#content", ".content")
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:share|bdshare\w*|fenxiang|print|dayin|qrcode|ewm|erweima|related|relate|xgwz|xgyd|xgxx|xgjd|recommend|hot|pagination|"
    r"crumbs?|breadcrumb|toolbar|copyright|comment|comments|attachments?|prevnext|shangxia|editor-info|close)(?:$|[\s_-])",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_TOOL_LINE = re.compile(
    r"(?:[\[【(（]?\s*(?:打印本页|关闭窗口|关闭本页|打印|关闭|返回顶部|返回列表|返回|纠错|大|中|小|收藏|我要纠错|我要打印|TOP)\s*[\]】)）]?[\s|]*)+"
    r"|分享到?[:：]?.{0,12}|扫一扫在手机(?:上)?(?:打开|查看)当前页.{0,4}|(?:上|下)一(?:篇|条|页)[:：].*|字号?[:：]?\s*[大中小\s|]+|浏览次数[:：].{0,20}"
)
_CREDIT = re.compile(
    r"[（(【\[]?\s*(?:责任编辑|责\s*编|編輯|编辑|责任校对|校对|审核|审校|选稿|值班编辑)\s*[:：].{0,60}"
)
_LONGEST_TOOL = 50
_LEAST_LEFT = 40
_ARTICLE = 200  # a picture in a box of a loose name is the text only where the page has no other
_PAGE_ENDS = tuple(mark.encode() for mark in ("icp备", "网站标识码", "公网安备", "all rights reserved"))


@dataclass(frozen=True, slots=True)
class Located:
    """The element that holds the text, and the reader that found it."""

    element: Any
    reader: str


def locate(markup: Markup, containers: tuple[str, ...], family: str) -> Located | None:
    """Return the element that holds a document's text: CSS override, family container, common container, densest block."""
    if markup.tree is None:
        return None
    wanted = markup.select.get("body")
    page_title = squeezed(markup.page_title)
    named = ((wanted,), "select"), (containers, family), (COMMON_CONTAINERS, "generic")
    for selectors, reader in named:
        element = _first_filled(markup, tuple(css for css in selectors if css))
        if element is not None:
            return Located(element if reader == "select" else _inside_wrapper(element), reader)
    loose, block = _first_filled(markup, LOOSE_CONTAINERS), densest(markup.tree, page_title)
    if loose is not None and (han_count(string_of(loose)) or block is None or han_count(string_of(block)) < _ARTICLE):
        return Located(_inside_wrapper(loose, page_title), "generic")
    found = fullest_table(markup.tree) if block is None else block
    return None if found is None else Located(found, "density")


def text_of(element: Any, named: Mapping[str, list[Any]]) -> str:
    """Return an element's text, one paragraph a line, without scripts, hidden parts, share and print tools.

    `named` holds the elements of its tree by class and id.
    """
    lines = paragraphs(element, _droppable_in(element, named)).split("\n")
    return "\n".join(_without_tools(lines))


def _droppable_in(element: Any, named: Mapping[str, list[Any]]) -> frozenset[Any]:
    """Return the parts of a text that are none of it: share and print tools, hidden parts and further reading."""
    aside = {part for name in named if names_aside(name) for part in named[name]}
    inside = {part for part in aside if element in part.iterancestors()}
    inside |= {part for part in element.iterdescendants() if (style := part.get("style")) and hides(style)}
    if not inside:
        return frozenset()
    total = max(1, han_count(string_of(element)))
    return frozenset(part for part in inside if _is_droppable(part, total))


def _inside_wrapper(element: Any, page_title: str = "") -> Any:
    """Return the text's own block where a container also wraps the heading or the end of the page; else the container.

    `page_title` is given for names that say little (.content): there any block that prints the title shows a wrapper.
    """
    wraps = next(element.iter("h1"), None) is not None or _ends_page(element)
    if not wraps and not prints_title(element, page_title):
        return element
    inner = densest(element, page_title)
    return element if inner is None else inner


def _ends_page(element: Any) -> bool:
    lowered = words_in_utf8(
        element
    ).lower()  # four literal searches take a tenth of the time of one pattern that ignores case
    return any(mark in lowered for mark in _PAGE_ENDS)


def _first_filled(markup: Markup, selectors: tuple[str, ...]) -> Any:
    for css in selectors:
        found = [element for element in markup.all(css) if _is_filled(element)]
        if found:
            return found[0] if len(found) == 1 else max(found, key=lambda element: han_count(string_of(element)))
    return None


def _is_filled(element: Any) -> bool:
    """Say whether a container holds prose, a picture or a file; a wrapper full of links only is a menu."""
    if element.tag in ("input", "textarea", "script", "style", "a", "img", "meta"):
        return False
    length = _length(element)
    linked = sum(_length(anchor) for anchor in element.iter("a"))
    if length - linked >= 10 and linked < length * 0.6:
        return True
    pictures = next(element.iter("img", "embed", "video"), None) is not None
    return length < 400 and (pictures or linked > 0) and linked < 200 and _has_own_picture_or_file(element)


def _length(element: Any) -> int:
    return len("".join(string_of(element).split()))


def _has_own_picture_or_file(element: Any) -> bool:
    from crawler.extract.addresses import is_file

    if any(is_file(anchor.get("href") or "") for anchor in element.iter("a")):
        return True
    return any(image.getparent() is not None and image.getparent().tag != "a" for image in element.iter("img"))


def _is_droppable(part: Any, total: int) -> bool:
    """Say whether a part of a text is none of it: tools and hidden parts while they are small, further reading of any length."""
    names = f"{part.get('class') or ''} {part.get('id') or ''}"
    small, further = names_tool(names) or hides(part.get("style") or ""), names_further(names)
    if not small and not further:
        return False
    han = han_count(string_of(part))
    return (small and han < total * 0.3) or (further and total - han >= _LEAST_LEFT)


def hides(style: str) -> bool:
    """Say whether a style attribute takes its element out of sight."""
    return ("one" in style or "ONE" in style) and bool(_HIDDEN.search(style))


@lru_cache(maxsize=4096)
def names_aside(name: str) -> bool:
    """Say whether a class (.share) or id (#share) alone is that of a tool or of further reading."""
    return names_tool(name[1:]) or names_further(name[1:])


@lru_cache(maxsize=4096)
def names_tool(names: str) -> bool:
    """Say whether a class and id are those of share buttons, print tools and the like inside a text."""
    return bool(_CHROME.search(names))


def _without_tools(lines: list[str]) -> list[str]:
    kept = [line for line in lines if len(line) > _LONGEST_TOOL or not _TOOL_LINE.fullmatch(line)]
    while kept and len(kept[-1]) <= 2 * _LONGEST_TOOL and _CREDIT.fullmatch(kept[-1]):
        kept.pop()
    return kept
