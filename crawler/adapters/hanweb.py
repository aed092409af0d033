"""Hanweb (大汉) classic: list rows as XML records inside a script, further rows from jpage's dataproxy."""

import re
from html import unescape
from urllib.parse import urlencode

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_rows
from crawler.extract.markup import Markup, absolute, parse_html
from crawler.extract.pagers import next_by_link, query_number, with_query
from crawler.extract.rows import rows_in
from crawler.extract.scriptrows import rows_by_script
from crawler.items import Document, Link

FAMILY = "hanweb"
SHAPE = Shape(
    FAMILY,
    body=("#zoom", "div.article-body", ".con_text", ".article_con", ".bt-content", "#barrierfree_container .content"),
    title=(".con-title", ".sp_title", "#title"),
)
_MARKS = ("datastore", "jpage/dataproxy", "/module/jslib/", "/module/download/")
_ART = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+")
_ADDRESS = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_|/col/col\d+/|dataproxy\.jsp")
_WRAPPED = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.S)
_NEXT_GROUP = re.compile(r"<nextgroup>.{0,200}?href\s*=\s*[\"']([^\"']*dataproxy[^\"']*)", re.S)
_PROXY = re.compile(r"[\"']([^\"'\s]*jpage/dataproxy\.jsp)")
_ENCRYPTED = re.compile(r"(?:columnid|unitid)=[^&]*[^\d&]")
_CALL = {"per_page": "perPage", "total": "totalRecord"}
_GROUP_PAGES = 3
_PER_PAGE = 15


def recognises(markup: Markup) -> bool:
    """Say whether the page has jpage's records or proxy, Hanweb's modules or its document addresses."""
    return (
        bool(_ADDRESS.search(markup.url))
        or "webid" in markup.meta
        or markup.names(_MARKS)
        or (markup.names(("/art/",)) and bool(_ART.search(markup.text)))
    )


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows: from the XML records (CDATA or escaped), else from the markup or a search answer."""
    if markup.json is not None:
        return json_rows(markup, markup.json)
    records = _records(markup)
    if records:
        return rows_in(markup, parse_html("<ul>" + "".join(f"<li>{record}</li>" for record in records) + "</ul>"))
    return rows_in(markup) or rows_by_script(markup)


def next_page(markup: Markup) -> str | None:
    """Return the dataproxy address of the next group of records; None where the page's own ids are encrypted.

    The opaque nextgroup of nhsa, nrta and cnipa answers with an empty record set, so it is not followed.
    """
    group = _NEXT_GROUP.search(unescape(markup.text))
    if group and not _ENCRYPTED.search(unescape(group[1])):
        return absolute(markup.url, unescape(group[1]))
    if "dataproxy.jsp" in markup.url:
        return _following_group(markup)
    return _first_group(markup) or next_by_link(markup)


def document(markup: Markup) -> Document | None:
    """Return the document with the metadata table of the xxgk templates."""
    return read_shape(markup, SHAPE)


def _records(markup: Markup) -> list[str]:
    text = markup.text
    if "<record>" not in text and "&lt;record&gt;" in text:
        text = unescape(text)
    # Cut by hand: a lazy pattern from <record> to </record> takes quadratic time on a page that never closes one.
    found = (part.partition("</record>")[0] for part in text.split("<record>")[1:])
    bare = (_WRAPPED.sub(r"\1", record).strip() for record in found)
    return [unescape(record) if record.startswith("&lt;") else record for record in bare]


def _number(markup: Markup, name: str) -> int | None:
    """Return a number that the column page prints for jpage: columnid:82540, "unitid" : '345950'."""
    found = re.search(rf"[\"']?\b{name}[\"']?\s*[:=]\s*[\"']?(\d+)", markup.text, re.I)
    return int(found[1]) if found else None


def _first_group(markup: Markup) -> str | None:
    ids = {name: _number(markup, name) for name in ("webid", "columnid", "unitid")}
    proxy = _PROXY.search(markup.text)
    if proxy is None or None in ids.values():
        return None
    held = len(_records(markup))
    per_page = _number(markup, _CALL["per_page"]) or _PER_PAGE
    if held >= (_number(markup, _CALL["total"]) or held + 1):
        return None
    query = {"startrecord": held + 1, "endrecord": held + _GROUP_PAGES * per_page, "perpage": per_page, "col": 1, "appid": 1, "webid": ids["webid"],
             "path": "/", "columnid": ids["columnid"], "sourceContentType": 1, "unitid": ids["unitid"], "webname": "", "permissiontype": 0}  # fmt: skip
    return f"{absolute(markup.url, proxy[1])}?{urlencode(query)}"


def _following_group(markup: Markup) -> str | None:
    start, end = query_number(markup.url, "startrecord"), query_number(markup.url, "endrecord")
    if start is None or end is None or end < start or len(_records(markup)) < end - start + 1:
        return None
    total = re.search(r"<totalrecord>\s*(\d+)", markup.text)
    if total and end >= int(total[1]):
        return None
    return with_query(markup.url, {"startrecord": str(end + 1), "endrecord": str(end + end - start + 1)})
