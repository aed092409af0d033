"""A disclosure whose page gives no day says which dated copy lent it its date."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the address of the copy."""
    op.add_column("disclosure", sa.Column("date_from", sa.Text(), nullable=True))
