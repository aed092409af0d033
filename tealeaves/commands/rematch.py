"""`tealeaves rematch`: runs changed keywords and rules over everything stored; what it finds is filed as found later."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from store.problems import Problem

if TYPE_CHECKING:
    from pipelines.rematch import Rematched


def rematch(
    since: Annotated[str | None, typer.Option(help="Only documents published since this day, YYYY-MM-DD.")] = None,
) -> None:
    """Look again at every stored text with the keywords and rules of today; stopped, it goes on where it was."""
    day = _day(since)
    from pipelines.rematch import rematch as run
    from pipelines.save import keep_terms
    from pipelines.terms import load_terms
    from store.config import load_config
    from store.opening import open_store

    config = load_config()
    files = (config.keywords, config.disclosures)
    engine = open_store(config.url)
    keep_terms(engine, load_terms(config.keywords), config.now())
    done = run(engine, files, config.now(), day, _say)
    engine.dispose()
    sys.stderr.write("\n" if done.total else "")
    sys.stdout.write(
        f"Looked again at {done.done} documents: {done.hits} new hits and {done.disclosures} new disclosures,"
        f" filed as found later; {done.withdrawn} that no rule makes any more were withdrawn.\n"
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(f"--since is a day like 2024-06-18, not {text!r}") from None


def _say(state: "Rematched") -> None:
    share = 100 * state.done // max(1, state.total)
    sys.stderr.write(f"\r{state.done} of {state.total} documents ({share} %), {state.disclosures} new disclosures ")
    sys.stderr.flush()
