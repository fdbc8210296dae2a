"""The table of the stages that late debts have reached."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, UtcInstant, column, metadata

_STANDING = sa.text("ended_on IS NULL")

late_stages = sa.Table(
    "late_stages",
    metadata,
    column("customer_id", Big, sa.ForeignKey("customers.id"), primary_key=True),
    column("subject", sa.String(200), primary_key=True),
    column("stage", Code, primary_key=True),
    column("action", sa.String(20)),
    column("reached_on", sa.Date),
    column("ended_on", sa.Date, null=True),
    column("recorded_at", UtcInstant),
    sa.Index(
        "ix_late_stages_standing",
        "customer_id",
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
    comment="stages that a debt, a receivable or a slip, has reached; it ends when nothing of it is open",
)
