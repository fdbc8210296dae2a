"""What the use cases need of a database, by what it keeps; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ispcore.billing import (
    Allocation,
    Charge,
    Closing,
    CustomerBooks,
    Holder,
    Payment,
    Profile,
    ReceivableBalance,
    Terms,
)
from ispcore.catalog import Catalogue
from ispcore.customers import Customer, CustomerState
from ispcore.driver import SecretRef
from ispcore.plans import Cycle, Timeline
from ispcore.timeline import Actor, Fact, Subject, SubjectKind
from ispcore.usecases.rows import (
    Account,
    CatalogueEntry,
    Charging,
    DueRow,
    QuietGroup,
    SubscriptionRow,
)
from ispcore.usecases.runs import Run, RunRecord
from ispcore.values import ChargeId, CustomerId, Money, PersonId, SecretText, SubscriptionId


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

    def erase(self, subject: Subject, keep: Collection[tuple[int, str]]) -> int:
        """Erase the texts of *subject* but those to *keep*, by sequence and path; return how many."""
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

    def check(self, customer: CustomerId) -> None:
        """Raise NotFoundError unless there is such a customer."""
        ...

    def states(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, CustomerState]:
        """Return customers without the texts, read in bulk."""
        ...

    def insert(self, state: CustomerState, tax_id: str | None) -> None:
        """Keep a new customer."""
        ...

    def update(self, state: CustomerState, version: int) -> None:
        """Keep a changed customer, or raise ConcurrentChangeError when *version* has moved."""
        ...

    def forgotten(self) -> tuple[CustomerId, ...]:
        """Return the customers who were ever forgotten."""
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

    def charging_of(self, customer: CustomerId) -> Charging:
        """Return how the subscriptions of a customer whom there is are charged by default."""
        ...

    def of_customer(self, customer: CustomerId) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return a customer's subscriptions, the oldest first."""
        ...

    def of_customers(
        self, customers: Sequence[CustomerId]
    ) -> Mapping[CustomerId, tuple[tuple[Timeline, SubscriptionRow], ...]]:
        """Return the subscriptions of many customers, the oldest first, read in bulk."""
        ...

    def moving(
        self, since: date, through: date, after: SubscriptionId, limit: int
    ) -> tuple[SubscriptionId, ...]:
        """Return those that a timed status moved after *since*, up to and with *through*, by number."""
        ...

    def many(self, subscriptions: Collection[SubscriptionId]) -> tuple[tuple[Timeline, SubscriptionRow], ...]:
        """Return those of *subscriptions* that there are, the oldest first, read in bulk."""
        ...

    def look_again(self) -> None:
        """Forget what was foreseen of all subscriptions, the policies having changed."""
        ...

    def in_use(self, day: date) -> Mapping[tuple[str, str], int]:
        """Return how many subscriptions that live on *day* use each plan and unit, by section and code."""
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
        """Return the actor, without what the roles allow, or raise NotFoundError."""
        ...

    def save(self, actor: Actor, name: str) -> None:
        """Keep an actor's name, permissions and roles."""
        ...


class Guards(Protocol):
    """The plugins whose policies must review each command, named by the database itself."""

    def names(self) -> tuple[str, ...]:
        """Return the plugins' names, in order."""
        ...

    def add(self, plugin: str, *, at: datetime, actor: str) -> None:
        """Name *plugin*; once is enough."""
        ...

    def remove(self, plugin: str) -> bool:
        """Name *plugin* no more, and tell whether it was named."""
        ...


class Ledger(Protocol):
    """The books: charges, receivables, payments, allocations, and the closed cycles."""

    def books(self, customers: Sequence[CustomerId]) -> Iterator[Account]:
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

    def due(self, first: CustomerId, last: CustomerId, on: date) -> Sequence[DueRow]:
        """Return the subscriptions of the customers from *first* to *last* that a closing must look at."""
        ...

    def with_balance(self, first: CustomerId, last: CustomerId) -> Iterable[CustomerId]:
        """Return the customers from *first* to *last* whose balance a closing may use up."""
        ...

    def profiles(self, names: Iterable[str]) -> Mapping[str, Profile]:
        """Return what quiet subscriptions are billed by."""
        ...

    def save_quiet(self, found: Sequence[QuietGroup], on: date) -> None:
        """Append what a closing found for quiet subscriptions, or raise ConcurrentChangeError."""
        ...

    def begin_run(self, run: str, *, on: date, at: datetime, actor: str, customer: CustomerId | None) -> str:
        """Note that a closing begins, and return its name: that of one which was not finished, if any."""
        ...

    def add_slice(self, run: str, first: CustomerId, last: CustomerId, found: Run) -> Run:
        """Add what a slice of a closing found to what it came to before, and return the whole."""
        ...

    def runs(self) -> tuple[RunRecord, ...]:
        """Return the closings that were begun, the latest first."""
        ...

    def finish_run(self, run: str, *, on: date, at: datetime, customers: int) -> Run:
        """Note that a closing of so many customers is finished, and return what all its slices came to."""
        ...


class Secrets(Protocol):
    """Secrets at rest, by names that never stand for anything else."""

    def keep(self, secret: SecretText) -> SecretRef:
        """Keep *secret* and return its name, or raise StorageError when there is no key."""
        ...

    def resolve(self, ref: SecretRef) -> SecretText:
        """Return the secret of this name, or raise NotFoundError or StorageError."""
        ...

    def resolve_all(self, refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
        """Return the secrets of many names, read at once; raises as ``resolve`` does."""
        ...

    def rotate(self, most: int) -> int:
        """Lock up to *most* secrets of older keys with the newest one, and return how many that were."""
        ...

    def by_key(self) -> Mapping[str, int]:
        """Return how many secrets each key has locked."""
        ...

    @property
    def newest_key(self) -> str:
        """The name of the key that locks."""
        ...
