"""The files that a document links to."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.extract.addresses import FILE_TYPES, is_file, is_followable
from crawler.extract.lines import flat
from crawler.extract.markup import Markup
from crawler.items import Attachment

_NAMED_FILE = re.compile(rf"\.(?:{'|'.join(FILE_TYPES)})$", re.I)


def attachments_in(markup: Markup, elements: list[Any]) -> tuple[Attachment, ...]:
    """Return the files linked from some elements, absolute, each address once, in page order."""
    found: dict[str, Attachment] = {}
    for element in elements:
        for anchor in element.iter("a"):
            href = (anchor.get("href") or "").strip()
            name = _name(anchor, href)
            if is_followable(href) and (is_file(href) or _NAMED_FILE.search(name)):
                url = markup.join(href)
                found.setdefault(url, Attachment(url, name))
    return tuple(found.values())


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
