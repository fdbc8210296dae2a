"""Tasks in the database: each command comes back as it was given; damage is of one task alone."""

from typing import Any

import pytest
from attrs import evolve

from ispcore.errors import StorageError
from ispcore.plans import SCHEDULABLE, ChangePlan, SubscriptionCommand, Suspend, Transfer
from ispcore.values import AddressId, ComponentId, CustomerId, ItemId, SubscriptionId, TaskId
from tests.catalogues import line, march
from tests.plans.test_checks import EXISTING
from tests.providers import ANA, Office

ONE: Any = {"subscription": SubscriptionId(1), "on": march(10)}
KEPT: Any = {"drop": {ItemId("b"), ItemId("a")}, "components": (ComponentId("login"),)}
FULL = [
    *(command for command in EXISTING if type(command).__name__ in SCHEDULABLE),
    ChangePlan(**ONE, plan="fibre", **KEPT),
    ChangePlan(**ONE, plan="fibre", lines=(line("access", "50.00"),), anchor_on=march(1)),
    Transfer(**ONE, customer=CustomerId(2), address=AddressId("home"), agreed_by="Bia"),
]
"""Every command that can be a task, and some with every kind of field."""


def test_every_command_that_can_be_a_task_is_tried_here() -> None:
    assert {type(command) for command in FULL} == set(SCHEDULABLE.values())


@pytest.mark.parametrize("command", FULL, ids=lambda command: type(command).__name__)
def test_a_command_comes_back_as_it_was_given(office: Office, command: SubscriptionCommand) -> None:
    office.subscribe(office.register())
    scheduled = office.provider.tasks.add(Suspend(**ONE), actor=ANA)
    given = evolve(command, subscription=SubscriptionId(1), on=march(10), note="by phone")
    task = evolve(scheduled, id=TaskId(9), command=given)

    with office.database.writing() as work:
        work.tasks.insert([task])

    with office.database.reading() as work:
        assert work.tasks.get(task.id) == task


@pytest.mark.sqlite_only("rows are changed in the file")
@pytest.mark.parametrize("change", ["kind = 'Explode'", "command = '{\"x\": 1}'", "permissions = '3'"])
def test_a_damaged_task_is_told_and_keeps_no_other_from_being_done(office: Office, change: str) -> None:
    office.subscribe(office.register())
    office.provider.tasks.add_many([Suspend(**ONE), Suspend(**ONE)], actor=ANA)
    office.sql(f"UPDATE tasks SET {change} WHERE id = 1")
    office.clock.move_to(march(10))

    (chore, *_) = office.provider.tick(actor=ANA).chores

    (told,) = chore.problems
    assert told.startswith("Task 1 was left as it is: A ")
    assert chore.counts == {"done": 1, "refused": 0, "failed": 0}
    assert office.sql("SELECT state, attempts FROM tasks") == [("pending", 0), ("done", 1)]
    with office.database.reading() as work, pytest.raises(StorageError):
        work.tasks.get(TaskId(1))
