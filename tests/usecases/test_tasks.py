"""Tasks through the facade: scheduled, seen, withdrawn, and carried out once on their day."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.catalog import Role
from ispcore.customers import Forget
from ispcore.errors import NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import (
    Block,
    Cancel,
    ChangePlan,
    ChangeStatus,
    Enable,
    Resume,
    SubscriptionCommand,
    Suspend,
    Task,
    TaskState,
    Transfer,
    Unblock,
)
from ispcore.tick import Chore
from ispcore.timeline import Actor, Cause
from ispcore.usecases.do import do
from ispcore.values import SubscriptionId, TaskId
from tests.catalogues import DOCUMENT, april, march
from tests.providers import ANA, Office, open_office

MARCH_10 = march(10)


def add(office: Office, command: SubscriptionCommand, actor: Actor = ANA) -> Task:
    return office.provider.tasks.add(command, actor=actor)


def tick(office: Office, on: date) -> Chore:
    office.clock.move_to(on)
    (chore,) = (one for one in office.provider.tick(actor=ANA).chores if one.name == "tasks")
    return chore


def task(office: Office, number: int = 1) -> Task:
    (found,) = (one for one in office.provider.tasks.list(actor=ANA) if one.id == number)
    return found


def status(office: Office, subscription: SubscriptionId, on: date) -> str:
    state = office.provider.subscription(subscription, actor=ANA).timeline.on(on)
    assert state is not None
    return state.status.code


@pytest.fixture
def subscription(office: Office) -> SubscriptionId:
    return office.subscribe(office.register())


@pytest.mark.covers("S1-110", "S1-111", "S1-113", "S1-116", "S1-117")
@pytest.mark.parametrize(
    ("command", "became"),
    [
        (lambda one: Suspend(subscription=one, on=MARCH_10), "suspended"),
        (lambda one: Cancel(subscription=one, on=MARCH_10, reason="moved"), "cancelled"),
        (lambda one: ChangeStatus(subscription=one, on=MARCH_10, status="trial"), "trial"),
    ],
)
def test_a_task_waits_for_its_day_and_is_done_on_it(
    office: Office, subscription: SubscriptionId, command: Any, became: str
) -> None:
    scheduled = add(office, command(subscription))
    assert (scheduled.state, scheduled.on) == (TaskState.PENDING, MARCH_10)

    assert tick(office, march(9)).did_nothing
    assert status(office, subscription, march(9)) == "enabled"
    done = tick(office, MARCH_10)

    assert (done.counts, done.problems) == ({"done": 1, "refused": 0, "failed": 0}, ())
    assert status(office, subscription, MARCH_10) == became
    assert (task(office).state, task(office).attempts) == (TaskState.DONE, 1)
    assert tick(office, march(11)).did_nothing
    assert office.findings() == []


@pytest.mark.covers("S1-113")
def test_one_who_waits_to_be_enabled_is_enabled_by_a_task(office: Office) -> None:
    waiting = office.subscribe(office.register(), status=None)
    add(office, Enable(subscription=waiting, on=MARCH_10))

    tick(office, MARCH_10)

    view = office.provider.subscription(waiting, actor=ANA).timeline.on(MARCH_10)
    assert view is not None
    assert view.status.role is Role.ENABLED


@pytest.mark.covers("S1-115")
def test_what_a_task_leaves_is_of_who_scheduled_it_and_bears_its_name(
    office: Office, subscription: SubscriptionId
) -> None:
    rui = Actor("rui", {"task.schedule", "subscription.suspend"}, address="192.0.2.1")
    assert (
        add(office, Suspend(subscription=subscription, on=MARCH_10, note="travels"), rui).scheduled_by
        == "rui"
    )

    tick(office, MARCH_10)

    (*_, fact) = office.provider.subscription(subscription, actor=ANA).timeline.recorded
    recorded = fact.recorded
    assert (recorded.actor, recorded.cause, recorded.command_id) == ("rui", Cause.SCHEDULED, "task-1")
    assert fact.effective_on == MARCH_10
    with office.database.reading() as work:
        assert list(work.facts.texts(fact.subject).values())[-1:] == ["travels"]


@pytest.mark.covers("S1-112")
def test_tasks_are_seen_by_customer_subscription_day_and_state(
    office: Office, subscription: SubscriptionId
) -> None:
    other = office.register("Bia")
    others = office.subscribe(other)
    office.provider.tasks.add_many(
        [
            Suspend(subscription=subscription, on=march(20)),
            Suspend(subscription=others, on=MARCH_10),
            Resume(subscription=others, on=march(15)),
        ],
        actor=ANA,
    )
    tick(office, MARCH_10)

    def seen(**asked: Any) -> list[int]:
        return [one.id for one in office.provider.tasks.list(actor=ANA, **asked)]

    assert seen() == [2, 3, 1]
    assert seen(customer=other) == [2, 3]
    assert seen(subscription=subscription) == [1]
    assert seen(state=TaskState.PENDING) == [3, 1]
    assert seen(since=MARCH_10, until=march(15)) == [2, 3]


def test_many_tasks_are_scheduled_together_or_not_at_all(
    office: Office, subscription: SubscriptionId
) -> None:
    commands = [
        Suspend(subscription=subscription, on=MARCH_10),
        Suspend(subscription=SubscriptionId(99), on=MARCH_10),
    ]

    with pytest.raises(NotFoundError):
        office.provider.tasks.add_many(commands, actor=ANA)

    assert office.provider.tasks.list(actor=ANA) == ()


@pytest.mark.covers("S1-114")
def test_a_reason_is_for_a_cancellation_and_kept_with_it(
    office: Office, subscription: SubscriptionId
) -> None:
    with pytest.raises(RefusedError, match="Suspend takes no reason"):
        add(office, Suspend(subscription=subscription, on=MARCH_10, reason="moved"))
    with pytest.raises(RefusedError, match="without a reason"):
        add(office, Cancel(subscription=subscription, on=MARCH_10))

    add(office, Cancel(subscription=subscription, on=MARCH_10, reason="moved"))
    tick(office, MARCH_10)

    (*_, fact) = office.provider.subscription(subscription, actor=ANA).timeline.recorded
    assert (fact.kind, fact.reason) == ("Cancelled", "moved")


def test_a_task_that_was_withdrawn_is_never_done_and_one_that_was_done_is_not_withdrawn(
    office: Office, subscription: SubscriptionId
) -> None:
    gone = add(office, Suspend(subscription=subscription, on=MARCH_10))
    done = add(office, Block(subscription=subscription, on=MARCH_10))

    withdrawn = office.provider.tasks.withdraw(gone.id, actor=ANA)
    tick(office, MARCH_10)

    assert withdrawn == task(office)
    assert (withdrawn.state, withdrawn.ended_by) == (TaskState.CANCELLED, "ana")
    assert status(office, subscription, MARCH_10) == "enabled"
    with pytest.raises(RefusedError, match=r"it is done.*undone by commands") as refused:
        office.provider.tasks.withdraw(done.id, actor=ANA)
    assert refused.value.rule == "task-ended"
    with pytest.raises(RefusedError, match="it is cancelled"):
        office.provider.tasks.withdraw(gone.id, actor=ANA)
    with pytest.raises(NotFoundError, match="no task 9"):
        office.provider.tasks.withdraw(TaskId(9), actor=ANA)


def test_one_who_may_not_do_it_cannot_have_it_done_later(
    office: Office, subscription: SubscriptionId
) -> None:
    command = Suspend(subscription=subscription, on=MARCH_10)

    for permissions in ({"task.schedule"}, {"subscription.suspend"}):
        with pytest.raises(NotPermittedError):
            add(office, command, Actor("rui", permissions))


def test_after_days_of_silence_tasks_act_on_their_own_days_in_order(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Resume(subscription=subscription, on=march(15)))
    add(office, Suspend(subscription=subscription, on=MARCH_10))

    found = tick(office, april(2))

    assert found.counts["done"] == 2
    assert [status(office, subscription, march(day)) for day in (9, 10, 14, 15)] == [
        "enabled",
        "suspended",
        "suspended",
        "enabled",
    ]
    assert office.findings() == []


KINDS: dict[str, Callable[..., SubscriptionCommand]] = {
    "suspend": Suspend,
    "resume": Resume,
    "block": Block,
    "unblock": Unblock,
    "trial": partial(ChangeStatus, status="trial"),
    "cancel": partial(Cancel, reason="moved"),
}


@settings(max_examples=25)
@given(plan=st.lists(st.tuples(st.integers(1, 20), st.sampled_from(sorted(KINDS))), min_size=1, max_size=8))
def test_one_tick_after_a_silence_comes_to_what_daily_ones_do(plan: list[tuple[int, str]]) -> None:
    def left_by(ticks: Iterable[int]) -> list[tuple[str, date]]:
        with open_office() as office:
            office.load(tasks={"attempts": 1})  # what is tried again comes after what was tried once
            subscription = office.subscribe(office.register())
            for day, kind in plan:
                add(office, KINDS[kind](subscription=subscription, on=march(day)))
            for day in ticks:
                tick(office, march(day))
            assert office.findings() == []
            recorded = office.provider.subscription(subscription, actor=ANA).timeline.recorded
            return [(fact.kind, fact.effective_on) for fact in recorded]

    assert left_by([20, 21, 22]) == left_by(range(1, 23))


def test_a_refused_task_is_told_tried_once_a_day_and_fails_at_last(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Unblock(subscription=subscription, on=MARCH_10))
    other = add(office, Suspend(subscription=subscription, on=MARCH_10))

    days = {day: tick(office, march(day)) for day in (10, 11, 12, 13)}

    refused = {day: (one.counts["refused"], one.counts["failed"]) for day, one in days.items()}
    assert refused == {10: (1, 0), 11: (1, 0), 12: (0, 1), 13: (0, 0)}
    assert "Task 1 (Unblock of subscription 1 on 2012-03-10) was refused" in days[10].problems[0]
    assert "attempt 3, and it has failed: " in days[12].problems[0]
    assert (task(office).state, task(office).attempts) == (TaskState.FAILED, 3)
    assert "it is not blocked" in str(task(office).error)
    assert days[10].counts["done"] == 1
    assert task(office, other.id).state is TaskState.DONE


def test_another_tick_of_the_same_day_is_no_other_attempt(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Unblock(subscription=subscription, on=MARCH_10))
    tick(office, MARCH_10)

    assert tick(office, MARCH_10).did_nothing
    assert task(office).attempts == 1


def test_the_catalogue_says_how_often_a_task_is_tried(office: Office, subscription: SubscriptionId) -> None:
    office.load(tasks={"attempts": 1})
    add(office, Unblock(subscription=subscription, on=MARCH_10))

    assert tick(office, MARCH_10).counts["failed"] == 1


def test_what_stood_in_the_way_may_go_and_the_task_is_done(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Unblock(subscription=subscription, on=MARCH_10))
    tick(office, MARCH_10)
    office.do(Block(subscription=subscription, on=march(9)), today=march(10))

    tick(office, march(11))

    assert (task(office).state, task(office).attempts, task(office).error) == (TaskState.DONE, 2, None)


@pytest.mark.covers("S4-015")
def test_a_status_that_became_none_for_tasks_is_not_entered_by_one(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Suspend(subscription=subscription, on=MARCH_10))
    held = {
        "description": "Suspenso",
        "bucket": "inactive",
        "bills": False,
        "serves": "off",
        "role": "suspended",
        "may_be_task_target": False,
    }
    office.load(statuses={"suspended": held})

    found = tick(office, MARCH_10)

    assert "may not be the target of a task" in found.problems[0]
    office.do(Suspend(subscription=subscription))
    assert status(office, subscription, MARCH_10) == "suspended"


@pytest.mark.covers("S2-065")
def test_a_transfer_is_scheduled_for_its_day(office: Office, subscription: SubscriptionId) -> None:
    receiver = office.register("Bia")
    add(office, Transfer(subscription=subscription, customer=receiver, on=MARCH_10))

    assert tick(office, MARCH_10).counts["done"] == 1

    (view,) = office.provider.customer(receiver, actor=ANA).subscriptions
    assert view.timeline.last.started_on == MARCH_10
    assert office.findings() == []


def test_a_transfer_whose_day_was_missed_is_of_the_day_on_which_it_is_done(
    office: Office, subscription: SubscriptionId
) -> None:
    receiver = office.register("Bia")
    add(office, Transfer(subscription=subscription, customer=receiver, on=MARCH_10))

    assert tick(office, march(15)).problems == ()

    (view,) = office.provider.customer(receiver, actor=ANA).subscriptions
    assert view.timeline.last.started_on == march(15)


def test_a_change_of_plan_is_scheduled_for_its_day(office: Office, subscription: SubscriptionId) -> None:
    add(office, ChangePlan(subscription=subscription, plan="fibre", on=MARCH_10))

    tick(office, MARCH_10)

    old = office.provider.subscription(subscription, actor=ANA).timeline.last
    assert old.successor is not None
    assert office.provider.subscription(old.successor, actor=ANA).timeline.last.plan.offer == "fibre"


def test_a_preview_tells_what_tasks_would_come_to_and_does_none(
    office: Office, subscription: SubscriptionId
) -> None:
    add(office, Suspend(subscription=subscription, on=MARCH_10))
    before = office.dump()

    previewed = office.provider.preview_tick(MARCH_10, actor=ANA)

    assert office.dump() == before
    assert previewed.chores[0] == tick(office, MARCH_10)
    assert previewed.chores[0].counts["done"] == 1


def test_a_task_that_breaks_keeps_no_other_from_being_done(
    office: Office, subscription: SubscriptionId, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, Suspend(subscription=subscription, on=MARCH_10))
    add(office, Block(subscription=subscription, on=MARCH_10))

    def broken(desk: Any, command: Any, **more: Any) -> object:
        if isinstance(command, Suspend):
            message = "a defect"
            raise ZeroDivisionError(message)
        return do(desk, command, **more)

    monkeypatch.setattr("ispcore.usecases.tasks.do", broken)
    office.clock.move_to(MARCH_10)

    with pytest.raises(ExceptionGroup, match="Tasks broke"):
        office.provider.tasks.run(actor=ANA)

    assert [(one.state, one.attempts) for one in office.provider.tasks.list(actor=ANA)] == [
        (TaskState.PENDING, 0),
        (TaskState.DONE, 1),
    ]


def test_what_was_remarked_on_a_task_is_handed_out_and_forgotten_with_the_customer(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer)
    add(office, Cancel(subscription=subscription, on=MARCH_10, reason="moved", note="to Lisbon"))
    tick(office, MARCH_10)
    (kept,) = office.provider.privacy.export(customer, actor=ANA).tasks
    assert kept.command.note == "to Lisbon"
    office.clock.move_to(march(11))

    office.provider.do(Forget(customer=customer), actor=ANA)

    assert task(office).command.note is None


def test_a_task_for_today_of_a_unit_far_to_the_west_waits_for_that_day(office: Office) -> None:
    """Half a day earlier it is the day already elsewhere."""
    office.load(units={"londrina": {**DOCUMENT["units"]["londrina"], "zone": "Pacific/Honolulu"}})
    subscription = office.subscribe(office.register())
    add(office, Suspend(subscription=subscription, on=MARCH_10))

    office.clock.move_to(MARCH_10, hour=8)
    early = office.provider.tasks.run(actor=ANA)
    office.clock.move_to(MARCH_10, hour=12)
    late = office.provider.tasks.run(actor=ANA)

    assert (early.tried, late.done) == ((), 1)
