"""A provider on a fresh database, with a clock that can be moved, and short ways to what tests do most."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from ispcore.app import Provider
from ispcore.billing import Charge
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.plans import Command, Subscribe
from ispcore.storage import SqlDatabase
from ispcore.storage.columns import metadata
from ispcore.timeline import EVERYTHING, Actor
from ispcore.usecases import Recorded, RecordPayment, Run
from ispcore.values import AddressId, ChargeId, Currency, CustomerId, Money, SubscriptionId
from tests import engines
from tests.catalogues import START, document

ANA = Actor("ana", frozenset({EVERYTHING}), address="192.0.2.17")
"""An actor who may do everything, at a desk with an address."""

NOBODY = Actor("nobody")
"""An actor without any permission."""


class MovableClock:
    """Shows the instant that it was set to."""

    def __init__(self, day: date = START) -> None:
        """Begin at noon of *day*, in UTC."""
        self.instant = datetime.combine(day, time(12), UTC)

    def now(self) -> datetime:
        """Return the instant."""
        return self.instant

    def move_to(self, day: date, hour: int = 12) -> None:
        """Set the clock to an hour of *day*, in UTC."""
        self.instant = datetime.combine(day, time(hour), UTC)


class Office:
    """A provider and its clock, on the database at ``url``."""

    def __init__(self, path: Path | None, url: str | None = None, *, whole: bool = False) -> None:
        """Open the database that is known by *path*, or one in memory; the usual start day is today.

        One that is *whole* has its tables already.
        """
        self.url = url or (engines.url_at(path) if path else engines.in_memory())
        self.clock = MovableClock()
        self.database = SqlDatabase(self.url)
        if not whole and (path is None or not path.exists()):
            self.database.migrate()
        self.provider = Provider(self.database, clock=self.clock)

    # --- commands

    def load(self, **sections: Any) -> None:
        """Make the test catalogue, with entries of *sections* added or exchanged, the provider's."""
        self.provider.load_catalogue(document(**sections), actor=ANA)

    def register(self, name: str = "Ana Souza", city: str = "Londrina", **more: Any) -> CustomerId:
        """Register a person with a registered address."""
        tax_id = more.pop("tax_id", None)
        usual = {"addresses": (address("home", city),), "kind": PersonKind.PERSON}
        details = PersonDetails(name=name, tax_id=tax_id, email=more.pop("email", None))
        command = RegisterCustomer(details=details, **{**usual, **more})
        return self.provider.do(command, actor=ANA).customer

    def subscribe(
        self, customer: CustomerId, plan: str = "adsl", on: date = START, **terms: Any
    ) -> SubscriptionId:
        """Open an enabled subscription, paid by slip on day 10 unless *terms* say otherwise."""
        usual = {"status": "enabled", "charge_method": "slip", "due_day": 10}
        return self.do(Subscribe(customer=customer, plan=plan, on=on, **{**usual, **terms})).subscription

    def do(self, command: Command, *, actor: Actor = ANA, today: date | None = None) -> Recorded:
        """Give *command* today, or on another day that becomes today."""
        if today is not None:
            self.clock.move_to(today)
        recorded: Recorded = self.provider.do(command, actor=actor)  # type: ignore[call-overload] # any command
        return recorded

    def close(self, on: date) -> Run:
        """Close on that day, which becomes today."""
        self.clock.move_to(on)
        return self.provider.close(on, actor=ANA)

    def pay(self, customer: CustomerId, amount: str, name: str = "p1", **more: Any) -> RecordPayment:
        """Record a payment that came by the bank today."""
        paid_on = self.clock.now().date()
        command = RecordPayment(
            customer=customer,
            amount=Money.of(amount, "BRL"),
            paid_on=paid_on,
            provider="bank",
            provider_id=name,
            **more,
        )
        self.provider.do(command, actor=ANA)
        return command

    # --- looking

    def charges(self, subscription: SubscriptionId) -> tuple[Charge, ...]:
        """Return a subscription's entries."""
        return self.provider.subscription(subscription, actor=ANA).charges

    def owed(self, subscription: SubscriptionId) -> dict[str, str]:
        """Return the net issued by month of the cycle's closing day, as text."""
        found: dict[str, int] = {}
        for charge in self.charges(subscription):
            month = f"{charge.key.cycle.closing_day:%Y-%m}"
            found[month] = found.get(month, 0) + charge.signed_minor
        return {month: shown(cents) for month, cents in sorted(found.items())}

    def open_amounts(self, customer: CustomerId) -> dict[ChargeId, str]:
        """Return what is open of each receivable that is not settled, as text."""
        seen = self.provider.customer(customer, actor=ANA).receivables
        return {one.receivable.id: str(one.open.amount) for one in seen if not one.open.is_zero}

    def balances(self, customer: CustomerId) -> dict[str, str]:
        """Return the balances by company, as text."""
        found = self.provider.customer(customer, actor=ANA).balances
        return {holder.company: str(amount.amount) for holder, amount in found.items()}

    def findings(self) -> list[str]:
        """Return what a check finds, a line each."""
        return [str(finding) for finding in self.provider.check(actor=ANA)]

    def dump(self, *without: str) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything in the database by table, except the tables *without*."""
        return dump_of(self.database, *without)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run *statement* behind the library's back and without its checks; JSON comes as text."""
        return sql_at(self.url, statement, *values)


def dump_of(database: SqlDatabase, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything in *database* by table, except the tables *without*."""
    with database.reading() as work:
        return {
            table.name: sorted((tuple(row) for row in work.connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
            if table.name not in without
        }


def sql_at(url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run *statement* on a database, without ispcore and its checks; JSON comes as text."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw, raw:
            return raw.execute(statement, values).fetchall()
    with psycopg.connect(url.replace("+psycopg", "")) as server:
        psycopg.types.json.set_json_loads(
            lambda text: text if isinstance(text, str) else bytes(text).decode(), server
        )
        # Foreign keys are looked after by triggers, which a replica leaves to where it copies from.
        server.execute("set session_replication_role = replica")
        done = server.execute(statement.replace("?", "%s").encode(), values or None)
        return done.fetchall() if done.description else []


def shown(cents: int) -> str:
    """Return minor units as the text of an amount."""
    return str(Money(cents, Currency.of("BRL")).amount)


def address(name: str, city: str, kind: AddressType = AddressType.REGISTERED, **more: str) -> Address:
    """Return an address called *name*."""
    return Address(id=AddressId(name), type=kind, city=city, **more)


@contextmanager
def open_office(path: Path | None = None) -> Iterator[Office]:
    """Give an office with the test catalogue, on a fresh database known by *path* or in memory."""
    if engines.on_postgresql():
        url = engines.url_at(path, _fresh_database) if path else engines.new_postgresql(_fresh_database())
        office = Office(None, url, whole=True)
    elif path is not None:
        path.write_bytes(_fresh_file())
        office = Office(path)
    else:
        office = Office(None, whole=True)
        with office.database.reading() as work:
            work.connection.connection.driver_connection.deserialize(_fresh_memory())  # type: ignore[union-attr] # SQLite's
    try:
        yield office
    finally:
        office.provider.close_database()
        if path is None:
            engines.drop_database(office.url)


def copy_database(source: Path, target: Path) -> None:
    """Copy the database known by one path to the other; nobody may be connected to it."""
    if engines.on_postgresql():
        engines.url_at(target, lambda: engines.name_at(source))
    else:
        shutil.copyfile(source, target)


@cache
def _fresh_file() -> bytes:
    """Return a database that holds the test catalogue and nothing else."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.db"
        office = Office(path)
        office.load()
        office.provider.close_database()
        return path.read_bytes()


@cache
def _fresh_memory() -> bytes:
    """Return a database in memory that holds the test catalogue and nothing else."""
    office = Office(None)
    office.load()
    with office.database.reading() as work:
        kept: bytes = work.connection.connection.driver_connection.serialize()  # type: ignore[union-attr] # SQLite's
    office.provider.close_database()
    return kept


@cache
def _fresh_database() -> str:
    """Return the name of a database that holds the test catalogue and nothing else."""
    name = engines.server().new_database(engines.with_tables())
    office = Office(None, engines.server().url(name))
    office.load()
    office.provider.close_database()
    return name
