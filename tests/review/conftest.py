"""A store that makes rows, for every test of the review room, on each database."""

import pytest
from sqlalchemy import Engine

from tests.review.rows import Store


@pytest.fixture
def store(engine: Engine) -> Store:
    """An empty store that makes rows."""
    return Store(engine)
