"""The stages that late debts have reached."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "late_stages",
        sa.Column("customer_id", _BIG, nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_late_stages_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", "subject", "stage", name=op.f("pk_late_stages")),
        comment="stages that a debt, a receivable or a slip, has reached; it ends when nothing of it is open",
    )
    where = sa.text("ended_on IS NULL")
    op.create_index(
        "ix_late_stages_standing",
        "late_stages",
        ["customer_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_late_stages_standing", "late_stages")
    op.drop_table("late_stages")
