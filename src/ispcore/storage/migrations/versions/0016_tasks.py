"""Commands for a later day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITS = sa.text("state = 'pending'")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "tasks",
        sa.Column("id", _Big, autoincrement=False, nullable=False),
        sa.Column("subscription_id", _Big, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("command", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("scheduled_by", sa.String(length=100), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("permissions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_tasks_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        comment="commands for a later day: who scheduled them, and what became of them; notes are erasable",
    )
    op.create_index(op.f("ix_tasks_subscription_id"), "tasks", ["subscription_id"])
    op.create_index(
        "ix_tasks_waiting", "tasks", ["due_on", "id"], sqlite_where=_WAITS, postgresql_where=_WAITS
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("tasks")
