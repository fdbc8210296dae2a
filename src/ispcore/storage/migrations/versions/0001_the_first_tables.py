"""The first tables: facts, snapshots, the catalogue, the books, and what later chapters lean on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "actors",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("permissions", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
        comment="actors that the provider's own system keeps here, with their permissions",
    )
    op.create_table(
        "catalog_entries",
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=81), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("section", "code", name=op.f("pk_catalog_entries")),
        comment="snapshot: the catalogue as it stands",
    )
    op.create_table(
        "facts",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("origin_version", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("address_ref", sa.String(length=200), nullable=True),
        sa.Column("note_ref", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", "sequence", name=op.f("pk_facts")),
        comment="the timelines; never rewritten",
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facts_command_id"), ["command_id"], unique=False)

    op.create_table(
        "numbers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("next", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_numbers")),
        comment="the next free number of customers, persons, subscriptions",
    )
    op.create_table(
        "persons",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("tax_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("tax_id", name=op.f("uq_persons_tax_id")),
        comment="snapshot: persons known once; the tax id is erasable",
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        comment="closings that were run, and what they came to",
    )
    op.create_table(
        "secrets",
        sa.Column("ref", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_secrets")),
        comment="secrets at rest; everything else holds a reference",
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        comment="what closings read, once for each different content",
    )
    op.create_table(
        "texts",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=100), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", "sequence", "path", name=op.f("pk_texts")),
        comment="personal values and free text that facts refer to; erased by setting text to NULL",
    )
    op.create_table(
        "customers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("charge_method", sa.String(length=40), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("allows_discounts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_customers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("code", name=op.f("uq_customers_code")),
        comment="snapshot",
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "charges",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("subscription_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=False),
        sa.Column("cycle_end", sa.Date(), nullable=False),
        sa.Column("closing_moves", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("line_charge_method", sa.String(length=40), nullable=True),
        sa.Column("fact", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("days_of", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("weight_of", sa.Integer(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_charges_amount_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_charges_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        comment="charges and credits; the id is the identity of a charge and the last fact considered",
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index(
            "ix_charges_subscription_id_cycle_start", ["subscription_id", "cycle_start"], unique=False
        )

    op.create_table(
        "payments",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payments_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("provider", "provider_id", name=op.f("uq_payments_provider_provider_id")),
        comment="money that arrived; the provider's id is recorded once",
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("bucket", sa.String(length=20), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("deleted_on", sa.Date(), nullable=True),
        sa.Column("anchor_kind", sa.String(length=20), nullable=False),
        sa.Column("anchor_day", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("anchor_phase", sa.Integer(), nullable=False),
        sa.Column("closing_moves", sa.Integer(), nullable=False),
        sa.Column("advance", sa.Boolean(), nullable=False),
        sa.Column("address_id", sa.String(length=40), nullable=True),
        sa.Column("contract_ref", sa.String(length=100), nullable=True),
        sa.Column("previous_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("foreign_system", sa.String(length=100), nullable=True),
        sa.Column("foreign_id", sa.String(length=100), nullable=True),
        sa.Column("closed_through", sa.Date(), nullable=True),
        sa.Column("dirty_from", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_subscriptions_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "foreign_system", "foreign_id", name=op.f("uq_subscriptions_foreign_system_foreign_id")
        ),
        comment="snapshot, with the version that guards writers and what closing reached",
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_bucket"), ["bucket"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscriptions_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "closings",
        sa.Column("subscription_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=False),
        sa.Column("closing_moves", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cycle_end", sa.Date(), nullable=False),
        sa.Column("terms_id", sa.String(length=64), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_closings_subscription_id")
        ),
        sa.ForeignKeyConstraint(["terms_id"], ["terms.id"], name=op.f("fk_closings_terms_id")),
        sa.PrimaryKeyConstraint("subscription_id", "cycle_start", "closing_moves", name=op.f("pk_closings")),
        comment="closed cycles, each with the terms that it is pinned to",
    )
    op.create_table(
        "receivables",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("subscription_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("cycle_start", sa.Date(), nullable=False),
        sa.Column("cycle_end", sa.Date(), nullable=False),
        sa.Column("closing_moves", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("line_charge_method", sa.String(length=40), nullable=True),
        sa.Column("charge_method", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("accrual_month", sa.Date(), nullable=False),
        sa.Column("document_accrual_month", sa.Date(), nullable=False),
        sa.Column("separate_slip", sa.Boolean(), nullable=False),
        sa.Column("separate_document", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receivables_amount_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_receivables_customer_id")),
        sa.ForeignKeyConstraint(["id"], ["charges.id"], name=op.f("fk_receivables_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receivables")),
        comment="amounts to receive: one line of one closing",
    )
    with op.batch_alter_table("receivables", schema=None) as batch_op:
        batch_op.create_index("ix_receivables_customer_id", ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receivables_due_on"), ["due_on"], unique=False)

    op.create_table(
        "allocations",
        sa.Column("source_kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=240), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("receivable_id", sa.String(length=200), nullable=True),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocations_amount_positive")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_allocations_customer_id")),
        sa.ForeignKeyConstraint(
            ["receivable_id"], ["receivables.id"], name=op.f("fk_allocations_receivable_id")
        ),
        sa.PrimaryKeyConstraint("source_kind", "source", "target", name=op.f("pk_allocations")),
        comment="what payments, credits and balances were put to; target is the receivable or 'balance'",
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index("ix_allocations_customer_id", ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_receivable_id"), ["receivable_id"], unique=False)


def downgrade() -> None:
    """Undo the change."""
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocations_receivable_id"))
        batch_op.drop_index("ix_allocations_customer_id")

    op.drop_table("allocations")
    with op.batch_alter_table("receivables", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receivables_due_on"))
        batch_op.drop_index("ix_receivables_customer_id")

    op.drop_table("receivables")
    op.drop_table("closings")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_customer_id"))
        batch_op.drop_index(batch_op.f("ix_subscriptions_bucket"))

    op.drop_table("subscriptions")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_customer_id"))

    op.drop_table("payments")
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.drop_index("ix_charges_subscription_id_cycle_start")

    op.drop_table("charges")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_person_id"))

    op.drop_table("customers")
    op.drop_table("texts")
    op.drop_table("terms")
    op.drop_table("secrets")
    op.drop_table("runs")
    op.drop_table("persons")
    op.drop_table("numbers")
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facts_command_id"))

    op.drop_table("facts")
    op.drop_table("catalog_entries")
    op.drop_table("actors")
