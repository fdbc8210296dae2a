"""Numbers that people see: customers, persons, subscriptions. Never given twice; gaps may remain."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.tables import numbers
from ispcore.storage.upsert import insert_or

MOST = 2**63 - 1
"""The highest number that a database holds."""


def take(connection: sa.Connection, name: str, count: int = 1) -> int:
    """Reserve *count* numbers of this *name* and return the first."""
    first = insert_or(connection, numbers).values(name=name, next=1 + count)
    # One statement, so that of two who take the very first number one waits for the other.
    raised = first.on_conflict_do_update(index_elements=["name"], set_={"next": numbers.c.next + count})
    return int(connection.execute(raised.returning(numbers.c.next)).scalar_one()) - count
