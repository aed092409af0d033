"""Hanweb jpaas and queryList: list units built by a script from the publish server, answers as JSON around HTML."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.extract.documents import Shape, read_shape
from crawler.extract.jsonrows import json_html, json_rows
from crawler.extract.markup import Markup, absolute, parse_html
from crawler.extract.pagers import next_by_link, next_by_query, with_query
from crawler.extract.rows import rows_in
from crawler.extract.scriptrows import rows_by_script
from crawler.items import Document, Link

FAMILY = "jpaas"
SHAPE = Shape(
    FAMILY,
    body=("#con_con", "#zoom", ".article-body", ".article_con", ".con_text", "#UCAP-CONTENT"),
    title=("#con_title",),
    published=("#con_time",),
)
# "bulidstatic" is the server's own spelling.
_TOKENS = frozenset(("con_con",))
_MARKS = ("bulidstatic", "buildstatic", "unitbuild", "jpaas-", "/queryList", "webSiteCode")
_ART = re.compile(r"/art/\d{4}/art_[0-9a-f-]{32}")
_ADDRESS = re.compile(r"jpaas-|/queryList\b|/art/\d{4}/art_[0-9a-f-]{32}")
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PER_PAGE = 24


def recognises(markup: Markup) -> bool:
    """Say whether the page builds units from the publish server, asks queryList, or answers for one of them."""
    return (
        bool(_ADDRESS.search(markup.url))
        or not _TOKENS.isdisjoint(markup.tokens)
        or markup.names(_MARKS)
        or (markup.names(("/art/",)) and bool(_ART.search(markup.text)))
    )


def links(markup: Markup) -> tuple[Link, ...]:
    """Return the rows of a page, of a unit answer (data.html) or of a queryList answer."""
    if markup.json is not None:
        html = json_html(markup.json)
        return rows_in(markup, parse_html(html)) if html else json_rows(markup, markup.json)
    return rows_in(markup) or rows_by_script(markup)


def next_page(markup: Markup) -> str | None:
    """Return the unit's address for the rows after these: page one where the page itself holds none."""
    if markup.json is not None:
        return _after_answer(markup, json_html(markup.json))
    unit = _unit_of(markup)
    if unit is None:
        return next_by_link(markup)
    return _unit_address(markup, unit, 2 if rows_in(markup) else 1)


def document(markup: Markup) -> Document | None:
    """Return the document; the visible time stands before the meta tag's, which is the time of upload."""
    return read_shape(markup, SHAPE)


def _unit_of(markup: Markup) -> Any:
    """Return the script element that builds the list: the one whose unit names a page of columns."""
    scripts = [
        script
        for script in markup.all("script[querydata]")
        if script.get("url") or "unitbuild" in (script.get("src") or "")
    ]
    return next((script for script in scripts if "column" in script.get("querydata", "")), next(iter(scripts), None))


def _unit_address(markup: Markup, script: Any, page: int) -> str | None:
    query = _pseudo_json(script.get("querydata") or "")
    if not query:
        return None
    paging = json.dumps({"pageNo": page, "pageSize": str(_PER_PAGE)}, separators=(",", ":"))
    return f"{absolute(markup.url, script.get('url') or _UNIT)}?{urlencode({**query, 'paramJson': paging})}"


def _pseudo_json(text: str) -> dict[str, str]:
    """Return the pairs of {'webId':'1','tplSetId':'x'}, which is JSON but for its quotes."""
    return dict(re.findall(r"[\"'](\w+)[\"']\s*:\s*[\"']?([^\"',}]*)", unescape(text)))


def _after_answer(markup: Markup, html: str | None) -> str | None:
    asked = parse_qs(urlsplit(markup.url).query).get("paramJson", [""])[0]
    if html is None or not asked:
        return next_by_query(markup, ("current", "pageNo", "page", "p"), bool(links(markup)), markup.json)
    paging = _pseudo_json(asked)
    number, size = int(paging.get("pageNo") or 1), int(paging.get("pageSize") or _PER_PAGE)
    total = re.search(r"\bcount=[\"']?(\d+)", html)
    if not links(markup) or (total and number * size >= int(total[1])):
        return None
    following = json.dumps({"pageNo": number + 1, "pageSize": str(size)}, separators=(",", ":"))
    return with_query(markup.url, {"paramJson": following})
