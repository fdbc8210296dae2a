"""A tick that is cut short, doubled or only tried out: everything that time does is done once."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.errors import IspcoreError
from ispcore.plans import Resume, Suspend, TaskState
from ispcore.tick import Tick
from ispcore.timeline import Cause
from ispcore.values import SubscriptionId, TaskId
from tests.catalogues import DOCUMENT, march
from tests.providers import ANA, Office
from tests.storage.test_concurrency import together
from tests.storage.ticker import GONE

LEAP_DAY = date(2012, 2, 29)
DAY = march(25)
CUTS = int(os.environ.get("ISPCORE_TICK_CUTS", "5"))
"""How many statements a tick is cut at; 100000 tries each of them."""
SECTIONS: dict[str, Any] = {
    "document_types": {
        **DOCUMENT["document_types"],
        "nfcom": {"name": "NFCom", "asked_for": "on_due_day", "issuer": "hall"},
    },
    "notices": {"channels": {"email": {"due": "5, 0, -15"}}},
    "late": {
        "standard": {
            "charges": {"fine_percent": "2", "interest_percent": "1"},
            "stages": [
                {"code": "told", "action": "notify", "days": 5, "template": "late"},
                {"code": "slow", "action": "reduce", "days": 10},
            ],
        }
    },
}


def prepared(office: Office) -> None:
    """Bill February to three customers, none of whom pays; their slips and documents wait for a tick."""
    office.load(**SECTIONS)
    for number in range(3):
        customer = office.register(tax_id=f"12{number}")
        office.subscribe(customer, "fibre" if number else "adsl")
    office.close(LEAP_DAY)
    office.clock.move_to(DAY)


def tick(office: Office) -> Tick:
    return office.provider.tick(actor=ANA)


def content(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is kept, without the names that each command gets."""
    with office.database.reading() as work:
        names = {name for (name,) in work.connection.execute(sa.text("SELECT command_id FROM facts"))}
    return {
        table: sorted(
            (tuple("*" if str(value) in names else value for value in row) for row in rows), key=repr
        )
        for table, rows in office.dump("slips").items()
    }


def cut_short(url: str, at: int) -> None:
    """Tick in a process that is killed before the statement with this number."""
    done = subprocess.run([sys.executable, "-m", "tests.storage.ticker", url, str(at)], check=False)
    assert done.returncode == GONE


def statements_of(office: Office) -> int:
    """Return how many statements a tick needs."""
    found = 0

    def count(*_: object) -> None:
        nonlocal found
        found += 1

    sa.event.listen(office.database._engine, "before_cursor_execute", count)
    tick(office)
    sa.event.remove(office.database._engine, "before_cursor_execute", count)
    return found


def test_a_tick_that_was_cut_short_anywhere_and_is_run_again_leaves_the_same(tmp_path: Path) -> None:
    base = tmp_path / "base.db"
    office = Office(base, f"sqlite:///{base}")
    prepared(office)
    office.provider.close_database()

    def opened(path: Path) -> Office:
        office = Office(path, f"sqlite:///{path}", whole=True)
        office.clock.move_to(DAY)
        return office

    shutil.copy(base, tmp_path / "undisturbed.db")
    undisturbed = opened(tmp_path / "undisturbed.db")
    whole = statements_of(undisturbed)
    assert tick(undisturbed).did_nothing
    wanted = content(undisturbed)
    undisturbed.provider.close_database()

    for at in sorted(random.Random(7).sample(range(whole), min(CUTS, whole))):
        path = tmp_path / f"{at}.db"
        shutil.copy(base, path)
        cut_short(f"sqlite:///{path}", at)
        office = opened(path)
        tick(office)
        assert content(office) == wanted, f"cut before statement {at} of {whole}"
        assert office.findings() == []
        office.provider.close_database()
        path.unlink()


@pytest.fixture
def shared(each_engine: str) -> Iterator[Office]:
    """An office on each engine, whatever was chosen."""
    office = Office(None, each_engine)
    prepared(office)
    yield office
    office.provider.close_database()


def test_a_tick_that_was_killed_again_and_again_ends_as_one_that_was_not(shared: Office) -> None:
    for at in (20, 35, 45, 55):
        cut_short(shared.url, at)

    tick(shared)

    slips, notices = shared.provider.slips.list(actor=ANA), shared.provider.notices.list(actor=ANA)
    assert (len(slips), len(notices)) == (5, 10)
    assert len(shared.provider.documents.listed(actor=ANA)) == 3
    assert tick(shared).did_nothing
    assert shared.findings() == []


def test_ticks_at_the_same_time_do_each_thing_once(shared: Office) -> None:
    done = together(*[lambda: tick(shared)] * 3)

    ticks = [one for one in done if isinstance(one, Tick)]
    assert len(ticks) == 3, [one for one in done if isinstance(one, IspcoreError)]
    assert [one.problems for one in ticks] == [()] * 3
    counts: dict[str, int] = {}
    for one in ticks:
        for chore in one.chores:
            for name, count in chore.counts.items():
                counts[f"{chore.name} {name}"] = counts.get(f"{chore.name} {name}", 0) + count
    slips = shared.provider.slips.list(actor=ANA)
    assert counts["slips issued"] == len(slips) == 5
    assert len({name for slip in slips for name in slip.receivables}) == sum(
        len(slip.receivables) for slip in slips
    )
    assert len(shared.provider.notices.list(actor=ANA)) == 10
    assert (counts["documents documents"], counts["reminders asked"]) == (3, 5)
    assert (counts["late reached"], counts["late reduced"]) == (10, 3)
    assert tick(shared).did_nothing
    assert shared.findings() == []


def test_a_tick_that_is_tried_out_leaves_no_trace_and_tells_what_it_would_do(office: Office) -> None:
    prepared(office)
    before = office.dump()

    tried = office.provider.preview_tick(actor=ANA)

    assert office.dump() == before
    done = tick(office)
    assert tried.chores == done.chores[: len(tried.chores)]


def test_a_tick_of_a_day_to_come_can_be_tried_out(office: Office) -> None:
    prepared(office)
    office.clock.move_to(march(1))
    before = office.dump()

    tried = office.provider.preview_tick(DAY, actor=ANA)

    assert office.dump() == before
    office.clock.move_to(DAY)
    assert tried.problems == ()
    assert tried.chores == tick(office).chores[: len(tried.chores)]


def with_tasks(office: Office) -> None:
    """Schedule three suspensions, and what resumes them again, all of them due by the day of the ticks."""
    office.clock.move_to(march(1))
    for number in range(1, 4):
        subscription = SubscriptionId(number)
        office.provider.tasks.add(Suspend(subscription=subscription, on=march(5)), actor=ANA)
        office.provider.tasks.add(Resume(subscription=subscription, on=march(20)), actor=ANA)
    office.clock.move_to(DAY)


def test_tasks_are_carried_out_once_and_in_order_by_ticks_at_the_same_time(shared: Office) -> None:
    with_tasks(shared)

    done = together(*[lambda: tick(shared)] * 3)

    ticks = [one for one in done if isinstance(one, Tick)]
    assert len(ticks) == 3, [one for one in done if isinstance(one, IspcoreError)]
    assert sum(one.chores[0].counts["done"] for one in ticks) == 6
    assert [one.problems for one in ticks] == [()] * 3
    check_done_once(shared)


def test_tasks_are_carried_out_once_by_ticks_that_are_killed_at_any_statement(shared: Office) -> None:
    with_tasks(shared)

    for at in range(4, 54, 6):
        cut_short(shared.url, at)
    tick(shared)

    check_done_once(shared)


def scheduled(office: Office, number: int) -> list[tuple[str, date]]:
    """Return the facts that tasks left on a subscription, with their days."""
    timeline = office.provider.subscription(SubscriptionId(number), actor=ANA).timeline
    by_tasks = (fact for fact in timeline.recorded if fact.recorded.cause is Cause.SCHEDULED)
    return [(fact.kind, fact.effective_on) for fact in by_tasks]


def check_done_once(office: Office) -> None:
    """Check that each task left its one fact."""
    tasks = office.provider.tasks.list(actor=ANA)
    assert [(one.state, one.attempts) for one in tasks] == [(TaskState.DONE, 1)] * 6
    for number in range(1, 4):
        assert scheduled(office, number) == [("Suspended", march(5)), ("Resumed", march(20))]
    assert office.findings() == []


def test_a_task_is_withdrawn_or_done_never_both(shared: Office) -> None:
    with_tasks(shared)

    def withdraw() -> object:
        return shared.provider.tasks.withdraw(TaskId(6), actor=ANA)

    _, withdrawn = together(lambda: tick(shared), withdraw)

    (last,) = (one for one in shared.provider.tasks.list(actor=ANA) if one.id == TaskId(6))
    if isinstance(withdrawn, IspcoreError):
        assert (last.state, scheduled(shared, 3)[-1][0]) == (TaskState.DONE, "Resumed")
    else:
        assert (last.state, scheduled(shared, 3)[-1][0]) == (TaskState.CANCELLED, "Suspended")
