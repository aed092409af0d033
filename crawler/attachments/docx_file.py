"""Text of a DOCX file: paragraphs and table cells in the order of the page."""

import io
from typing import Any

from crawler.attachments.kinds import open_zip


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text, one paragraph or table row a line; raise NotRead. `quick` changes nothing."""
    import docx

    open_zip(body).close()
    return "python-docx", "\n".join(_lines(docx.Document(io.BytesIO(body))))


def _lines(document: Any) -> list[str]:
    from docx.table import Table

    lines: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(_cells(row)) for row in block.rows]
        else:
            lines.append(block.text)
    return lines


def _cells(row: Any) -> list[str]:
    # A merged cell is listed once for each column that it spans.
    texts = {id(cell._tc): cell.text.replace("\n", " ") for cell in row.cells}
    return list(texts.values())
