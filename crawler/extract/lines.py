"""Markup to lines: one block of the page is one line, cells are parted by tabs, inline elements by a seam."""

import re
from html import unescape
from typing import Any

from lxml import etree

from crawler.extract.dates import SEAM

_DROPPED = re.compile(
    r"<!--.*?-->|<(script|style|title|noscript|template|select|textarea|svg|iframe|object)\b.*?</\1\s*>", re.S | re.I
)
_LINE_TAGS = (
    "p", "div", "br", "hr", "tr", "li", "ul", "ol", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "table",
    "tbody", "section", "article", "header", "footer", "blockquote", "center", "form", "pre", "main", "aside",
    "nav", "figure", "figcaption", "ucaptitle", "ucapcontent", "publishtime", "title", "option", "fieldset",
    "caption",
)  # fmt: skip
_MARK_OF = dict.fromkeys(("/td", "/th", "dd"), "\t") | dict.fromkeys(
    [*_LINE_TAGS, *(f"/{tag}" for tag in _LINE_TAGS)], "\n"
)
_DROPPED_TAGS = frozenset(
    ("script", "style", "title", "noscript", "template", "select", "textarea", "svg", "iframe", "object")
)
_NAMED_TAG = re.compile(r"<(/?\w*)[^>]*>")
_TERM_END = re.compile(r"</dt\s*>\s*<dd\b[^>]*>", re.I)
_STRING = etree.XPath("string()", smart_strings=False)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n\t ][^\S\n\t]*| [^\S\n\t]+")  # a single blank needs no replacing
_BLANK = "\u00a0\u3000\u200b\u200c\u200d\u2002\u2003\u2009\ufeff"
_BLANKS = re.compile(f"[{_BLANK}]")
_NO_WIDTH = "\u200b\u200c\u200d\ufeff"
_INVISIBLE = re.compile(rf"[{SEAM}{_NO_WIDTH}]+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff，。、；：“”（）《》〔〕]) (?=[\u3400-\u9fff，。、；：“”（）《》〔〕])")


def html_of(element: Any, *, with_tail: bool = False) -> str:
    """Return an element as markup, without the text that follows it unless asked for."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=with_tail))


def lines_of(html: str) -> list[str]:
    """Return the non-empty lines of a piece of markup, with tabs between cells and seams between inline elements."""
    lines = (line.strip(f" {SEAM}") for line in _SPACES.sub(" ", _with_breaks(html)).split("\n"))
    return [line for line in lines if line and line.strip(f" \t{SEAM}")]


def paragraphs(html: str) -> str:
    """Return a piece of markup as plain text, one paragraph a line, cells parted by one space, no empty lines."""
    lines = (" ".join(line.split()) for line in _with_breaks(html).replace(SEAM, "").split("\n"))
    return "\n".join(line for line in lines if line)


def flat(text: str | None) -> str:
    """Return a string as one line without blank or tag residue at its ends."""
    if not text:
        return ""
    cleaned = re.sub(r"\s+", " ", _BLANKS.sub(" ", _TAG.sub("", unescape(text)))).replace(SEAM, "")
    return _HAN_GAP.sub(" ", cleaned).strip()


def squeezed(text: str) -> str:
    """Return a string without any white space or seam, for comparisons."""
    joined = "".join(text.split())
    return joined if joined.isascii() else _INVISIBLE.sub("", joined)


def element_text(element: Any) -> str:
    """Return the visible text of an element as one line, seams kept between its inline parts."""
    return " ".join(lines_of(html_of(element)))


def one_line(element: Any) -> str:
    """Return an element's text as one line, quickly; a script inside it is no part of it."""
    if next(element.iter("script", "style"), None) is not None:
        return flat(element_text(element))
    return " ".join(str(_STRING(element)).split())


def _with_breaks(html: str) -> str:
    text = " ".join(html.split())
    if "<dt" in text or "<dd" in text:
        text = _TERM_END.sub("\t", text)
    # Cut at the tags in one pass: every second piece is a tag's name, in lower case as the tree is written out.
    pieces = _NAMED_TAG.split(text)
    if not _DROPPED_TAGS.isdisjoint(pieces[1::2]) or "<!--" in text:
        pieces = _NAMED_TAG.split(_DROPPED.sub("", text))
    pieces[1::2] = [_MARK_OF.get(name, SEAM) for name in pieces[1::2]]
    text = "".join(pieces).replace("&nbsp;", " ")
    text = unescape(text) if "&" in text else text
    for mark in _NO_WIDTH:
        text = text.replace(mark, "")
    return text
