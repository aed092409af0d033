"""Where a list goes on: the next page's address by the pager's own rule, or by its 下一页 link."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.extract.addresses import is_followable
from crawler.extract.lines import flat
from crawler.extract.markup import Markup

_NEXT = re.compile(
    r"[\[(（【]?\s*(?:下一?页|后一?页|下页|下一頁|next(?:\s*page)?)\s*[>»›]*\s*[\])）】]?|[>»›]{1,2}", re.I
)
_CREATE = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?:["'][\w#.-]*["']\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*["']([\w./-]+)["']\s*,\s*["'](\w+)["']""",
    re.I,
)
_NUMBERED = re.compile(r"^(.*?)(?:[_-]?(\d{1,4}))?(\.\w+)$")


def has_create_page(markup: Markup) -> bool:
    """Say whether the page calls TRS's pager in one of its forms."""
    return markup.names(("createPage",)) and bool(_CREATE.search(markup.text))


def next_by_create_page(markup: Markup) -> str | None:
    """Return the next page by TRS's createPageHTML(total, current, "index", "html"); None on the last page or without one.

    Page n+1 is index_{n}.html counted from 0; where the call counts from 1 (a container id before the numbers), page n
    is index_{n}.html: in both the file after `current` is index_{current+1}.
    """
    for total, current, stem, suffix in _CREATE.findall(markup.text) if markup.names(("createPage",)) else ():
        following = int(current) + 1
        last = int(total) if _counts_from_one(markup.text, markup.url, int(current)) else int(total) - 1
        if following <= last:
            return markup.join(f"{stem}_{following}.{suffix}")
    return None


def next_by_link(markup: Markup) -> str | None:
    """Return the address of the link that says 下一页, or of the page number after the current one; None when there is none."""
    wanted = markup.select.get("next")
    if wanted:
        return next((markup.join(element.get("href")) for element in markup.all(wanted) if element.get("href")), None)
    if markup.tree is None:
        return None
    for anchor in markup.tree.iter("a"):
        href = anchor.get("href") or ""
        if is_followable(href) and (_says_next(anchor) or anchor.get("rel") == "next"):
            url = markup.join(href)
            return url if url.split("#")[0] != markup.url.split("#")[0] else None
    return _next_number(markup)


def _says_next(anchor: object) -> bool:
    text = flat("".join(anchor.itertext()))  # type: ignore[attr-defined]
    names = (text, flat(anchor.get("title") or ""))  # type: ignore[attr-defined]
    return any(name and _NEXT.fullmatch(name) for name in names)


def _counts_from_one(text: str, url: str, current: int) -> bool:
    """Say whether a pager with a container id counts from 1: it stands at 1 on the first page, whose address has no number."""
    with_container = re.search(r"createPage(?:HTML)?\s*\(\s*[\"']", text, re.I) is not None
    return with_container and current >= 1


def _next_number(markup: Markup) -> str | None:
    """Return index_{n+1} when the page links to it among its own numbered siblings."""
    here = _sibling(markup.url)
    if here is None:
        return None
    beside: dict[int, str] = {}
    for anchor in markup.tree.iter("a"):
        url = markup.join(anchor.get("href") or "")
        other = _sibling(url)
        if other and other[0] == here[0] and other[1] is not None:
            beside.setdefault(other[1], url)
    if here[1] is not None:
        return beside.get(here[1] + 1)
    # index.html beside index_1.html but not beside itself: the first page is called index_1 too, and index_2 is next.
    home = any(_sibling(markup.join(anchor.get("href") or "")) == here for anchor in markup.tree.iter("a"))
    return beside.get(1) if home or 2 not in beside else beside[2]


def _sibling(url: str) -> tuple[str, int | None] | None:
    """Return an address without its page number, and the number: (…/index.html, 3) for …/index_3.html."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = _NUMBERED.match(name or "index.html")
    if match is None or not match[1]:
        return None
    return f"{parts.netloc}{folder}/{match[1]}{match[3]}", int(match[2]) if match[2] else None


def next_by_query(markup: Markup, names: tuple[str, ...], has_rows: bool, answer: object = None) -> str | None:
    """Return the address with its page number raised by one; None without rows, or when the answer's total is reached."""
    name = next((name for name in names if query_number(markup.url, name) is not None), None)
    if name is None or not has_rows:
        return None
    number = query_number(markup.url, name) or 0
    last = _last_page(answer)
    return None if last is not None and number >= last else with_query(markup.url, {name: str(number + 1)})


def query_number(url: str, name: str) -> int | None:
    """Return a number in an address's query; None when it is absent or no number."""
    value = parse_qs(urlsplit(url).query).get(name, [""])[0]
    return int(value) if value.isdecimal() and len(value) < 12 else None


def with_query(url: str, changes: dict[str, str]) -> str:
    """Return an address with some parameters of its query changed, all others as they were."""
    parts = urlsplit(url)
    pairs = [(key, changes.get(key, value)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _last_page(answer: object) -> int | None:
    """Return how many pages a JSON answer says there are: pageCount, totalpage, or total over rows."""
    counts = {key.lower(): value for key, value in _numbers(answer)}
    pages = next(
        (counts[key] for key in ("pagecount", "totalpage", "totalpages", "pages", "pagetotal") if key in counts), None
    )
    if pages:
        return pages
    total = next(
        (counts[key] for key in ("total", "totalcount", "totalhits", "post_count", "totalelements") if key in counts),
        None,
    )
    size = next((counts[key] for key in ("rows", "pagesize", "size", "limit", "_rows") if counts.get(key)), None)
    return -(-total // size) if total is not None and size else None


def _numbers(value: object, depth: int = 0) -> Iterator[tuple[str, int]]:
    """Yield the numbers beside the rows of a JSON answer, the array's length as `_rows`."""
    if not isinstance(value, dict) or depth > 3:
        return
    for key, item in value.items():
        if isinstance(item, list):
            yield "_rows", len(item)
        elif isinstance(item, str) and item.isdecimal() and len(item) < 10:
            yield str(key), int(item)
        elif isinstance(item, int) and not isinstance(item, bool):
            yield str(key), item
        elif isinstance(item, dict):
            yield from _numbers(item, depth + 1)
