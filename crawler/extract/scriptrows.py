"""List rows that a page writes by script: one variable after another (Wuhan), or markup inside document.write."""

import re
from collections.abc import Iterator

from crawler.extract.decode import han_count
from crawler.extract.jsonrows import json_rows, script_rows
from crawler.extract.markup import Markup, parse_html
from crawler.extract.rows import rows_in
from crawler.items import Link

_VALUE = r"""\s*=\s*(?:"((?:[^"\\\n]|\\.){0,2000})"|'((?:[^'\\\n]|\\.){0,2000})')"""
_ASSIGNED = re.compile(rf"\bvar\s+(\w+){_VALUE}")
_WRITTEN = re.compile(
    r"""\bdocument\.write(?:ln)?\(\s*(?:"((?:[^"\\\n]|\\.){1,4000})"|'((?:[^'\\\n]|\\.){1,4000})')\s*\)"""
)
_ESCAPED = re.compile(r"\\(.)")
_MOST_VALUES = 5_000
_FEWEST_HAN = 4


def rows_by_script(markup: Markup) -> tuple[Link, ...]:
    """Return the rows that the scripts of a page hold: an array of objects, variables set row by row, or written markup."""
    found = script_rows(markup)
    if not found and markup.names(("document.write",)):
        set_row_by_row = json_rows(markup, list(_records(markup.text)))
        found = tuple(link for link in set_row_by_row if han_count(link.title) >= _FEWEST_HAN) or _written(markup)
    return found


def _records(text: str) -> Iterator[dict[str, str]]:
    """Yield what the variables of a row are set to: a name that is set again begins the next row."""
    record: dict[str, str] = {}
    for match, _ in zip(_ASSIGNED.finditer(text), range(_MOST_VALUES), strict=False):
        if match[1] in record:
            yield record
            record = {}
        record[match[1]] = _plain(match[2], match[3])
    yield record


def _written(markup: Markup) -> tuple[Link, ...]:
    pieces = (
        _plain(match[1], match[2])
        for match, _ in zip(_WRITTEN.finditer(markup.text), range(_MOST_VALUES), strict=False)
    )
    return rows_in(markup, parse_html("".join(pieces)))


def _plain(double: str | None, single: str | None) -> str:
    return _ESCAPED.sub(r"\1", double if double is not None else single or "")
