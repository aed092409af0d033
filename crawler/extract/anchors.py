"""The words of a link: the title of the document it leads to, whole and without what stands beside it."""

import re
from typing import Any

from crawler.extract.addresses import is_followable
from crawler.extract.decode import han_count
from crawler.extract.density import own_text
from crawler.extract.lines import flat, one_line, squeezed

_CUT = re.compile(r"(?:…+|\.{2,})$")
_EMPTY = re.compile(r"^[\s·•●■◆▪>\-*]+")
_DATE_ALONE = re.compile(
    r"[\[(（【]?\s*(?:(?:19|20)\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[\])）】]?"
)
_ADDRESS_IN_SCRIPT = re.compile(
    r"[\"']((?:https?:/|\.{0,2})/[^\"'\s<>()]+\.(?:s?html?|jsp|aspx?|do|php)[^\"'\s<>()]*)[\"']"
)
_ADDRESS_NAMES = ("data-href", "data-url", "data-link", "tagname")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TITLE_NAMES = re.compile(r"(?:^|[\s_-])(?:title|tit|bt|biaoti)(?:$|[\s_-])", re.I)
_SHORTEST_TITLE = 5
_FEWEST_HAN = 4


def hidden_address(anchor: Any) -> str:
    """Return the address of a link whose href leads nowhere: one of its other attributes, or an argument of its script.

    The Beijing Daily keeps it in data-href, EasySite's pager in tagname, others in onclick="open('/a.html')"; "" when none.
    """
    for name in _ADDRESS_NAMES:
        value = (anchor.get(name) or "").strip()
        if "/" in value or "." in value:
            return value
    script = f"{anchor.get('href') or ''} {anchor.get('onclick') or ''}"
    found = _ADDRESS_IN_SCRIPT.search(script)
    return found[1] if found else ""


def address_of(anchor: Any) -> str:
    """Return where a link leads: its href, or the address that it keeps elsewhere; "" for one that leads nowhere."""
    href = anchor.get("href") or ""
    return href if is_followable(href) else hidden_address(anchor)


def show_addresses(tree: Any) -> None:
    """Give every link without an address the one that it keeps elsewhere; what follows knows href only."""
    for anchor in tree.iter("a"):
        if not is_followable(anchor.get("href") or "") and (address := hidden_address(anchor)):
            anchor.set("href", address)


def anchor_title(anchor: Any) -> str:
    """Return the whole title of a row's link: the title attribute when the text is cut short, else the text."""
    text = _EMPTY.sub("", _words(anchor))
    attribute = _EMPTY.sub("", flat(anchor.get("title")))
    if not attribute or not text:
        return text or attribute
    cut = _CUT.sub("", text)
    if len(attribute) > len(cut) and squeezed(attribute).startswith(squeezed(cut)):
        return attribute
    return attribute if han_count(attribute) > han_count(text) and _CUT.search(text) else text


def _words(anchor: Any) -> str:
    """Return the words of a link; of one that wraps a whole row, its heading, its first block that is no date, or all of it
    without the date at either end."""
    if len(anchor) == 0:
        return one_line(anchor)
    for part in anchor.iter():
        named = part.tag in _HEADINGS or (part is not anchor and _TITLE_NAMES.search(part.get("class") or ""))
        if named and len(text := one_line(part)) >= _SHORTEST_TITLE:
            return text
    blocks = [text for part in anchor.iter("p", "div", "dt", "dd") if (text := own_text(part))]
    if len(blocks) > 1:
        titles = (text for text in blocks if han_count(text) >= _FEWEST_HAN)
        return next(titles, one_line(anchor))
    text = one_line(anchor)
    pieces = [piece for piece in (" ".join(piece.split()) for piece in anchor.itertext()) if piece]
    if len(pieces) > 1 and _DATE_ALONE.fullmatch(pieces[-1]):
        text = text.removesuffix(pieces[-1]).rstrip()
    if len(pieces) > 1 and _DATE_ALONE.fullmatch(pieces[0]):
        text = text.removeprefix(pieces[0]).lstrip()
    return text
