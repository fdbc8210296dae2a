"""What stands on a device and does not count yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("observed", sa.Column("unsettled", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("observed", "unsettled")
