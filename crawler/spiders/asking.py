"""Builds requests: what is asked of a site, and nothing else, is written here."""

import json
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.items import PageKind
from crawler.sites import file_hosts_of, hosts_of
from crawler.sources import Column, Source
from store.frontier import DueColumn, PendingPage

LARGEST_FILE = 50 * 1024 * 1024
FILE_TIMEOUT = 300
_PAGE_NUMBERS = ("current", "currentpage", "page", "pageno", "pagenum", "pageindex", "pagenumber", "p")


def marks(source: Source, kind: PageKind, *, cookies: bool = False) -> dict[str, Any]:
    """The meta of every request: where it may go, whose it is, and the way that its source's file asks for."""
    hosts = file_hosts_of(source) if kind == "attachment" else hosts_of(source)
    asked_for = {
        "egress": source.egress,
        "tls": source.tls if source.tls != "default" else None,
        "ip_family": source.ip_family,
        "block_family": source.block_family,
        "cookies": cookies,
        "download_maxsize": LARGEST_FILE if kind == "attachment" else None,
        "download_timeout": FILE_TIMEOUT if kind == "attachment" else None,
    }
    always = {"hosts": hosts, "source_id": source.id, "delay": source.delay, "kind": kind}
    return always | {name: value for name, value in asked_for.items() if value}


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request: our own validators, never a cache's guess at freshness."""
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value}


def ask_list(
    url: str,
    source: Source,
    column: Column,
    due: DueColumn | None = None,
    *,
    number: int = 1,
    referer: str | None = None,
) -> Request:
    """The request for page `number` of a list; conditional when `due` holds what the last visit left.

    Where the column asks for a referer it is the column's own page; for that page itself the home page of its site.
    """
    headers = dict(column.headers)
    if due is not None:
        headers |= validators(due.etag, due.last_modified)
    if column.referer:
        headers.setdefault("Referer", referer or source.homepage)
    body = b""
    if column.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        body = urlencode(on_page(column.form, number)).encode()
    elif column.payload is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(on_page(column.payload, number), ensure_ascii=False).encode()
    meta = marks(source, "list", cookies=column.cookies)
    return Request(url, method=column.method, headers=headers, body=body, meta=meta)


def on_page(said: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a form or payload for a later page of its list: its page number raised, all else as it was."""
    name = page_key(said)
    if number == 1 or name is None:
        return said
    raised = int(said[name]) + number - 1
    return {**said, name: str(raised) if isinstance(said[name], str) else raised}


def page_key(said: dict[str, Any]) -> str | None:
    """Return the key under which a form or payload gives its page number; None when it has none."""
    names = [name for name in said if name.lower().replace("_", "") in _PAGE_NUMBERS and str(said[name]).isdecimal()]
    return names[0] if len(names) == 1 else None


def ask_page(page: PendingPage, source: Source, column: Column | None, referer: str | None) -> Request:
    """The request for a document or a file; referer and cookies only where its column asks for them."""
    headers = validators(page.etag, page.last_modified)
    if column is not None and column.referer and referer:
        headers["Referer"] = referer
    kind: PageKind = "attachment" if page.kind == "attachment" else "page"
    return Request(page.url, headers=headers, meta=marks(source, kind, cookies=column is not None and column.cookies))


def ask_part(url: str, source: Source, column: Column | None, first: str) -> Request:
    """The request for a further page of a document; a referer, where the column asks for one, is the document's first page."""
    headers = {"Referer": first} if column is not None and column.referer else {}
    return Request(url, headers=headers, meta=marks(source, "part", cookies=column is not None and column.cookies))
