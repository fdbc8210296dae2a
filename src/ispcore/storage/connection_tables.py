"""The tables of connections: what accounting servers told, who looked at it, and what stays without names."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, UtcInstant, column, metadata

connections = sa.Table(
    "connections",
    metadata,
    column("source", Code, primary_key=True),
    column("id", sa.String(100), primary_key=True),
    column("login", sa.String(253)),
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), index=True, null=True),
    column("started_at", UtcInstant),
    column("seen_at", UtcInstant),
    column("stopped_at", UtcInstant, null=True),
    column("ends_at", UtcInstant, index=True),
    column("octets_up", Big),
    column("octets_down", Big),
    column("session", sa.String(100), null=True),
    column("address", sa.String(50), null=True),
    column("ipv6_prefix", sa.String(50), null=True),
    column("delegated_prefix", sa.String(50), null=True),
    column("mac", sa.String(50), null=True),
    column("access_point", sa.String(100), null=True),
    column("cause", sa.String(60), null=True),
    sa.Index("ix_connections_login_started_at", "login", "started_at"),
    comment="copy of what accounting servers told of each connection, for as long as it is to be kept",
)

connection_sources = sa.Table(
    "connection_sources",
    metadata,
    column("name", Code, primary_key=True),
    column("reached_at", UtcInstant),
    comment="up to when each accounting source was asked",
)

connection_months = sa.Table(
    "connection_months",
    metadata,
    column("month", sa.Date, primary_key=True),
    column("access_point", sa.String(100), primary_key=True),
    column("connections", Big),
    column("seconds", Big),
    column("octets_up", Big),
    column("octets_down", Big),
    comment="what stays of connections that were kept long enough: sums that name nobody",
)

connection_looks = sa.Table(
    "connection_looks",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("at", UtcInstant, index=True),
    column("actor", sa.String(100)),
    column("actor_address", sa.Text, null=True),
    column("login", sa.String(253), index=True),
    column("what", sa.String(20)),
    column("since", sa.Date, null=True),
    column("until", sa.Date, null=True),
    comment="who looked at whose connections",
)
