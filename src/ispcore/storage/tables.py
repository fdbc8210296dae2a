"""The tables. Columns are named for the field's terms; amounts are whole minor units beside a currency.

Facts and entries are only ever appended. Rows named *snapshot* can be computed again from the facts.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, Json, UtcInstant, column, metadata

numbers = sa.Table(
    "numbers",
    metadata,
    column("name", Code, primary_key=True),
    column("next", Big),
    comment="the next free number of customers, persons, subscriptions",
)

actors = sa.Table(
    "actors",
    metadata,
    column("id", sa.String(100), primary_key=True),
    column("name", sa.String(200)),
    column("permissions", Json),
    comment="actors that the provider's own system keeps here, with their permissions",
)

facts = sa.Table(
    "facts",
    metadata,
    column("subject_kind", sa.String(20), primary_key=True),
    column("subject_id", sa.String(100), primary_key=True),
    column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    column("effective_on", sa.Date),
    column("recorded_at", UtcInstant),
    column("actor", sa.String(100)),
    column("cause", sa.String(20)),
    column("command_id", sa.String(64), index=True),
    column("origin", sa.String(100)),
    column("origin_version", sa.String(40)),
    column("kind", sa.String(60)),
    column("schema_version", sa.Integer),
    column("payload", Json),
    column("reason", Code, null=True),
    column("address_ref", sa.String(200), null=True),
    column("note_ref", sa.String(200), null=True),
    comment="the timelines; never rewritten",
)

texts = sa.Table(
    "texts",
    metadata,
    column("subject_kind", sa.String(20), primary_key=True),
    column("subject_id", sa.String(100), primary_key=True),
    column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    column("path", sa.String(120), primary_key=True),
    column("text", sa.Text, null=True),
    comment="personal values and free text that facts refer to; erased by setting text to NULL",
)

persons = sa.Table(
    "persons",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("kind", sa.String(20)),
    column("tax_id", sa.String(40), null=True, unique=True),
    comment="snapshot: persons known once; the tax id is erasable",
)

customers = sa.Table(
    "customers",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("person_id", Big, sa.ForeignKey("persons.id"), index=True),
    column("code", sa.String(40), unique=True),
    column("version", sa.Integer),
    column("charge_method", Code, null=True),
    column("due_day", sa.Integer, null=True),
    column("allows_discounts", sa.Boolean),
    column("slip_fee_exempt", sa.Boolean, server_default=sa.false()),
    comment="snapshot",
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("version", sa.Integer),
    column("plan", Code),
    column("unit", Code),
    column("status", Code),
    column("bucket", sa.String(20), index=True),
    column("moves_on", sa.Date, null=True),
    column("started_on", sa.Date),
    column("ended_on", sa.Date, null=True),
    column("deleted_on", sa.Date, null=True),
    column("anchor_every", sa.String(20), server_default="month"),
    column("anchor_kind", sa.String(20)),
    column("anchor_day", sa.Integer),
    column("anchor_on", sa.Date, null=True),
    column("anchor_phase", sa.Integer),
    column("closing_move", sa.Integer),
    column("advance", sa.Boolean),
    column("address_id", Code, null=True),
    column("contract_ref", sa.String(100), null=True),
    column("previous_id", Big, null=True),
    column("successor_id", Big, null=True),
    column("foreign_system", sa.String(100), null=True),
    column("foreign_id", sa.String(100), null=True),
    column("slip_terms", Json, null=True),
    column("closed_through", sa.Date, null=True),
    column("dirty_from", sa.Date, null=True),
    column("last_fact", sa.Integer, server_default="0"),
    column("due_from", sa.Date, null=True),
    column("quiet_until", sa.Date, null=True),
    column("profile_id", sa.String(64), null=True),
    column("notices", Json, null=True),
    sa.UniqueConstraint("foreign_system", "foreign_id"),
    comment="snapshot, with the version that guards writers and what closing reached; the last four columns "
    "are set by closings and cleared by commands: before due_from nothing is due, NULL means to look",
)

catalog_entries = sa.Table(
    "catalog_entries",
    metadata,
    column("section", Code, primary_key=True),
    column("code", sa.String(81), primary_key=True),
    column("version", sa.Integer),
    column("document", Json),
    comment="snapshot: the catalogue as it stands",
)

terms = sa.Table(
    "terms",
    metadata,
    column("id", sa.String(64), primary_key=True),
    column("rule_version", sa.Integer),
    column("document", Json),
    comment="what closings read, once for each different content",
)

profiles = sa.Table(
    "profiles",
    metadata,
    column("id", sa.String(64), primary_key=True),
    column("document", Json),
    comment="what quiet subscriptions are billed by, once for each different content",
)

closings = sa.Table(
    "closings",
    metadata,
    column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), primary_key=True),
    column("cycle_start", sa.Date, primary_key=True),
    column("closing_move", sa.Integer, primary_key=True, autoincrement=False),
    column("cycle_end", sa.Date),
    column("terms_id", sa.String(64), sa.ForeignKey("terms.id")),
    column("closed_on", sa.Date),
    column("billed_through", sa.Date, null=True),
    comment="closed cycles, each with the terms that it is pinned to; billed_through while one is still open",
)

_KEY = (
    ("subscription_id", Big),
    ("item", Code),
    ("line", Code),
    ("cycle_start", sa.Date),
    ("cycle_end", sa.Date),
    ("closing_move", sa.Integer),
)


def _booking() -> tuple[sa.Column[Any], ...]:
    return (
        *(column(name, kind) for name, kind in _KEY),
        column("customer_id", Big, sa.ForeignKey("customers.id")),
        column("amount", Big),
        column("currency", sa.String(3)),
        column("description", sa.String(200)),
        column("account", Code),
        column("company", Code),
        column("document_type", Code),
    )


charges = sa.Table(
    "charges",
    metadata,
    column("id", sa.String(200), primary_key=True),
    *_booking(),
    column("line_charge_method", Code, null=True),
    column("fact", sa.Integer),
    column("kind", sa.String(10)),
    column("issued_on", sa.Date),
    column("days", sa.Integer),
    column("days_of", sa.Integer),
    column("weight", sa.Integer),
    column("weight_of", sa.Integer),
    column("rule_version", sa.Integer),
    column("through", sa.Date, null=True),
    sa.Index("ix_charges_subscription_id_cycle_start", "subscription_id", "cycle_start"),
    sa.CheckConstraint("amount >= 0", name="amount_not_negative"),
    comment="charges and credits; the id is the identity of a charge and the last fact considered",
)

receivables = sa.Table(
    "receivables",
    metadata,
    column("id", sa.String(200), sa.ForeignKey("charges.id"), primary_key=True),
    *_booking(),
    column("line_charge_method", Code, null=True),
    column("charge_method", Code),
    column("due_on", sa.Date),
    column("issued_on", sa.Date),
    column("accrual_month", sa.Date),
    column("document_accrual_month", sa.Date),
    column("separate_slip", sa.Boolean),
    column("separate_document", sa.Boolean),
    column("kind", Code, server_default="fee"),
    column("about", sa.String(200), null=True),
    column("through", sa.Date, null=True),
    column("settled", sa.Boolean, server_default=sa.false()),
    sa.Index("ix_receivables_customer_id", "customer_id", "due_on"),
    sa.Index(
        "ix_receivables_open",
        "customer_id",
        "due_on",
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    ),
    sa.Index(
        "ix_receivables_about",
        "about",
        sqlite_where=sa.text("about IS NOT NULL"),
        postgresql_where=sa.text("about IS NOT NULL"),
    ),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="amounts to receive: one line of one closing, or what a command or a day raised; settled is a "
    "snapshot of the allocations",
)

payments = sa.Table(
    "payments",
    metadata,
    column("id", sa.String(160), primary_key=True),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("company", Code),
    column("amount", Big),
    column("currency", sa.String(3)),
    column("paid_on", sa.Date),
    column("provider", sa.String(40)),
    column("provider_id", sa.String(100)),
    column("recorded_at", UtcInstant),
    column("actor", sa.String(100)),
    column("command_id", sa.String(64)),
    sa.UniqueConstraint("provider", "provider_id"),
    comment="money that arrived; the provider's id is recorded once",
)

_MOVES_BALANCE = sa.text("receivable_id IS NULL OR source_kind IN ('balance', 'return')")

allocations = sa.Table(
    "allocations",
    metadata,
    column("source_kind", sa.String(10), primary_key=True),
    column("source", sa.String(240), primary_key=True),
    column("target", sa.String(200), primary_key=True),
    column("receivable_id", sa.String(200), sa.ForeignKey("receivables.id"), null=True, index=True),
    column("customer_id", Big, sa.ForeignKey("customers.id")),
    column("company", Code),
    column("currency", sa.String(3)),
    column("amount", Big),
    column("allocated_on", sa.Date),
    sa.Index("ix_allocations_customer_id", "customer_id"),
    sa.Index(
        "ix_allocations_moving_balance",
        "customer_id",
        sqlite_where=_MOVES_BALANCE,
        postgresql_where=_MOVES_BALANCE,
    ),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="what payments, credits and balances were put to; target is the receivable or 'balance'",
)

runs = sa.Table(
    "runs",
    metadata,
    column("id", sa.String(64), primary_key=True),
    column("closed_on", sa.Date),
    column("started_at", UtcInstant),
    column("finished_at", UtcInstant, null=True),
    column("actor", sa.String(100)),
    column("customer_id", Big, null=True),
    column("summary", Json, null=True),
    comment="closings that were run, and what they came to",
)

run_slices = sa.Table(
    "run_slices",
    metadata,
    column("run_id", sa.String(64), sa.ForeignKey("runs.id"), primary_key=True),
    column("first_customer", Big, primary_key=True, autoincrement=False),
    column("last_customer", Big),
    column("summary", Json),
    comment="what each slice of a closing came to, committed together with its entries",
)

secrets = sa.Table(
    "secrets",
    metadata,
    column("ref", sa.String(100), primary_key=True),
    column("key_id", sa.String(64)),
    column("ciphertext", sa.LargeBinary),
    comment="secrets at rest; everything else holds a reference",
)
