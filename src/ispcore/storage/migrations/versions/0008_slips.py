"""Slips, the amounts on them, payment books; how subscriptions and customers want them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    exempt: sa.Column[bool] = sa.Column(
        "slip_fee_exempt", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("customers", exempt)
    op.add_column("subscriptions", sa.Column("slip_terms", sa.JSON(), nullable=True))
    _create_books()
    _create_slips()
    _create_lines()


def _create_books() -> None:
    op.create_table(
        "payment_books",
        sa.Column("id", _Big, autoincrement=False, nullable=False),
        sa.Column("customer_id", _Big, nullable=False),
        sa.Column("subscription_id", _Big, nullable=True),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_as", sa.String(length=200), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payment_books_customer_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_payment_books_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_books")),
        comment="runs of slips with monthly dues that were made to be sent as one",
    )
    op.create_index(op.f("ix_payment_books_customer_id"), "payment_books", ["customer_id"])


def _create_slips() -> None:
    op.create_table(
        "slips",
        sa.Column("id", _Big, autoincrement=False, nullable=False),
        sa.Column("customer_id", _Big, nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("charge_method", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("book_id", _Big, nullable=True),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("replaced_by", _Big, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_slips_customer_id")),
        sa.ForeignKeyConstraint(["book_id"], ["payment_books.id"], name=op.f("fk_slips_book_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["slips.id"], name=op.f("fk_slips_replaced_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        comment="what was sent to be paid; ended says that it was replaced or cancelled, all else follows "
        "from its lines",
    )
    op.create_index(op.f("ix_slips_customer_id"), "slips", ["customer_id"])
    op.create_index(op.f("ix_slips_book_id"), "slips", ["book_id"])


def _create_lines() -> None:
    op.create_table(
        "slip_lines",
        sa.Column("slip_id", _Big, autoincrement=False, nullable=False),
        sa.Column("receivable_id", sa.String(length=200), nullable=False),
        sa.Column("amount", _Big, nullable=False),
        sa.Column("paid_before", _Big, nullable=False),
        sa.Column("gathered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stands", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_slip_lines_amount_positive")),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name=op.f("fk_slip_lines_slip_id")),
        sa.ForeignKeyConstraint(
            ["receivable_id"], ["receivables.id"], name=op.f("fk_slip_lines_receivable_id")
        ),
        sa.PrimaryKeyConstraint("slip_id", "receivable_id", name=op.f("pk_slip_lines")),
        comment="the amounts on a slip; those of slips that stand, so that none is asked for on two",
    )
    op.create_index(
        "uq_slip_lines_standing",
        "slip_lines",
        ["receivable_id"],
        unique=True,
        sqlite_where=sa.text("stands = 1"),
        postgresql_where=sa.text("stands"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("slip_lines")
    op.drop_table("slips")
    op.drop_table("payment_books")
    op.drop_column("subscriptions", "slip_terms")
    op.drop_column("customers", "slip_fee_exempt")
