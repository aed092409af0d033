"""Writes what the store holds as CSV for spreadsheets or JSON lines for programs."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Literal, TextIO

from sqlalchemy import Connection

from store import queries
from store.queries import exports

Format = Literal["csv", "jsonl"]
# A cell that begins like this is run as a formula by spreadsheets (OWASP, CSV injection); full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # without it Excel reads UTF-8 as the local code page
KINDS: dict[str, tuple[type, Callable[[Connection], Iterator[Any]]]] = {
    "documents": (exports.DocumentExport, queries.export_documents),
    "hits": (exports.HitExport, queries.export_hits),
    "disclosures": (exports.DisclosureExport, queries.export_disclosures),
    "verdicts": (exports.VerdictExport, queries.export_verdicts),
}


def export(connection: Connection, kind: str, form: Format, out: TextIO) -> int:
    """Write every row of a kind to a text stream opened with newline=""; return how many there were."""
    made, read = KINDS[kind]
    names = [field.name for field in fields(made)]
    rows = ([getattr(row, name) for name in names] for row in read(connection))
    return write_csv(names, rows, out) if form == "csv" else write_lines(names, rows, out)


def write_csv(names: list[str], rows: Iterable[list[Any]], out: TextIO) -> int:
    """Write rows as CSV that a spreadsheet opens as text and never runs; return their number."""
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(names)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last number is the answer
        writer.writerow([cell(value) for value in row])
    return number


def write_lines(names: list[str], rows: Iterable[list[Any]], out: TextIO) -> int:
    """Write rows as one JSON object a line; return their number."""
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last number is the answer
        plain = {name: plain_value(value) for name, value in zip(names, row, strict=True)}
        out.write(json.dumps(plain, ensure_ascii=False) + "\n")
    return number


def cell(value: Any) -> str:
    """Return a value as the text of a cell; text that would be run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    text = str(plain_value(value))
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def plain_value(value: Any) -> Any:
    """Return a value as JSON can hold it: days and instants as ISO text."""
    return value.isoformat() if isinstance(value, date | datetime) else value
