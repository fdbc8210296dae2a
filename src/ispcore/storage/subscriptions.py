"""Subscriptions: their facts folded, and the snapshot row with the version that guards writers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.errors import ConcurrentChangeError, NotFoundError, RefusedError, StorageError
from ispcore.plans import fold, next_move
from ispcore.storage import numbers
from ispcore.storage.tables import subscriptions as table
from ispcore.timeline import SubjectKind
from ispcore.usecases.ports import SubscriptionRow
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.plans import Timeline
    from ispcore.storage.facts import FactStore


class SubscriptionStore:
    """The subscriptions in the database."""

    def __init__(self, connection: sa.Connection, facts: FactStore) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._facts = facts

    def new_number(self) -> SubscriptionId:
        """Reserve a number."""
        return SubscriptionId(numbers.take(self._connection, "subscription"))

    def get(self, subscription: SubscriptionId) -> tuple[Timeline, SubscriptionRow]:
        """Return the timeline and the row, or raise NotFoundError."""
        found = self._many(table.c.id == subscription) if subscription <= numbers.MOST else []
        if not found:
            raise NotFoundError("subscription", subscription)
        return found[0]

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        return tuple(self._many(table.c.customer_id == customer))

    def _many(self, where: sa.ColumnElement[bool]) -> list[tuple[Timeline, SubscriptionRow]]:
        rows = self.rows(where)
        facts = self._facts.of_many(SubjectKind.SUBSCRIPTION, [str(row.id) for row in rows])
        for row in rows:
            if str(row.id) not in facts:
                raise StorageError(f"Subscription {row.id} has no facts.", hint="The database is damaged.")
        return [(fold(facts[str(row.id)]), row) for row in rows]

    def rows(self, where: sa.ColumnElement[bool]) -> list[SubscriptionRow]:
        """Return the rows that fulfil *where*, the oldest subscription first."""
        columns = (
            table.c.id,
            table.c.customer_id,
            table.c.version,
            table.c.closed_through,
            table.c.dirty_from,
        )
        found = self._connection.execute(sa.select(*columns).where(where).order_by(table.c.id))
        return [
            SubscriptionRow(
                id=SubscriptionId(row.id),
                customer=CustomerId(row.customer_id),
                version=row.version,
                closed_through=row.closed_through,
                dirty_from=row.dirty_from,
            )
            for row in found
        ]

    def in_use(self) -> dict[tuple[str, str], int]:
        """Return how many living subscriptions use each plan and business unit, by section and code."""
        found: dict[tuple[str, str], int] = {}
        for section, column in (("plans", table.c.plan), ("units", table.c.unit)):
            living = sa.select(column.label("code"), sa.func.count().label("many"))
            rows = self._connection.execute(living.where(table.c.ended_on.is_(None)).group_by(column))
            found |= {(section, row.code): row.many for row in rows}
        return found

    def deleted(self) -> tuple[SubscriptionId, ...]:
        """Return the subscriptions that were deleted."""
        return tuple(row.id for row in self.rows(table.c.deleted_on.is_not(None)))

    def stale(self, timeline: Timeline) -> dict[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        wanted = snapshot(timeline)
        columns = [table.c[name] for name in wanted]
        stored = (
            self._connection.execute(sa.select(*columns).where(table.c.id == timeline.last.id))
            .mappings()
            .one()
        )
        return {name: (stored[name], value) for name, value in wanted.items() if stored[name] != value}

    def insert(self, timeline: Timeline) -> None:
        """Keep a new subscription.

        Raises:
            RefusedError: the other system's id was imported before.
        """
        row = {"id": timeline.last.id, "version": 1, "closed_through": None, "dirty_from": None}
        try:
            self._connection.execute(sa.insert(table), {**row, **snapshot(timeline)})
        except sa.exc.IntegrityError as error:
            origin = timeline.last.origin
            name = f"{origin.id!r} of {origin.system!r}" if origin else f"with the number {timeline.last.id}"
            raise RefusedError(
                f"The subscription {name} exists already.",
                rule="imported-twice",
                hint="Nothing was imported again.",
            ) from error

    def update(self, timeline: Timeline, row: SubscriptionRow) -> None:
        """Keep a changed subscription, or raise ConcurrentChangeError when the row's version has moved."""
        self._claim([{**_reached(row), **snapshot(timeline)}])

    def close(self, rows: Iterable[SubscriptionRow]) -> None:
        """Keep what closings reached, or raise ConcurrentChangeError when a version has moved."""
        self._claim([_reached(row) for row in rows])

    def _claim(self, changed: list[dict[str, Any]]) -> None:
        """Write *changed* over the rows of the versions that they were read with, in one statement."""
        if not changed:
            return
        columns = [name for name in changed[0] if name not in {_ID, _VERSION}]
        same = (table.c.id == sa.bindparam(_ID)) & (table.c.version == sa.bindparam(_VERSION))
        moved = sa.update(table).where(same).values({name: sa.bindparam(name) for name in columns})
        if self._connection.execute(moved, changed).rowcount != len(changed):
            raise ConcurrentChangeError("subscription", ", ".join(str(row[_ID]) for row in changed))


_ID, _VERSION = "row_id", "row_version"


def _reached(row: SubscriptionRow) -> dict[str, Any]:
    return {
        _ID: row.id,
        _VERSION: row.version,
        "version": row.version + 1,
        "closed_through": row.closed_through,
        "dirty_from": row.dirty_from,
    }


def snapshot(timeline: Timeline) -> dict[str, Any]:
    """Return the columns that follow from the facts."""
    state = timeline.last
    move = next_move(state)
    return {
        "customer_id": state.customer,
        "plan": state.plan.offer,
        "unit": state.unit,
        "status": state.status.code,
        "bucket": state.bucket.value,
        "moves_on": move[0] if move else None,
        "started_on": state.started_on,
        "ended_on": state.end.on if state.end else None,
        "deleted_on": state.deleted_on,
        "anchor_kind": "closing",
        "anchor_day": state.terms.closing_day,
        "anchor_on": None,
        "anchor_phase": 0,
        "closing_moves": 0,
        "advance": state.terms.advance,
        "address_id": state.address,
        "contract_ref": state.contract,
        "previous_id": state.previous,
        "successor_id": state.successor,
        "foreign_system": state.origin.system if state.origin else None,
        "foreign_id": state.origin.id if state.origin else None,
    }
