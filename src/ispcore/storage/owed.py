"""What customers owe as a closing settles it: what is open of receivables, and what of them was let go."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ispcore.billing import REOPENING, LetGo, Receivable, SourceKind
from ispcore.storage import rows as r
from ispcore.storage.accounts import SETTLED
from ispcore.storage.bulk import among
from ispcore.storage.tables import allocations, receivables
from ispcore.values import ChargeId, CustomerId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.values import SubscriptionId

_FACT = re.compile(r":[0-9]+(:[0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")
"""The end of an entry's name: the fact, and how far an open cycle was billed."""


def _sum_of(more: Sequence[SourceKind], less: Sequence[SourceKind] = ()) -> sa.ColumnElement[int]:
    """Return how much was put to receivables by some kinds of sources, *less* that of others."""
    kind, amount = allocations.c.source_kind, allocations.c.amount
    lowers = (kind.in_([one.value for one in less]), -amount)
    return sa.func.sum(sa.case((kind.in_([one.value for one in more]), amount), lowers, else_=0))


class Owed(NamedTuple):
    """What is open of receivables by customer, what of it was reopened, and what was let go of them."""

    open: dict[CustomerId, list[tuple[Receivable, int]]]
    reopened: dict[ChargeId, int]
    let_go: dict[ChargeId, LetGo]


def owed_by(
    connection: sa.Connection, customers: Sequence[CustomerId], only: Sequence[SubscriptionId] | None
) -> Owed:
    """Return what is open or was let go, and how much was open again after something was taken back."""
    found = Owed(defaultdict(list), {}, {})
    if not customers:
        return found
    put = _put(customers)
    left = receivables.c.amount - sa.func.coalesce(put.c.put, 0)
    unpaid = (left > 0) | (put.c.waived > 0) | (put.c.written > 0) | (put.c.agreed > 0)
    wanted = (
        sa.select(receivables, left.label("open"), put.c.reopened, put.c.waived, put.c.written, put.c.agreed)
        .outerjoin(put, put.c.receivable_id == receivables.c.id)
        .where(receivables.c.customer_id.in_(customers), unpaid)
    )
    if only is not None:
        wanted = wanted.where(receivables.c.subscription_id.in_(only))
    rows = connection.execute(wanted).all()
    agreed = _agreed(connection, [row.id for row in rows if row.agreed])
    for row in rows:
        name = ChargeId(row.id)
        found.open[row.customer_id].append((r.receivable_of(row), int(row.open)))
        if row.reopened:
            found.reopened[name] = int(row.reopened)
        if row.waived or row.written or row.agreed:
            found.let_go[name] = LetGo(int(row.waived), int(row.written), agreed.get(name, {}))
    return found


def _agreed(connection: sa.Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return how much of receivables each agreement stands for, less what credits lowered of it."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    these = among(connection, allocations.c.receivable_id, ids)
    wanted = sa.select(allocations).where(these, allocations.c.source_kind == SourceKind.AGREEMENT.value)
    holders: set[int] = set()
    for row in connection.execute(wanted.order_by(allocations.c.source)) if ids else ():
        found[row.receivable_id][row.source] = row.amount
        holders.add(row.customer_id)
    names = sorted({agreement for parts in found.values() for agreement in parts})
    lowered = (
        sa.select(receivables.c.item, allocations.c.source, allocations.c.amount)
        .join(receivables, receivables.c.id == allocations.c.receivable_id)
        .where(
            allocations.c.customer_id.in_(holders),
            receivables.c.item.in_(names),
            allocations.c.source_kind == SourceKind.CREDIT.value,
        )
    )
    for row in connection.execute(lowered) if names else ():
        for receivable, parts in found.items():
            if row.item in parts and _key_of(receivable) == _key_of(row.source):
                parts[row.item] -= row.amount
    return found


def _key_of(entry: str) -> str:
    """Return the part of an entry's name that its charges and credits share."""
    return _FACT.sub("", entry)


def _put(customers: Sequence[CustomerId]) -> sa.Subquery:
    """Return what was put to each receivable of *customers*, and what of that was never paid."""
    return (
        sa.select(
            allocations.c.receivable_id,
            sa.func.sum(SETTLED).label("put"),
            _sum_of(sorted(REOPENING, key=lambda kind: kind.value)).label("reopened"),
            _sum_of([SourceKind.WAIVER], [SourceKind.UNWAIVED]).label("waived"),
            _sum_of([SourceKind.WRITE_OFF], [SourceKind.UNWRITTEN]).label("written"),
            _sum_of([SourceKind.AGREEMENT]).label("agreed"),
        )
        .where(allocations.c.customer_id.in_(customers), allocations.c.receivable_id.is_not(None))
        .group_by(allocations.c.receivable_id)
        .subquery()
    )
