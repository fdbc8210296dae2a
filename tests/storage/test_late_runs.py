"""Runs about late payment: cut short anywhere and run again, or by two at once, each thing is done once."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ispcore.errors import IspcoreError
from ispcore.usecases import LateRun
from ispcore.values import SubscriptionId
from tests.providers import ANA, Office, copy_database, open_office
from tests.storage.late_base import STOP, fill, left, running
from tests.storage.test_concurrency import together

KILLS = int(os.environ.get("ISPCORE_LATE_KILLS", "4"))


class Stopped(BaseException):
    """The process is gone."""


@pytest.fixture
def office(each_engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office on each engine, whatever was chosen, whose runs are cut into small slices."""
    monkeypatch.setattr("ispcore.usecases.late.SLICE", 2)
    office = Office(None, each_engine)
    fill(office)
    office.clock.move_to(STOP)
    yield office
    office.provider.close_database()


def test_two_runs_at_once_do_each_thing_once(office: Office) -> None:
    runs = together(*(lambda: office.provider.late.run(actor=ANA) for _ in range(2)))

    assert all(isinstance(run, LateRun) for run in runs), runs
    assert sum(run.blocked for run in runs if isinstance(run, LateRun)) == 5
    assert sum(run.restored for run in runs if isinstance(run, LateRun)) == 1
    assert [problem for run in runs if isinstance(run, LateRun) for problem in run.problems] == []
    assert office.findings() == []


def test_a_run_and_a_payment_at_once_leave_nobody_blocked_who_has_paid(office: Office) -> None:
    found = together(
        lambda: office.provider.late.run(actor=ANA),
        *(lambda one=one: office.pay(one, "20.69", f"p-{one}") for one in range(1, 4)),
    )
    office.provider.late.run(actor=ANA)

    assert not [one for one in found if isinstance(one, IspcoreError)]
    standing = {
        number: [
            hold.kind.value for hold in office.provider.subscription(number, actor=ANA).timeline.last.holds
        ]
        for number in map(SubscriptionId, range(1, 7))
    }
    assert standing == {
        number: [] if number in (1, 2, 3, 6) else ["reduced", "blocked"] for number in standing
    }


def _stopped_after(office: Office, statements: int) -> bool:
    """Run, and stop after so many statements; tell whether it was stopped."""
    left_over = [statements]

    def count(*_: object) -> None:
        left_over[0] -= 1
        if left_over[0] < 0:
            raise Stopped

    engine = office.database.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        office.provider.late.run(actor=ANA)
    except Stopped:
        return True
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return False


@pytest.mark.sqlite_only("whole transactions are undone alike; it would take a database for each stop")
def test_a_run_that_is_stopped_anywhere_and_run_again_leaves_what_an_undisturbed_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ispcore.usecases.late.SLICE", 2)
    with open_office(tmp_path / "base.db") as office:
        fill(office)
    expected = None
    stops = 0
    for number in [10_000, *range(0, 10_000, 5)]:
        path = tmp_path / f"{number}.db"
        copy_database(tmp_path / "base.db", path)
        office = Office(path)
        office.clock.move_to(STOP)
        stopped = _stopped_after(office, number)
        office.provider.late.run(actor=ANA)
        expected = left(office) if expected is None else expected
        assert left(office) == expected, f"stopped after {number} statements"
        office.provider.close_database()
        stops += stopped
        if not stopped and number < 10_000:
            break
    assert stops > 8


@pytest.mark.endurance
@pytest.mark.sqlite_only("the databases of a server are not copied here")
def test_a_run_that_is_killed_and_run_again_leaves_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    with open_office(tmp_path / "base.db") as office:
        fill(office, 40)
    chance, whole, expected, killed = random.Random("sqlite"), 0.0, None, 0
    for number in range(KILLS):
        path = tmp_path / f"{number}.db"
        copy_database(tmp_path / "base.db", path)
        office = Office(path)
        office.clock.move_to(STOP)
        began = time.monotonic()
        child = running(office.url, STOP, 2)
        if number:
            time.sleep(chance.uniform(0, 0.6 * whole))
            child.kill()
        child.join()
        whole = whole or time.monotonic() - began
        killed += child.exitcode != 0
        office.provider.late.run(actor=ANA)
        expected = left(office) if expected is None else expected
        assert left(office) == expected
        office.provider.close_database()
    assert killed
