"""Numbers that people see: customers, persons, subscriptions. Never given twice; gaps may remain."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.tables import numbers

MOST = 2**63 - 1
"""The highest number that a database holds."""


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Reserve *count* numbers of this *name* and return the first."""
    raised = sa.update(numbers).where(numbers.c.name == name).values(next=numbers.c.next + count)
    row = connection.execute(raised.returning(numbers.c.next)).one_or_none()
    if row is not None:
        return int(row.next) - count
    connection.execute(sa.insert(numbers), {"name": name, "next": 1 + count})
    return 1
