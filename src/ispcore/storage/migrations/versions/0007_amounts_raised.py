"""Amounts that no closing makes: sales, fees, fines, interest, agreements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEX = "ix_allocations_moving_balance"
_BEFORE = "receivable_id IS NULL OR source_kind = 'balance'"
_AFTER = "receivable_id IS NULL OR source_kind IN ('balance', 'return')"
_COMMENT = "amounts to receive: one line of one closing"
_ADDED = ", or what a command or a day raised; settled is a snapshot of the allocations"
_SETTLE = """
    UPDATE receivables SET settled = (coalesce((
        SELECT sum(amount) FROM allocations WHERE receivable_id = receivables.id
    ), 0) >= amount)
"""


def _index(condition: str) -> None:
    op.drop_index(_INDEX, "allocations")
    where = sa.text(condition)
    op.create_index(_INDEX, "allocations", ["customer_id"], sqlite_where=where, postgresql_where=where)


def _comment(before: str, after: str) -> None:
    if op.get_context().dialect.supports_comments:
        op.create_table_comment("receivables", after, existing_comment=before)


def upgrade() -> None:
    """Apply the change."""
    kind = sa.Column("kind", sa.String(length=40), server_default="fee", nullable=False)
    op.add_column("receivables", kind)
    op.add_column("receivables", sa.Column("about", sa.String(length=200), nullable=True))
    op.add_column("receivables", sa.Column("through", sa.Date(), nullable=True))
    settled: sa.Column[bool] = sa.Column("settled", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("receivables", settled)
    op.execute(_SETTLE)
    op.drop_index("ix_receivables_due_on", "receivables")
    op.create_index(
        "ix_receivables_open",
        "receivables",
        ["customer_id", "due_on"],
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )
    _comment(_COMMENT, _COMMENT + _ADDED)
    _index(_AFTER)


def downgrade() -> None:
    """Take the change back."""
    _index(_BEFORE)
    _comment(_COMMENT + _ADDED, _COMMENT)
    op.drop_index("ix_receivables_open", "receivables")
    op.create_index("ix_receivables_due_on", "receivables", ["due_on"])
    for column in ("settled", "through", "about", "kind"):
        op.drop_column("receivables", column)
