"""The tables beside payments: what persons did about debts and balances, and payments that wait for one."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, UtcInstant, column, metadata

settlements = sa.Table(
    "settlements",
    metadata,
    column("id", sa.String(60), primary_key=True),
    column("kind", sa.String(10)),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("company", Code),
    column("amount", Big),
    column("currency", sa.String(3)),
    column("settled_on", sa.Date),
    column("payment_id", sa.String(160), sa.ForeignKey("payments.id"), null=True, unique=True),
    column("reason", sa.String(200)),
    column("recorded_at", UtcInstant),
    column("actor", sa.String(100)),
    column("command_id", sa.String(64)),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="refunds, write-offs, waivers, agreements and payments taken back: who did them, when and why",
)

parked_payments = sa.Table(
    "parked_payments",
    metadata,
    column("number", Big, primary_key=True, autoincrement=False),
    column("notice", sa.String(400), unique=True),
    column("provider", sa.String(40)),
    column("provider_id", sa.String(100)),
    column("amount", Big),
    column("currency", sa.String(3)),
    column("paid_on", sa.Date),
    column("customer_id", Big, null=True),
    column("customer_code", Code, null=True),
    column("slip_id", Big, null=True),
    column("company", Code, null=True),
    column("rule", sa.String(60)),
    column("message", sa.String(500)),
    column("state", sa.String(10), index=True),
    column("parked_at", UtcInstant),
    column("actor", sa.String(100)),
    column("payment_id", sa.String(160), null=True),
    column("resolved_at", UtcInstant, null=True),
    column("resolved_by", sa.String(100), null=True),
    column("reason", sa.String(200), null=True),
    comment="payments that could not be recorded as they were reported, and what became of them",
)
