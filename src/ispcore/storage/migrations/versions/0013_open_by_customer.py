"""What is open is looked up by the customer, so that settled years are not read with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEX = "ix_receivables_open"


def _index(*columns: str) -> None:
    op.drop_index(_INDEX, "receivables")
    op.create_index(
        _INDEX,
        "receivables",
        [*columns],
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )


def upgrade() -> None:
    """Apply the change."""
    _index("customer_id", "due_on")


def downgrade() -> None:
    """Take the change back."""
    _index("due_on", "customer_id")
