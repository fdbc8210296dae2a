"""The composition root, and the one class that an embedding application needs.

Every call but the host's own look-up of an actor takes the actor, and is refused unless the actor has the
permission that it names.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from attrs import evolve

from ispcore import usecases as u
from ispcore.billing import Closing
from ispcore.contracts import ComboCommand, ContractCommand, OpenContract
from ispcore.customers import (
    CustomerCommand,
    Forget,
    LateCustomerCommand,
    PlainTaxIds,
    RegisterCustomer,
    TaxIds,
)
from ispcore.desks.looking import Looking
from ispcore.desks.money import MoneyDesks
from ispcore.desks.reach import Reach
from ispcore.desks.rehearsing import Rehearsal, rehearse
from ispcore.desks.secrets import SecretDesk
from ispcore.desks.staff import Staff
from ispcore.desks.system import (
    RandomCommandIds,
    RandomPasswords,
    SystemClock,
    catalogue_document,
    let_go_on_failure,
)
from ispcore.desks.trying import Attempt, attempt
from ispcore.hooks.plugins import Plugins
from ispcore.network_desk import NetworkDesk
from ispcore.plans import Exempt, OpeningCommand, SubscriptionCommand, Transfer
from ispcore.storage import KeySource, SqlDatabase
from ispcore.tick import Carriers, Chore, Tick, preview_tick, tick
from ispcore.timeline import Actor
from ispcore.values import ChargeId, CustomerId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from ispcore.billing import Explanation
    from ispcore.effects import Delivered
    from ispcore.hooks.desk import PluginDesk
    from ispcore.usecases.ports import Clock, Passwords


class Provider(MoneyDesks, Looking, Staff):
    """An internet provider's books: open a database and give commands.

    Use it as a context manager, or call :meth:`close_database`. Calls from several threads are safe; each is
    a transaction of its own.
    """

    def __init__(
        self,
        database: SqlDatabase,
        *,
        clock: Clock | None = None,
        tax_ids: TaxIds | None = None,
        plugins: Plugins | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        """Work on *database*; tests have a *clock* and *passwords* of their own, national packs *tax_ids*.

        There are no *plugins* unless they are given: ``Plugins.installed()`` for those that are installed.
        """
        self.plugins = plugins or Plugins.none()
        self._database = database
        self._policies = self.plugins.policies()
        self._desk = u.Desk(
            database,
            clock or SystemClock(),
            RandomCommandIds(),
            tax_ids or self.plugins.tax_ids() or PlainTaxIds(),
            passwords or RandomPasswords(),
            policies=self._policies,
            notices=u.STAGE_NOTICES,
            money=u.MONEY,
        )
        if plugins is not None:
            database.deliver_to(plugins.observers().names)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock | None = None,
        tax_ids: TaxIds | None = None,
        secret_keys: KeySource | None = None,
        plugins: Plugins | None = None,
    ) -> Provider:
        """Open the database at *url* (``"sqlite:///provider.db"``) and bring it to today's schema.

        Raises:
            StorageError: it cannot be opened, or is of a later version.
        """
        database = SqlDatabase(url, secret_keys=secret_keys)
        with let_go_on_failure(database):
            database.migrate()
        return cls(database, clock=clock, tax_ids=tax_ids, plugins=plugins)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        clock: Clock | None = None,
        tax_ids: TaxIds | None = None,
        secret_keys: KeySource | None = None,
        plugins: Plugins | None = None,
    ) -> Provider:
        """Open the database at *url* as it is.

        Raises:
            StorageError: it cannot be opened, or is not of today's schema.
        """
        database = SqlDatabase(url, secret_keys=secret_keys)
        with let_go_on_failure(database):
            database.check_schema()
        return cls(database, clock=clock, tax_ids=tax_ids, plugins=plugins)

    def __enter__(self) -> Self:
        """Use the provider in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close_database()

    def close_database(self) -> None:
        """Let go of every connection."""
        self._database.close()

    # Commands

    def load_catalogue(
        self,
        source: str | Path | Mapping[str, Any],
        *,
        actor: Actor,
        on: date | None = None,
        withdraw: bool = False,
    ) -> u.Loaded:
        """Make *source* (a path, TOML text or a document) the catalogue.

        Raises:
            DocumentError: it has problems; every one is listed with its place.
            RefusedError: entries would be withdrawn, and *withdraw* does not say so.
        """
        document = catalogue_document(source, self._filled)
        return u.load_catalogue(self._desk, document, actor=actor, on=on, withdraw=withdraw)

    def _filled(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.plugins.fill(document, self._desk.clock.now().date())

    @overload
    def do(self, command: LateCustomerCommand, *, actor: Actor) -> u.LateRecorded: ...
    @overload
    def do(self, command: Exempt, *, actor: Actor) -> u.ExemptRecorded: ...
    @overload
    def do(self, command: Forget, *, actor: Actor) -> u.PersonForgotten: ...
    @overload
    def do(self, command: OpenContract | ContractCommand, *, actor: Actor) -> u.ContractRecorded: ...
    @overload
    def do(self, command: ComboCommand, *, actor: Actor) -> u.ComboRecorded: ...
    @overload
    def do(self, command: RegisterCustomer | CustomerCommand, *, actor: Actor) -> u.CustomerRecorded: ...
    @overload
    def do(self, command: u.RecordPayment | u.ResolveParked, *, actor: Actor) -> u.PaymentRecorded: ...
    @overload
    def do(self, command: u.ReceivePayment, *, actor: Actor) -> u.Received: ...
    @overload
    def do(self, command: u.DropParked, *, actor: Actor) -> u.PaymentParked: ...
    @overload
    def do(self, command: u.SettlingCommand, *, actor: Actor) -> u.Settled: ...
    @overload
    def do(self, command: u.RegenerateSlip | u.MergeSlips | u.CancelSlip, *, actor: Actor) -> u.SlipsMade: ...
    @overload
    def do(self, command: OpeningCommand, *, actor: Actor) -> u.Recorded: ...
    @overload
    def do(
        self, command: Transfer, *, actor: Actor, expected_version: int | None = None
    ) -> u.TransferRecorded: ...
    @overload
    def do(
        self, command: SubscriptionCommand, *, actor: Actor, expected_version: int | None = None
    ) -> u.Recorded: ...
    def do(self, command: Any, *, actor: Actor, expected_version: int | None = None) -> Any:
        """Carry out *command* in one transaction and return what it left.

        With *expected_version* a subscription that was changed since is left alone.

        Raises:
            RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
            ConcurrentChangeError: somebody else was faster; nothing is saved.
        """
        return u.do(self._desk, command, actor=actor, expected_version=expected_version)

    def do_many(
        self, items: Iterable[u.Item], *, actor: Actor, dry_run: bool = False, slice_size: int = 500
    ) -> Iterator[u.Outcome]:
        """Carry out many commands and yield what became of each: recorded, there already, or refused.

        Each slice is a transaction; what is refused is undone alone. Every item of a *dry_run* is checked,
        also against those before it, and nothing is saved; until its end nobody else can write to SQLite.

        Raises:
            InvalidValueError: *slice_size* is below 1.
            ConcurrentChangeError, StorageError: somebody else was faster, or the database failed; the slice
                is undone. Run it again: it goes on.
            TypeError: an item is no command; its slice is undone.
        """
        if not dry_run:
            return u.do_many(self._desk, items, actor=actor, slice_size=slice_size)
        return self._rehearse_many(items, actor, slice_size)

    def _rehearse_many(self, items: Iterable[u.Item], actor: Actor, slice_size: int) -> Iterator[u.Outcome]:
        with self._database.rehearsal() as database:
            desk = evolve(self._desk, database=database)
            yield from u.do_many(desk, items, actor=actor, slice_size=slice_size)

    @overload
    def try_out(
        self, command: OpeningCommand | SubscriptionCommand, *, actor: Actor, closing_on: date
    ) -> Rehearsal: ...
    @overload
    def try_out(self, command: u.AnyCommand, *, actor: Actor) -> Attempt: ...
    def try_out(self, command: Any, *, actor: Actor, closing_on: date | None = None) -> Rehearsal | Attempt:
        """Return what any *command* would leave behind, and save nothing.

        With *closing_on* a command to a subscription is followed by a closing on that day.

        Raises:
            RefusedError, NotFoundError, InvalidValueError: a rule forbids it.
            TypeError: it is no command, or none to a subscription where a closing is to follow.
        """
        if closing_on is None:
            return attempt(self._desk, self._database, command, actor=actor)
        return rehearse(self._desk, self._database, command, actor=actor, closing_on=closing_on)

    def tick(
        self,
        on: date | None = None,
        *,
        actor: Actor,
        watch: Callable[[Chore], object] | None = None,
        carriers: Carriers | None = None,
    ) -> Tick:
        """Do everything that time does up to a day, today by default; *watch* sees each chore once done.

        Tasks, slips, documents, reminders, late payers, the network, and handing over. Run it as often as you
        like: what was done is not done twice, and after days of silence one tick catches up. The program may
        have *carriers* of its own for notices and documents, and sources of its own for connections.

        Raises:
            RefusedError: the day is still to come.
            StorageError: the database failed; what was done stays done.
        """
        reach = Reach(self._database, self.plugins)
        return tick(self._desk, reach, on, actor=actor, watch=watch, carriers=carriers)

    def preview_tick(self, on: date | None = None, *, actor: Actor) -> Tick:
        """Return what a tick of any day would come to now, and save nothing and tell nobody."""
        return preview_tick(self._desk, Reach(self._database, self.plugins), on, actor=actor)

    @property
    def network(self) -> NetworkDesk:
        """What is about the network: what is wanted, devices and workers, drift, actions."""
        return NetworkDesk(self._desk, Reach(self._database, self.plugins))

    # Billing

    def close(
        self,
        on: date,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        watch: Callable[[u.Run], object] | None = None,
        executor: Executor | None = None,
    ) -> u.Run:
        """Bill every subscription, or those of one *customer*, up to *on*.

        Customers are taken in slices, each a transaction of its own; a run that was not finished is gone on
        with. *watch* sees what each slice came to once it is saved. An *executor* (of
        :mod:`concurrent.futures`, or of a Dask client) closes slices side by side in its processes.

        Raises:
            RefusedError: the day is too far ahead.
            StorageError: the database or a worker failed; what was done stays done.
        """
        desk = self._desk
        if executor is not None:
            desk = evolve(desk, workers=self._database.workers(executor))
        return u.close(desk, on, actor=actor, customer=customer, watch=watch)

    def runs(self, *, actor: Actor) -> tuple[u.RunRecord, ...]:
        """Return the closings that were begun, the latest first, with what they came to."""
        return u.runs(self._desk, actor=actor)

    def preview(self, on: date, *, actor: Actor, customer: CustomerId | None = None) -> Iterator[Closing]:
        """Yield what :meth:`close` would append, and save nothing."""
        return u.preview(self._desk, on, actor=actor, customer=customer)

    def explain(self, charge: ChargeId, *, actor: Actor) -> Explanation:
        """Return how a charge or credit came about, or raise NotFoundError."""
        return u.explain_charge(self._desk, charge, actor=actor)

    def check(self, *, actor: Actor) -> Iterator[u.Finding]:
        """Yield everything stored that does not follow from the facts."""
        return u.check(self._desk, actor=actor)

    @property
    def secrets(self) -> SecretDesk:
        """What is done about secrets at rest: which keys lock them, and giving them newer locks."""
        return SecretDesk(self._desk)

    # Plugins

    @property
    def plugin_desk(self) -> PluginDesk:
        """What is done about plugins: policies that the database insists on, and events that wait."""
        from ispcore.hooks.desk import PluginDesk  # noqa: PLC0415 - few programs need it

        return PluginDesk(self._database, self._desk.clock, self.plugins, self._policies)

    def deliver(self, *, actor: Actor, most: int | None = None) -> Delivered:
        """Tell the observers of plugins what was recorded, at *most* so many events.

        Call it from a worker, again and again. What an observer raises is kept and tried again later.
        """
        return self.plugin_desk.deliver(actor=actor, most=most)
