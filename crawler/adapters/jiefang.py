"""The Jiefang Daily (解放日报): a page of an issue comes as JSON whose rows carry numbers instead of addresses."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.extract.addresses import day_in
from crawler.extract.documents import Shape, read_shape
from crawler.extract.lines import flat
from crawler.extract.markup import Markup
from crawler.extract.pagers import query_number, with_query
from crawler.extract.rows import rows_in, unique
from crawler.items import Document, Link

FAMILY = "jiefang"
SHAPE = Shape(FAMILY, body=("#content", ".content", ".article-content"))
_ADDRESS = re.compile(r"/journal/[\w-]*/?getJournalPage\.do|/journal/detail\.html")
# The address under which the paper itself cites its articles.
_DETAIL = "/staticsg/res/html/journal/detail.html"
_NUMBER = re.compile(r"\d{1,3}")


def recognises(markup: Markup) -> bool:
    """Say whether the address is one of the journal, or the answer one of its pages."""
    return bool(_ADDRESS.search(markup.url)) or markup.names(('"articlelist"',))


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the articles of a page of the issue: detail.html with the day, the article's number and the page's."""
    if markup.json is None:
        return rows_in(markup)
    day, asked = day_in(markup.url), parse_qs(urlsplit(markup.url).query)
    page, code = asked.get("page", ["01"])[0], asked.get("code", ["jfrb"])[0]
    found = []
    for row in _rows(markup.json, "articlelist"):
        number, title = str(row.get("id") or ""), flat(str(row.get("title") or ""))
        if day and number.isdecimal() and title:
            query = urlencode({"code": code, "date": day.isoformat(), "id": number, "page": page})
            found.append(Link(f"{markup.join(_DETAIL)}?{query}", title, day))
    return unique(found)


def next_page(markup: Markup) -> str | None:
    """Return the address of the next page that the issue's list of pages names."""
    here = query_number(markup.url, "page")
    if markup.json is None or here is None:
        return None
    numbers = {
        int(text)
        for row in _rows(markup.json, "pagelist")
        for text in map(str, row.values())
        if _NUMBER.fullmatch(text)
    }
    return with_query(markup.url, {"page": f"{here + 1:02d}"}) if here + 1 in numbers else None


def document(markup: Markup) -> Document | None:
    """Return the article."""
    return read_shape(markup, SHAPE)


def _rows(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of the array of a name, wherever in the answer it stands."""
    for key, item in value.items() if isinstance(value, dict) else ():
        if key.lower() == name and isinstance(item, list):
            yield from (row for row in item if isinstance(row, dict))
        elif isinstance(item, dict):
            yield from _rows(item, name)
