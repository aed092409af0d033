"""A region of the review queue is looked up; the index that the queue is walked on answers for source and region."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = ["found_at", "id", "source_id", "region", "found_later"]
UNREVIEWED = sa.text("verdict is null")
ONLY: dict[str, Any] = {"sqlite_where": UNREVIEWED, "postgresql_where": UNREVIEWED}


def upgrade() -> None:
    """Widen the one index, add the other."""
    op.drop_index("ix_disclosure_new", "disclosure")
    op.create_index("ix_disclosure_new", "disclosure", NEW, unique=False, **ONLY)
    op.create_index("ix_disclosure_region_new", "disclosure", ["region"], unique=False, **ONLY)
