"""Where a list goes on: the next page's address by the pager's own rule, or by its 下一页 link."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.extract.addresses import is_followable
from crawler.extract.anchors import hidden_address
from crawler.extract.lines import flat
from crawler.extract.markup import Markup

_NEXT = re.compile(
    r"[\[(（【]?\s*(?:下一?页|后一?页|下页|下一頁|next(?:\s*page)?)\s*[>»›]*\s*[\])）】]?|[>»›]{1,2}", re.I
)
_CREATE = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?:["'][\w#.-]*["']\s*,\s*)?(\d+)\s*,\s*(\d+)\s*,\s*["']([\w./-]+)["']\s*,\s*["'](\w+)["']""",
    re.I,
)
_SET_PAGE = re.compile(r"""\.pagination\(\s*["']setPage["']\s*,\s*["']?(\d{1,4})["']?\s*,\s*["']?(\d{1,5})""")
_TOTAL = re.compile(
    r"""\b(?:countPage|pageCount|totalPages?|pageTotal|total_page)["']?\s*[:=]\s*["']?(\d{1,5})\b""", re.I
)
_CURRENT = re.compile(r"""\b(?:currentPage|curPage|nowPage|currpage)["']?\s*[:=]\s*["']?(\d{1,4})\b""", re.I)
_ROWS_AND_SIZE = re.compile(
    r"""\btotalData["']?\s*[:=]\s*["']?(\d+).{0,400}?\bshowData["']?\s*[:=]\s*["']?(\d+)""", re.S
)
_BLOCK = re.compile(r"/columns/[\w-]{30,}/templates/[\w-]{30,}/blocks/[\w-]{30,}")
_FILE_NUMBER = re.compile(r"_(\d{1,3})\.jsonp?(?=$|\?)")
PAGE_NAMES = (
    "page",
    "pageNo",
    "pageno",
    "pageNum",
    "pageIndex",
    "pageNumber",
    "currentPage",
    "cur_page",
    "current",
    "p",
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
        if not _says_next(anchor) and anchor.get("rel") != "next":
            continue
        href = anchor.get("href") or ""
        href = href if is_followable(href) else hidden_address(anchor)
        if is_followable(href):
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
    home = False
    for anchor in markup.tree.iter("a"):
        href = anchor.get("href") or ""
        other = _sibling(markup.join(href)) if is_followable(href) else None
        home = home or other == here
        if other and other[0] == here[0] and other[1] is not None:
            beside.setdefault(other[1], markup.join(href))
    if here[1] is not None:
        return beside.get(here[1] + 1)
    # index.html beside index_1.html but not beside itself: the first page is called index_1 too, and index_2 is next.
    return beside.get(1) if home or 2 not in beside else beside[2]


def _sibling(url: str) -> tuple[str, int | None] | None:
    """Return an address without its page number, and the number: (…/index.html, 3) for …/index_3.html."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    match = _NUMBERED.match(name or "index.html")
    if match is None or not match[1]:
        return None
    return f"{parts.netloc}{folder}/{match[1]}{match[3]}", int(match[2]) if match[2] else None


def next_by_pager(markup: Markup) -> str | None:
    """Return the next page of a list by whichever pager it has: TRS's call, its links, or the numbers in its scripts."""
    return next_by_create_page(markup) or next_by_link(markup) or next_by_numbers(markup)


def next_by_numbers(markup: Markup) -> str | None:
    """Return the next page from what a script knows: the current page and how many there are.

    .pagination("setPage", 1, 322) counts from 1 (Shanghai); var countPage = 25, currentPage = 0 from either; index_pc_1.html
    has totalData rows, showData on a page. A page beyond the last one is not found, which ends a walk as well.
    """
    here = _sibling(markup.url)
    if here is None:
        return None
    called = _SET_PAGE.search(markup.text)
    total = int(called[2]) if called else _total_pages(markup.text)
    current = int(called[1]) if called else _current_page(markup.text)
    number = here[1] if here[1] is not None else current
    if total is None or number is None or number + 1 > total or (total == 1 and number == 0):
        return None
    stem, _, suffix = here[0].rpartition(".")
    parting = "-" if re.search(rf"-{number}\.\w+$", urlsplit(markup.url).path) else "_"
    return markup.join(f"{stem.rpartition('/')[2]}{parting}{number + 1}.{suffix}")


def _total_pages(text: str) -> int | None:
    if found := _TOTAL.search(text):
        return int(found[1])
    rows = _ROWS_AND_SIZE.search(text)
    return -(-int(rows[1]) // int(rows[2])) if rows and int(rows[2]) else None


def _current_page(text: str) -> int | None:
    found = _CURRENT.search(text)
    return int(found[1]) if found else None


def next_by_file(markup: Markup) -> str | None:
    """Return the file after this one of data that is written as numbered files (china_1.jsonp, china_2.jsonp)."""
    here = _sibling(markup.url)
    if here is None or here[1] is None or not (match := _FILE_NUMBER.search(markup.url)):
        return None
    return f"{markup.url[: match.start(1)]}{here[1] + 1}{markup.url[match.end(1) :]}"


def next_by_block(markup: Markup) -> str | None:
    """Return the second page of Hebei's lists, whose further rows come as blocks of markup."""
    found = _BLOCK.search(markup.text) if markup.names(("/blocks/",)) else None
    return None if found is None or found[0] in markup.url else markup.join(f"{found[0]}?page=2&fix=0")


def next_by_query(markup: Markup, names: tuple[str, ...], has_rows: bool, answer: object = None) -> str | None:
    """Return the address with its page number raised by one; None without rows, or when the answer's total is reached."""
    name = next((name for name in names if query_number(markup.url, name) is not None), None)
    if name is None or not has_rows:
        return None
    number = query_number(markup.url, name) or 0
    last = _last_page(answer) if answer is not None else _total_pages(markup.text)
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
