"""Addresses of pools: who has each, and from when it is free again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "addresses",
        sa.Column("pool", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=50), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=True),
        sa.Column("subscription_id", _Big, nullable=True),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("pool", "address", name=op.f("pk_addresses")),
        comment="addresses of pools that somebody has, or had until a quarantine ends",
    )
    op.create_index(op.f("ix_addresses_resource"), "addresses", ["resource"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_addresses_resource"), table_name="addresses")
    op.drop_table("addresses")
