"""The table of contracts; which subscriptions belong to one, stands with the subscriptions."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.columns import Big, Code, column, metadata

contracts = sa.Table(
    "contracts",
    metadata,
    column("number", sa.String(40), primary_key=True),
    column("customer_id", Big, sa.ForeignKey("customers.id"), index=True),
    column("version", sa.Integer),
    column("template", Code),
    column("sold_on", sa.Date, index=True),
    column("salesperson", sa.String(100), null=True),
    column("acceptance", sa.String(20)),
    comment="snapshot: what customers and the provider agreed",
)
