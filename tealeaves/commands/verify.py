"""`tealeaves verify`: looks at every kept answer, or at a bundle, and says in words what is no longer as it was stored."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.fixity import Damage, Verified

DAMAGED = 1
MOST_SHOWN = 50


def verify(
    bundle: Annotated[
        Path | None, typer.Argument(help="A bundle that `export evidence` wrote; the whole archive when not given.")
    ] = None,
    seal: Annotated[str, typer.Option(help="A seal that you noted from an earlier run: is it still there?")] = "",
) -> None:
    """Compare every stored capture, or every part of a bundle, with its hash; exit code 1 when anything is damaged."""
    if bundle is not None:
        _verify_bundle(bundle)
        return
    from pipelines.fixity import verify as look
    from store.config import load_config
    from store.opening import open_store
    from store.seals import read_seals

    config = load_config()
    engine = open_store(config.url)
    found = look(engine, config.data_dir)
    engine.dispose()
    seals = read_seals(config.data_dir).seals
    lines, gone = in_words(found), seal and all(known.seal != seal for known in seals)
    if gone:
        lines.append(
            f"The seal {seal} is not among those of this archive: captures were taken from its end, or it is another one."
        )
    elif seals:
        lines.append(
            f"Newest seal: {seals[-1].seal} ({seals[-1].captures} captures). Noted elsewhere it shows later whether any were taken away."
        )
    sys.stdout.write("\n".join(lines) + "\n")
    if found.damages or gone:
        raise typer.Exit(DAMAGED)


def in_words(found: "Verified") -> list[str]:
    """Return what a look at the archive found, line by line."""
    if not found.captures and not found.files:
        return ["Nothing has been captured yet."]
    shown = found.damages[:MOST_SHOWN]
    lines = [f"DAMAGED {_name(damage)}\n  {damage.what}" for damage in shown]
    if len(found.damages) > len(shown):
        lines.append(f"… and {len(found.damages) - len(shown)} more")
    whole = found.captures - len({damage.capture_id for damage in found.damages if damage.capture_id is not None})
    lines.append(f"{whole} of {found.captures} captures in {found.files} files are as they were stored.")
    if found.unsealed:
        lines.append(f"{found.unsealed} captures are younger than the last seal: the next crawl seals them.")
    if found.unclaimed:
        lines.append(
            f"{found.unclaimed} stretches of the files belong to no capture: a crawl was stopped between keeping an answer"
            " and storing it. This is harmless; the pages were asked for again."
        )
    return lines


def _name(damage: "Damage") -> str:
    if damage.capture_id is None:
        return damage.url or "the archive"
    return f"capture {damage.capture_id}: {damage.url}"


def _verify_bundle(path: Path) -> None:
    from review.evidence.checking import check_bundle

    checks = check_bundle(path)
    wrong = [check for check in checks if check.wrong]
    for check in checks:
        sys.stdout.write(f"WRONG {check.what}: {check.wrong}\n" if check.wrong else f"right {check.what}\n")
    sys.stdout.write(f"{len(checks) - len(wrong)} of {len(checks)} parts of {path.name} are what they say they are.\n")
    if wrong:
        raise typer.Exit(DAMAGED)
