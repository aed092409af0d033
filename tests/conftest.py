"""What every test may ask for: a migrated store on each database, fast and never shared."""

import os
import shutil
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from store.database import open_engine
from store.opening import open_store
from tests.postgres import Server, ServerMissingError, start_server

SHARED = "shared"
_numbers = count(1)

# The commands that tests start must find their modules compiled, as a user's do: importing them costs half the time then.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite store, to be copied."""
    path = tmp_path_factory.mktemp("template") / "tealeaves.sqlite"
    engine = open_store(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of this session with one migrated database; skips where there is none, fails in CI."""
    try:
        server = start_server()
    except ServerMissingError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must test on PostgreSQL: {error}")
        pytest.skip(f"no PostgreSQL to test on: {error}")
    try:
        server.create(SHARED, template="template1")
        open_store(server.url(SHARED)).dispose()
        yield server
    finally:
        server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty store: the same test runs on SQLite and on PostgreSQL.

    A test that changes the schema takes `empty_url` instead: the PostgreSQL database of this one is used again.
    """
    if request.param == "sqlite":
        path = tmp_path / "store" / "tealeaves.sqlite"
        path.parent.mkdir()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres_server")
    server.empty(SHARED)
    yield server.url(SHARED)


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """An engine on a migrated, empty store; the test runs once on each database."""
    engine = open_engine(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path, sqlite_template: Path) -> Iterator[Engine]:
    """An engine on a migrated, empty SQLite store, for what only SQLite has."""
    path = tmp_path / "tealeaves.sqlite"
    shutil.copyfile(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, store_url: str) -> Iterator[str]:
    """The URL of a database without any table, on each database."""
    if make_url(store_url).get_backend_name() == "sqlite":
        yield store_url.replace("tealeaves.sqlite", "empty.sqlite")
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_numbers)}"
    server.create(name, template="template1")
    yield server.url(name)
    server.drop(name)
