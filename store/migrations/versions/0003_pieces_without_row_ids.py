"""The pieces of texts lie in one tree instead of three: they are most of what is written for a document with finds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Drop the index on documents; on SQLite write the table anew without row ids, which PostgreSQL does not have."""
    op.drop_index("ix_document_shingle_document_id", "document_shingle")
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("document_shingle", "document_shingle_before")
    op.create_table(
        "document_shingle",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_shingle_document_id_document")
        ),
        sa.PrimaryKeyConstraint("hash", "document_id", name=op.f("pk_document_shingle")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO document_shingle SELECT hash, document_id FROM document_shingle_before ORDER BY 1, 2")
    op.drop_table("document_shingle_before")
