"""The tables of the network: what subscriptions contribute, what should stand where, who works on it.

A placement whose ``applied_generation`` lags behind its ``generation`` is the work to be done: that row is
the outbox, and there is no second table that could disagree with it. Of a device, ``failures`` and
``paused_until`` are the core's back-off, ``held_until`` is a technician's wish, ``stopped`` needs a person.
"""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, Json, UtcInstant, column, metadata

Resource = sa.String(80)
Placement = sa.String(125)

devices = sa.Table(
    "devices",
    metadata,
    column("name", Code, primary_key=True),
    column("driver", sa.String(60)),
    column("config", Json),
    column("lanes", sa.Integer),
    column("version", sa.Integer),
    column("identity", sa.String(200), null=True),
    column("firmware", sa.String(100), null=True),
    column("answers", Json, null=True),
    column("failures", sa.Integer, server_default="0"),
    column("paused_until", UtcInstant, null=True),
    column("held_until", UtcInstant, null=True),
    column("stopped", Json, null=True),
    column("error", Json, null=True),
    comment="servers and boxes that drivers talk to; secrets in config are references",
)

lanes = sa.Table(
    "lanes",
    metadata,
    column("device", Code, sa.ForeignKey("devices.name"), primary_key=True),
    column("lane", sa.Integer, primary_key=True, autoincrement=False),
    column("token", sa.Integer, server_default="0"),
    column("owner", sa.String(100), null=True),
    column("leased_until", UtcInstant, null=True),
    column("asked_until", UtcInstant, null=True),
    comment="serial streams of work on a device; whoever holds the latest token of one may write",
)

contributions = sa.Table(
    "contributions",
    metadata,
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), primary_key=True),
    column("component", Code, primary_key=True),
    column("resource", Resource, index=True),
    column("kind", Code),
    column("device", Code, null=True),
    column("serves", sa.String(10)),
    column("spec", Json, null=True),
    column("needs", Json),
    column("valid_until", UtcInstant, null=True, index=True),
    column("rules", sa.Integer),
    comment="snapshot: what each subscription wants of a resource, until when, and by which rules",
)

placements = sa.Table(
    "placements",
    metadata,
    column("id", Placement, primary_key=True),
    column("resource", Resource, index=True),
    column("device", Code),
    column("kind", Code),
    column("generation", sa.Integer),
    column("wanted", Json, null=True),
    column("layer", sa.Integer),
    column("needs", Json),
    column("moved_at", UtcInstant),
    column("applied_generation", sa.Integer, server_default="0"),
    column("applied", Json, null=True),
    column("key", sa.String(200), null=True),
    column("applied_at", UtcInstant, null=True),
    column("attempts", sa.Integer, server_default="0"),
    column("try_at", UtcInstant, null=True),
    column("trouble", sa.String(20), null=True),
    column("error", Json, null=True),
    column("held_until", UtcInstant, null=True),
    column("repaired_on", sa.Date, null=True),
    column("repairs", sa.Integer, server_default="0"),
    sa.Index(
        "ix_placements_lagging",
        "device",
        "layer",
        sqlite_where=sa.text("applied_generation < generation"),
        postgresql_where=sa.text("applied_generation < generation"),
    ),
    comment="one resource on one device: what is wanted and what was read back; trouble needs a person",
)

claims = sa.Table(
    "claims",
    metadata,
    column("device", Code, primary_key=True),
    column("claim", sa.String(240), primary_key=True),
    column("placement", Placement, sa.ForeignKey("placements.id"), index=True),
    column("written", sa.Boolean, server_default=sa.false()),
    comment="names on a device that are ours or promised; a rename holds two until it is applied; what is "
    "found under a name that we have never written is foreign",
)

intents = sa.Table(
    "intents",
    metadata,
    column("placement", Placement, sa.ForeignKey("placements.id"), primary_key=True),
    column("device", Code, index=True),
    column("lane", sa.Integer),
    column("token", sa.Integer),
    column("generation", sa.Integer),
    column("writing", sa.Boolean),
    column("deadline", UtcInstant),
    column("tries", sa.Integer, server_default="0"),
    comment="committed before a device is touched; one that is left over puts its placement in doubt",
)

addresses = sa.Table(
    "addresses",
    metadata,
    column("pool", sa.String(60), primary_key=True),
    column("address", sa.String(50), primary_key=True),
    column("resource", Resource, index=True),
    column("free_from", sa.Date, null=True),
    comment="fixed addresses, and who has or last had each; free_from is NULL while somebody has it",
)
