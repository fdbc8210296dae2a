"""Transactions: each one a unit of work over all repositories, undone whole when it fails."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import RLock
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.errors import RefusedError
from ispcore.storage.accounts import AccountStore
from ispcore.storage.actions import SqlActions
from ispcore.storage.actors import ActorStore
from ispcore.storage.addresses import AddressStore
from ispcore.storage.catalogue import CatalogueStore
from ispcore.storage.connections import ConnectionStore
from ispcore.storage.contracts import ContractStore
from ispcore.storage.customers import CustomerStore
from ispcore.storage.deliveries import DeliveryStore
from ispcore.storage.devices import DeviceStore
from ispcore.storage.documents import DocumentStore
from ispcore.storage.drift import SqlDrift
from ispcore.storage.effects import SqlEffects
from ispcore.storage.engine import (
    as_reader,
    as_writer,
    check_schema,
    has_one_connection,
    migrate,
    open_engine,
)
from ispcore.storage.facts import FactStore
from ispcore.storage.failures import committing, guarded
from ispcore.storage.guards import GuardStore
from ispcore.storage.health import HealthStore
from ispcore.storage.held import BulkSession
from ispcore.storage.instants import database_time
from ispcore.storage.jobs import Jobs, has_jobs
from ispcore.storage.known import KnownStore
from ispcore.storage.late import LateStore
from ispcore.storage.ledger import LedgerStore
from ispcore.storage.locks import needs_turns
from ispcore.storage.network import NetworkStore
from ispcore.storage.notices import NoticeStore
from ispcore.storage.outbox import OutboxStore
from ispcore.storage.payment_books import PaymentBookStore
from ispcore.storage.payments import PaymentStore
from ispcore.storage.registrations import SlipRegistrationStore
from ispcore.storage.secrets import SecretStore
from ispcore.storage.slips import SlipStore
from ispcore.storage.tasks import TaskStore
from ispcore.storage.turns import NoTurns, SubscriptionsInTurn, Turns
from ispcore.storage.watches import WatchStore
from ispcore.storage.workers import ExecutorWorkers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from datetime import datetime

    from ispcore.storage.instants import Instants
    from ispcore.storage.outbox import Waker
    from ispcore.storage.secret_keys import KeySource


class Session:
    """One transaction's view of the database."""

    def __init__(  # noqa: PLR0913 - of this module
        self,
        connection: sa.Connection,
        keys: KeySource | None,
        *,
        writing: bool,
        observers: Sequence[str] = (),
        waker: Waker | None = None,
        instants: Instants = database_time,
    ) -> None:
        """Bind every repository to the transaction of *connection*; one that is *writing* takes its turn.

        Secrets are locked with *keys*; each fact that it records is to be delivered to *observers*.
        """
        self.connection = connection
        self.deliveries = DeliveryStore(connection)
        self.facts = FactStore(connection, observed=self.deliveries.promised_to(observers))
        turns = Turns(connection) if writing and needs_turns(connection) else NoTurns()
        self.actors = ActorStore(connection)
        self.guards = GuardStore(connection)
        self.health = HealthStore(connection)
        self.catalogue = CatalogueStore(connection, turns)
        self.customers = CustomerStore(connection, self.facts, turns)
        self.contracts = ContractStore(connection, self.facts, turns)
        self.subscriptions = SubscriptionsInTurn(connection, self.facts, turns)
        self.ledger = LedgerStore(connection, self.facts, self.subscriptions, turns)
        self.accounts = AccountStore(connection, turns)
        self.documents = DocumentStore(connection)
        self.slips = SlipStore(connection)
        self.registrations = SlipRegistrationStore(connection)
        self.payment_books = PaymentBookStore(connection, self.slips)
        self.late = LateStore(connection)
        self.payments = PaymentStore(connection)
        self.tasks = TaskStore(connection)
        self.connections = ConnectionStore(connection)
        self.notices = NoticeStore(connection)
        self.known = KnownStore(connection)
        self.addresses = AddressStore(connection)
        self.secrets = SecretStore(connection, keys)
        self.devices = DeviceStore(connection)
        self.outbox = OutboxStore(connection, waker=waker, instants=instants)
        self.network = NetworkStore(connection, self.outbox.wake)
        self.watches = WatchStore(connection)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Begin a part of the transaction that an error undoes alone."""
        nested = self.connection.begin_nested()
        try:
            yield
        except BaseException as error:
            try:
                nested.rollback()
            except sa.exc.DBAPIError:
                # On a full disk SQLite has undone the whole transaction already; why, is what must be told.
                raise error from error.__cause__
            raise
        nested.commit()


class SqlDatabase:
    """A database that ispcore keeps its facts and entries in."""

    def __init__(
        self, url: str, *, secret_keys: KeySource | None = None, instants: Instants = database_time
    ) -> None:
        """Point at the database; nothing is opened yet. Secrets are locked with *secret_keys*.

        Workers go by what *instants* tells: the database's own clock, unless tests move it.
        """
        self._instants = instants
        self._engine = open_engine(url)
        self._keys = secret_keys
        self._jobs: Jobs | None = None
        self._turn: AbstractContextManager[object] = (
            RLock() if has_one_connection(self._engine) else nullcontext()
        )
        self._observers: Callable[[], Sequence[str]] = tuple

    def deliver_to(self, observers: Callable[[], Sequence[str]]) -> None:
        """Have each fact recorded from now on delivered to *observers*, who are asked for when needed.

        They take the place of those before.
        """
        self._observers = observers

    @property
    def engine(self) -> sa.Engine:
        """What it is opened with, for those who watch over statements."""
        return self._engine

    @property
    def url(self) -> sa.URL:
        """Where the database is."""
        return self._engine.url

    def migrate(self) -> None:
        """Bring the database to today's schema; an empty one gets it whole."""
        migrate(self._engine)

    def check_schema(self) -> None:
        """Refuse a database that is not of today's schema."""
        check_schema(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Begin a transaction that only reads, and sees one state of everything."""
        with self._connected() as plain, as_reader(plain).begin():
            yield Session(plain, self._keys, writing=False, instants=self._instants)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Begin a transaction that may write; an error undoes it whole."""
        observers = self._observers()  # may load plugins, which is not to be done with a database held
        with self._connected() as plain:
            connection = as_writer(plain)
            transaction = connection.begin()
            try:
                yield Session(
                    connection,
                    self._keys,
                    writing=True,
                    observers=observers,
                    waker=self._wake,
                    instants=self._instants,
                )
            except BaseException:
                transaction.rollback()
                raise
            with committing(self._engine):
                transaction.commit()

    @contextmanager
    def bulk(self) -> Iterator[BulkSession]:
        """Begin a transaction that writes what many commands make, at once where it can."""
        with self.writing() as session, _written(session) as work:
            yield work

    @contextmanager
    def rehearsal(self) -> Iterator[RehearsalDatabase]:
        """Give a database whose transactions are all one, and undo it at the end; nobody is told of it."""
        self._observers()  # as for writing: so that plugins are loaded by now
        with self._connected() as plain:
            connection = as_writer(plain)
            transaction = connection.begin()
            try:
                yield RehearsalDatabase(Session(connection, self._keys, writing=True), self._keys)
            finally:
                transaction.rollback()

    def workers(self, executor: Executor) -> ExecutorWorkers:
        """Return workers that close slices of this database in the processes of *executor*.

        Raises:
            RefusedError: the database is in the memory of this process.
        """
        if has_one_connection(self._engine):
            raise RefusedError(
                "A database in memory cannot be reached by other processes.",
                rule="in-memory",
                hint="Use a file or a server, or close without an executor.",
            )
        return ExecutorWorkers(self, self._engine.url.render_as_string(hide_password=False), executor)

    @property
    def effects(self) -> SqlEffects:
        """What workers take their work from."""
        return SqlEffects(self, instants=self._instants)

    @property
    def drift(self) -> SqlDrift:
        """What is seen on devices."""
        return SqlDrift(self, self._instants)

    @property
    def actions(self) -> SqlActions:
        """What was done on devices by hand."""
        return SqlActions(self, self._instants)

    def now(self) -> datetime:
        """Return the instant that workers go by."""
        with self.reading() as session:
            return self._instants(session.connection)

    def _wake(self, connection: sa.Connection, devices: Sequence[str]) -> None:
        """Wake workers by the queue of jobs, where one is set up; others look by themselves."""
        if self._jobs is None and has_jobs(connection):
            self._jobs = Jobs(self)
        if self._jobs is not None:
            self._jobs.wake(connection, devices)

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        with guarded(self._engine), self._turn, self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


class RehearsalDatabase:
    """Hands out one session for everything; what is written is undone by whoever opened it."""

    def __init__(self, session: Session, keys: KeySource | None = None) -> None:
        """Keep the session; secrets are locked with *keys*."""
        self._session = session
        self._keys = keys

    @contextmanager
    def rehearsal(self) -> Iterator[RehearsalDatabase]:
        """Give a database that goes on from here, and undo what is done in it at the end."""
        connection = self._session.connection
        nested = connection.begin_nested()
        try:
            yield RehearsalDatabase(Session(connection, self._keys, writing=True), self._keys)
        finally:
            nested.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give the session."""
        yield self._session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the session."""
        yield self._session

    @contextmanager
    def bulk(self) -> Iterator[BulkSession]:
        """Give the session, for many commands."""
        with _written(self._session) as work:
            yield work


@contextmanager
def _written(session: Session) -> Iterator[BulkSession]:
    work = BulkSession(session)
    yield work
    work.finish()
