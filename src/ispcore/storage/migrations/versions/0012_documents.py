"""Fiscal documents, their lines and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ASKED = sa.text("try_at IS NOT NULL")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "documents",
        sa.Column("id", _Big, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", _Big, nullable=True),
        sa.Column("customer_id", _Big, nullable=False),
        sa.Column("company", sa.String(length=40), nullable=False),
        sa.Column("document_type", sa.String(length=40), nullable=False),
        sa.Column("accrual_month", sa.Date(), nullable=False),
        sa.Column("apart", _Big, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("message", sa.String(length=2000), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_documents_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        comment="fiscal documents; the state is the last of document_states, try_at says that the issuer "
        "must be asked",
    )
    op.create_index(op.f("ix_documents_customer_id"), "documents", ["customer_id"])
    op.create_index(
        "ix_documents_try_at", "documents", ["try_at"], sqlite_where=_ASKED, postgresql_where=_ASKED
    )
    op.create_table(
        "document_lines",
        sa.Column("document_id", _Big, nullable=False),
        sa.Column("receivable_id", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount", _Big, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_document_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_lines_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["receivable_id"], ["receivables.id"], name=op.f("fk_document_lines_receivable_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "receivable_id", name=op.f("pk_document_lines")),
        comment="what stands on a document; never changed",
    )
    op.create_index(op.f("ix_document_lines_receivable_id"), "document_lines", ["receivable_id"])
    op.create_table(
        "document_states",
        sa.Column("document_id", _Big, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_states_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "sequence", name=op.f("pk_document_states")),
        comment="what became of a document, when, and by whom; only appended",
    )
    op.drop_index("ix_receivables_customer_id", "receivables")
    op.create_index("ix_receivables_customer_id", "receivables", ["customer_id", "due_on"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_receivables_customer_id", "receivables")
    op.create_index("ix_receivables_customer_id", "receivables", ["customer_id"])
    op.drop_table("document_states")
    op.drop_table("document_lines")
    op.drop_table("documents")
