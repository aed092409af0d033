"""Text of a DOCX file: paragraphs and table cells in the order of the page."""

import io
from typing import Any

from crawler.attachments.kinds import open_zip

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text, one paragraph or table row a line; raise NotRead. `quick` changes nothing."""
    import docx

    open_zip(body).close()
    document = docx.Document(io.BytesIO(body))
    return "python-docx", "\n".join(_lines(document, document.element.body))


def _lines(document: Any, parent: Any) -> list[str]:
    """Return the lines below an element: paragraphs, rows, and what stands in content controls and text boxes.

    The head of an official document (its name and number) is often drawn as a text box, which python-docx leaves out.
    """
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    lines: list[str] = []
    for block in parent.iterchildren(*(f"{_W}{name}" for name in ("p", "tbl", "sdt"))):
        if block.tag == f"{_W}tbl":
            lines += ["\t".join(_cells(row)) for row in Table(block, document).rows]
        elif block.tag == f"{_W}sdt":
            lines += [line for content in block.iterchildren(f"{_W}sdtContent") for line in _lines(document, content)]
        else:
            lines += [line for box in _boxes(block) for line in _lines(document, box)]
            lines.append(Paragraph(block, document).text)
    return lines


def _boxes(paragraph: Any) -> list[Any]:
    """Return the text boxes drawn in a paragraph, once each: Word writes every one twice, for itself and for its old self."""
    boxes = paragraph.iter(f"{_W}txbxContent")
    return [box for box in boxes if next(box.iterancestors(f"{_FALLBACK}Fallback"), None) is None]


def _cells(row: Any) -> list[str]:
    # A merged cell is listed once for each column that it spans.
    texts = {id(cell._tc): cell.text.replace("\n", " ") for cell in row.cells}
    return list(texts.values())
