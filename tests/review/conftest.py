"""A store of made rows for every test of the review room."""

from collections.abc import Iterator

import pytest

from tests.review.rows import Store, memory_engine


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store in memory that makes rows."""
    engine = memory_engine()
    yield Store(engine)
    engine.dispose()
