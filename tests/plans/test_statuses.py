"""Statuses by hand and by themselves: what is billed, what is served, what may follow."""

from datetime import date

import pytest
from attrs import evolve

from ispcore.catalog import Bucket, Serves
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import (
    AddItem,
    Block,
    ChangeStatus,
    Enable,
    Resume,
    SubscriptionCommand,
    Suspend,
    Timeline,
    fold,
    next_move,
)
from ispcore.timeline import EVERYTHING, Actor, Cause
from tests.catalogues import SUBSCRIPTION, april, catalogue, do, february, march, setting, subscribed

ENABLE = Enable(subscription=SUBSCRIPTION)
SUSPEND = Suspend(subscription=SUBSCRIPTION)
RESUME = Resume(subscription=SUBSCRIPTION)


def change_to(status: str) -> ChangeStatus:
    return ChangeStatus(subscription=SUBSCRIPTION, status=status)


def codes(timeline: Timeline, *days: date) -> list[str]:
    return [state.status.code for day in days if (state := timeline.on(day))]


@pytest.mark.covers("S4-011")
def test_a_subscription_is_billed_from_the_day_it_is_enabled() -> None:
    timeline = do(subscribed(status=None), ENABLE, march(10))

    assert codes(timeline, march(9), march(10)) == ["awaiting", "enabled"]
    assert [span.state.bills for span in timeline.spans] == [False, True]


@pytest.mark.covers("S0-108", "S0-109", "S0-156")
def test_suspending_stops_charging_and_serving_with_all_components() -> None:
    with_mailbox = do(subscribed(), AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(1))

    state = do(with_mailbox, SUSPEND, march(10)).last

    assert [item.id for item in state.items] == ["plan", "mailbox"]
    assert (state.bucket, state.bills, state.serves) == (Bucket.INACTIVE, False, Serves.OFF)


@pytest.mark.covers("S0-111")
def test_a_suspended_subscription_is_enabled_again_by_resuming() -> None:
    timeline = do(do(subscribed(), SUSPEND, march(10)), RESUME, march(20))

    assert codes(timeline, march(9), march(10), march(19), march(20)) == [
        "enabled",
        "suspended",
        "suspended",
        "enabled",
    ]


@pytest.mark.covers("S0-024")
def test_an_administrative_suspension_touches_the_books_only() -> None:
    state = do(subscribed(), change_to("admin_suspended"), march(10)).last

    assert (state.bucket, state.bills, state.serves) == (Bucket.INACTIVE, False, Serves.FULL)


@pytest.mark.parametrize(
    ("status", "command", "problem"),
    [
        ("enabled", ENABLE, "it is 'Serviço Habilitado' since 2012-02-24"),
        ("enabled", change_to("enabled"), "it is 'Serviço Habilitado' since 2012-02-24"),
        ("enabled", RESUME, "only an inactive subscription is resumed"),
        ("awaiting", RESUME, "only an inactive subscription is resumed"),
        ("awaiting", SUSPEND, "only an active subscription is suspended, and it is 'Aguardando Instalação'"),
        ("suspended", SUSPEND, "only an active subscription is suspended"),
        ("enabled", change_to("cancelled"), "a cancelled status is entered by cancelling"),
    ],
)
def test_a_status_is_entered_only_from_where_it_makes_sense(
    status: str, command: SubscriptionCommand, problem: str
) -> None:
    with pytest.raises(RefusedError, match=problem):
        do(subscribed(status=status), command, march(10))


def test_a_refusal_names_the_subscription_the_day_and_the_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        do(subscribed(), RESUME, march(10))

    assert str(refused.value) == (
        "Subscription 104 cannot be resumed on 2012-03-10: only an inactive subscription is resumed, "
        "and it is 'Serviço Habilitado' since 2012-02-24."
    )
    assert refused.value.rule == "not-inactive"


def test_a_status_that_the_catalogue_lacks_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no status 'asleep'"):
        do(subscribed(), change_to("asleep"), march(10))


@pytest.mark.covers("S4-013")
def test_a_status_that_may_not_be_changed_by_hand_is_left_by_no_clerk() -> None:
    locked = do(subscribed(), change_to("locked"), march(10))

    with pytest.raises(RefusedError, match="'Em análise' may not be changed by hand"):
        do(locked, ENABLE, march(12))


def test_a_rule_of_the_system_may_leave_a_status_that_no_hand_may() -> None:
    robot = Actor("rule", frozenset({EVERYTHING}), cause=Cause.AUTOMATIC)
    locked = do(subscribed(), change_to("locked"), march(10))

    timeline = do(locked, ENABLE, march(12), actor=robot)

    assert codes(timeline, march(11), march(12)) == ["locked", "enabled"]


# --- timed statuses


@pytest.mark.covers("S4-012")
def test_the_day_of_entry_is_the_first_day_of_a_timed_status() -> None:
    timeline = do(subscribed(), change_to("locked"), march(10))

    assert codes(timeline, march(9), march(10), march(14), march(15)) == [
        "enabled",
        "locked",
        "locked",
        "enabled",
    ]


def test_a_timed_move_is_the_same_with_other_facts_around_it() -> None:
    alone = subscribed("trial-status", status=None)

    with_facts = do(alone, Block(subscription=SUBSCRIPTION), february(26))
    with_facts = do(with_facts, AddItem(subscription=SUBSCRIPTION, service="mailbox"), april(1))

    for timeline in (alone, with_facts):
        assert codes(timeline, march(4), march(5), april(30)) == ["trial", "enabled", "enabled"]


def test_leaving_a_timed_status_by_hand_takes_its_move_away() -> None:
    trial = subscribed("trial-status", status=None)

    timeline = do(trial, SUSPEND, march(1))

    assert codes(timeline, february(29), march(1), march(5), april(30)) == [
        "trial",
        "suspended",
        "suspended",
        "suspended",
    ]


def test_a_command_on_the_day_of_a_timed_move_finds_it_made() -> None:
    trial = subscribed("trial-status", status=None)

    with pytest.raises(RefusedError, match="it is 'Serviço Habilitado' since 2012-03-05"):
        do(trial, ENABLE, march(5))


def test_timed_statuses_follow_each_other() -> None:
    steps = {
        "first": {"days": 2, "next": "second"},
        "second": {"days": 3, "next": "enabled"},
    }
    plain = {"description": "Passo", "bucket": "pending", "bills": False, "serves": "off"}
    known = catalogue(statuses={code: {**plain, **step} for code, step in steps.items()})

    timeline = subscribed(status="first", on=march(1), at=setting(march(1), catalogue=known))

    assert [(span.since, span.state.status.code) for span in timeline.spans] == [
        (march(1), "first"),
        (march(3), "second"),
        (march(6), "enabled"),
    ]


def test_editing_a_status_never_rewrites_what_was_entered() -> None:
    before = subscribed("trial-status", status=None)
    longer = {
        "description": "Experimenta",
        "bucket": "active",
        "bills": False,
        "serves": "full",
        "days": 30,
        "next": "enabled",
    }
    edited = catalogue(statuses={"trial": longer})

    timeline = do(before, Block(subscription=SUBSCRIPTION), march(1), catalogue=edited)

    assert codes(timeline, march(4), march(5)) == ["trial", "enabled"]


def test_a_pinned_status_with_days_and_nothing_after_them_stays() -> None:
    timeline = subscribed("trial-status", status=None)
    (opening,) = timeline.facts
    endless = evolve(opening.payload.opening, status=evolve(timeline.last.status, next=None))

    again = fold([evolve(opening, payload=evolve(opening.payload, opening=endless))])

    assert next_move(again.last) is None
    assert codes(again, april(30)) == ["trial"]
