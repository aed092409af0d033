"""The metadata table of the 政府信息公开目录: label and value in one cell, in two, or in a list of definitions."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag

from crawler.extract.dates import SEAM
from crawler.extract.labels import Labelled, field_of, labelled, value_or_none
from crawler.extract.lines import html_of, squeezed
from crawler.extract.markup import Markup, string_of

Cell = list[str]  # the strings between the tags of one cell

_NAMES_A_TABLE = re.compile(
    r"索\s*引\s*号|发\s*文\s*字\s*号|发\s*文\s*机\s*关|发\s*布\s*机\s*构|成\s*文\s*日\s*期|文\s{0,12}号\s*[:：]"
)
_TELLING = ("index_number", "issuer", "doc_number", "signed")
_ODD = ("script", "style", "template", "rt", "rp")
_LARGEST = 40_000
_LEAST_COLUMNS = 3


def directory_table(markup: Markup) -> tuple[Any, list[Labelled]]:
    """Return the element of the page's metadata table and its fields; (None, []) when the page has none.

    A table counts only when it names at least two of 索引号, 发文机关, 发文字号, 成文日期: tables in the text never do.
    """
    if markup.tree is None:
        return None, []
    for table in innermost_tables(markup.tree):
        fields = _read_table(table)
        if len({entry.field for entry in fields if entry.field in _TELLING}) >= 2:
            return table, fields + _following(table)
    return None, []


def innermost_tables(tree: Any) -> list[Any]:
    """Return the tables that hold no other table, in page order."""
    return [table for table in tree.iter("table") if next(table.iterdescendants("table"), None) is None]


def names_fields(text: str) -> bool:
    """Say whether a table's text holds labels of the directory (索引号, 发文机关, …)."""
    return bool(_NAMES_A_TABLE.search(text[:_LARGEST]))


def _following(table: Any) -> list[Labelled]:
    """Return the fields of further tables of the same kind beside the first (gov.cn prints the 主题词 in a second one)."""
    beside = table.getnext()
    return _read_table(beside) if beside is not None and beside.tag == "table" else []


def _read_table(table: Any) -> list[Labelled]:
    if not names_fields(string_of(table)):
        return []
    html = html_of(table)
    if len(html) > _LARGEST:
        return []
    rows = _plain_rows(table) or _mended_rows(html)
    columns = [
        entry for number in range(len(rows) - 1) for entry in _read_columns(rows[number], rows[number + 1], number)
    ]
    return columns or [entry for number, row in enumerate(rows) for entry in _read_row(row, number)]


def _plain_rows(table: Any) -> list[list[Cell]]:
    """Return the cells of a table whose rows hold cells and nothing odd, row by row; [] for any other table."""
    rows = list(table.iter("tr"))
    cells = [cell for row in rows for cell in row]
    if cells != list(table.iter("td", "th")) or next(table.iter(*_ODD), None) is not None:
        return []
    return [[list(cell.itertext()) for cell in row] for row in rows]


def _mended_rows(html: str) -> list[list[Cell]]:
    """Return the cells of a table nested or broken in any way, as BeautifulSoup puts them right."""
    rows = BeautifulSoup(html, "lxml").find_all("tr")
    return [[list(cell.strings) for cell in row.find_all(["td", "th"]) if isinstance(cell, Tag)] for row in rows]


def _read_columns(names: list[Cell], values: list[Cell], number: int) -> list[Labelled]:
    """Return the fields of a row of labels with their values in the row below; [] for rows of any other kind."""
    fields = [field_of("".join(cell)) for cell in names]
    if len(fields) < _LEAST_COLUMNS or len(fields) != len(values) or None in fields:
        return []
    texts = ["".join(cell) for cell in values]
    if any(field_of(text) for text in texts):
        return []
    return [
        Labelled(field, value_or_none(_joined(text)), number)
        for field, text in zip(fields, texts, strict=True)
        if field
    ]


def _read_row(cells: list[Cell], number: int) -> list[Labelled]:
    texts = [SEAM.join(cell) for cell in cells]
    found: list[Labelled] = []
    place = 0
    while place < len(texts):
        field = field_of(texts[place])
        if field and place + 1 < len(texts):
            taken = texts[place + 1] if field_of(texts[place + 1]) is None else ""
            found.append(Labelled(field, value_or_none(_joined(taken)), number))
            place += 2 if taken or not texts[place + 1].strip() else 1
            continue
        found.extend(Labelled(entry.field, entry.value, number) for entry in labelled([_one_line(texts[place])]))
        place += 1
    return found


def _joined(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(SEAM, "")).replace("\u3000", " ").strip()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def reads_like_number(text: str) -> bool:
    """Say whether a text has the form of a document number: 国办发〔2018〕123号, 省政府令第223号, 2024年第5号."""
    return bool(_NUMBER.fullmatch(squeezed(text)))


_NUMBER = re.compile(
    r"[\u3400-\u9fffA-Za-z（）()、]{0,30}[〔\[【（(﹝［]\s*(?:19|20)\d\d\s*[〕\]】）)﹞］]\s*第?\s*\d{1,5}\s*号"
    r"|[\u3400-\u9fff]{2,30}(?:令|公告)[（(]?(?:(?:19|20)\d\d年)?第?\d{1,5}号[)）]?"
)
