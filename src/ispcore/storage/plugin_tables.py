"""The tables of plugins: what observers are still to be told, and which policies the database insists on."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Json, UtcInstant, column, metadata

Plugin = sa.String(100)

deliveries = sa.Table(
    "deliveries",
    metadata,
    column("observer", Plugin, primary_key=True),
    column("subject_kind", sa.String(20), primary_key=True),
    column("subject_id", sa.String(100), primary_key=True),
    column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    column("attempts", sa.Integer, server_default="0"),
    column("try_at", UtcInstant, null=True),
    column("error", Json, null=True),
    sa.Index(
        "ix_deliveries_waiting",
        "observer",
        "try_at",
        "subject_kind",
        "subject_id",
        "sequence",
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    ),
    comment="facts that plugins are still to be told of, one by one; without try_at a dead letter",
)

guards = sa.Table(
    "guards",
    metadata,
    column("plugin", Plugin, primary_key=True),
    column("since", UtcInstant),
    column("actor", sa.String(100)),
    comment="plugins whose policies must review each command; without them none is carried out",
)
