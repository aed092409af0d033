"""Opens the store: one engine per process, SQLite made safe, writers never racing a reader's upgrade."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

WRITES = {"tealeaves_writes": True}
# Writers of one process wait in line here. SQLite's own waiting is to look again after a while: with six writers on a busy
# machine one in a hundred waited 5.9 s for its turn.
_TURNS: dict[str, threading.RLock] = {}


def open_engine(url: str) -> Engine:
    """Return an engine for a database URL; makes the folder of an SQLite file when it is missing.

    SQLite runs in WAL with full sync and a 30 s timeout, foreign keys on. PostgreSQL URLs (`postgresql://…`) use psycopg 3.
    The schema is not touched: `store.migrations.upgrade(engine)` does that, `store.opening.open_store` does both.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; _begin_sqlite does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that reads and then writes fails under WAL whatever the timeout (54 of 600 transactions in our
    # measurement, 0 of 600 with BEGIN IMMEDIATE); readers stay deferred, so they never wait for a writer.
    writes = connection.get_execution_options().get("tealeaves_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One short write transaction, immediate on SQLite; commits at the end, rolls back on an exception."""
    with _turn(engine), engine.connect().execution_options(**WRITES) as connection, connection.begin():
        yield connection


def _turn(engine: Engine) -> AbstractContextManager[Any]:
    if engine.dialect.name != "sqlite":
        return nullcontext()
    return _TURNS.setdefault(str(engine.url.database), threading.RLock())


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from: one consistent view on SQLite for as long as it is open."""
    with engine.connect() as connection:
        yield connection


def insert_missing(connection: Connection, table: Any, key: Sequence[str], returning: str | None = None) -> Any:
    """Return an INSERT for either database that leaves a row alone when its key is there already; built once.

    An empty key stands for any unique index of the table. `returning` names a column to read back of the rows that were written.
    """
    return _insert_missing(connection.dialect.name, getattr(table, "__table__", table), tuple(key), returning)


@cache
def _insert_missing(dialect: str, table: Any, key: tuple[str, ...], returning: str | None) -> Any:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing(index_elements=list(key) or None)
    return statement if returning is None else statement.returning(table.c[returning])


def upsert(connection: Connection, table: Any, key: Sequence[str], changes: Sequence[str], where: Any = None) -> Any:
    """Return an INSERT for either database that brings the named columns up to date when the key is there already.

    With `where`, a row that is there and does not meet it is left alone.
    """
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table)
    fresh = {name: statement.excluded[name] for name in changes}
    return statement.on_conflict_do_update(index_elements=list(key), set_=fresh, where=where)
