"""Drafts the next revision for the people who work on the schema: `python -m store.migrations "why it changes"`."""

import sys
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from store.database import open_engine, writing
from store.migrations import FOLDER, HEAD, run_to
from store.models import Base, Instant

_FRAME = '''"""{message}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
{code}
'''


def is_ours(name: str | None, kind: str) -> bool:
    """Say whether a table or index belongs to the models; the search index is made by hand, each database its own."""
    return not (kind in ("table", "index") and (name or "").startswith(("version_search", "ix_version_search")))


def difference(connection: Connection) -> str:
    """Return the Alembic code that would bring the connected schema to the models; "pass" when they are the same."""

    def of_type(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
        return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False

    options = {"target_metadata": Base.metadata, "render_item": of_type, "include_name": lambda n, k, _: is_ours(n, k)}
    context = MigrationContext.configure(connection, opts=options)
    found = produce_migrations(context, Base.metadata).upgrade_ops
    if found is None or found.is_empty():
        return "pass"
    return render_python_code(found, render_item=of_type, migration_context=context)


def main(message: str) -> None:
    """Write the draft of the next revision: what the models have beyond the migrations. It is then edited by hand."""
    engine = open_engine("sqlite://")
    with writing(engine) as connection:
        if HEAD != "0000":
            run_to(connection, "head")
        code = difference(connection)
    revision = f"{int(HEAD) + 1:04}"
    text = _FRAME.format(message=message, revision=revision, down=repr(HEAD) if HEAD != "0000" else None, code=code)
    path = FOLDER / "versions" / f"{revision}_{message.lower().replace(' ', '_')[:40]}.py"
    path.write_text(text, encoding="utf-8")
    sys.stderr.write(f"drafted {path}; read it, then run ruff format on it\n")


if __name__ == "__main__":
    main(sys.argv[1])
