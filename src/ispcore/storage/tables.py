"""The tables. Columns are named for the field's terms; amounts are whole minor units beside a currency.

Facts and entries are only ever appended. Rows named *snapshot* can be computed again from the facts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import Dialect


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An instant in UTC, aware on every engine (SQLite would hand it back without its zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the instant in UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = sa.JSON(none_as_null=True)
Code = sa.String(40)
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _column(name: str, kind: Any, *args: Any, null: bool = False, **options: Any) -> sa.Column[Any]:  # noqa: ANN401
    return sa.Column(name, kind, *args, nullable=null, **options)


numbers = sa.Table(
    "numbers",
    metadata,
    _column("name", Code, primary_key=True),
    _column("next", Big),
    comment="the next free number of customers, persons, subscriptions",
)

actors = sa.Table(
    "actors",
    metadata,
    _column("id", sa.String(100), primary_key=True),
    _column("name", sa.String(200)),
    _column("permissions", Json),
    comment="actors that the provider's own system keeps here, with their permissions",
)

facts = sa.Table(
    "facts",
    metadata,
    _column("subject_kind", sa.String(20), primary_key=True),
    _column("subject_id", sa.String(100), primary_key=True),
    _column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    _column("effective_on", sa.Date),
    _column("recorded_at", UtcInstant),
    _column("actor", sa.String(100)),
    _column("cause", sa.String(20)),
    _column("command_id", sa.String(64), index=True),
    _column("origin", sa.String(100)),
    _column("origin_version", sa.String(40)),
    _column("kind", sa.String(60)),
    _column("schema_version", sa.Integer),
    _column("payload", Json),
    _column("reason", Code, null=True),
    _column("address_ref", sa.String(200), null=True),
    _column("note_ref", sa.String(200), null=True),
    comment="the timelines; never rewritten",
)

texts = sa.Table(
    "texts",
    metadata,
    _column("subject_kind", sa.String(20), primary_key=True),
    _column("subject_id", sa.String(100), primary_key=True),
    _column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    _column("path", sa.String(120), primary_key=True),
    _column("text", sa.Text, null=True),
    comment="personal values and free text that facts refer to; erased by setting text to NULL",
)

persons = sa.Table(
    "persons",
    metadata,
    _column("id", Big, primary_key=True, autoincrement=False),
    _column("kind", sa.String(20)),
    _column("tax_id", sa.String(40), null=True, unique=True),
    comment="snapshot: persons known once; the tax id is erasable",
)

customers = sa.Table(
    "customers",
    metadata,
    _column("id", Big, primary_key=True, autoincrement=False),
    _column("person_id", Big, sa.ForeignKey("persons.id"), index=True),
    _column("code", sa.String(40), unique=True),
    _column("version", sa.Integer),
    _column("charge_method", Code, null=True),
    _column("due_day", sa.Integer, null=True),
    _column("allows_discounts", sa.Boolean),
    comment="snapshot",
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _column("id", Big, primary_key=True, autoincrement=False),
    _column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    _column("version", sa.Integer),
    _column("plan", Code),
    _column("unit", Code),
    _column("status", Code),
    _column("bucket", sa.String(20), index=True),
    _column("moves_on", sa.Date, null=True),
    _column("started_on", sa.Date),
    _column("ended_on", sa.Date, null=True),
    _column("deleted_on", sa.Date, null=True),
    _column("anchor_every", sa.String(20), server_default="month"),
    _column("anchor_kind", sa.String(20)),
    _column("anchor_day", sa.Integer),
    _column("anchor_on", sa.Date, null=True),
    _column("anchor_phase", sa.Integer),
    _column("closing_move", sa.Integer),
    _column("advance", sa.Boolean),
    _column("address_id", Code, null=True),
    _column("contract_ref", sa.String(100), null=True),
    _column("previous_id", Big, null=True),
    _column("successor_id", Big, null=True),
    _column("foreign_system", sa.String(100), null=True),
    _column("foreign_id", sa.String(100), null=True),
    _column("closed_through", sa.Date, null=True),
    _column("dirty_from", sa.Date, null=True),
    _column("last_fact", sa.Integer, server_default="0"),
    _column("due_from", sa.Date, null=True),
    _column("quiet_until", sa.Date, null=True),
    _column("profile_id", sa.String(64), null=True),
    sa.UniqueConstraint("foreign_system", "foreign_id"),
    comment="snapshot, with the version that guards writers and what closing reached; the last four columns "
    "are set by closings and cleared by commands: before due_from nothing is due, NULL means to look",
)

catalog_entries = sa.Table(
    "catalog_entries",
    metadata,
    _column("section", Code, primary_key=True),
    _column("code", sa.String(81), primary_key=True),
    _column("version", sa.Integer),
    _column("document", Json),
    comment="snapshot: the catalogue as it stands",
)

terms = sa.Table(
    "terms",
    metadata,
    _column("id", sa.String(64), primary_key=True),
    _column("rule_version", sa.Integer),
    _column("document", Json),
    comment="what closings read, once for each different content",
)

profiles = sa.Table(
    "profiles",
    metadata,
    _column("id", sa.String(64), primary_key=True),
    _column("document", Json),
    comment="what quiet subscriptions are billed by, once for each different content",
)

closings = sa.Table(
    "closings",
    metadata,
    _column("subscription_id", Big, sa.ForeignKey("subscriptions.id"), primary_key=True),
    _column("cycle_start", sa.Date, primary_key=True),
    _column("closing_move", sa.Integer, primary_key=True, autoincrement=False),
    _column("cycle_end", sa.Date),
    _column("terms_id", sa.String(64), sa.ForeignKey("terms.id")),
    _column("closed_on", sa.Date),
    _column("billed_through", sa.Date, null=True),
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
        *(_column(name, kind) for name, kind in _KEY),
        _column("customer_id", Big, sa.ForeignKey("customers.id")),
        _column("amount", Big),
        _column("currency", sa.String(3)),
        _column("description", sa.String(200)),
        _column("account", Code),
        _column("company", Code),
        _column("document_type", Code),
    )


charges = sa.Table(
    "charges",
    metadata,
    _column("id", sa.String(200), primary_key=True),
    *_booking(),
    _column("line_charge_method", Code, null=True),
    _column("fact", sa.Integer),
    _column("kind", sa.String(10)),
    _column("issued_on", sa.Date),
    _column("days", sa.Integer),
    _column("days_of", sa.Integer),
    _column("weight", sa.Integer),
    _column("weight_of", sa.Integer),
    _column("rule_version", sa.Integer),
    _column("through", sa.Date, null=True),
    sa.Index("ix_charges_subscription_id_cycle_start", "subscription_id", "cycle_start"),
    sa.CheckConstraint("amount >= 0", name="amount_not_negative"),
    comment="charges and credits; the id is the identity of a charge and the last fact considered",
)

receivables = sa.Table(
    "receivables",
    metadata,
    _column("id", sa.String(200), sa.ForeignKey("charges.id"), primary_key=True),
    *_booking(),
    _column("line_charge_method", Code, null=True),
    _column("charge_method", Code),
    _column("due_on", sa.Date, index=True),
    _column("issued_on", sa.Date),
    _column("accrual_month", sa.Date),
    _column("document_accrual_month", sa.Date),
    _column("separate_slip", sa.Boolean),
    _column("separate_document", sa.Boolean),
    sa.Index("ix_receivables_customer_id", "customer_id"),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="amounts to receive: one line of one closing",
)

payments = sa.Table(
    "payments",
    metadata,
    _column("id", sa.String(160), primary_key=True),
    _column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    _column("company", Code),
    _column("amount", Big),
    _column("currency", sa.String(3)),
    _column("paid_on", sa.Date),
    _column("provider", sa.String(40)),
    _column("provider_id", sa.String(100)),
    _column("recorded_at", UtcInstant),
    _column("actor", sa.String(100)),
    _column("command_id", sa.String(64)),
    sa.UniqueConstraint("provider", "provider_id"),
    comment="money that arrived; the provider's id is recorded once",
)

_MOVES_BALANCE = sa.text("receivable_id IS NULL OR source_kind = 'balance'")

allocations = sa.Table(
    "allocations",
    metadata,
    _column("source_kind", sa.String(10), primary_key=True),
    _column("source", sa.String(240), primary_key=True),
    _column("target", sa.String(200), primary_key=True),
    _column("receivable_id", sa.String(200), sa.ForeignKey("receivables.id"), null=True, index=True),
    _column("customer_id", Big, sa.ForeignKey("customers.id")),
    _column("company", Code),
    _column("currency", sa.String(3)),
    _column("amount", Big),
    _column("allocated_on", sa.Date),
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
    _column("id", sa.String(64), primary_key=True),
    _column("closed_on", sa.Date),
    _column("started_at", UtcInstant),
    _column("finished_at", UtcInstant, null=True),
    _column("actor", sa.String(100)),
    _column("customer_id", Big, null=True),
    _column("summary", Json, null=True),
    comment="closings that were run, and what they came to",
)

run_slices = sa.Table(
    "run_slices",
    metadata,
    _column("run_id", sa.String(64), sa.ForeignKey("runs.id"), primary_key=True),
    _column("first_customer", Big, primary_key=True, autoincrement=False),
    _column("last_customer", Big),
    _column("summary", Json),
    comment="what each slice of a closing came to, committed together with its entries",
)

secrets = sa.Table(
    "secrets",
    metadata,
    _column("ref", sa.String(100), primary_key=True),
    _column("key_id", sa.String(64)),
    _column("ciphertext", sa.LargeBinary),
    comment="secrets at rest; everything else holds a reference",
)
