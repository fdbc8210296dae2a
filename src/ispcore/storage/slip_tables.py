"""The tables of what is sent to be paid: slips, the amounts on them, payment books."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, Json, UtcInstant, column, metadata

payment_books = sa.Table(
    "payment_books",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), null=True),
    column("months", sa.Integer),
    column("issued_on", sa.Date),
    column("sent_on", sa.Date, null=True),
    column("sent_as", sa.String(200), null=True),
    column("actor", sa.String(100)),
    column("command_id", sa.String(64)),
    comment="runs of slips with monthly dues that were made to be sent as one",
)

slips = sa.Table(
    "slips",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("company", Code),
    column("charge_method", Code),
    column("currency", sa.String(3)),
    column("due_on", sa.Date),
    column("issued_on", sa.Date),
    column("book_id", Big, sa.ForeignKey("payment_books.id"), null=True, index=True),
    column("ended", sa.String(10), null=True),
    column("ended_on", sa.Date, null=True),
    column("replaced_by", Big, sa.ForeignKey("slips.id"), null=True),
    column("recorded_at", UtcInstant),
    column("actor", sa.String(100)),
    column("command_id", sa.String(64)),
    comment="what was sent to be paid; ended says that it was replaced or cancelled, all else follows from "
    "its lines",
)

slip_registrations = sa.Table(
    "slip_registrations",
    metadata,
    column("slip_id", Big, sa.ForeignKey("slips.id"), primary_key=True, autoincrement=False),
    column("provider", Code),
    column("state", sa.String(20)),
    column("reference", sa.String(200), null=True),
    column("details", Json),
    column("message", sa.String(2000), null=True),
    column("attempts", sa.Integer, server_default="0"),
    column("try_at", UtcInstant, null=True),
    sa.Index(
        "ix_slip_registrations_try_at",
        "try_at",
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    ),
    comment="what charge providers know of slips; try_at says that one must be asked",
)

slip_lines = sa.Table(
    "slip_lines",
    metadata,
    column("slip_id", Big, sa.ForeignKey("slips.id"), primary_key=True, autoincrement=False),
    column("receivable_id", sa.String(200), sa.ForeignKey("receivables.id"), primary_key=True),
    column("amount", Big),
    column("paid_before", Big),
    column("gathered", sa.Boolean, server_default=sa.false()),
    column("stands", sa.Boolean, server_default=sa.true()),
    sa.Index(
        "uq_slip_lines_standing",
        "receivable_id",
        unique=True,
        sqlite_where=sa.text("stands = 1"),
        postgresql_where=sa.text("stands"),
    ),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="the amounts on a slip; those of slips that stand, so that none is asked for on two",
)
