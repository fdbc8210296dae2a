"""The network: devices, what subscriptions contribute, and what is to stand where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "devices",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("driver", sa.String(length=60), nullable=False),
        sa.Column("config", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=200), nullable=True),
        sa.Column("firmware", sa.String(length=100), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_devices")),
        comment="servers and boxes that drivers talk to; secrets in config are references",
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.String(length=125), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("layer", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("applied", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=20), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repaired_on", sa.Date(), nullable=True),
        sa.Column("repairs", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        comment="one resource on one device: what is wanted and what was read back; trouble needs a person",
    )
    op.create_index(
        "ix_placements_lagging",
        "placements",
        ["device", "layer"],
        unique=False,
        sqlite_where=sa.text("applied_generation < generation"),
        postgresql_where=sa.text("applied_generation < generation"),
    )
    op.create_index(op.f("ix_placements_resource"), "placements", ["resource"], unique=False)
    op.create_table(
        "claims",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("claim", sa.String(length=240), nullable=False),
        sa.Column("placement", sa.String(length=125), nullable=False),
        sa.Column("written", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["placement"], ["placements.id"], name=op.f("fk_claims_placement")),
        sa.PrimaryKeyConstraint("device", "claim", name=op.f("pk_claims")),
        comment="names on a device that are ours or promised; a rename holds two until it is applied; what "
        "is found under a name that we have never written is foreign",
    )
    op.create_index(op.f("ix_claims_placement"), "claims", ["placement"], unique=False)
    op.create_table(
        "intents",
        sa.Column("placement", sa.String(length=125), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["placement"], ["placements.id"], name=op.f("fk_intents_placement")),
        sa.PrimaryKeyConstraint("placement", name=op.f("pk_intents")),
        comment="committed before a device is touched; one that is left over puts its placement in doubt",
    )
    op.create_index(op.f("ix_intents_device"), "intents", ["device"], unique=False)
    op.create_table(
        "lanes",
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("lane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["devices.name"], name=op.f("fk_lanes_device")),
        sa.PrimaryKeyConstraint("device", "lane", name=op.f("pk_lanes")),
        comment="serial streams of work on a device; whoever holds the latest token of one may write",
    )
    op.create_table(
        "contributions",
        sa.Column("subscription_id", _Big, nullable=False),
        sa.Column("component", sa.String(length=40), nullable=False),
        sa.Column("resource", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=True),
        sa.Column("serves", sa.String(length=10), nullable=False),
        sa.Column("spec", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("needs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_contributions_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "component", name=op.f("pk_contributions")),
        comment="snapshot: what each subscription wants of a resource, until when, and by which rules",
    )
    op.create_index(op.f("ix_contributions_resource"), "contributions", ["resource"], unique=False)
    op.create_index(op.f("ix_contributions_valid_until"), "contributions", ["valid_until"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_contributions_valid_until"), table_name="contributions")
    op.drop_index(op.f("ix_contributions_resource"), table_name="contributions")
    op.drop_table("contributions")
    op.drop_table("lanes")
    op.drop_index(op.f("ix_intents_device"), table_name="intents")
    op.drop_table("intents")
    op.drop_index(op.f("ix_claims_placement"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_placements_resource"), table_name="placements")
    op.drop_index(
        "ix_placements_lagging",
        table_name="placements",
        sqlite_where=sa.text("applied_generation < generation"),
        postgresql_where=sa.text("applied_generation < generation"),
    )
    op.drop_table("placements")
    op.drop_table("devices")
