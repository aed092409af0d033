"""Text of a workbook (XLS, XLSX): one row a line, cells separated by tabs, sheets by their names."""

import io
from collections.abc import Sequence

from crawler.attachments.kinds import kind_of, open_zip


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text; raise NotRead. `quick` changes nothing."""
    from python_calamine import CalamineWorkbook

    if kind_of(body) == "xlsx":
        open_zip(body).close()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
    sheets = [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    return "calamine", "\n".join(line for name, rows in sheets for line in (name, *map(_row, rows)) if line)


def _row(cells: Sequence[object]) -> str:
    return "\t".join(_cell(cell) for cell in cells).rstrip("\t")


def _cell(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
