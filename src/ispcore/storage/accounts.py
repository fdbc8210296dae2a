"""What customers owe, beside closings: amounts raised, where money was put, what is still open."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.billing import REOPENING, ReceivableBalance, SourceKind, raised
from ispcore.storage import rows as r
from ispcore.storage.bulk import among
from ispcore.storage.numbers import take
from ispcore.storage.tables import allocations, charges, receivables
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ispcore.billing import Allocation, Receivable
    from ispcore.storage.turns import NoTurns

_REOPENS = sorted(kind.value for kind in REOPENING)
SETTLED = sa.case(
    (allocations.c.source_kind.in_(_REOPENS), -allocations.c.amount), else_=allocations.c.amount
)
"""How much less is open of a receivable by an allocation to it."""


def put_to(connection: sa.Connection, put: Sequence[Allocation]) -> None:
    """Append where amounts were *put*, and note which receivables are settled by it."""
    if not put:
        return
    connection.execute(sa.insert(allocations), [r.allocation_row(one) for one in put])
    touched = sorted({one.receivable for one in put if one.receivable is not None})
    if touched:
        settled = sa.select(sa.func.sum(SETTLED)).where(allocations.c.receivable_id == receivables.c.id)
        whole = sa.func.coalesce(settled.scalar_subquery(), 0) >= receivables.c.amount
        these = among(connection, receivables.c.id, touched)
        connection.execute(sa.update(receivables).where(these).values(settled=whole))


def settled_by_kind(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Mapping[SourceKind, int]]:
    """Return what was put to receivables, in minor units by the kind of the source."""
    found: dict[str, dict[SourceKind, int]] = defaultdict(lambda: defaultdict(int))
    columns: tuple[Any, ...] = (allocations.c.receivable_id, allocations.c.source_kind, allocations.c.amount)
    these = among(connection, allocations.c.receivable_id, ids)
    for row in connection.execute(sa.select(*columns).where(these)) if ids else ():
        found[row.receivable_id][SourceKind(row.source_kind)] += row.amount
    return found


class AccountStore:
    """What customers owe and what became of it."""

    def __init__(self, connection: sa.Connection, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._turns = turns

    def turns(self, customers: Sequence[CustomerId]) -> None:
        """Wait until nobody else changes what these *customers* owe, and keep others waiting."""
        self._turns.customers(customers)

    def raise_all(self, asked: Sequence[Receivable]) -> None:
        """Append amounts to receive that no closing made, each with its charge."""
        if asked:
            self._connection.execute(sa.insert(charges), [r.charge_row(raised(one)) for one in asked])
            self._connection.execute(sa.insert(receivables), [r.raised_row(one) for one in asked])

    def put(self, put: Sequence[Allocation]) -> None:
        """Append where amounts were *put*."""
        put_to(self._connection, put)

    def new_number(self, count: int = 1) -> int:
        """Reserve *count* numbers for amounts that no closing makes, and return the first."""
        return take(self._connection, "debit", count)

    def open(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[ReceivableBalance, ...]]:
        """Return what these *customers* still owe, the first due first, read in bulk."""
        theirs = among(self._connection, receivables.c.customer_id, customers)
        wanted = sa.select(receivables).where(theirs, ~receivables.c.settled)
        rows = self._connection.execute(wanted).all()
        put = settled_by_kind(self._connection, [row.id for row in rows])
        found: dict[CustomerId, list[ReceivableBalance]] = {customer: [] for customer in customers}
        for one in sorted(map(r.receivable_of, rows), key=lambda one: (one.due_on, one.id)):
            found[one.customer].append(ReceivableBalance.of(one, put.get(one.id, {})))
        return {customer: tuple(mine) for customer, mine in found.items()}

    def owing(self, due_by: date, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers who owe something due on *due_by* or before, by number, beginning *after* one."""
        customer = receivables.c.customer_id
        wanted = sa.select(customer).where(
            ~receivables.c.settled, receivables.c.due_on <= due_by, customer > after
        )
        found = self._connection.scalars(wanted.distinct().order_by(customer).limit(limit))
        return tuple(CustomerId(number) for number in found)
