"""Addresses of pools: who has each, and from when it is free again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "addresses",
        sa.Column("pool", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=50), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("pool", "address", name=op.f("pk_addresses")),
        comment="fixed addresses, and who has or last had each; free_from is NULL while somebody has it",
    )
    op.create_index(op.f("ix_addresses_resource"), "addresses", ["resource"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_addresses_resource"), table_name="addresses")
    op.drop_table("addresses")
