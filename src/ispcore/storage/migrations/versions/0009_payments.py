"""Payments: what persons did about debts and balances, and payments that wait for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "settlements",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("customer_id", _big(), nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("amount", _big(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("payment_id", sa.String(length=160), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlements_amount_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_settlements_customer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_settlements_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_settlements_payment_id")),
        comment="refunds, write-offs, waivers, agreements and payments taken back: "
        "who did them, when and why",
    )
    op.create_index(op.f("ix_settlements_customer_id"), "settlements", ["customer_id"])
    op.create_table(
        "parked_payments",
        sa.Column("number", _big(), autoincrement=False, nullable=False),
        sa.Column("notice", sa.String(length=400), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("amount", _big(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("customer_id", _big(), nullable=True),
        sa.Column("customer_code", sa.String(length=40), nullable=True),
        sa.Column("slip_id", _big(), nullable=True),
        sa.Column("company", sa.String(length=40), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("payment_id", sa.String(length=160), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_parked_payments")),
        sa.UniqueConstraint("notice", name=op.f("uq_parked_payments_notice")),
        comment="payments that could not be recorded as they were reported, and what became of them",
    )
    op.create_index(op.f("ix_parked_payments_state"), "parked_payments", ["state"])
    about = sa.text("about IS NOT NULL")
    op.create_index(
        "ix_receivables_about", "receivables", ["about"], sqlite_where=about, postgresql_where=about
    )


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_receivables_about", table_name="receivables")
    op.drop_index(op.f("ix_parked_payments_state"), table_name="parked_payments")
    op.drop_table("parked_payments")
    op.drop_index(op.f("ix_settlements_customer_id"), table_name="settlements")
    op.drop_table("settlements")
