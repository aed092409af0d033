"""`tealeaves verify`: looks at every kept answer, bit by bit, and says in words what is no longer as it was stored."""

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pipelines.archive import Verified

DAMAGED = 1
MOST_SHOWN = 50


def verify() -> None:
    """Compare every stored capture with its hash; exit code 1 when anything is damaged."""
    from pipelines.archive import verify as look
    from store.config import load_config
    from store.database import open_store

    config = load_config()
    engine = open_store(config.url)
    found = look(engine, config.data_dir)
    engine.dispose()
    sys.stdout.write("\n".join(in_words(found)) + "\n")
    if found.damages:
        raise typer.Exit(DAMAGED)


def in_words(found: "Verified") -> list[str]:
    """Return what a look at the archive found, line by line."""
    if not found.captures and not found.files:
        return ["Nothing has been captured yet."]
    shown = found.damages[:MOST_SHOWN]
    lines = [f"DAMAGED capture {damage.capture_id}: {damage.url}\n  {damage.what}" for damage in shown]
    if len(found.damages) > len(shown):
        lines.append(f"… and {len(found.damages) - len(shown)} more")
    whole = found.captures - len(found.damages)
    lines.append(f"{whole} of {found.captures} captures in {found.files} files are as they were stored.")
    if found.unclaimed:
        lines.append(
            f"{found.unclaimed} stretches of the files belong to no capture: a crawl was stopped between keeping an answer"
            " and storing it. This is harmless; the pages were asked for again."
        )
    return lines
