"""The table of notices: what customers are to be told, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, Json, UtcInstant, column, metadata

_WAITING = sa.text("state = 'waiting'")

notices = sa.Table(
    "notices",
    metadata,
    column("id", sa.String(320), primary_key=True),
    column("kind", sa.String(20)),
    column("customer_id", Big, sa.ForeignKey("customers.id")),
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), null=True),
    column("about_kind", sa.String(20)),
    column("about_id", sa.String(200)),
    column("step", Code),
    column("channel", Code),
    column("template", Code),
    column("sender", sa.String(200), null=True),
    column("reason", sa.String(200)),
    column("topic", sa.String(20)),
    column("fields", Json),
    column("asked_on", sa.Date),
    column("not_before", UtcInstant),
    column("zone", sa.String(60)),
    column("state", sa.String(20)),
    column("attempts", sa.Integer, server_default="0"),
    column("try_at", UtcInstant, null=True),
    column("handed_over_at", UtcInstant, null=True),
    column("handed_over_on", sa.Date, null=True),
    column("trouble", Json, null=True),
    sa.Index("ix_notices_customer_id_kind", "customer_id", "kind"),
    sa.Index(
        "ix_notices_due",
        "channel",
        "try_at",
        "id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    sa.Index(
        "ix_notices_waiting",
        "customer_id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    comment="what customers are told, without a name or an address; the id is the same for the same reason",
)
