"""Bytes in, what the page says out: the one way to read a list or a document, used by the crawl and by `inspect` alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from crawler.adapters import ADAPTERS, Adapter, detect
from crawler.extract.addresses import day_in
from crawler.extract.decode import han_count, holds_text, wide_count
from crawler.extract.fallback import read_anyhow
from crawler.extract.markup import Markup, open_markup, words_in_utf8
from crawler.extract.pagers import next_by_link
from crawler.extract.parts import joined
from crawler.extract.titles import completes
from crawler.items import Document, DocumentReading, Issue, Link, ListReading, Part

ENOUGH_HAN = 200
LOST = 0.2
_OF_A_PART = ("mojibake", "unknown-charset", "parse-loss")
NOT_TEXT = Issue("not-text", "these bytes are no text in any encoding")
_UNSEEN = frozenset(("script", "style", "title"))
_OPENS = re.compile(r"<(?:(script|style)\b|!--)?", re.I)
_CLOSES = {
    "<script": re.compile(r"</script\s*>", re.I),
    "<style": re.compile(r"</style\s*>", re.I),
    "<!--": re.compile("-->"),
    "<": re.compile(">"),
}


def read_list(
    url: str,
    body: bytes,
    content_type: str | None,
    *,
    family: str | None = None,
    select: Mapping[str, str] | None = None,
    seen_on: date | None = None,
) -> ListReading:
    """Return the rows of a list page (or list API) and the address where they go on.

    `select` holds CSS overrides (links, next), `seen_on` the day of the visit (Asia/Shanghai) for rows without a year.
    Never fails on any bytes: what could not be read is an issue.
    """
    if not holds_text(body):
        return ListReading("", "", (), None, (NOT_TEXT,))
    markup = open_markup(url, body, content_type, select, seen_on)
    adapter, issues = _adapter(markup, family)
    links = adapter.links(markup)
    if not links and family is not None:
        other = detect(markup)
        found = other.links(markup) if other is not adapter else ()
        if found:
            issues.append(Issue("family-mismatch", f"declared {family}, but only {other.FAMILY} finds rows in it"))
            adapter, links = other, found
    if not links:
        issues.append(Issue("zero-links", f"no rows found by {adapter.FAMILY}"))
    elif not any(link.published for link in links):
        issues.append(Issue("unread-date", f"none of the {len(links)} rows has a day that could be read"))
    following = next_by_link(markup) if markup.select.get("next") else adapter.next_page(markup)
    return ListReading(markup.decoded.charset, adapter.FAMILY, links, following, (*markup.decoded.issues, *issues))


def read_document(
    url: str,
    body: bytes,
    content_type: str | None,
    *,
    family: str | None = None,
    select: Mapping[str, str] | None = None,
    link: Link | None = None,
) -> DocumentReading:
    """Return the document of a page; `link` is the list row that led there, whose whole title mends one that is cut short.

    Never fails on any bytes: a field that is not on the page is None, what could not be read is an issue. Bytes that are no
    text in any encoding are no document.
    """
    if not holds_text(body):
        return DocumentReading("", "", None, (NOT_TEXT,))
    markup = open_markup(url, body, content_type, select)
    adapter, issues = _adapter(markup, family)
    document = adapter.document(markup)
    if family is not None and (document is None or not document.body):
        other = detect(markup)
        found = other.document(markup) if other is not adapter else None
        if found is not None and found.body:
            issues.append(Issue("family-mismatch", f"declared {family}, but only {other.FAMILY} finds the text"))
            adapter, document = other, found
    if document is not None:
        document, unsearched = read_anyhow(markup, document)
        document, mended = _mended(markup, document, link)
        issues += [*unsearched, *mended, *_issues(markup, document)]
    else:
        issues.append(Issue("empty-body", "the page holds no markup"))
    return DocumentReading(markup.decoded.charset, adapter.FAMILY, document, (*markup.decoded.issues, *issues))


def read_parts(
    first: DocumentReading, parts: Sequence[Part], *, select: Mapping[str, str] | None = None
) -> DocumentReading:
    """Return a document with the texts of its further pages after its own; a page without text is an issue.

    Never fails on any bytes.
    """
    if first.document is None:
        return first
    documents, issues = [first.document], list(first.issues)
    for number, part in enumerate(parts, 2):
        said = read_document(part.url, part.body, part.content_type, family=first.family, select=select)
        if said.document is None or not said.document.body:
            issues.append(Issue("empty-body", f"page {number} of the document shows no text"))
        else:
            documents.append(said.document)
        issues += [issue for issue in said.issues if issue.kind in _OF_A_PART]
    return replace(first, document=joined(documents), issues=tuple(issues))


def _adapter(markup: Markup, family: str | None) -> tuple[Adapter, list[Issue]]:
    if family is None:
        return detect(markup), []
    known = ADAPTERS.get(family)
    if known is None:
        return detect(markup), [Issue("family-mismatch", f"no family is called {family!r}; it was detected instead")]
    return known, []


def _mended(markup: Markup, document: Document, link: Link | None) -> tuple[Document, list[Issue]]:
    """Take the whole title from the list row where the page cuts it short, and the day from the row or the address where
    the page shows none; a day from the address is when the page was made, and is said to be so."""
    title, published, issues = document.title, document.published, []
    if link is not None and completes(link.title, title):
        title = link.title
    if published is None and link is not None:
        published = link.published
    if published is None:
        published = day_in(markup.url)
        origin = "it was taken from the address" if published else "nor in the address"
        issues.append(Issue("unread-date", f"no day of publication on the page, {origin}"))
    return replace(document, title=title, published=published), issues


def _issues(markup: Markup, document: Document) -> list[Issue]:
    found = []
    if not document.title:
        found.append(Issue("missing-title", "no title found on the page"))
    if not document.body:
        found.append(Issue("empty-body", "the page shows no text: a picture, a file or a script may hold it"))
    loss = _parse_loss(markup)
    if loss is not None:
        found.append(Issue("parse-loss", loss))
    return found


def _parse_loss(markup: Markup) -> str | None:
    """Return what share of the page's Han characters the parser dropped, when it is most of them (reliability.md P3)."""
    words = words_in_utf8(markup.tree)
    # A script or title that is never closed takes the rest of the page into itself: it is the last element of all.
    last = markup.elements[-1]
    unseen = (last.text or "") if last.tag in _UNSEEN else ""
    shown = wide_count(words.decode(), words) - wide_count(unseen, unseen.encode())
    # Scripts and comments are counted in on one side: good enough to say that all is well.
    if wide_count(markup.text, markup.utf8) * LOST <= shown:
        return None
    before, after = han_count(_without_tags(markup.text)), han_count(words.decode()) - han_count(unseen)
    lost = before >= ENOUGH_HAN and after < before * LOST
    return f"the page has {before} Han characters, the parsed tree only {after}" if lost else None


def _without_tags(source: str) -> str:
    # One pass, since a page of unclosed comments must not be searched to its end at each of them. What is never closed
    # counts as text: a parser that dropped the rest of the page for it has lost that.
    kept: list[str] = []
    unclosed: set[str] = set()
    at = 0
    while opening := _OPENS.search(source, at):
        kept.append(source[at : opening.start()])
        at = opening.end()
        for kind in (opening[0].lower(), "<"):
            if kind in unclosed:
                continue
            closing = _CLOSES[kind].search(source, opening.end())
            if closing:
                at = closing.end()
                break
            unclosed.add(kind)
    kept.append(source[at:])
    return "".join(kept)
