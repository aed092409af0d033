"""A store that makes rows, for every test of the review room, on each database."""

import pytest
from sqlalchemy import Engine

from tests.review.rows import Store


@pytest.fixture
def store(engine: Engine) -> Store:
    """An empty store that makes rows."""
    return Store(engine)


@pytest.fixture
def small(sqlite_engine: Engine) -> Store:
    """The same on SQLite only, for what does not depend on the database."""
    return Store(sqlite_engine)
