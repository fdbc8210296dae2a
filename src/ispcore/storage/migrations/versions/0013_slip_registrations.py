"""What charge providers know of slips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ASKED = sa.text("try_at IS NOT NULL")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "slip_registrations",
        sa.Column("slip_id", _Big, autoincrement=False, nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("message", sa.String(length=2000), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["slip_id"], ["slips.id"], name=op.f("fk_slip_registrations_slip_id")),
        sa.PrimaryKeyConstraint("slip_id", name=op.f("pk_slip_registrations")),
        comment="what charge providers know of slips; try_at says that one must be asked",
    )
    op.create_index(
        "ix_slip_registrations_try_at",
        "slip_registrations",
        ["try_at"],
        sqlite_where=_ASKED,
        postgresql_where=_ASKED,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("slip_registrations")
