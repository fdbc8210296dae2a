"""A closing that is killed in the middle leaves whole slices, and is repaired by running it again."""

import multiprocessing
import random
import signal
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.engines import url_at
from tests.providers import Office, copy_database, open_office
from tests.storage.closer import close

if not hasattr(signal, "SIGKILL"):
    pytest.skip("this system cannot kill at once", allow_module_level=True)

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.storage.closer"])

CUSTOMERS = 400
MONTHS = [date(2012, 2, 29), date(2012, 3, 31)]
KILLS = 6
"""For each month."""


def killed(path: Path, on: date, after: float) -> bool:
    """Close in a child process that is killed *after* some seconds; tell whether that came in time."""
    ready, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=close, args=(url_at(path), on, theirs))
    child.start()
    with ready, theirs:
        assert ready.recv() == "ready"
        time.sleep(after)
        child.kill()
        child.join()
    return child.exitcode == -signal.SIGKILL


def books(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    return {name: sorted(rows, key=repr) for name, rows in office.dump("runs").items()}


def test_a_killed_closing_that_is_run_again_leaves_the_books_of_an_undisturbed_one(
    tmp_path: Path,
) -> None:
    undisturbed, disturbed = tmp_path / "undisturbed.db", tmp_path / "disturbed.db"
    with open_office(undisturbed) as office:
        for number in range(CUSTOMERS):
            office.subscribe(office.register(f"Customer {number}"), ("adsl", "fibre")[number % 2])
    copy_database(undisturbed, disturbed)

    office = Office(undisturbed)
    began = time.monotonic()
    for month in MONTHS:
        office.close(month)
    each = (time.monotonic() - began) / len(MONTHS)
    expected = books(office)
    office.provider.close_database()

    chance = random.Random(2012)
    in_time = 0
    for month in MONTHS:
        for _ in range(KILLS):
            in_time += killed(disturbed, month, chance.uniform(0, each))
        office = Office(disturbed)
        office.close(month)
        office.provider.close_database()

    office = Office(disturbed)
    assert in_time > 0
    assert books(office) == expected
    assert office.findings() == []
    office.provider.close_database()
