"""The table of commands for a later day."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Json, UtcInstant, column, metadata

_WAITS = sa.text("state = 'pending'")

tasks = sa.Table(
    "tasks",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), index=True),
    column("due_on", sa.Date),
    column("state", sa.String(20)),
    column("kind", sa.String(60)),
    column("command", Json),
    column("note", sa.Text, null=True),
    column("scheduled_by", sa.String(100)),
    column("scheduled_at", UtcInstant),
    column("permissions", Json),
    column("attempts", sa.Integer, server_default="0"),
    column("tried_on", sa.Date, null=True),
    column("error", sa.Text, null=True),
    column("ended_at", UtcInstant, null=True),
    column("ended_by", sa.String(100), null=True),
    sa.Index("ix_tasks_waiting", "due_on", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    comment="commands for a later day: who scheduled them, and what became of them; notes are erasable",
)
