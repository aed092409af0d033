"""`tealeaves export`: what the store holds, for a spreadsheet or a program."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Kind = StrEnum("Kind", ["documents", "hits", "disclosures", "verdicts"])
Form = StrEnum("Form", ["csv", "jsonl"])


def export(
    kind: Annotated[Kind, typer.Argument(help="What to write.")],
    form: Annotated[Form, typer.Option("--format", help="csv for spreadsheets, jsonl for programs.")] = Form.csv,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output when not given.")] = None,
) -> None:
    """Write every document, hit, disclosure or verdict as CSV or JSON lines."""
    from review.export import export as write
    from store.config import load_config
    from store.database import open_store, reading

    engine = open_store(load_config().url)
    with reading(engine) as connection:
        if out is None:
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            write(connection, kind.value, "csv" if form is Form.csv else "jsonl", sys.stdout)
            return
        unfinished = out.with_name(f".{out.name}.unfinished")
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            number = write(connection, kind.value, "csv" if form is Form.csv else "jsonl", stream)
        unfinished.replace(out)
    typer.echo(f"{number} {kind.value} written to {out}", err=True)
