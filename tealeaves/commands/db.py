"""`tealeaves db`: brings the store to the newest schema, copies it while it is in use, puts a copy back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Upgrade, copy and restore the store.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the store to the newest schema; every other command does this too when it opens the store."""
    from store.config import load_config
    from store.database import open_engine
    from store.migrations import HEAD
    from store.migrations import upgrade as bring_up

    engine = open_engine(load_config().url)
    before = bring_up(engine)
    engine.dispose()
    said = {None: f"The store is new; it has revision {HEAD}.", HEAD: f"The store has revision {HEAD} already."}
    sys.stdout.write(said.get(before, f"The store went from revision {before} to {HEAD}.") + "\n")


@app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="The file to write; by default one below the data folder.")
    ] = None,
) -> None:
    """Copy the store while it is in use, check the copy, and write its SHA-256 beside it."""
    from store.backup import backup as copy
    from store.config import load_config
    from store.opening import open_store

    config = load_config()
    engine = open_store(config.url)
    made = copy(engine, target or config.data_dir / "backups" / f"tealeaves-{config.now():%Y%m%dT%H%M%SZ}.sqlite")
    engine.dispose()
    sys.stdout.write(
        f"{made.path}: {made.length} bytes, SHA-256 {made.sha256}\n"
        f"The raw pages are not in it: copy {config.data_dir / 'archive'} as well.\n"
    )


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="A file that `db backup` wrote.")]) -> None:
    """Put a copy in the place of the store; the store of before is kept beside it. Stop everything else first."""
    from store.backup import restore as put_back
    from store.config import load_config
    from store.database import open_engine
    from store.migrations import upgrade as bring_up
    from store.seals import add_seal, set_aside

    config = load_config()
    engine = open_engine(config.url)
    aside = put_back(engine, source)
    bring_up(engine)
    seals = set_aside(config.data_dir)
    add_seal(engine, config.data_dir, config.now())
    engine.dispose()
    sys.stdout.write(f"Restored from {source}." + (f" The store of before is {aside}.\n" if aside else "\n"))
    if seals:
        sys.stdout.write(
            f"What was captured after the copy was made is still in {config.data_dir / 'archive'}, without a row: the pages are"
            f" asked for again. The seals of before are {seals}.\n"
        )
