"""What closings found, appended in bulk: charges, receivables, allocations, closed cycles and their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.errors import ConcurrentChangeError
from ispcore.storage import rows as r
from ispcore.storage.accounts import put_to
from ispcore.storage.alike import insert_for_each
from ispcore.storage.bulk import binder_for, insert_rows
from ispcore.storage.converters import digest, to_plain
from ispcore.storage.tables import charges, closings, receivables, terms
from ispcore.storage.upsert import keep_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ispcore.billing import ClosedCycle, ClosedSubscription, Closing, Terms
    from ispcore.storage.subscriptions import SubscriptionStore
    from ispcore.usecases.rows import QuietGroup, SubscriptionRow


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
        self._subscriptions.close((known[one.subscription], one) for one in every)
        names = self._pin([each.terms for one in every for each in (*one.closed, *one.repinned)])
        put = [allocation for closing, _ in found for allocation in closing.allocations]
        try:
            self._insert(charges, [r.charge_row(entry) for one in every for entry in one.entries])
            self._insert(receivables, [r.receivable_row(each) for one in every for each in one.receivables])
            put_to(self._connection, put)
            self._insert(closings, [row for one in every for row in _closed_rows(one, names, on)])
        except sa.exc.IntegrityError as error:
            subjects = ", ".join(str(one.subscription) for one in every)
            raise ConcurrentChangeError("subscription", subjects) from error
        self._repin([row for one in every for row in _repinned_rows(one, names)])

    def save_quiet(self, found: Sequence[QuietGroup], on: date) -> None:
        """Append what a closing found for each of the quiet subscriptions in its groups.

        Raises:
            ConcurrentChangeError: a subscription was changed, or closed by somebody else, meanwhile.
        """
        names = self._pin([one.terms for quiet, _ in found for one in quiet.closed])
        groups = [(quiet, [one.id for one in members]) for quiet, members in found]
        entries = ((r.charge_row(each), ids) for quiet, ids in groups for each in quiet.entries)
        asked = ((r.receivable_row(each), ids) for quiet, ids in groups for each in quiet.receivables)
        closed = (
            (_closed_row(_NOTHING, cycle, names, on), ids) for quiet, ids in groups for cycle in quiet.closed
        )
        try:
            insert_for_each(self._connection, charges, entries)
            insert_for_each(self._connection, receivables, asked)
            insert_for_each(self._connection, closings, closed)
        except sa.exc.IntegrityError as error:
            subjects = ", ".join(str(one.id) for _, members in found for one in members)
            raise ConcurrentChangeError("subscription", subjects) from error
        self._subscriptions.close_alike(found)

    def _pin(self, used: Iterable[Terms]) -> dict[int, str]:
        """Keep terms, once for each different content, and return their names by identity."""
        each = {id(one): one for one in used}
        names = {key: _terms_name(one) for key, one in each.items()}
        wanted = {names[key]: one for key, one in each.items()}
        keep_once(self._connection, terms, wanted, _terms_row)
        return names

    def _repin(self, moved: list[dict[str, Any]]) -> None:
        if moved:
            same = (
                (closings.c.subscription_id == sa.bindparam("subscription"))
                & (closings.c.cycle_start == sa.bindparam("start"))
                & (closings.c.closing_move == sa.bindparam("move"))
            )
            changed = sa.update(closings).where(same)
            columns = {"terms_id": "name", "billed_through": "through"}
            values: dict[str, Any] = {column: sa.bindparam(name) for column, name in columns.items()}
            self._connection.execute(changed.values(values), moved)

    def _insert(self, table: sa.Table, new: list[dict[str, Any]]) -> None:
        if new:
            columns = tuple(new[0])
            binder = binder_for(self._connection.dialect, table, columns)
            insert_rows(self._connection, table, columns, (binder.row(list(row.values())) for row in new))


_NAMES: dict[int, tuple[Terms, str]] = {}
"""The names of terms by identity, which last while the terms are kept beside them."""
_MOST_NAMES = 1_000


def _terms_name(one: Terms) -> str:
    """Return the name of terms by their content."""
    known = _NAMES.get(id(one))
    if known is None:
        if len(_NAMES) >= _MOST_NAMES:
            _NAMES.clear()
        known = _NAMES[id(one)] = one, digest(one)[0]
    return known[1]


def _terms_row(name: str, one: Terms) -> dict[str, Any]:
    return {"id": name, "rule_version": one.rule_version, "document": to_plain(one)}


_NOTHING = 0


def _closed_rows(one: ClosedSubscription, names: Mapping[int, str], on: date) -> Iterator[dict[str, Any]]:
    for closed in one.closed:
        yield _closed_row(one.subscription, closed, names, on)


def _closed_row(subscription: int, closed: ClosedCycle, names: Mapping[int, str], on: date) -> dict[str, Any]:
    return {
        "subscription_id": subscription,
        "cycle_start": closed.cycle.period.start,
        "closing_move": closed.cycle.move,
        "cycle_end": closed.cycle.period.end,
        "terms_id": names[id(closed.terms)],
        "closed_on": on,
        "billed_through": closed.through,
    }


def _repinned_rows(one: ClosedSubscription, names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for closed in one.repinned:
        yield {
            "subscription": one.subscription,
            "start": closed.cycle.period.start,
            "move": closed.cycle.move,
            "name": names[id(closed.terms)],
            "through": closed.through,
        }
