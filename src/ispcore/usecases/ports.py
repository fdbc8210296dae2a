"""What the use cases need of the world, each port on one screen.

``storage`` fulfils the ones about data; the clock and the command ids come from the composition root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from attrs import frozen

from ispcore.billing import (
    Allocation,
    Charge,
    Closing,
    CustomerBooks,
    Holder,
    Payment,
    ReceivableBalance,
    Terms,
)
from ispcore.catalog import Catalogue
from ispcore.customers import Customer, CustomerState
from ispcore.plans import Cycle, Timeline
from ispcore.timeline import Actor, Fact, Subject, SubjectKind
from ispcore.values import ChargeId, CustomerId, Money, PersonId, SubscriptionId


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


class CommandIds(Protocol):
    """Gives each command a name."""

    def new(self) -> str:
        """Return a name that no other command has."""
        ...


@frozen
class SubscriptionRow:
    """What is kept of a subscription beside its facts; ``version`` guards writers."""

    id: SubscriptionId
    customer: CustomerId
    version: int
    closed_through: date | None = None
    dirty_from: date | None = None


@frozen
class CatalogueEntry:
    """An entry of the catalogue as it is stored."""

    version: int
    document: Mapping[str, Any]


class Facts(Protocol):
    """The timelines."""

    def of(self, subject: Subject) -> tuple[Fact[Any], ...]:
        """Return the facts of *subject*, in the order in which they were recorded."""
        ...

    def subjects(self, kind: SubjectKind) -> tuple[str, ...]:
        """Return the ids of the subjects of this *kind* that have facts."""
        ...

    def texts(self, subject: Subject) -> Mapping[tuple[int, str], str | None]:
        """Return the erasable texts of *subject* by sequence and path; None was erased."""
        ...

    def append(self, facts: Sequence[Fact[Any]], texts: Mapping[tuple[int, str], str]) -> None:
        """Record facts of one subject, and the texts that they bring."""
        ...


class Catalogues(Protocol):
    """The catalogue."""

    def current(self) -> Catalogue:
        """Return the catalogue as it stands, or raise NotFoundError."""
        ...

    def entries(self) -> Mapping[tuple[str, str], CatalogueEntry]:
        """Return its entries by section and code."""
        ...

    def save(self, section: str, code: str, entry: CatalogueEntry | None) -> None:
        """Replace an entry; None takes it out."""
        ...


class Customers(Protocol):
    """The customers."""

    def new_number(self) -> CustomerId:
        """Reserve a number."""
        ...

    def person_for(self, tax_id: str | None) -> tuple[PersonId, CustomerId | None]:
        """Return the person with *tax_id*, with their customer number; else a new person's number."""
        ...

    def get(self, customer: CustomerId) -> tuple[Customer, int]:
        """Return the customer and the version, or raise NotFoundError."""
        ...

    def insert(self, state: CustomerState, tax_id: str | None) -> None:
        """Keep a new customer."""
        ...

    def update(self, state: CustomerState, version: int) -> None:
        """Keep a changed customer, or raise ConcurrentChangeError when *version* has moved."""
        ...

    def identify(self, person: PersonId, tax_id: str | None) -> None:
        """Keep the tax id by which *person* is known."""
        ...

    def ids(self, after: int = 0, limit: int | None = None) -> tuple[CustomerId, ...]:
        """Return customers' numbers in order."""
        ...

    def count(self) -> int:
        """Return how many customers there are."""
        ...

    def state(self, customer: CustomerId) -> CustomerState:
        """Return the customer without the texts, or raise NotFoundError."""
        ...

    def stale(self, state: CustomerState) -> Mapping[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        ...


class Subscriptions(Protocol):
    """The subscriptions."""

    def new_number(self) -> SubscriptionId:
        """Reserve a number."""
        ...

    def get(self, subscription: SubscriptionId) -> tuple[Timeline, SubscriptionRow]:
        """Return the timeline and the row, or raise NotFoundError."""
        ...

    def insert(self, timeline: Timeline) -> None:
        """Keep a new subscription."""
        ...

    def update(self, timeline: Timeline, row: SubscriptionRow) -> None:
        """Keep a changed subscription, or raise ConcurrentChangeError when the row's version has moved."""
        ...

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        ...

    def in_use(self) -> Mapping[tuple[str, str], int]:
        """Return how many living subscriptions use each plan and business unit, by section and code."""
        ...

    def deleted(self) -> tuple[SubscriptionId, ...]:
        """Return the subscriptions that were deleted."""
        ...

    def stale(self, timeline: Timeline) -> Mapping[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        ...


class Known(Protocol):
    """What is there already, by the names that other systems know."""

    def customer(self, code: str) -> CustomerId | None:
        """Return the customer with this code."""
        ...

    def registered(self, code: str | None, tax_id: str | None) -> CustomerId | None:
        """Return the customer with this code and this tax id; without a code the tax id is enough."""
        ...

    def subscription(self, system: str, foreign_id: str) -> tuple[SubscriptionId, CustomerId] | None:
        """Return the subscription that was imported from *system* under this id, and its customer."""
        ...


class Actors(Protocol):
    """Actors that the host application keeps here, with their permissions."""

    def get(self, actor: str) -> Actor:
        """Return the actor, or raise NotFoundError."""
        ...

    def save(self, actor: Actor, name: str) -> None:
        """Keep an actor's name and permissions."""
        ...


class Ledger(Protocol):
    """The books: charges, receivables, payments, allocations, and the closed cycles."""

    def books(
        self, customers: Sequence[CustomerId]
    ) -> Iterator[tuple[CustomerBooks, Sequence[SubscriptionRow]]]:
        """Yield what a closing needs of these customers, read in bulk."""
        ...

    def whole_books(self, customer: CustomerId) -> CustomerBooks:
        """Return a customer's books with every closed cycle and everything issued."""
        ...

    def save(self, found: Sequence[tuple[Closing, Sequence[SubscriptionRow]]], on: date) -> None:
        """Append what closings of some customers found, or raise ConcurrentChangeError."""
        ...

    def charge(self, charge: ChargeId) -> Charge:
        """Return an entry, or raise NotFoundError."""
        ...

    def charges(self, subscription: SubscriptionId) -> tuple[Charge, ...]:
        """Return a subscription's entries in the order of their cycles."""
        ...

    def pinned(self, subscription: SubscriptionId, cycle: Cycle) -> Terms:
        """Return the terms that a closed cycle is pinned to, or raise NotFoundError."""
        ...

    def receivables(self, customer: CustomerId) -> tuple[ReceivableBalance, ...]:
        """Return a customer's receivables with what was put to them, the first due first."""
        ...

    def balances(self, customer: CustomerId) -> Mapping[Holder, Money]:
        """Return a customer's balances that are not zero."""
        ...

    def payments(self, customer: CustomerId) -> tuple[Payment, ...]:
        """Return a customer's payments, the oldest first."""
        ...

    def allocations(self, customer: CustomerId) -> tuple[Allocation, ...]:
        """Return what was put to a customer's receivables and balances."""
        ...

    def payment(self, provider: str, provider_id: str) -> Payment | None:
        """Return the payment that the provider names so, if it was recorded."""
        ...

    def record_payment(
        self, payment: Payment, put: Iterable[Allocation], *, at: datetime, actor: str, command_id: str
    ) -> None:
        """Append a payment and where it goes."""
        ...

    def begin_run(self, run: str, *, on: date, at: datetime, actor: str) -> None:
        """Note that a closing begins."""
        ...

    def finish_run(self, run: str, *, at: datetime, summary: Mapping[str, Any]) -> None:
        """Note what a closing came to."""
        ...


class UnitOfWork(Protocol):
    """One transaction's view of the database."""

    def savepoint(self) -> AbstractContextManager[object]:
        """Begin a part of the transaction that an error undoes alone."""
        ...

    @property
    def facts(self) -> Facts:
        """The timelines."""
        ...

    @property
    def catalogue(self) -> Catalogues:
        """The catalogue."""
        ...

    @property
    def customers(self) -> Customers:
        """The customers."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """The subscriptions."""
        ...

    @property
    def known(self) -> Known:
        """What is there already, by the names that other systems know."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The books."""
        ...

    @property
    def actors(self) -> Actors:
        """The actors that are kept here."""
        ...


class Database(Protocol):
    """Opens transactions. Leaving one by an error undoes it whole."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction that may write."""
        ...

    def bulk(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction that writes what many commands make, at once where it can."""
        ...
