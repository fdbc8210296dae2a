"""What the use cases need of the world, each port on one screen.

``storage`` fulfils the ones about data; clock, command ids and passwords come from the composition root.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from ispcore.usecases.connection_stores import Connections
from ispcore.usecases.contract_stores import Contracts
from ispcore.usecases.document_stores import Documents
from ispcore.usecases.late_stores import LateStages
from ispcore.usecases.money_stores import Accounts
from ispcore.usecases.network_stores import Addresses, Network
from ispcore.usecases.notice_stores import Notices
from ispcore.usecases.payment_stores import Payments
from ispcore.usecases.registering import RegistrationStore
from ispcore.usecases.rows import (
    Slice,
)
from ispcore.usecases.runs import Run
from ispcore.usecases.slip_stores import PaymentBooks, Slips
from ispcore.usecases.stores import (
    Actors,
    Catalogues,
    Customers,
    Facts,
    Guards,
    Known,
    Ledger,
    Secrets,
    Subscriptions,
)
from ispcore.usecases.task_stores import Tasks
from ispcore.values import SecretText


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


class Passwords(Protocol):
    """Makes passwords up."""

    def new(self, length: int) -> SecretText:
        """Return a password of so many letters and digits that nobody can guess and everybody can read."""
        ...


class Workers(Protocol):
    """Close slices elsewhere, several at the same time."""

    def close(self, run: str, parts: Iterator[Slice], on: date) -> Generator[Run]:
        """Yield what each of the *parts* of a run came to, in any order."""
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
    def contracts(self) -> Contracts:
        """What customers and the provider agreed."""
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
    def accounts(self) -> Accounts:
        """What customers owe, and what became of it."""
        ...

    @property
    def documents(self) -> Documents:
        """Fiscal documents."""
        ...

    @property
    def registrations(self) -> RegistrationStore:
        """What charge providers know of slips."""
        ...

    @property
    def slips(self) -> Slips:
        """What was sent to be paid."""
        ...

    @property
    def payment_books(self) -> PaymentBooks:
        """Runs of slips that were made to be sent as one."""
        ...

    @property
    def late(self) -> LateStages:
        """The stages that late debts reached."""
        ...

    @property
    def payments(self) -> Payments:
        """What is beside payments: who settled what, and payments that wait for a person."""
        ...

    @property
    def tasks(self) -> Tasks:
        """Commands for a later day."""
        ...

    @property
    def connections(self) -> Connections:
        """What accounting sources told of logins."""
        ...

    @property
    def notices(self) -> Notices:
        """What customers are told."""
        ...

    @property
    def actors(self) -> Actors:
        """The actors that are kept here."""
        ...

    @property
    def network(self) -> Network:
        """What is wanted of the network."""
        ...

    @property
    def addresses(self) -> Addresses:
        """Fixed addresses, and who has them."""
        ...

    @property
    def secrets(self) -> Secrets:
        """The secrets at rest."""
        ...

    @property
    def guards(self) -> Guards:
        """The plugins that must review commands."""
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
