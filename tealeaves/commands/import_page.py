"""`tealeaves import`: takes in a page that a person saved from a browser, as a crawl would have, marked as imported."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.problems import Problem

if TYPE_CHECKING:
    from tealeaves.imports import Imported

NOTHING_IMPORTED = 1


def import_page(
    file: Annotated[Path, typer.Argument(help="HTML, MHTML, WARC, WACZ, PDF or another file that can be read.")],
    url: Annotated[str | None, typer.Option(help="The address that it was saved from.")] = None,
    source: Annotated[str | None, typer.Option(help="Id of the source that it belongs to.")] = None,
) -> None:
    """Archive, read and search a page that you saved from your browser; it is marked as imported wherever it is shown."""
    from store.config import load_config
    from tealeaves.imports import Wish, import_file

    saved, found = import_file(Wish(file, url, source), load_config())
    for note in saved.left_out:
        sys.stderr.write(f"left out: {note}\n")
    for one in found:
        sys.stdout.write(_in_words(one) + "\n")
    taken = sum(one.problem is None for one in found)
    sys.stdout.write(f"{taken} of {len(found)} pages imported from {file.name} ({saved.form}).\n")
    if not taken:
        if len(found) == 1:
            raise Problem(f"{found[0].url}: {found[0].problem}")
        raise typer.Exit(NOTHING_IMPORTED)


def _in_words(one: "Imported") -> str:
    if one.problem:
        return f"not imported: {one.url}\n  {one.problem}"
    return (
        f"{one.source_id}: {one.title or '(no title)'}\n  {one.url}\n  {one.hits} hits, {one.disclosures} disclosures"
    )
