"""Starts a throw-away PostgreSQL from the system's own binaries: no network, no password, nothing synced to disk."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")


_EMPTY = """
DO $$
DECLARE name text; filled boolean; names text := '';
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
    IF filled THEN names := names || format(', %I', name); END IF;
  END LOOP;
  IF names <> '' THEN EXECUTE 'TRUNCATE ' || substr(names, 3) || ' CASCADE'; END IF;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', name);
  END LOOP;
END $$
"""


class ServerMissingError(RuntimeError):
    """There is no PostgreSQL here that a test could use; the message says what is missing."""


@dataclass(frozen=True)
class Server:
    """A running server, reached over a socket in its own folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql://tealeaves@/{database}?host={self.folder}"

    def create(self, database: str, template: str) -> None:
        """Make a database as a copy of another."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    def drop(self, database: str) -> None:
        """Remove a database, also when a test left a connection open."""
        self._run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def empty(self, database: str) -> None:
        """Remove every row of a database and let its numbers begin at 1 again; a tenth of the time of a new copy."""
        self._run(_EMPTY, database)

    def stop(self) -> None:
        """End the server and remove its files."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder)

    def _run(self, statement: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def start_server() -> Server:
    """Start a server; raise ServerMissingError when its binaries, its driver or a user to run it are missing."""
    binaries, user = _binaries(), _user()
    folder = Path(tempfile.mkdtemp(prefix="tealeaves-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    cluster = folder / "cluster"
    make = [
        binaries / "initdb",
        "-D",
        cluster,
        "-U",
        "tealeaves",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(make, check=True, capture_output=True, user=user, cwd=folder)
    options = [part for value in (*_FAST, f"unix_socket_directories={folder}") for part in ("-c", value)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", cluster, *options], stdout=log, stderr=log, user=user, cwd=folder
        )
    server = Server(folder, process)
    _wait(server)
    return server


def _binaries() -> Path:
    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError:
        raise ServerMissingError("the driver psycopg is not installed") from None
    on_path = shutil.which("postgres")
    places = [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    places += [Path("/opt/homebrew/opt/postgresql/bin"), Path("/usr/local/opt/postgresql/bin")]
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise ServerMissingError("no `postgres` and `initdb` on the PATH or under /usr/lib/postgresql")


def _user() -> str | None:
    """Return the user to run the server as: it refuses to run as root. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise ServerMissingError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")


def _wait(server: Server) -> None:
    engine = create_engine(server.url("postgres"))
    deadline = time.monotonic() + 30
    while True:
        try:
            with engine.connect():
                break
        except OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text(encoding="utf-8", errors="replace")
                raise ServerMissingError(f"PostgreSQL did not start: {log}") from None
            time.sleep(0.1)
    engine.dispose()
