"""The last two readers, for pages that no adapter reads: trafilatura, and the block with the visible words; each is named."""

import re
from dataclasses import replace

from crawler.extract.attachments import attachments_in
from crawler.extract.body import text_of
from crawler.extract.decode import han_count
from crawler.extract.documents import split_preface
from crawler.extract.lines import squeezed
from crawler.extract.markup import Markup, by_name
from crawler.extract.metadata import signature_of
from crawler.extract.visible import Shown, shown_block
from crawler.items import Document, Issue

_STOPS = re.compile("[。；！？]")
_FEWEST = 3
MOST_ELEMENTS = (
    5_000  # trafilatura takes quadratic time on lists: 31 s for 20,000 of one line each, which is past any deadline
)
_MOST_OF_IT = 0.5


def read_anyhow(markup: Markup, document: Document) -> tuple[Document, list[Issue]]:
    """Return the document with a text where no container was found and the page still shows words outside its menus.

    trafilatura reads pages of several sentences. Where it finds little of what is there, or the page is shorter or has more
    than MOST_ELEMENTS, the words that the page shows are the text, by the reader `densest` and with an issue.
    """
    if document.body or document.reader != "none":
        return document, []
    shown = shown_block(markup.tree, squeezed(markup.page_title))
    text = _by_trafilatura(markup)
    if text and (shown is None or han_count(text) >= shown.han * _MOST_OF_IT):
        return replace(document, body=text, reader="trafilatura"), []
    return (document, []) if shown is None else _by_density(markup, document, shown)


def _by_trafilatura(markup: Markup) -> str | None:
    if len(_STOPS.findall(markup.words)) < _FEWEST or sum(1 for _ in markup.tree.iter()) > MOST_ELEMENTS:
        return None
    import trafilatura  # half a second to import, needed for few pages

    return trafilatura.extract(markup.text, include_comments=False, include_tables=True, with_metadata=False) or None


def _by_density(markup: Markup, document: Document, shown: Shown) -> tuple[Document, list[Issue]]:
    _, text = split_preface(text_of(shown.element, by_name(shown.element.iter())), squeezed(markup.page_title))
    if not text:
        return document, []
    issuer, stamp = signature_of(text)
    read = replace(
        document,
        body=text,
        # A date alone at the end may be that of a list's last row.
        signed=document.signed or (stamp.day if stamp and issuer else None),
        issuer=document.issuer or issuer,
        attachments=attachments_in(markup, shown.element),
        reader="densest",
    )
    return read, [
        Issue("body-not-found", "no container of a text was found; the words outside menus and footer were taken")
    ]
