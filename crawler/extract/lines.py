"""Markup to lines: one block of the page is one line, cells are parted by tabs, inline elements by a seam."""

import re
from collections.abc import Collection
from html import unescape
from typing import Any

from lxml import etree

from crawler.extract.dates import SEAM

_LINE_TAGS = (
    "p", "div", "br", "hr", "tr", "li", "ul", "ol", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "table",
    "tbody", "section", "article", "header", "footer", "blockquote", "center", "form", "pre", "main", "aside",
    "nav", "figure", "figcaption", "ucaptitle", "ucapcontent", "publishtime", "title", "option", "fieldset",
    "caption",
)  # fmt: skip
# Noncharacters of Unicode stand for the ends of lines and cells until white space is put right.
LINE_END, _CELL, _TERM_END, _DEFINITION = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_SILENT = frozenset(
    ("script", "style", "title", "noscript", "template", "select", "textarea", "svg", "iframe", "object")
)
_EMPTY_TAGS = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr")
_OPENING = dict.fromkeys(_LINE_TAGS, LINE_END) | {"dd": _DEFINITION}
_CLOSING = dict.fromkeys(_LINE_TAGS, LINE_END) | dict.fromkeys(("td", "th"), _CELL) | {"dt": _TERM_END}
_CLOSING |= dict.fromkeys(_EMPTY_TAGS, "")
_STRING = etree.XPath("string()", smart_strings=False)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[^\S\n\t ][^\S\n\t]*| [^\S\n\t]+")  # a single blank needs no replacing
_BLANK = "\u00a0\u3000\u200b\u200c\u200d\u2002\u2003\u2009\ufeff"
_BLANKS = re.compile(f"[{_BLANK}]")
_NO_WIDTH = "\u200b\u200c\u200d\ufeff"
_SIGNS = ((LINE_END, "\n"), (_TERM_END, "\n"), (_CELL, "\t"), (_DEFINITION, "\t"), *((mark, "") for mark in _NO_WIDTH))
_INVISIBLE = re.compile(rf"[{SEAM}{_NO_WIDTH}]+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff，。、；：“”（）《》〔〕]) (?=[\u3400-\u9fff，。、；：“”（）《》〔〕])")


def html_of(element: Any) -> str:
    """Return an element as markup, without the text that follows it."""
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def marked(element: Any, without: Collection[Any] = (), *, with_tail: bool = False, enough: int | None = None) -> str:
    """Return what an element shows, with marks for `lines_of` where its lines, cells and inline elements begin and end.

    What is never shown and the elements `without` leave nothing behind but the text that follows them. The text may end
    when `enough` characters are gathered.
    """
    pieces: list[str] = []
    add, length, skipped = pieces.append, 0, None
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        tag = part.tag
        if event == "start":
            if tag in _SILENT or part in without:
                walk.skip_subtree()
                skipped = part
                continue
            add(_OPENING.get(tag, SEAM))
            text = part.text
        else:
            if part is not skipped:
                add(_CLOSING.get(tag, SEAM))
            text = part.tail if with_tail or part is not element else None
        if text:
            add(text)
            length += len(text)
            if enough is not None and length > enough:
                break
    return "".join(pieces)


def lines_of(text: str) -> list[str]:
    """Return the non-empty lines of a marked text, with tabs between cells and seams between inline elements."""
    lines = (line.strip(f" {SEAM}") for line in _SPACES.sub(" ", _with_breaks(text)).split("\n"))
    return [line for line in lines if line and line.strip(f" \t{SEAM}")]


def paragraphs(element: Any, without: Collection[Any] = ()) -> str:
    """Return an element as plain text, one paragraph a line, cells parted by one space, no empty lines."""
    text = _with_breaks(marked(element, without).replace(SEAM, ""))
    lines = (" ".join(line.split()) for line in text.split("\n"))
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
    return " ".join(lines_of(marked(element)))


def one_line(element: Any) -> str:
    """Return an element's text as one line, quickly; a script inside it is no part of it."""
    if not len(element) and element.tag not in _SILENT:
        return " ".join((element.text or "").split())
    if next(element.iter("script", "style"), None) is not None:
        return flat(element_text(element))
    return " ".join(str(_STRING(element)).split())


def _with_breaks(text: str) -> str:
    text = " ".join(text.split())
    if _DEFINITION in text:
        text = text.replace(f"{_TERM_END} {_DEFINITION}", "\t").replace(f"{_TERM_END}{_DEFINITION}", "\t")
    for mark, sign in _SIGNS:
        text = text.replace(mark, sign)
    return text
