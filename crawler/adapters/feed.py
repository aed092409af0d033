"""RSS and Atom: the few official sites that offer one give their rows most cleanly."""

import re
from datetime import date
from email.utils import parsedate_to_datetime

from crawler.extract.addresses import day_in, is_followable
from crawler.extract.dates import SHANGHAI, first_stamp
from crawler.extract.documents import Shape, read_shape
from crawler.extract.lines import flat
from crawler.extract.markup import Markup
from crawler.extract.rows import unique
from crawler.items import Document, Link

FAMILY = "feed"
SHAPE = Shape(FAMILY)
_START = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?xml-stylesheet[^>]*>\s*)*<(?:rss|feed|rdf:RDF|urlset)\b", re.S
)
_ENTRY = re.compile(r"<(?:item|entry|url)\b[^>]{0,300}>")
_ENTRY_END = re.compile(r"</(?:item|entry|url)>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_DAYS = ("pubDate", "dc:date", "published", "updated", "lastmod", "news:publication_date")


def recognises(markup: Markup) -> bool:
    """Say whether the text is a feed or a sitemap and not a page."""
    return bool(_START.match(markup.text[:2000]))


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the entries of a feed or a news sitemap."""
    found = []
    for part in _ENTRY.split(markup.text)[1:]:
        entry = _ENTRY_END.split(part, maxsplit=1)[0]
        url = _field(entry, "link") or _field(entry, "loc") or _href(entry) or _field(entry, "guid")
        title = _field(entry, "title") or _field(entry, "news:title")
        # A plain sitemap names addresses only: such a row has no title until its page is read.
        if is_followable(url) and (title or "<loc" in entry):
            found.append(Link(markup.join(url), title, _day(entry) or day_in(url)))
    return unique(found)


def next_page(markup: Markup) -> str | None:
    """Return None: a feed has one page."""
    return None


def document(markup: Markup) -> Document | None:
    """Return what a feed reads like as a page; it is not meant to be one."""
    return read_shape(markup, SHAPE)


def _field(entry: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", entry, re.S)
    return flat(_CDATA.sub(r"\1", found[1])) if found else ""


def _href(entry: str) -> str:
    found = re.search(r"<link\b[^>]*\bhref=[\"']([^\"']+)", entry)
    return found[1] if found else ""


def _day(entry: str) -> date | None:
    text = next((value for name in _DAYS if (value := _field(entry, name))), "")
    stamp = first_stamp(text)
    if stamp:
        return stamp.day
    try:
        return parsedate_to_datetime(text).astimezone(SHANGHAI).date()
    except (ValueError, TypeError, OverflowError):
        return None
