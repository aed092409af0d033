"""The maintained extractor for pages that no adapter reads well: trafilatura, named as the reader when it was used."""

import re
from dataclasses import replace

from crawler.extract.markup import Markup
from crawler.items import Document

_STOPS = re.compile("[。；！？]")
_FEWEST = 3


def read_anyhow(markup: Markup, document: Document) -> Document:
    """Return the document with trafilatura's text where no container was found and the page still holds sentences."""
    if document.body or document.reader != "none" or len(_STOPS.findall(markup.words)) < _FEWEST:
        return document
    import trafilatura  # half a second to import, needed for few pages

    text = trafilatura.extract(markup.text, include_comments=False, include_tables=True, with_metadata=False)
    return replace(document, body=text, reader="trafilatura") if text else document
