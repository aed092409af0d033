"""List rows in JSON: known key names first, the form of the values where the names say nothing."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crawler.extract.addresses import is_followable
from crawler.extract.dates import first_stamp, parse_epoch, row_day
from crawler.extract.decode import han_count
from crawler.extract.lines import flat
from crawler.extract.markup import Markup
from crawler.extract.rows import unique
from crawler.items import Link

TITLES = (
    "title",
    "showtitle",
    "doctitle",
    "articletitle",
    "infotitle",
    "linktitle",
    "maintitle",
    "name",
    "docname",
    "topic",
    "subject",
    "subtitle",
)
URLS = ("url", "publishurl", "docpuburl", "post_url", "posturl", "linkurl", "infourl", "link", "href", "pcurl", "weburl", "arcurl", "puburl",
        "doc_pub_url", "docurl", "visiturl", "detailurl", "contenturl", "path", "urls")  # fmt: skip
DAYS = ("publishedtimestr", "publishedtime", "publishtime", "publishdate", "pubdate", "pubtime", "pubtimestr", "docrelpubtime", "docreltime", "docpubtime",
        "deploytime", "releasetime", "displaypublishtime", "display_publish_time", "ptime", "infodate", "date", "createdate", "createtime",
        "created_at", "showtime", "time", "save_time", "crtime", "opertime", "updatetime")  # fmt: skip
_DAY_KEY = re.compile(r"pub|deploy|release|save|date|time|day|rq|sj", re.I)
_ARRAY = re.compile(r"\[\s*\{\s*[\"']")
_PUSH = re.compile(r"\.push\(\s*\{")
_MOST_PUSHED = 500
_DEEPEST = 8
_MOST_ARRAYS = 40


def json_rows(markup: Markup, value: Any) -> tuple[Link, ...]:
    """Return the rows of the array in a JSON value that reads best as a list of documents; () when none does."""
    best: tuple[Link, ...] = ()
    for array in _arrays(value):
        links = _read_array(markup, array)
        if len(links) > len(best):
            best = links
    return best


def script_rows(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of an array that a page carries inside a script (var listData = {articleList: [...]})."""
    best = json_rows(markup, _pushed(markup.text))
    decoder = json.JSONDecoder(strict=False)
    for match, _ in zip(_ARRAY.finditer(markup.text), range(_MOST_ARRAYS), strict=False):
        try:
            array, _end = decoder.raw_decode(markup.text, match.start())
        except (ValueError, RecursionError):
            continue
        links = json_rows(markup, array)
        if len(links) > len(best):
            best = links
    return best


def _pushed(text: str) -> list[Any]:
    """Return the objects that a script adds to a list one by one: rows.push({...})."""
    decoder = json.JSONDecoder(strict=False)
    found = []
    for match, _ in zip(_PUSH.finditer(text), range(_MOST_PUSHED), strict=False):
        try:
            found.append(decoder.raw_decode(text, match.end() - 1)[0])
        except (ValueError, RecursionError):
            continue
    return found


def json_html(value: Any) -> str | None:
    """Return the HTML fragment that a JSON answer wraps (jpaas: data.html); None when it holds none."""
    inner = value.get("data") if isinstance(value, Mapping) else None
    html = inner.get("html") if isinstance(inner, Mapping) else None
    return html if isinstance(html, str) and "<" in html else None


def _arrays(value: Any, depth: int = 0) -> Iterator[Sequence[Mapping[str, Any]]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping)]
        if rows:
            yield rows
        for item in value[:500]:
            yield from _arrays(item, depth + 1)
    elif isinstance(value, Mapping):
        for item in value.values():
            if isinstance(item, list | Mapping):
                yield from _arrays(item, depth + 1)


def _read_array(markup: Markup, array: Sequence[Mapping[str, Any]]) -> tuple[Link, ...]:
    rows = [_flattened(row) for row in array]
    title_key, url_key = _title_key(rows), _url_key(rows)
    if title_key is None or url_key is None:
        return ()
    day_key = _day_key(rows)
    links = []
    for row in rows:
        href, title = _href(row.get(url_key)), flat(str(row.get(title_key) or ""))
        if href and title and is_followable(href):
            url = markup.join(href)
            links.append(Link(url, title, _day(row.get(day_key), markup) if day_key else None))
    return unique(links)


def _flattened(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the fields of the objects in it (source, _source, data, metadata) beside its own; its own win."""
    inner = {key: value for part in row.values() if isinstance(part, Mapping) for key, value in part.items()}
    return {**inner, **{key: value for key, value in row.items() if not isinstance(value, Mapping)}}


def _named(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str | None:
    keys = {re.sub(r"[_\-]", "", key.lower()): key for row in rows[:20] for key in reversed(list(row))}
    wanted = (re.sub(r"[_\-]", "", name) for name in names)
    return next((keys[name] for name in wanted if name in keys and any(row.get(keys[name]) for row in rows)), None)


def _title_key(rows: Sequence[Mapping[str, Any]]) -> str | None:
    known = _named(rows, TITLES)
    if known and any(isinstance(row.get(known), str) and len(row[known]) >= 4 for row in rows):
        return known
    return max(_shared_keys(rows), key=lambda key: _title_worth(rows, key), default=None)


def _title_worth(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    """Return how much a column of values reads like titles: Chinese, of a title's length, all different."""
    values = [row[key] for row in rows if isinstance(row.get(key), str)]
    fitting = {value for value in values if 6 <= len(value) <= 120 and han_count(value) >= len(value) * 0.5}
    return len(fitting) * (1 + sum(map(len, fitting)) / 1000)


def _url_key(rows: Sequence[Mapping[str, Any]]) -> str | None:
    known = _named(rows, URLS)
    if known and any(_href(row.get(known)) for row in rows):
        return known
    keys = [key for key in _shared_keys(rows) if all(_is_address(row.get(key)) for row in rows)]
    return max(keys, key=lambda key: len({row[key] for row in rows}), default=None)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and bool(re.match(r"(?:https?:)?//\S+|\.{0,2}/\S+\.\w+", value))


def _href(value: Any) -> str:
    """Return an address from a field: a string, or a JSON string with the key pc (queryList)."""
    if not isinstance(value, str):
        return ""
    if value.lstrip().startswith("{"):
        try:
            inner = json.loads(value)
        except (ValueError, RecursionError):
            return ""
        return str(inner.get("pc") or inner.get("common") or "") if isinstance(inner, dict) else ""
    return value.strip()


def _day_key(rows: Sequence[Mapping[str, Any]]) -> str | None:
    named = [key for key in (_named(rows, (name,)) for name in DAYS) if key]
    likely = [key for key in _shared_keys(rows) if _DAY_KEY.search(key)]
    for key in (*named, *likely):
        if any(_any_day(row.get(key)) for row in rows):
            return key
    return None


def _shared_keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [key for key in rows[0] if sum(1 for row in rows if row.get(key)) * 2 >= len(rows)] if rows else []


def _any_day(value: Any) -> date | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    stamp = parse_epoch(value) or (first_stamp(value) if isinstance(value, str) else None)
    return stamp.day if stamp else None


def _day(value: Any, markup: Markup) -> date | None:
    return _any_day(value) or (row_day(value, seen_on=markup.seen_on) if isinstance(value, str) else None)
