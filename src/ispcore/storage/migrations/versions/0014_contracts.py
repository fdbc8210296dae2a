"""What customers and the provider agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "contracts",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("customer_id", _BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("salesperson", sa.String(length=100), nullable=True),
        sa.Column("acceptance", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contracts_customer_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_contracts")),
        comment="snapshot: what customers and the provider agreed",
    )
    op.create_index(op.f("ix_contracts_customer_id"), "contracts", ["customer_id"])
    op.create_index(op.f("ix_contracts_sold_on"), "contracts", ["sold_on"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("contracts")
