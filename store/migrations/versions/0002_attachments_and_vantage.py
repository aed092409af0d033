"""Files of a document become documents of their own; a capture says how it was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HAS_PARENT = sa.text("parent_document_id is not null")


def upgrade() -> None:
    """Add the columns; every row so far has no parent and was asked for directly."""
    op.add_column("page", sa.Column("parent_page_id", BIG_ID, nullable=True))
    op.add_column("document", sa.Column("parent_document_id", BIG_ID, nullable=True))
    op.add_column("capture", sa.Column("via", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_document_parent_document_id",
        "document",
        ["parent_document_id"],
        unique=False,
        sqlite_where=HAS_PARENT,
        postgresql_where=HAS_PARENT,
    )
    op.create_index(
        "ix_page_parent_page_id",
        "page",
        ["parent_page_id"],
        unique=False,
        sqlite_where=sa.text("parent_page_id is not null"),
        postgresql_where=sa.text("parent_page_id is not null"),
    )
