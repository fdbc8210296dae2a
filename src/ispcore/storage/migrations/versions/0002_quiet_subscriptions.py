"""What closings need to be quick and to be gone on with: quiet subscriptions, slices of runs.

Cycles may last other than a month and be billed in parts; a moved closing day is told by the fact that
moved it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WITH_MOVES = ("subscriptions", "closings", "charges", "receivables")
_MOVES_BALANCE = sa.text("receivable_id IS NULL OR source_kind = 'balance'")
_SNAPSHOT = "snapshot, with the version that guards writers and what closing reached"
_AHEAD = (
    "; the last four columns are set by closings and cleared by commands: "
    "before due_from nothing is due, NULL means to look"
)
_CLOSED = "closed cycles, each with the terms that it is pinned to"
_COMMENTS = {
    "closings": (_CLOSED, "; billed_through while one is still open"),
    "subscriptions": (_SNAPSHOT, _AHEAD),
}
_LAST_FACTS = """
    UPDATE subscriptions SET last_fact = coalesce((
        SELECT max(sequence) FROM facts
        WHERE facts.subject_kind = 'subscription' AND facts.subject_id = CAST(subscriptions.id AS VARCHAR)
    ), 0)
"""


def _comments() -> list[tuple[str, tuple[str, str]]]:
    """Return comments to be changed; SQLite keeps none."""
    return list(_COMMENTS.items()) if op.get_context().dialect.supports_comments else []


def upgrade() -> None:
    """Apply the change."""
    for table in _WITH_MOVES:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN closing_moves TO closing_move")
    op.create_table(
        "profiles",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        comment="what quiet subscriptions are billed by, once for each different content",
    )
    op.create_table(
        "run_slices",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("first_customer", _Big, autoincrement=False, nullable=False),
        sa.Column("last_customer", _Big, nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_slices_run_id")),
        sa.PrimaryKeyConstraint("run_id", "first_customer", name=op.f("pk_run_slices")),
        comment="what each slice of a closing came to, committed together with its entries",
    )
    op.add_column("closings", sa.Column("billed_through", sa.Date(), nullable=True))
    op.add_column("charges", sa.Column("through", sa.Date(), nullable=True))
    op.add_column("runs", sa.Column("customer_id", _Big, nullable=True))
    for column in (
        sa.Column("anchor_every", sa.String(length=20), server_default="month", nullable=False),
        sa.Column("last_fact", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_from", sa.Date(), nullable=True),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("profile_id", sa.String(length=64), nullable=True),
    ):
        op.add_column("subscriptions", column)
    op.execute(_LAST_FACTS)
    for table, (before, added) in _comments():
        op.create_table_comment(table, before + added, existing_comment=before)
    op.create_index(
        "ix_allocations_moving_balance",
        "allocations",
        ["customer_id"],
        sqlite_where=_MOVES_BALANCE,
        postgresql_where=_MOVES_BALANCE,
    )


def downgrade() -> None:
    """Take the change back."""
    for table, (before, added) in _comments():
        op.create_table_comment(table, before, existing_comment=before + added)
    op.drop_index("ix_allocations_moving_balance", "allocations")
    for column in ("profile_id", "quiet_until", "due_from", "last_fact", "anchor_every"):
        op.drop_column("subscriptions", column)
    op.drop_column("runs", "customer_id")
    op.drop_column("charges", "through")
    op.drop_column("closings", "billed_through")
    op.drop_table("run_slices")
    op.drop_table("profiles")
    for table in _WITH_MOVES:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN closing_move TO closing_moves")
