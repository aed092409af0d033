"""`tealeaves export`: what the store holds, for a spreadsheet or a program; one finding as a bundle of evidence."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from store.problems import Problem

Kind = StrEnum("Kind", ["documents", "hits", "disclosures", "verdicts", "evidence"])
Form = StrEnum("Form", ["csv", "jsonl"])


def export(
    kind: Annotated[Kind, typer.Argument(help="What to write.")],
    which: Annotated[
        str | None, typer.Argument(help="With `evidence`: the id of a disclosure, as the desk shows it, or its key.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="csv for spreadsheets, jsonl for programs.")] = Form.csv,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; standard output (or evidence-ID.zip) when not given.")
    ] = None,
) -> None:
    """Write every document, hit, disclosure or verdict as CSV or JSON lines, or the evidence for one disclosure as a zip."""
    if (kind is Kind.evidence) != (which is not None):
        raise Problem("`export evidence` wants the id or the key of one disclosure; the other kinds are written whole.")
    if which is not None:
        _write_evidence(which, out)
    else:
        _write_rows(kind, form, out)


def _write_rows(kind: Kind, form: Form, out: Path | None) -> None:
    from review.export import export as write
    from store.config import load_config
    from store.database import reading
    from store.opening import open_store

    if out is not None:
        _check_place(out)
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


def _check_place(out: Path) -> None:
    if out.is_dir():
        raise Problem(f"--out {out}: is a folder; name a file in it.")
    if not out.parent.is_dir():
        raise Problem(f"--out {out}: there is no folder {out.parent}.")


def _write_evidence(which: str, out: Path | None) -> None:
    from review.evidence.bundle import Setting, write_bundle
    from review.words import Glossary
    from store import queries
    from store.config import load_config
    from store.database import reading
    from store.opening import open_store
    from store.queries.case import case_of, find_disclosure

    config = load_config()
    with reading(open_store(config.url)) as connection:
        number = find_disclosure(connection, which)
        case = None if number is None else case_of(connection, number)
        if case is None:
            raise Problem(f"there is no disclosure with the id or key {which!r}; `export disclosures` lists them")
        setting = Setting(config.data_dir, config.now(), config.timezone, Glossary(queries.glosses(connection)))
    made = write_bundle(case, setting, out or Path(f"evidence-{number}.zip"))
    typer.echo(f"{made.path}: SHA-256 {made.sha256}\n{made.wacz}")
