"""Brings the schema of a store to the newest revision, from code: `upgrade(engine)`; works from a wheel too."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from store.database import writing
from store.problems import Problem

FOLDER = Path(__file__).resolve().parent
HEAD = max((path.stem[:4] for path in (FOLDER / "versions").glob("[0-9]*.py")), default="0000")
_LOCK = 7_340_032  # any number, the same in every process: PostgreSQL lets one of them upgrade at a time


class StoreTooNewError(Problem):
    """The store was written by a newer tealeaves; this one would damage it."""


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a store, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(engine: Engine) -> str | None:
    """Bring a store to the newest revision in one transaction; return the revision it had (None: it was empty).

    An SQLite store that holds something is first copied beside itself (`….before-0002.sqlite`). Raises StoreTooNewError.
    """
    with engine.connect() as connection:
        before = revision_of(connection)
    if before == HEAD:
        return before
    if before is not None and before > HEAD:
        raise StoreTooNewError(f"the store has revision {before}, this tealeaves knows {HEAD}: install a newer one")
    if before is not None and engine.dialect.name == "sqlite":
        _copy_beside(engine)
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        run_to(connection, "head")
    return before


def run_to(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision on an open connection; the caller's transaction holds them all."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _copy_beside(engine: Engine) -> None:
    from store.backup import copy_database

    name = engine.url.database
    if name and name != ":memory:":
        target = Path(f"{name}.before-{HEAD}.sqlite")
        if not target.exists():
            copy_database(engine, target)
