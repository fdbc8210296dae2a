"""Who waits for whom on a server, where writers work at the same time.

SQLite has one writer at a time. PostgreSQL's writers take turns where one's decision depends on what another
one changes: at the catalogue, at a customer, at the persons. They are asked for in that order, and customers
in the order of their numbers, so that two writers never wait for each other. A turn lasts as long as its
transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.storage.bulk import among
from ispcore.storage.catalogue import CATALOGUE_AS_TEXT
from ispcore.storage.locks import CATALOGUE, PERSONS, lock, locking
from ispcore.storage.numbers import MOST
from ispcore.storage.prepared import Prepared, rows_of_each
from ispcore.storage.subscriptions import SubscriptionStore
from ispcore.storage.tables import customers, subscriptions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ispcore.plans import Timeline
    from ispcore.storage.facts import FactStore
    from ispcore.storage.prepared import Asked
    from ispcore.usecases.rows import SubscriptionRow
    from ispcore.values import CustomerId, SubscriptionId


class NoTurns:
    """For transactions that only read, and engines with one writer at a time."""

    catalogue: list[tuple[Any, ...]] | None = None
    """The catalogue's entries as text, where they were read along with something else."""

    def read_catalogue(self) -> None:
        """Wait for nobody."""

    def change_catalogue(self) -> None:
        """Wait for nobody."""

    def customers(self, wanted: Sequence[CustomerId]) -> None:
        """Wait for nobody."""

    def customers_between(self, first: CustomerId, last: CustomerId) -> None:
        """Wait for nobody."""

    def rows_of(
        self,
        connection: sa.Connection,
        subscription: SubscriptionId,  # noqa: ARG002 - for who takes turns
        asked: Sequence[Asked],
    ) -> list[list[tuple[Any, ...]]]:
        """Return the rows that each statement about *subscription* finds."""
        return rows_of_each(connection, asked)

    def customers_of(self, wanted: Collection[SubscriptionId]) -> None:
        """Wait for nobody."""

    def persons(self) -> None:
        """Wait for nobody."""


class Turns(NoTurns):
    """The turns that a writing transaction on a server takes."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._reads_catalogue = False

    def read_catalogue(self) -> None:
        """Wait for a load that is going on; others may read too."""
        if not self._reads_catalogue:
            lock(self._connection, CATALOGUE, shared=True)
            self._reads_catalogue = True

    def change_catalogue(self) -> None:
        """Wait for everybody who decides by the catalogue as it stands."""
        lock(self._connection, CATALOGUE)
        self._reads_catalogue, self.catalogue = True, None

    def customers(self, wanted: Sequence[CustomerId]) -> None:
        """Wait for everybody who writes about one of these customers."""
        known = [customer for customer in wanted if customer <= MOST]
        if known:
            self._hold(sa.select(customers.c.id).where(customers.c.id.in_(known)).order_by(customers.c.id))

    def customers_between(self, first: CustomerId, last: CustomerId) -> None:
        """Wait for everybody who writes about a customer from *first* to *last*."""
        these = customers.c.id.between(first, min(last, MOST))
        self._hold(sa.select(customers.c.id).where(these).order_by(customers.c.id))

    def rows_of(
        self, connection: sa.Connection, subscription: SubscriptionId, asked: Sequence[Asked]
    ) -> list[list[tuple[Any, ...]]]:
        """Return what statements about *subscription* find when those who write of its customer are done.

        Where the turn of the catalogue was not taken yet, it is, and the catalogue is read along.
        """
        this = {"subscription": subscription}
        if not self._reads_catalogue:
            every = [(_CATALOGUE_AND_CUSTOMER, this), *asked, (CATALOGUE_AS_TEXT, {})]
            turn, *found, catalogue = rows_of_each(connection, every)
            if turn:
                self._reads_catalogue, self.catalogue = True, catalogue
                return found
        self.read_catalogue()
        return rows_of_each(connection, [(_CUSTOMER_OF, this), *asked])[1:]

    def customers_of(self, wanted: Collection[SubscriptionId]) -> None:
        """Wait for everybody who writes about a customer of one of these subscriptions."""
        theirs = sa.select(subscriptions.c.customer_id).where(
            among(self._connection, subscriptions.c.id, sorted(wanted))
        )
        self._hold(sa.select(customers.c.id).where(customers.c.id.in_(theirs)).order_by(customers.c.id))

    def persons(self) -> None:
        """Wait for everybody who may be registering the same person."""
        self.read_catalogue()
        lock(self._connection, PERSONS)

    def _hold(self, wanted: sa.Select[tuple[int]]) -> None:
        self.read_catalogue()
        self._connection.execute(_held(wanted))


def _held(wanted: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    # Without `key_share` it would also stop those who only refer to the customer.
    return wanted.with_for_update(of=customers, key_share=True)


_OF_SUBSCRIPTION = (
    sa.select(customers.c.id).join(subscriptions).where(subscriptions.c.id == sa.bindparam("subscription"))
)
_CUSTOMER_OF = Prepared(_held(_OF_SUBSCRIPTION))
# Rows are held when all of it was computed, so the customer's turn comes after that of the catalogue. Where
# there is no row, the catalogue may not have been asked for.
_CATALOGUE = sa.select(locking(CATALOGUE, shared=True).label("turn")).cte("catalogue")
_CATALOGUE_AND_CUSTOMER = Prepared(_held(_OF_SUBSCRIPTION.join(_CATALOGUE, sa.true())))


class SubscriptionsInTurn(SubscriptionStore):
    """The subscriptions, each read when its customer's turn has come."""

    def __init__(self, connection: sa.Connection, facts: FactStore, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        super().__init__(connection, facts)
        self._turns = turns

    def many(self, wanted: Collection[SubscriptionId]) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return those of the subscriptions that there are, the oldest first, read in bulk."""
        self._turns.customers_of(wanted)
        return super().many(wanted)

    def _rows_of(self, subscription: SubscriptionId, asked: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
        return self._turns.rows_of(self._connection, subscription, asked)

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        self._turns.customers([customer])
        return super().of_customer(customer)
