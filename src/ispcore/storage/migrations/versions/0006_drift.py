"""Drift and actions: how devices are watched, what stood there, and what was done by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "watches",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=True),
        sa.Column("repairs", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look", sa.Integer(), nullable=True),
        sa.Column("began", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.name"], name=op.f("fk_watches_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_watches")),
        comment="how often a device is looked at for drift, whether it is repaired, "
        "and what the last look found",
    )
    op.create_table(
        "observed",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("look", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("claim", sa.String(length=240), nullable=False),
        sa.Column("spec", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("marked", sa.String(length=125), nullable=True),
        sa.Column("placement", sa.String(length=125), nullable=True),
        sa.Column("matched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("device", "look", "key", name=op.f("pk_observed")),
        comment="what stood on a device at its last look, without secrets; placement says whose it is, "
        "matched that it is where it should be",
    )
    op.create_index("ix_observed_claim", "observed", ["device", "look", "claim"], unique=False)
    op.create_table(
        "actions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("targets", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.name"], name=op.f("fk_actions_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        comment="what people did on devices; begun before the device hears of it, "
        "unknown where nobody can tell",
    )
    op.create_index(op.f("ix_actions_device"), "actions", ["device"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_actions_device"), table_name="actions")
    op.drop_table("actions")
    op.drop_index("ix_observed_claim", table_name="observed")
    op.drop_table("observed")
    op.drop_table("watches")
