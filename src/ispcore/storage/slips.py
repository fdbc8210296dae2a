"""Slips in the database: rows and lines; their states are folded when they are read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.billing import ReceivableBalance, SlipState, SourceKind
from ispcore.errors import NotFoundError
from ispcore.plans import SlipTerms
from ispcore.storage import rows as r
from ispcore.storage import slip_rows as s
from ispcore.storage.accounts import settled_by_kind
from ispcore.storage.bulk import among
from ispcore.storage.converters import from_plain
from ispcore.storage.numbers import MOST, take
from ispcore.storage.slip_tables import slip_lines, slips
from ispcore.storage.tables import allocations, receivables, subscriptions
from ispcore.storage.tables import customers as customer_table
from ispcore.usecases.slip_stores import HowSlips
from ispcore.values import ChargeId, CustomerId, SlipId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ispcore.billing import Slip
    from ispcore.usecases.slip_stores import SlipQuery, Stamp
    from ispcore.values import BookId

_ON_SLIP = slip_lines.join(receivables, slip_lines.c.receivable_id == receivables.c.id)
_WAITS = slip_lines.c.stands & ~receivables.c.settled

_OWED = receivables.outerjoin(
    slip_lines, (slip_lines.c.receivable_id == receivables.c.id) & slip_lines.c.stands
)
_OTHER = slip_lines.alias("other")
_LOWERING = [kind.value for kind in SourceKind if kind not in {SourceKind.PAYMENT, SourceKind.BALANCE}]
_MAY_DIFFER = slip_lines.c.slip_id.is_(None) | sa.exists(
    sa.select(sa.literal(1))
    .select_from(_OTHER.join(allocations, allocations.c.receivable_id == _OTHER.c.receivable_id))
    .where(_OTHER.c.slip_id == slip_lines.c.slip_id, allocations.c.source_kind.in_(_LOWERING))
    .correlate(slip_lines)
)


class SlipStore:
    """What was sent to be paid."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def new_number(self, count: int) -> int:
        """Reserve *count* numbers of slips and return the first."""
        return take(self._connection, "slip", count)

    def get(self, slip: SlipId) -> Slip:
        """Return a slip, or raise NotFoundError."""
        found = self.some(slips.c.id == slip) if 0 <= slip <= MOST else ()
        if not found:
            raise NotFoundError("slip", slip, hint="'ispcore slips list' lists them.")
        return found[0]

    def standing(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[Slip, ...]]:
        """Return the slips on which these *customers* owe something still, read in bulk."""
        theirs = among(self._connection, receivables.c.customer_id, customers)
        waiting = sa.select(slip_lines.c.slip_id).select_from(_ON_SLIP).where(theirs, _WAITS).distinct()
        found: dict[CustomerId, list[Slip]] = {customer: [] for customer in customers}
        for slip in self.some(slips.c.id.in_(waiting)):
            found[slip.customer].append(slip)
        return {customer: tuple(mine) for customer, mine in found.items()}

    def of_receivables(self, wanted: Sequence[ChargeId]) -> Mapping[ChargeId, Slip]:
        """Return the slip that each of these receivables stands on; those on none are left out."""
        if not wanted:
            return {}
        these = among(self._connection, slip_lines.c.receivable_id, wanted) & slip_lines.c.stands
        rows = self._connection.execute(
            sa.select(slip_lines.c.receivable_id, slip_lines.c.slip_id).where(these)
        )
        on = {ChargeId(row.receivable_id): row.slip_id for row in rows}
        known = {
            slip.id: slip for slip in self.some(among(self._connection, slips.c.id, sorted(set(on.values()))))
        }
        return {receivable: known[number] for receivable, number in on.items()}

    def balances(self, wanted: Sequence[ChargeId]) -> Mapping[ChargeId, ReceivableBalance]:
        """Return receivables with what became of them, read in bulk."""
        if not wanted:
            return {}
        these = among(self._connection, receivables.c.id, wanted)
        found = map(r.receivable_of, self._connection.execute(sa.select(receivables).where(these)))
        put = settled_by_kind(self._connection, wanted)
        return {one.id: ReceivableBalance.of(one, put.get(one.id, {})) for one in found}

    def to_look_at(self, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, whose slips may not be what they should be.

        They owe something that stands on no slip, or something on a slip of theirs was lowered.
        """
        customer = receivables.c.customer_id
        wanted = (
            sa.select(customer)
            .select_from(_OWED)
            .where(~receivables.c.settled, customer > after, _MAY_DIFFER)
        )
        found = self._connection.scalars(wanted.distinct().order_by(customer).limit(limit))
        return tuple(CustomerId(number) for number in found)

    def how(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, HowSlips]:
        """Return how the slips of these *customers* are made."""
        own: dict[CustomerId, dict[SubscriptionId, SlipTerms]] = defaultdict(dict)
        theirs = among(self._connection, subscriptions.c.customer_id, customers)
        columns = (subscriptions.c.id, subscriptions.c.customer_id, subscriptions.c.slip_terms)
        chosen = sa.select(*columns).where(theirs, subscriptions.c.slip_terms.is_not(None))
        for row in self._connection.execute(chosen):
            own[CustomerId(row.customer_id)][SubscriptionId(row.id)] = from_plain(row.slip_terms, SlipTerms)
        these = among(self._connection, customer_table.c.id, customers) & customer_table.c.slip_fee_exempt
        exempt = set(self._connection.scalars(sa.select(customer_table.c.id).where(these)))
        return {customer: HowSlips(customer in exempt, own.get(customer, {})) for customer in customers}

    def listed(self, query: SlipQuery) -> tuple[Slip, ...]:
        """Return the slips that *query* asks for, by number."""
        where = [slips.c.id > query.after, *s.conditions(query)]
        if query.subscription is not None:
            its = receivables.c.subscription_id == query.subscription
            where.append(slips.c.id.in_(sa.select(slip_lines.c.slip_id).select_from(_ON_SLIP).where(its)))
        if query.waiting:
            waiting = sa.select(slip_lines.c.slip_id).select_from(_ON_SLIP).where(_WAITS)
            where.append(slips.c.id.in_(waiting))
        numbers = sa.select(slips.c.id).where(*where).order_by(slips.c.id).limit(query.limit)
        return self.some(slips.c.id.in_(numbers))

    def some(self, where: sa.ColumnElement[bool]) -> tuple[Slip, ...]:
        """Return the slips that fulfil *where*, by number."""
        rows = self._connection.execute(sa.select(slips).where(where).order_by(slips.c.id)).all()
        if not rows:
            return ()
        lines: dict[int, list[Any]] = defaultdict(list)
        these = among(self._connection, slip_lines.c.slip_id, [row.id for row in rows])
        for line in self._connection.execute(sa.select(slip_lines).where(these)):
            lines[line.slip_id].append(line)
        names = sorted({line.receivable_id for mine in lines.values() for line in mine})
        balances = self.balances([ChargeId(name) for name in names])
        return tuple(s.slip_of(row, lines[row.id], balances) for row in rows)

    def add(self, issued: Sequence[Slip], stamp: Stamp) -> None:
        """Keep new slips."""
        if issued:
            self._connection.execute(sa.insert(slips), [s.slip_row(slip, stamp) for slip in issued])
            self._connection.execute(
                sa.insert(slip_lines), [row for slip in issued for row in s.line_rows(slip)]
            )

    def stand_no_more(self, ended: Sequence[SlipId]) -> None:
        """Let the amounts of slips go, so that others may ask for them."""
        if ended:
            these = among(self._connection, slip_lines.c.slip_id, ended)
            self._connection.execute(sa.update(slip_lines).where(these).values(stands=False))

    def end(self, ended: Mapping[SlipId, SlipId | None], on: date) -> None:
        """Note by which slip each of *ended* was replaced; None: it was cancelled."""
        rows = [
            {
                "number": number,
                "said": (SlipState.CANCELLED if successor is None else SlipState.REPLACED).value,
                "day": on,
                "successor": successor,
            }
            for number, successor in ended.items()
        ]
        columns = {"ended": "said", "ended_on": "day", "replaced_by": "successor"}
        values: dict[str, Any] = {column: sa.bindparam(name) for column, name in columns.items()}
        if rows:
            changed = sa.update(slips).where(slips.c.id == sa.bindparam("number")).values(values)
            self._connection.execute(changed, rows)

    def put_in_book(self, these: Sequence[SlipId], book: BookId) -> None:
        """Note that slips belong to a payment book."""
        chosen = among(self._connection, slips.c.id, these)
        self._connection.execute(sa.update(slips).where(chosen).values(book_id=book))

    def stale(self, customer: CustomerId) -> Sequence[tuple[str, str, str]]:
        """Return what does not follow: of which slip, against which rule, and what was found."""
        return tuple(s.stale(self._connection, customer))
