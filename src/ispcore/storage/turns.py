"""Who waits for whom on a server, where writers work at the same time.

SQLite has one writer at a time. PostgreSQL's writers take turns where one's decision depends on what another
one changes: at the catalogue, at a customer, at the persons. They are asked for in that order, and customers
in the order of their numbers, so that two writers never wait for each other. A turn lasts as long as its
transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.storage.locks import CATALOGUE, PERSONS, lock, locking
from ispcore.storage.numbers import MOST
from ispcore.storage.prepared import Prepared
from ispcore.storage.subscriptions import SubscriptionStore
from ispcore.storage.tables import customers, subscriptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ispcore.plans import Timeline
    from ispcore.storage.facts import FactStore
    from ispcore.usecases.rows import SubscriptionRow
    from ispcore.values import CustomerId, SubscriptionId


class NoTurns:
    """For transactions that only read, and engines with one writer at a time."""

    def read_catalogue(self) -> None:
        """Wait for nobody."""

    def change_catalogue(self) -> None:
        """Wait for nobody."""

    def customers(self, wanted: Sequence[CustomerId]) -> None:
        """Wait for nobody."""

    def customers_between(self, first: CustomerId, last: CustomerId) -> None:
        """Wait for nobody."""

    def customer_of(self, subscription: SubscriptionId) -> None:
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
        self._reads_catalogue = True

    def customers(self, wanted: Sequence[CustomerId]) -> None:
        """Wait for everybody who writes about one of these customers."""
        known = [customer for customer in wanted if customer <= MOST]
        if known:
            self._hold(sa.select(customers.c.id).where(customers.c.id.in_(known)).order_by(customers.c.id))

    def customers_between(self, first: CustomerId, last: CustomerId) -> None:
        """Wait for everybody who writes about a customer from *first* to *last*."""
        these = customers.c.id.between(first, min(last, MOST))
        self._hold(sa.select(customers.c.id).where(these).order_by(customers.c.id))

    def customer_of(self, subscription: SubscriptionId) -> None:
        """Wait for everybody who writes about the customer of *subscription*, and for a load before them."""
        if subscription > MOST:
            return
        this = {"subscription": subscription}
        if not self._reads_catalogue and _CATALOGUE_AND_CUSTOMER.rows(self._connection, this):
            self._reads_catalogue = True
        else:
            self._hold(_CUSTOMER_OF, this)

    def persons(self) -> None:
        """Wait for everybody who may be registering the same person."""
        self.read_catalogue()
        lock(self._connection, PERSONS)

    def _hold(self, wanted: sa.Select[tuple[int]], values: Mapping[str, int] | None = None) -> None:
        self.read_catalogue()
        self._connection.execute(_held(wanted), values)


def _held(wanted: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    # Without `key_share` it would also stop those who only refer to the customer.
    return wanted.with_for_update(of=customers, key_share=True)


_CUSTOMER_OF = (
    sa.select(customers.c.id).join(subscriptions).where(subscriptions.c.id == sa.bindparam("subscription"))
)
# Rows are held when all of it was computed, so the customer's turn comes after that of the catalogue. Where
# there is no row, the catalogue may not have been asked for.
_CATALOGUE = sa.select(locking(CATALOGUE, shared=True).label("turn")).cte("catalogue")
_CATALOGUE_AND_CUSTOMER = Prepared(_held(_CUSTOMER_OF.join(_CATALOGUE, sa.true())))


class SubscriptionsInTurn(SubscriptionStore):
    """The subscriptions, each read when its customer's turn has come."""

    def __init__(self, connection: sa.Connection, facts: FactStore, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        super().__init__(connection, facts)
        self._turns = turns

    def get(self, subscription: SubscriptionId) -> tuple[Timeline, SubscriptionRow]:
        """Return the timeline and the row, or raise NotFoundError."""
        self._turns.customer_of(subscription)
        return super().get(subscription)

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        self._turns.customers([customer])
        return super().of_customer(customer)
