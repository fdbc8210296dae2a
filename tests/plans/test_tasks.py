"""Tasks: what can be one, what is checked when it is scheduled, and how an attempt ends."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import SHIPPED_STATUSES
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.errors import NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import (
    SCHEDULABLE,
    AddComponent,
    Annul,
    Cancel,
    ChangeComponent,
    ChangePassword,
    ChangePlan,
    ChangeStatus,
    Delete,
    Enable,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Task,
    TaskState,
    Timeline,
    Transfer,
    after_refusal,
    check_task,
    decide,
)
from ispcore.plans.decide import COMMANDS
from ispcore.timeline import Actor, Cause
from ispcore.values import CustomerId, TaskId
from tests.catalogues import (
    CLERK,
    START,
    SUBSCRIPTION,
    april,
    catalogue,
    do,
    february,
    march,
    setting,
    subscribed,
)

ONE: Any = {"subscription": SUBSCRIPTION, "on": march(10)}
TASK_ACTOR = Actor("ana", {"*"}, cause=Cause.SCHEDULED)
NOON = datetime(2012, 3, 10, 12, tzinfo=UTC)
NEWCOMER = RegisterCustomer(kind=PersonKind.PERSON, details=PersonDetails(name="Bia"))


def check(command: SubscriptionCommand, timeline: Timeline | None = None, **more: Any) -> date:
    given: dict[str, Any] = {"actor": CLERK, "today": march(1), **more}
    known = given.pop("catalogue", catalogue())
    return check_task(command, timeline or subscribed(), known, **given)


def untargeted(code: str) -> dict[str, Any]:
    return {code: {**SHIPPED_STATUSES["integrator"][code], "may_be_task_target": False}}


def test_every_command_can_be_a_task_but_corrections_and_what_may_bring_a_secret() -> None:
    at_once = {Annul, Delete, Retract, AddComponent, ChangeComponent, ChangePassword}

    assert set(SCHEDULABLE.values()) == set(COMMANDS) - at_once
    with pytest.raises(RefusedError, match="Annul can be no task") as refused:
        check(Annul(**ONE))
    assert refused.value.rule == "no-task"


@pytest.mark.parametrize(
    "command",
    [
        Suspend(**ONE),
        Enable(**ONE),
        Resume(**ONE),
        Cancel(**ONE, reason="moved"),
        ChangeStatus(**ONE, status="trial"),
        ChangePlan(**ONE, plan="fibre"),
        Transfer(**ONE, customer=CustomerId(8)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_cannot_be_known_before_its_day_is_not_asked(command: SubscriptionCommand) -> None:
    assert check(command) == march(10)


@pytest.mark.parametrize("on", [None, march(1), february(28)])
def test_a_task_is_for_a_later_day(on: date | None) -> None:
    with pytest.raises(RefusedError, match="not later than 2012-03-01") as refused:
        check(Suspend(subscription=SUBSCRIPTION, on=on))

    assert refused.value.rule == "not-later"


def test_a_task_needs_the_permission_of_its_command() -> None:
    with pytest.raises(NotPermittedError):
        check(Suspend(**ONE), actor=Actor("clerk", {"subscription.enable"}))


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (Cancel(**ONE), "reason-required"),
        (Cancel(**ONE, reason="rain"), "unknown-reason"),
        (Suspend(**ONE, reason="moved"), "reason-not-allowed"),
        (Transfer(**ONE, newcomer=NEWCOMER), "no-task"),
    ],
)
def test_a_reason_belongs_to_a_cancellation_alone_and_nobody_is_registered(
    command: SubscriptionCommand, rule: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        check(command)

    assert refused.value.rule == rule


@pytest.mark.parametrize("command", [ChangeStatus(**ONE, status="gone"), ChangePlan(**ONE, plan="gone")])
def test_a_task_names_what_the_catalogue_has(command: SubscriptionCommand) -> None:
    with pytest.raises(NotFoundError, match="'gone'"):
        check(command)


def test_a_task_is_for_a_day_on_which_the_subscription_lives() -> None:
    ended = do(subscribed(), Cancel(subscription=SUBSCRIPTION, on=march(9), reason="moved"), march(1))

    with pytest.raises(RefusedError, match="ends on 2012-03-09") as refused:
        check(Suspend(**ONE), ended)
    with pytest.raises(RefusedError, match="does not exist on 2012-03-10 yet") as early:
        check(Suspend(**ONE), subscribed(on=april(1)))

    assert (refused.value.rule, early.value.rule) == ("ended", "not-open")


@pytest.mark.parametrize(
    ("command", "statuses"),
    [
        (Suspend(**ONE), untargeted("suspended")),
        (Enable(**ONE), untargeted("enabled")),
        (Resume(**ONE), untargeted("enabled")),
        (Cancel(**ONE, reason="moved"), untargeted("cancelled")),
        (ChangeStatus(**ONE, status="suspended"), untargeted("suspended")),
    ],
)
def test_a_status_that_no_task_may_enter_is_entered_by_hand_alone(
    command: SubscriptionCommand, statuses: dict[str, Any]
) -> None:
    known = catalogue(statuses=statuses)
    timeline = subscribed(status="trial")
    if isinstance(command, Resume):
        timeline = do(timeline, Suspend(subscription=SUBSCRIPTION), START)

    with pytest.raises(RefusedError, match="may not be the target of a task") as scheduled:
        check(command, timeline, catalogue=known)
    with pytest.raises(RefusedError) as run:
        decide(command, timeline, setting(march(10), TASK_ACTOR, catalogue=known))

    assert scheduled.value.rule == run.value.rule == "no-task-target"
    assert decide(command, timeline, setting(march(10), catalogue=known)).events


def test_a_task_acts_for_who_scheduled_it_with_the_permissions_of_then() -> None:
    task = Task(TaskId(7), Suspend(**ONE), march(10), "ana", NOON, frozenset({"subscription.suspend"}))

    assert task.actor == Actor("ana", {"subscription.suspend"}, cause=Cause.SCHEDULED)
    assert str(task) == "Task 7 (Suspend of subscription 104 on 2012-03-10)"


def test_a_task_acts_on_its_own_day_and_a_transfer_today() -> None:
    gone = Transfer(**ONE, customer=CustomerId(8))
    suspended, handed = (
        Task(TaskId(7), command, march(10), "ana", NOON, frozenset()).due_command
        for command in (Suspend(**ONE), gone)
    )

    assert (suspended, handed) == (Suspend(**ONE), evolve(gone, on=None))


@given(attempts=st.integers(1, 9), patience=st.integers(1, 9))
def test_a_refused_task_waits_until_the_provider_is_patient_no_more(attempts: int, patience: int) -> None:
    tried = Task(
        TaskId(7), Suspend(**ONE), march(10), "ana", NOON, frozenset(), TaskState.RUNNING, attempts, march(10)
    )

    after = after_refusal(tried, "No.", NOON, patience)

    assert after.error == "No."
    if attempts < patience:
        assert (after.state, after.ended_at) == (TaskState.PENDING, None)
    else:
        assert (after.state, after.ended_at) == (TaskState.FAILED, NOON)
