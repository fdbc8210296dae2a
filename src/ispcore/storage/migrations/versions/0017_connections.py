"""Connections: what accounting servers told, who looked at it, and what stays of it without names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "connections",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("login", sa.String(length=253), nullable=False),
        sa.Column("subscription_id", _Big, nullable=True),
        sa.Column("started_at", _Instant, nullable=False),
        sa.Column("seen_at", _Instant, nullable=False),
        sa.Column("stopped_at", _Instant, nullable=True),
        sa.Column("ends_at", _Instant, nullable=False),
        sa.Column("octets_up", _Big, nullable=False),
        sa.Column("octets_down", _Big, nullable=False),
        sa.Column("session", sa.String(length=100), nullable=True),
        sa.Column("address", sa.String(length=50), nullable=True),
        sa.Column("ipv6_prefix", sa.String(length=50), nullable=True),
        sa.Column("delegated_prefix", sa.String(length=50), nullable=True),
        sa.Column("mac", sa.String(length=50), nullable=True),
        sa.Column("access_point", sa.String(length=100), nullable=True),
        sa.Column("cause", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_connections_subscription_id")
        ),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_connections")),
        comment="copy of what accounting servers told of each connection, for as long as it is to be kept",
    )
    op.create_index(op.f("ix_connections_subscription_id"), "connections", ["subscription_id"])
    op.create_index(op.f("ix_connections_ends_at"), "connections", ["ends_at"])
    op.create_index("ix_connections_login_started_at", "connections", ["login", "started_at"])
    op.create_table(
        "connection_sources",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("reached_at", _Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_connection_sources")),
        comment="up to when each accounting source was asked",
    )
    op.create_table(
        "connection_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("access_point", sa.String(length=100), nullable=False),
        sa.Column("connections", _Big, nullable=False),
        sa.Column("seconds", _Big, nullable=False),
        sa.Column("octets_up", _Big, nullable=False),
        sa.Column("octets_down", _Big, nullable=False),
        sa.PrimaryKeyConstraint("month", "access_point", name=op.f("pk_connection_months")),
        comment="what stays of connections that were kept long enough: sums that name nobody",
    )
    _looks()


def _looks() -> None:
    op.create_table(
        "connection_looks",
        sa.Column("id", _Big, autoincrement=False, nullable=False),
        sa.Column("at", _Instant, nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("actor_address", sa.Text(), nullable=True),
        sa.Column("login", sa.String(length=253), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_looks")),
        comment="who looked at whose connections",
    )
    op.create_index(op.f("ix_connection_looks_at"), "connection_looks", ["at"])
    op.create_index(op.f("ix_connection_looks_login"), "connection_looks", ["login"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("connection_looks")
    op.drop_table("connection_months")
    op.drop_table("connection_sources")
    op.drop_table("connections")
