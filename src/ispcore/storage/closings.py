"""What closings found, appended in bulk: charges, receivables, allocations, closed cycles and their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import evolve

from ispcore.errors import ConcurrentChangeError
from ispcore.storage import rows as r
from ispcore.storage.converters import digest
from ispcore.storage.tables import allocations, charges, closings, receivables, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ispcore.billing import ClosedSubscription, Closing, Terms
    from ispcore.storage.subscriptions import SubscriptionStore
    from ispcore.usecases.ports import SubscriptionRow
    from ispcore.values import SubscriptionId


class ClosingWriter:
    """Appends closings to the books."""

    def __init__(self, connection: sa.Connection, subscriptions: SubscriptionStore) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._subscriptions = subscriptions

    def save(self, found: Sequence[tuple[Closing, Sequence[SubscriptionRow]]], on: date) -> None:
        """Append what closings of some customers found, in bulk.

        Raises:
            ConcurrentChangeError: a subscription was changed, or closed by somebody else, meanwhile.
        """
        known = {row.id: row for _, rows in found for row in rows}
        every = [one for closing, _ in found for one in closing.subscriptions]
        self._subscriptions.close(_moved(known, every))
        names = self._pin([used for one in every for _, used in (*one.closed, *one.repinned)])
        try:
            self._insert(charges, [r.charge_row(entry) for one in every for entry in one.entries])
            self._insert(receivables, [r.receivable_row(each) for one in every for each in one.receivables])
            put = [allocation for closing, _ in found for allocation in closing.allocations]
            self._insert(allocations, [r.allocation_row(allocation) for allocation in put])
            self._insert(closings, [row for one in every for row in _closed_rows(one, names, on)])
        except sa.exc.IntegrityError as error:
            subjects = ", ".join(str(one.subscription) for one in every)
            raise ConcurrentChangeError("subscription", subjects) from error
        self._repin([row for one in every for row in _repinned_rows(one, names)])

    def _pin(self, used: Iterable[Terms]) -> dict[int, str]:
        """Keep terms, once for each different content, and return their names by identity."""
        each = {id(one): one for one in used}
        digests = {key: digest(one) for key, one in each.items()}
        names = {name for name, _ in digests.values()}
        stored = set(self._connection.scalars(sa.select(terms.c.id).where(terms.c.id.in_(names))))
        new = {
            name: {"id": name, "rule_version": each[key].rule_version, "document": plain}
            for key, (name, plain) in digests.items()
            if name not in stored
        }
        self._insert(terms, list(new.values()))
        return {key: name for key, (name, _) in digests.items()}

    def _repin(self, moved: list[dict[str, Any]]) -> None:
        if moved:
            same = (
                (closings.c.subscription_id == sa.bindparam("subscription"))
                & (closings.c.cycle_start == sa.bindparam("start"))
                & (closings.c.closing_moves == sa.bindparam("moves"))
            )
            changed = sa.update(closings).where(same).values(terms_id=sa.bindparam("name"))
            self._connection.execute(changed, moved)

    def _insert(self, table: sa.Table, new: list[dict[str, Any]]) -> None:
        if new:
            self._connection.execute(sa.insert(table), new)


def _moved(
    known: Mapping[SubscriptionId, SubscriptionRow], every: Iterable[ClosedSubscription]
) -> Iterator[SubscriptionRow]:
    """Yield the rows of the subscriptions that a closing moved."""
    for one in every:
        row = known[one.subscription]
        after = evolve(row, closed_through=one.closed_through, dirty_from=one.dirty_from)
        if after != row or one.entries or one.repinned:
            yield after


def _closed_rows(one: ClosedSubscription, names: Mapping[int, str], on: date) -> Iterator[dict[str, Any]]:
    for cycle, used in one.closed:
        yield {
            "subscription_id": one.subscription,
            "cycle_start": cycle.period.start,
            "closing_moves": cycle.moves,
            "cycle_end": cycle.period.end,
            "terms_id": names[id(used)],
            "closed_on": on,
        }


def _repinned_rows(one: ClosedSubscription, names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for cycle, used in one.repinned:
        yield {
            "subscription": one.subscription,
            "start": cycle.period.start,
            "moves": cycle.moves,
            "name": names[id(used)],
        }
