"""Troubles of sources are kept as alarms, and each list remembers the days on which it had something new."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("cleared_at is null")
ONLY: dict[str, Any] = {"sqlite_where": OPEN, "postgresql_where": OPEN}


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_alarm_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index("ix_alarm_open", "alarm", ["subject"], unique=True, **ONLY)
    op.create_index("ix_alarm_raised_at", "alarm", ["raised_at"], unique=False)
    op.add_column("column", sa.Column("news_days", sa.JSON(), nullable=True))
    op.add_column("column", sa.Column("shows_days", sa.Boolean(), nullable=True))
