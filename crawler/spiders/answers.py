"""Turns answers into Pages, and says what an answer means that is not the page."""

from dataclasses import replace
from datetime import datetime

from scrapy.http import Response

from crawler.handlers import UNVERIFIED
from crawler.items import Link, Page, PageKind
from crawler.middlewares.absences import IN_WORDS as ABSENCES
from crawler.middlewares.absences import absence_of
from crawler.middlewares.block_pages import IN_WORDS, block_of
from crawler.outcomes import Outcome
from crawler.routes import LEGACY_TLS, PROXY

SHELLS = ("script-shell", "empty-shell")
_UNSPECIFIC = ("forbidden", "waf", *SHELLS)


def is_shell(page: Page) -> bool:
    """Whether a list page is one that only scripts fill: it may still name the address of its data."""
    return page.block in SHELLS and 200 <= page.status < 300


def outcome_of_answer(page: Page) -> Outcome | None:
    """Say in words why an answer is not the page; None when it is."""
    if page.block in ABSENCES:
        return Outcome("soft-404", f"the answer holds {ABSENCES[page.block]} instead of the page")
    if page.block:
        words = IN_WORDS[page.block]
        return Outcome(f"block-{page.block}", f"{words} instead of the page (status {page.status})", "blocked")
    if page.status in (404, 410):
        return Outcome("not-found", f"not found (status {page.status})")
    if not 200 <= page.status < 300:
        return Outcome(f"http-{page.status}", f"the server answers {page.status}")
    return None


def page_of(response: Response, asked: str, at: datetime, column_url: str, link: Link | None = None) -> Page:
    """Turn an answer into a Page, labelled when it is a block page."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in (values if isinstance(values, list) else [values])
    )
    meta = response.meta
    kind: PageKind = meta["kind"]
    page = Page(
        url=response.url,
        requested_url=asked,
        kind=kind,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=at,
        source_id=meta["source_id"],
        column_url=column_url,
        link=link,
        address=str(response.ip_address) if response.ip_address and PROXY not in response.flags else None,
        tls_verified=UNVERIFIED not in response.flags if response.url.startswith("https:") else None,
        block=_block(response, headers) if response.status != 304 else None,
        via=" ".join(flag for flag in response.flags if flag in (LEGACY_TLS, PROXY)) or None,
    )
    absent = absence_of(page) if page.block in (None, *SHELLS) else None
    return replace(page, block=absent) if absent else page


def _block(response: Response, headers: tuple[tuple[str, str], ...]) -> str | None:
    """Name the block page that an answer is: an unspecific refusal is the kind that the source is known for."""
    found = block_of(response.status, headers, response.body)
    return response.meta.get("block_family", found) if found in _UNSPECIFIC else found


def validators_of(response: Response) -> tuple[str | None, str | None]:
    """The (ETag, Last-Modified) of an answer, for the next visit."""
    found = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
    etag, last_modified = (value.decode("latin-1") if value else None for value in found)
    return etag, last_modified
