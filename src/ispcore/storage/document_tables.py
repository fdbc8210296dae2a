"""The tables of fiscal documents: each with its lines, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, Json, UtcInstant, column, metadata

documents = sa.Table(
    "documents",
    metadata,
    column("id", Big, primary_key=True, autoincrement=False),
    column("kind", sa.String(20)),
    column("about", Big, null=True),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("company", Code),
    column("document_type", Code),
    column("accrual_month", sa.Date),
    column("apart", Big, null=True),
    column("currency", sa.String(3)),
    column("asked_on", sa.Date),
    column("text", sa.Text),
    column("issuer", Code),
    column("state", sa.String(20)),
    column("reference", sa.String(200), null=True),
    column("message", sa.String(2000), null=True),
    column("attempts", sa.Integer, server_default="0"),
    column("try_at", UtcInstant, null=True),
    sa.Index(
        "ix_documents_try_at",
        "try_at",
        sqlite_where=sa.text("try_at IS NOT NULL"),
        postgresql_where=sa.text("try_at IS NOT NULL"),
    ),
    comment="fiscal documents; the state is the last of document_states, try_at says that the issuer must be "
    "asked",
)

document_lines = sa.Table(
    "document_lines",
    metadata,
    column("document_id", Big, sa.ForeignKey("documents.id"), primary_key=True),
    column("receivable_id", sa.String(200), sa.ForeignKey("receivables.id"), primary_key=True, index=True),
    column("description", sa.String(200)),
    column("account", Code),
    column("amount", Big),
    sa.CheckConstraint("amount > 0", name="amount_positive"),
    comment="what stands on a document; never changed",
)

document_states = sa.Table(
    "document_states",
    metadata,
    column("document_id", Big, sa.ForeignKey("documents.id"), primary_key=True),
    column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    column("state", sa.String(20)),
    column("at", UtcInstant),
    column("actor", sa.String(100)),
    column("details", Json),
    comment="what became of a document, when, and by whom; only appended",
)
