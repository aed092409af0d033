"""Where the text of a document stands, and that text as paragraphs: the family's container first, then the densest block."""

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from crawler.extract.decode import han_count
from crawler.extract.lines import html_of, paragraphs, squeezed
from crawler.extract.markup import Markup, string_of

# Containers of many systems (cms-families.md section 1 and 6); a family's own come before them.
COMMON_CONTAINERS = (
    "#UCAP-CONTENT", "#vsb_content", "#zoom", "#Zoom", "#fontzoom", "#zoomcon", "#con_con", "#ozoom", "#detailContent", "#rwb_zw",
    "#dochtmlcon", ".TRS_UEDITOR", ".trs_editor_view", ".trs_paper_default", ".TRS_Editor", ".TRS_PreAppend", ".Custom_UnionStyle",
    ".pages_content", ".article-content", ".article_content", ".article_con", ".article-con", ".article-body", ".con_text",
    ".my_conboxzw", ".my_doccontent", ".show_text", ".rm_txt_con", "#printContent", "#articleContent", "#article_content", "#content_body",
    ".zwxl-article", ".news_content", ".news-content", ".newscontent", ".xxgk_content", ".contentbox", ".content_body", ".article_txt",
    ".entry-content", ".detail-content", ".detail_content", ".info-content", ".view_content", "#js_content", "[itemprop=articleBody]",
    "#article", ".article", "article", "#Content", "#content", ".content", "#mainText", ".u-mainText",
)  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:share|bdshare\w*|fenxiang|print|dayin|qrcode|ewm|erweima|related|relate|xgwz|xgyd|xgxx|xgjd|recommend|hot|pagination|"
    r"crumbs?|breadcrumb|toolbar|copyright|comment|comments|attachments?|prevnext|shangxia|editor-info|close)(?:$|[\s_-])",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_DROPPED = "dropped"
_NAMED_PARTS: Any = etree.XPath(".//*[@class or @id or contains(@style, 'none')]")
_TOOL_LINE = re.compile(
    r"(?:[\[【(（]?\s*(?:打印本页|关闭窗口|关闭本页|打印|关闭|返回顶部|返回列表|返回|纠错|大|中|小|收藏|我要纠错|我要打印|TOP)\s*[\]】)）]?[\s|]*)+"
    r"|分享到?[:：]?.{0,12}|扫一扫在手机(?:上)?(?:打开|查看)当前页.{0,4}|(?:上|下)一(?:篇|条|页)[:：].*|字号?[:：]?\s*[大中小\s|]+|浏览次数[:：].{0,20}"
)
_CREDIT = re.compile(
    r"[（(【\[]?\s*(?:责任编辑|责\s*编|編輯|编辑|责任校对|校对|审核|审校|选稿|值班编辑)\s*[:：].{0,60}"
)
_SENTENCE = re.compile("[。；！？]")
_BLOCKS = ("p", "td", "div", "section", "article", "li", "h1", "h2", "h3", "h4")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_IMPRINT = re.compile(
    r"ICP备|网站标识码|公网安备|版权所有|技术支持|Copyright|All Rights Reserved|主办单位[:：]|免责声明|浏览器", re.I
)
_MARGIN = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|bottom\w*|copyright\w*|nav\w*|menu\w*|crumbs?|friend\w*|yqlj)(?:$|[\s_-])", re.I
)
_MARGIN_TAGS = frozenset(("footer", "nav", "header", "aside"))
_SHORTEST_HEADING = 5
_SHORTEST_LINE = 8
_LONG_LINE = 60
_LEAST_HAN = 0.3  # what has fewer is a script's text or a table of figures
_LONGEST_TOOL = 50
_ENOUGH = 40
_ENOUGH_BELOW_HEADING = 20


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
    named = ((wanted,), "select"), (containers, family), (COMMON_CONTAINERS, "generic")
    for selectors, reader in named:
        element = _first_filled(markup, tuple(css for css in selectors if css))
        if element is not None:
            return Located(element if reader == "select" else _inside_wrapper(element), reader)
    element = densest(markup.tree, squeezed(markup.page_title))
    return None if element is None else Located(element, "density")


def text_of(element: Any) -> str:
    """Return an element's text, one paragraph a line, without scripts, hidden parts, share and print tools."""
    fragment = deepcopy(element)
    fragment.tail = None
    total = max(1, han_count(string_of(fragment)))
    for part in _NAMED_PARTS(fragment):
        if part is not fragment and _is_chrome(part) and han_count(string_of(part)) < total * 0.3:
            part.tag = _DROPPED
    etree.strip_elements(fragment, _DROPPED, with_tail=False)
    lines = paragraphs(html_of(fragment)).split("\n")
    return "\n".join(_without_tools(lines))


def densest(tree: Any, page_title: str = "") -> Any:
    """Return the block whose own paragraphs hold the most running text outside links; None when nothing reads as prose.

    What follows the heading that `page_title` names counts double and may be one short sentence; page footers never count.
    """
    scores: dict[Any, float] = {}
    below_heading = False
    for block in tree.iter(*_BLOCKS):
        own = _own_text(block)
        if len(own) >= _SHORTEST_HEADING and own in page_title:
            below_heading = True
            continue
        share = _prose_share(own, below_heading)
        if not share or block.tag in _HEADINGS or _in_margin(block):
            continue
        parent = block.getparent() if block.tag in ("p", "li") else block
        for step, part in ((parent, 1.0), (parent.getparent() if parent is not None else None, 0.45)):
            if step is not None and step.tag not in ("body", "html"):
                scores[step] = scores.get(step, 0) + len(own) * share * part
    best = max(scores, key=lambda element: scores[element], default=None)
    enough = _ENOUGH_BELOW_HEADING if below_heading else _ENOUGH
    return best if best is not None and scores[best] >= enough else None


def _prose_share(text: str, below_heading: bool) -> float:
    """Return how much a block's text counts: sentences fully (twice below the heading), short Chinese lines below it half."""
    if len(text) < _SHORTEST_LINE or _IMPRINT.search(text) or han_count(text) < len(text) * _LEAST_HAN:
        return 0.0
    if _SENTENCE.search(text) or len(text) > _LONG_LINE:
        return 2.0 if below_heading else 1.0
    return 0.5 if below_heading else 0.0


def _in_margin(block: Any) -> bool:
    """Say whether a block lies in the header, the footer or a menu of the page."""
    element = block
    for _ in range(5):
        if element is None or element.tag in ("body", "html"):
            return False
        if is_margin(element):
            return True
        element = element.getparent()
    return False


def is_margin(element: Any) -> bool:
    """Say whether an element is by its tag or name the header, the footer or a menu of a page."""
    return element.tag in _MARGIN_TAGS or bool(
        _MARGIN.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    )


def _inside_wrapper(element: Any) -> Any:
    """Return the text's own block where a container also wraps the heading; the container itself otherwise."""
    if next(element.iter("h1"), None) is None:
        return element
    inner = densest(element)
    return element if inner is None else inner


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


def _own_text(block: Any) -> str:
    """Return the text of a block that lies in no deeper block and in no link."""
    pieces = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str) and child.tag in _INLINE:
            pieces.append("".join(child.itertext()) if child.tag != "a" else "")
        pieces.append(child.tail or "")
    return squeezed("".join(pieces))


_INLINE = frozenset(
    ("span", "font", "b", "strong", "em", "i", "u", "sup", "sub", "a", "label", "o:p", "st1:chsdate", "st1:chmetcnv")
)


def _is_chrome(element: Any) -> bool:
    if _HIDDEN.search(element.get("style") or ""):
        return True
    return bool(_CHROME.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _without_tools(lines: list[str]) -> list[str]:
    kept = [line for line in lines if len(line) > _LONGEST_TOOL or not _TOOL_LINE.fullmatch(line)]
    while kept and len(kept[-1]) <= 2 * _LONGEST_TOOL and _CREDIT.fullmatch(kept[-1]):
        kept.pop()
    return kept
