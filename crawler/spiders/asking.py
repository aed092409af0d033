"""Builds requests: what is asked of a site, and nothing else, is written here."""

import json
from typing import Any
from urllib.parse import urlencode

from scrapy import Request

from crawler.items import PageKind
from crawler.sources import Column, Source
from store.frontier import DueColumn, PendingPage


def hosts_of(source: Source) -> tuple[str, ...]:
    """The home addresses of the sites that a source's pages may lie on."""
    scheme = "http" if source.http_only else "https"
    listed = (host if "://" in host else f"{scheme}://{host}/" for host in sorted(source.hosts))
    return tuple(dict.fromkeys((*source.addresses, *listed)))


def marks(source: Source, kind: PageKind) -> dict[str, Any]:
    """The meta of every request: where it may go, whose it is, its source's own delay."""
    return {"hosts": hosts_of(source), "source_id": source.id, "delay": source.delay, "kind": kind}


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request: our own validators, never a cache's guess at freshness."""
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value}


def ask_list(url: str, source: Source, column: Column, due: DueColumn | None = None) -> Request:
    """The request for a list page; conditional when `due` holds what the last visit left."""
    headers = dict(column.headers)
    if due is not None:
        headers |= validators(due.etag, due.last_modified)
    body = b""
    if column.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        body = urlencode(column.form).encode()
    elif column.payload is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(column.payload, ensure_ascii=False).encode()
    return Request(url, method=column.method, headers=headers, body=body, meta=marks(source, "list"))


def ask_page(page: PendingPage, source: Source, referer: str | None) -> Request:
    """The request for a document; `referer` only where the source's file asks for it."""
    headers = validators(page.etag, page.last_modified)
    if referer:
        headers["Referer"] = referer
    return Request(page.url, headers=headers, meta=marks(source, "page"))
