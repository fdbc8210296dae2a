"""A base of customers who pay late, what a run leaves of it, and a child process that runs."""

import multiprocessing
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from ispcore.app import Provider
from ispcore.storage import SqlDatabase
from tests.catalogues import february, march
from tests.providers import ANA, MovableClock, Office

LADDER = [
    {"code": "told", "action": "notify", "days": 5},
    {"code": "slow", "action": "reduce", "days": 10},
    {"code": "stop", "action": "block", "days": 20},
]
STOP = march(30)
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.storage.late_base"])


def fill(office: Office, customers: int = 6) -> None:
    """Bill customers for February; the last one pays after having been reduced, which is to be lifted."""
    office.load(late={"standard": {"stages": LADDER, "restore_days": 1}})
    mine = [office.register(f"Customer {number}") for number in range(customers)]
    for one in mine:
        office.subscribe(one)
    office.close(february(29))
    office.clock.move_to(march(22))
    office.provider.late.run(actor=ANA)
    office.pay(mine[-1], "20.69")
    assert office.open_amounts(mine[-1]) == {}


def left(office: Office) -> tuple[list[tuple[object, ...]], ...]:
    """Return what runs left, without when and by which command."""
    tables = office.dump()
    facts = [(row[0], row[1], row[2], str(row[3]), row[10]) for row in tables["facts"]]
    stages = [(*row[:4], str(row[4]), str(row[5])) for row in tables["late_stages"]]
    return sorted(facts), sorted(stages)


def run_at(url: str, day: date, slices_of: int, ready: Connection | None = None) -> None:
    """Run on the database at *url*, on a day."""
    from ispcore.usecases import late

    late.SLICE = slices_of
    provider = Provider(SqlDatabase(url), clock=MovableClock(day))
    try:
        if ready is not None:
            ready.send("ready")
        provider.late.run(actor=ANA)
    finally:
        provider.close_database()


def running(url: str, day: date, slices_of: int) -> BaseProcess:
    """Return a process that has loaded everything and begins to run."""
    ready, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=run_at, args=(url, day, slices_of, theirs))
    child.start()
    theirs.close()
    with ready:
        assert ready.recv() == "ready"
    return child
