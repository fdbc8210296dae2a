"""Books with a bit of everything for tests of closings, made once on each engine and copied for each test."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ispcore.plans import Cancel, ChangePrice, Suspend
from ispcore.storage import SqlDatabase
from ispcore.usecases import Run, RunRecord
from tests import engines
from tests.catalogues import brl
from tests.providers import ANA, Office, dump_of, sql_at

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)
CUSTOMERS = 60
IN_A_SLICE = 5
ABOUT_RUNS = ("runs", "run_slices")

Fresh = Callable[[], str]
"""Gives the URL of a fresh copy."""


def fill(office: Office, customers: int = CUSTOMERS) -> None:
    """Open subscriptions of several kinds, close February, and let things happen that March must repair."""
    office.load()
    opened = []
    for number in range(customers):
        plan = ("adsl", "fibre", "in-advance")[number % 3]
        opened.append((office.register(f"Customer {number}"), plan))
    subscriptions = [office.subscribe(customer, plan) for customer, plan in opened]
    office.close(LEAP_DAY)
    office.clock.move_to(date(2012, 3, 12))
    for number, subscription in enumerate(subscriptions):
        match number % 10:
            case 3:
                office.do(
                    ChangePrice(
                        subscription=subscription, price=brl("77.77"), rescale=True, on=date(2012, 2, 27)
                    )
                )
            case 5:
                office.pay(opened[number][0], "500.00", f"p{number}", company="net")
            case 7:
                office.do(Suspend(subscription=subscription))
            case 9:
                office.do(Cancel(subscription=subscription, reason="moved"))


def spoil(url: str, subscription: int) -> None:
    """Make a subscription one that cannot be billed: its first fact says something that nothing reads."""
    sql_at(url, f"update facts set payload = '{{}}' where subject_id = '{subscription}' and sequence = 1")


@cache
def _made(engine: str) -> Any:
    """Return a file's bytes, or the name of a server's database."""
    if engine == engines.POSTGRESQL:
        name = engines.server().new_database(engines.with_tables())
        _fill(engines.server().url(name))
        return name
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        engines.migrate(f"sqlite:///{path}")
        _fill(f"sqlite:///{path}")
        return path.read_bytes()


def _fill(url: str) -> None:
    office = Office(None, url)
    try:
        fill(office)
    finally:
        office.provider.close_database()


def fresh(engine: str, path: Path) -> str:
    """Return the URL of a fresh copy, at *path* where files are used."""
    made = _made(engine)
    if engine == engines.POSTGRESQL:
        return engines.new_postgresql(made)
    path.write_bytes(made)
    return f"sqlite:///{path}"


def books_at(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything in the database at *url* but the notes about runs."""
    database = SqlDatabase(url)
    try:
        return dump_of(database, *ABOUT_RUNS)
    finally:
        database.close()


def opened(url: str, on: date = END_OF_MARCH) -> Office:
    """Return an office on the database at *url*, on that day."""
    office = Office(None, url)
    office.clock.move_to(on)
    return office


def closed(url: str, on: date = END_OF_MARCH, **how: Any) -> Run:
    """Close the database at *url* on that day, which becomes today."""
    office = opened(url, on)
    try:
        return office.provider.close(on, actor=ANA, **how)
    finally:
        office.provider.close_database()


def findings_at(url: str) -> list[str]:
    """Return what a check of the database at *url* finds."""
    office = opened(url)
    try:
        return office.findings()
    finally:
        office.provider.close_database()


def runs_at(url: str) -> list[RunRecord]:
    """Return the closings of March that were begun."""
    office = opened(url)
    records = office.provider.runs(actor=ANA)
    office.provider.close_database()
    return [one for one in records if one.on == END_OF_MARCH]


@cache
def expected(engine: str) -> tuple[Run, dict[str, list[tuple[Any, ...]]]]:
    """Return what an undisturbed closing of March comes to, and the books that it leaves."""
    with TemporaryDirectory() as folder:
        url = fresh(engine, Path(folder) / "expected.db")
        run = closed(url)
        return run, books_at(url)
