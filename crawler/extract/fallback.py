"""The maintained extractor for pages that no adapter reads well: trafilatura, named as the reader when it was used."""

import re
from dataclasses import replace

from crawler.extract.markup import Markup
from crawler.items import Document, Issue

_STOPS = re.compile("[。；！？]")
_FEWEST = 3
MOST_ELEMENTS = (
    5_000  # trafilatura takes quadratic time on lists: 31 s for 20,000 of one line each, which is past any deadline
)


def read_anyhow(markup: Markup, document: Document) -> tuple[Document, list[Issue]]:
    """Return the document with trafilatura's text where no container was found and the page still holds sentences.

    A page of more than MOST_ELEMENTS is not handed to it, and an issue says so.
    """
    if document.body or document.reader != "none" or len(_STOPS.findall(markup.words)) < _FEWEST:
        return document, []
    elements = sum(1 for _ in markup.tree.iter())
    if elements > MOST_ELEMENTS:
        return document, [
            Issue("too-many-elements", f"no text was found and {elements} elements are too many to search")
        ]
    import trafilatura  # half a second to import, needed for few pages

    text = trafilatura.extract(markup.text, include_comments=False, include_tables=True, with_metadata=False)
    return (replace(document, body=text, reader="trafilatura") if text else document), []
