"""Subscriptions: their facts folded, and the snapshot row with the version that guards writers."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from ispcore.billing import Profile
from ispcore.errors import ConcurrentChangeError, NotFoundError, RefusedError, StorageError
from ispcore.plans import fold
from ispcore.storage import numbers
from ispcore.storage.bulk import among
from ispcore.storage.failures import told_as_damage
from ispcore.storage.prepared import Prepared, rows_of_each
from ispcore.storage.profiles import keep_profiles, read_profiles
from ispcore.storage.subscription_rows import snapshot
from ispcore.storage.tables import customers
from ispcore.storage.tables import subscriptions as table
from ispcore.timeline import Subject, SubjectKind
from ispcore.usecases.rows import Charging, DueRow, QuietGroup, SubscriptionRow
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from ispcore.billing import ClosedSubscription
    from ispcore.plans import Timeline
    from ispcore.storage.facts import FactStore
    from ispcore.storage.prepared import Asked
    from ispcore.timeline import Fact


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
        if subscription > numbers.MOST:
            raise NotFoundError("subscription", subscription)
        subject = Subject(SubjectKind.SUBSCRIPTION, str(subscription))
        rows, recorded = self._read(subscription, subject)
        if not rows:
            raise NotFoundError("subscription", subscription)
        if not recorded:
            raise _without_facts(subscription)
        return fold(recorded), _row(rows[0])

    def _read(self, subscription: SubscriptionId, subject: Subject) -> tuple[_Rows, tuple[Fact[Any], ...]]:
        """Return the row, if there is one, and the facts."""
        row: Asked = _ROW, {_ID: subscription}
        try:
            rows, its = self._rows_of(subscription, [row, self._facts.asked(subject)])
        except ValueError:
            # Read by themselves they tell which of them is damaged.
            rows = _ROW.rows(self._connection, row[1])
            return rows, self._facts.of(subject)
        return rows, self._facts.told(subject, its)

    def _rows_of(self, subscription: SubscriptionId, asked: Sequence[Asked]) -> list[_Rows]:  # noqa: ARG002 - for who takes turns
        return rows_of_each(self._connection, asked)

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        return tuple(self._folded(self.rows(table.c.customer_id == customer)))

    def of_customers(
        self, wanted: Sequence[CustomerId]
    ) -> dict[CustomerId, tuple[tuple[Timeline, SubscriptionRow], ...]]:
        """Return the subscriptions of many customers, the oldest first, read in bulk."""
        found: dict[CustomerId, list[tuple[Timeline, SubscriptionRow]]] = {one: [] for one in wanted}
        mine = among(self._connection, table.c.customer_id, sorted(wanted))
        for known in self._folded(self.rows(mine)) if wanted else ():
            found[known[1].customer].append(known)
        return {customer: tuple(its) for customer, its in found.items()}

    def charging_of(self, customer: CustomerId) -> Charging:
        """Return how the subscriptions of a customer whom there is are charged by default."""
        return Charging(*self._connection.execute(_CHARGING, {"customer": customer}).one())

    def moving(
        self, since: date, through: date, after: SubscriptionId, limit: int
    ) -> tuple[SubscriptionId, ...]:
        """Return those that a timed status moved after *since*, up to and with *through*, by number."""
        moved = sa.and_(table.c.moves_on > since, table.c.moves_on <= through, table.c.id > after)
        wanted = sa.select(table.c.id).where(moved).order_by(table.c.id).limit(limit)
        return tuple(SubscriptionId(number) for number in self._connection.scalars(wanted))

    def many(self, wanted: Collection[SubscriptionId]) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return those of the subscriptions that there are, the oldest first, read in bulk."""
        return tuple(self._folded(self.rows(among(self._connection, table.c.id, sorted(wanted)))))

    def _folded(self, rows: Sequence[SubscriptionRow]) -> list[tuple[Timeline, SubscriptionRow]]:
        facts = self._facts.of_many(SubjectKind.SUBSCRIPTION, [str(row.id) for row in rows])
        for row in rows:
            if str(row.id) not in facts:
                raise _without_facts(row.id)
        return [(fold(facts[str(row.id)]), row) for row in rows]

    def rows(self, where: sa.ColumnElement[bool]) -> list[SubscriptionRow]:
        """Return the rows that fulfil *where*, the oldest subscription first."""
        return [_row(row) for row in self._connection.execute(_ROWS.where(where)).all()]

    def in_use(self, day: date) -> dict[tuple[str, str], int]:
        """Return how many subscriptions that live on *day* use each plan and unit, by section and code."""
        lives = sa.or_(table.c.ended_on.is_(None), table.c.ended_on > day)
        found: dict[tuple[str, str], int] = {}
        for section, column in (("plans", table.c.plan), ("units", table.c.unit)):
            living = sa.select(column.label("code"), sa.func.count().label("many"))
            rows = self._connection.execute(living.where(lives).group_by(column))
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
        """Keep a changed subscription, or raise ConcurrentChangeError when the row's version has moved.

        What was foreseen of it is forgotten.
        """
        changed = {**_reached(row), **_UNFORESEEN, **snapshot(timeline)}
        if _claiming(_columns(changed)).run(self._connection, changed) != 1:
            raise ConcurrentChangeError("subscription", str(row.id))

    def close(self, found: Iterable[tuple[SubscriptionRow, ClosedSubscription]]) -> None:
        """Keep what closings found of subscriptions.

        Raises:
            ConcurrentChangeError: a version has moved.
        """
        every = list(found)
        names = keep_profiles(
            self._connection, [one.outlook.profile for _, one in every if one.outlook.profile]
        )
        claimed, foreseen = [], []
        for row, one in every:
            ahead = {
                "due_from": one.outlook.due_from,
                "quiet_until": one.outlook.quiet_until,
                "profile_id": names.get(id(one.outlook.profile)),
            }
            moved = (row.closed_through, row.dirty_from) != (one.closed_through, one.dirty_from)
            if moved or one.entries or one.repinned:
                reached = {"closed_through": one.closed_through, "dirty_from": one.dirty_from}
                claimed.append({**_reached(row), **reached, **ahead})
            elif tuple(ahead.values()) != (row.due_from, row.quiet_until, row.profile):
                foreseen.append({_ID: row.id, **ahead})
        self._claim(claimed)
        self._foresee(foreseen)

    def _foresee(self, changed: list[dict[str, Any]]) -> None:
        """Keep what is foreseen of subscriptions that did not change."""
        if changed:
            values: dict[str, Any] = {name: sa.bindparam(name) for name in changed[0] if name != _ID}
            same = table.c.id == sa.bindparam(_ID)
            self._connection.execute(sa.update(table).where(same).values(values), changed)

    def profiles(self, names: Iterable[str]) -> dict[str, Profile]:
        """Return the profiles of these *names*, but damaged ones: who has such a one is looked at alone."""
        return read_profiles(self._connection, tuple(names))

    def close_alike(self, found: Sequence[QuietGroup]) -> None:
        """Keep what a closing found for quiet subscriptions.

        Raises:
            ConcurrentChangeError: one of them is closed further already.
        """
        alike: dict[tuple[date, date | None], list[int]] = defaultdict(list)
        for quiet, members in found:
            reached, due_from = quiet.closed_through, quiet.due_from
            for one in members:
                # Where something is known to happen, nothing is due before the next cycle begins.
                alike[reached, due_from if one.quiet_until is None else reached].append(one.id)
        for (reached, due_from), ids in alike.items():
            open_still = sa.or_(table.c.closed_through.is_(None), table.c.closed_through < reached)
            moved = (
                sa.update(table)
                .where(among(self._connection, table.c.id, ids), open_still)
                .values(version=table.c.version + 1, closed_through=reached, due_from=due_from)
            )
            if self._connection.execute(moved).rowcount != len(ids):
                raise ConcurrentChangeError("subscription", ", ".join(map(str, ids)))

    def due(self, first: CustomerId, last: CustomerId, on: date) -> list[DueRow]:
        """Return the subscriptions of the customers from *first* to *last* that a closing must look at."""
        asked = {"first": first, "last": last, "on": on}
        try:
            return self._due(_DUE, asked)
        except StorageError:
            return [self._due_alone(*row) for row in self._connection.execute(_DUE_NUMBERS, asked).all()]

    def _due(self, statement: Prepared, values: dict[str, Any]) -> list[DueRow]:
        with told_as_damage():
            return [DueRow._make(row) for row in statement.rows(self._connection, values)]

    def _due_alone(self, number: SubscriptionId, customer: CustomerId) -> DueRow:
        """Return one row, with no more than the numbers where it is damaged; whoever bills it will tell."""
        try:
            (found,) = self._due(_DUE_ONE, {_ID: number})
        except StorageError:
            return DueRow(number, customer, 0, None, None, None)
        return found

    def numbers(self, customer: CustomerId) -> list[SubscriptionId]:
        """Return the numbers of a customer's subscriptions, the oldest first."""
        mine = sa.select(table.c.id).where(table.c.customer_id == customer).order_by(table.c.id)
        return [SubscriptionId(number) for number in self._connection.scalars(mine)]

    def look_again(self) -> None:
        """Forget everything that was foreseen: the policies changed."""
        self._connection.execute(sa.update(table).values(**_UNFORESEEN))

    def _claim(self, changed: list[dict[str, Any]]) -> None:
        """Write *changed* over the rows of the versions that they were read with, in one statement."""
        if not changed:
            return
        moved = _claiming(_columns(changed[0])).statement
        if self._connection.execute(moved, changed).rowcount != len(changed):
            raise ConcurrentChangeError("subscription", ", ".join(str(row[_ID]) for row in changed))


_ID, _VERSION = "row_id", "row_version"
_ROWS = (
    sa.select(
        table.c.id,
        table.c.customer_id,
        table.c.version,
        customers.c.charge_method,
        customers.c.due_day,
        customers.c.allows_discounts,
        table.c.closed_through,
        table.c.dirty_from,
        table.c.due_from,
        table.c.quiet_until,
        table.c.profile_id,
    )
    .join_from(table, customers)
    .order_by(table.c.id)
)
_CHARGING = sa.select(customers.c.charge_method, customers.c.due_day, customers.c.allows_discounts).where(
    customers.c.id == sa.bindparam("customer")
)
_ROW = Prepared(_ROWS.where(table.c.id == sa.bindparam(_ID)))
_UNFORESEEN = {"due_from": None, "quiet_until": None, "profile_id": None}


_Rows: TypeAlias = list[tuple[Any, ...]]


def _without_facts(subscription: SubscriptionId) -> StorageError:
    return StorageError(f"Subscription {subscription} has no facts.", hint="The database is damaged.")


def _row(found: Sequence[Any]) -> SubscriptionRow:
    return SubscriptionRow(found[0], found[1], found[2], Charging(*found[3:6]), *found[6:])


def _columns(changed: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in changed if name not in {_ID, _VERSION})


@lru_cache(maxsize=16)
def _claiming(columns: tuple[str, ...]) -> Prepared:
    """Return the statement that writes *columns* over the row of a version; to build it takes its time."""
    same = (table.c.id == sa.bindparam(_ID)) & (table.c.version == sa.bindparam(_VERSION))
    return Prepared(sa.update(table).where(same).values({name: sa.bindparam(name) for name in columns}))


_DUE_COLUMNS = (
    table.c.id,
    table.c.customer_id,
    table.c.last_fact,
    table.c.closed_through,
    table.c.quiet_until,
    table.c.profile_id,
)
_IS_DUE = (
    table.c.customer_id.between(sa.bindparam("first"), sa.bindparam("last")),
    sa.or_(table.c.due_from.is_(None), table.c.due_from <= sa.bindparam("on")),
)
_DUE_NUMBERS = sa.select(table.c.id, table.c.customer_id).where(*_IS_DUE).order_by(table.c.id)
_DUE_ONE = Prepared(sa.select(*_DUE_COLUMNS).where(table.c.id == sa.bindparam(_ID)))
_DUE = Prepared(sa.select(*_DUE_COLUMNS).where(*_IS_DUE).order_by(table.c.id))
"""Those of some customers that a closing on a day must look at."""


def _reached(row: SubscriptionRow) -> dict[str, Any]:
    return {
        _ID: row.id,
        _VERSION: row.version,
        "version": row.version + 1,
        "closed_through": row.closed_through,
        "dirty_from": row.dirty_from,
    }
