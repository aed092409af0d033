"""Text of a workbook (XLS, XLSX): one row a line, cells separated by tabs, sheets by their names."""

import functools
import io
import re
import zipfile
from collections.abc import Sequence

from crawler.attachments.kinds import NotRead, kind_of, member_bytes, open_zip

MOST_CELLS = 5_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
_CELL = re.compile(rb"<c\b[^>]{0,200}?\br=\"([A-Z]{1,3})(\d{1,7})\"")


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text; raise NotRead. `quick` changes nothing."""
    from python_calamine import CalamineWorkbook

    if kind_of(body) == "xlsx":
        with open_zip(body) as package:
            _refuse_wide(package)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
    sheets = [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    return "calamine", "\n".join(line for name, rows in sheets for line in (name, *map(_row, rows)) if line)


def _refuse_wide(package: zipfile.ZipFile) -> None:
    """Raise NotRead for a sheet whose cells lie so far apart that the table between them would fill the memory.

    The library makes the whole table; two cells at opposite corners of a sheet are 17,000 million cells.
    """
    for member in package.infolist():
        if _SHEET.match(member.filename):
            places = set(_CELL.findall(member_bytes(package, member)))
            width = max((_column(letters) for letters, _ in places), default=0)
            height = max((int(digits) for _, digits in places), default=0)
            if width * height > MOST_CELLS:
                raise NotRead(f"has a sheet of {height} rows and {width} columns; at most {MOST_CELLS} cells are read")


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _row(cells: Sequence[object]) -> str:
    return "\t".join(_cell(cell) for cell in cells).rstrip("\t")


def _cell(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
