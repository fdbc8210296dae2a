"""Plugins: what observers are still to be told, and the policies that must review each command."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "deliveries",
        sa.Column("observer", sa.String(length=100), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "observer", "subject_kind", "subject_id", "sequence", name=op.f("pk_deliveries")
        ),
        comment="facts that plugins are still to be told of, one by one; without try_at a dead letter",
    )
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["observer", "try_at", "subject_kind", "subject_id", "sequence"],
        unique=False,
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    )
    op.create_table(
        "guards",
        sa.Column("plugin", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name=op.f("pk_guards")),
        comment="plugins whose policies must review each command; without them none is carried out",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("guards")
    op.drop_index(
        "ix_deliveries_waiting",
        table_name="deliveries",
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    )
    op.drop_table("deliveries")
