"""Opens the store as every command starts with it: an engine whose schema is the newest one."""

from sqlalchemy import Engine

from store.database import open_engine
from store.migrations import upgrade


def open_store(url: str) -> Engine:
    """Return an engine for a database URL, after its schema was brought to the newest revision; raise StoreTooNewError."""
    engine = open_engine(url)
    upgrade(engine)
    return engine
