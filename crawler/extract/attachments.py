"""The files that a document links to."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.extract.addresses import FILE_TYPES, is_file, is_followable
from crawler.extract.density import is_margin
from crawler.extract.lines import flat
from crawler.extract.markup import Markup, string_of
from crawler.items import Attachment

_LEVELS_UP = 4
_NAMED_FILE = re.compile(rf"\.(?:{'|'.join(FILE_TYPES)})$", re.I)


def attachments_in(markup: Markup, body: Any) -> tuple[Attachment, ...]:
    """Return the files linked from a document's text or directly below it, absolute, each address once, in page order."""
    found: dict[str, Attachment] = {}
    for anchor in [*filter(_leads_to_file, body.iter("a")), *_anchors_below(body)]:
        href = anchor.get("href").strip()
        if is_followable(href):
            url = markup.join(href)
            found.setdefault(url, Attachment(url, _name(anchor, href)))
    return tuple(found.values())


def _anchors_below(body: Any) -> Iterator[Any]:
    """Yield the links to files below the text inside the blocks that wrap it; menus, sidebars and the page's footer are not looked at."""
    element = body
    for _ in range(_LEVELS_UP):
        if element is None or element.tag in ("body", "html"):
            return
        for beside in element.itersiblings():
            if isinstance(beside.tag, str) and not is_margin(beside):
                files = filter(_leads_to_file, beside.iter("a"))
                yield from (anchor for anchor in files if not is_margin(anchor.getparent()))
        element = element.getparent()


def _leads_to_file(anchor: Any) -> bool:
    """Say whether a link is one to a file by its address or by its words."""
    href = (anchor.get("href") or "").strip()
    return bool(href) and (is_file(href) or _NAMED_FILE.search(string_of(anchor).rstrip()) is not None)


def _name(anchor: Any, href: str) -> str:
    """Return what the page calls a file: the link's text, its title, else the last part of its address."""
    text = flat("".join(anchor.itertext()))
    return text or flat(anchor.get("title") or anchor.get("appendix") or "") or file_name(href)


def file_name(url: str) -> str:
    """Return the file name in an address, also when a servlet takes it as a parameter; "" when there is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    asked = [value for key, values in parse_qs(parts.query).items() if "name" in key.lower() for value in values]
    return asked[0] if asked else unquote(parts.path.rsplit("/", 1)[-1])
