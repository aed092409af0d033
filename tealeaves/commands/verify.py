"""`tealeaves verify`: looks at every kept answer, or at a bundle, and says in words what is no longer as it was stored."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.archive import Verified

DAMAGED = 1
MOST_SHOWN = 50


def verify(
    bundle: Annotated[
        Path | None, typer.Argument(help="A bundle that `export evidence` wrote; the whole archive when not given.")
    ] = None,
) -> None:
    """Compare every stored capture, or every part of a bundle, with its hash; exit code 1 when anything is damaged."""
    if bundle is not None:
        _verify_bundle(bundle)
        return
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


def _verify_bundle(path: Path) -> None:
    from review.evidence.checking import check_bundle

    checks = check_bundle(path)
    wrong = [check for check in checks if check.wrong]
    for check in checks:
        sys.stdout.write(f"WRONG {check.what}: {check.wrong}\n" if check.wrong else f"right {check.what}\n")
    sys.stdout.write(f"{len(checks) - len(wrong)} of {len(checks)} parts of {path.name} are what they say they are.\n")
    if wrong:
        raise typer.Exit(DAMAGED)
