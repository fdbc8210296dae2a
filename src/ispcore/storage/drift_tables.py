"""The tables of looking and acting: how devices are watched, what stood there, and what was done by hand."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Code, Json, UtcInstant, column, metadata
from ispcore.storage.network_tables import Placement

watches = sa.Table(
    "watches",
    metadata,
    column("device", Code, sa.ForeignKey("devices.name"), primary_key=True),
    column("every_seconds", sa.Integer, null=True),
    column("repairs", sa.Boolean, server_default=sa.false()),
    column("looks", sa.Integer, server_default="0"),
    column("look", sa.Integer, null=True),
    column("began", UtcInstant, null=True),
    column("ended", UtcInstant, null=True),
    column("found", Json, null=True),
    comment="how often a device is looked at for drift, whether it is repaired, and what the last look found",
)

observed = sa.Table(
    "observed",
    metadata,
    column("device", Code, primary_key=True),
    column("look", sa.Integer, primary_key=True, autoincrement=False),
    column("key", sa.String(200), primary_key=True),
    column("claim", sa.String(240)),
    column("spec", Json),
    column("marked", Placement, null=True),
    column("unsettled", sa.Text, null=True),
    column("placement", Placement, null=True),
    column("matched", sa.Boolean, server_default=sa.false()),
    sa.Index("ix_observed_claim", "device", "look", "claim"),
    comment="what stood on a device at its last look, without secrets; placement says whose it is, "
    "matched that it is where it should be",
)

actions = sa.Table(
    "actions",
    metadata,
    column("id", sa.String(40), primary_key=True),
    column("device", Code, sa.ForeignKey("devices.name"), index=True),
    column("word", Code),
    column("arguments", Json),
    column("targets", Json),
    column("state", sa.String(10)),
    column("results", Json),
    column("error", Json, null=True),
    column("actor", sa.String(100)),
    column("begun_at", UtcInstant),
    column("deadline", UtcInstant),
    column("ended_at", UtcInstant, null=True),
    comment="what people did on devices; begun before the device hears of it, unknown where nobody can tell",
)
