"""Discounts that end by themselves: on a day, or after so many cycles as they are billed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.catalog import Trial, TrialKind
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    Discount,
    Enable,
    Pause,
    Resume,
    Suspend,
    Timeline,
)
from ispcore.values import ItemId
from tests.catalogues import SUBSCRIPTION, april, brl, do, february, march, moved, setting, subscribed

TEN = brl("10.00")
LASTING: Any = {"amount": TEN}


def cycles(many: int) -> Discount:
    return Discount(amount=TEN, cycles=many)


def give(discount: Discount | None, **more: Any) -> ChangeDiscount:
    return ChangeDiscount(subscription=SUBSCRIPTION, discount=discount, **more)


def to_pay(timeline: Timeline, *days: date) -> list[str]:
    """Return what a full cycle of the plan costs on each of the *days*."""
    states = [timeline.on(day) for day in days]
    return [str(state.plan.to_pay().amount) for state in states if state]


# --- what a discount is


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"until": april(1), "cycles": 3}, "ends on a day or after a number of cycles, not both"),
        ({"cycles": 0}, "cannot hold for 0 cycles. Use 1 to 1200"),
        ({"cycles": -3}, "cannot hold for -3 cycles"),
        ({"cycles": 1201}, "cannot hold for 1201 cycles"),
        ({"cycles": 1.5}, "Discount.cycles is 1.5"),
        ({"until": "2012-04-01"}, "Discount.until is '2012-04-01'"),
    ],
)
def test_a_discount_ends_once_and_some_time(terms: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidValueError, match=problem):
        Discount(amount=TEN, **terms)


# --- until a day


def test_a_discount_until_a_day_holds_on_the_day_before_and_not_on_it() -> None:
    timeline = subscribed(discount=Discount(percent=Decimal(10), until=april(1)))

    assert to_pay(timeline, march(31), april(1)) == ["90.00", "100.00"]


def test_a_discount_begins_on_one_day_and_ends_on_another() -> None:
    timeline = do(subscribed(), give(Discount(amount=TEN, until=march(20)), on=march(15)), march(10))

    assert to_pay(timeline, march(14), march(15), march(19), march(20)) == [
        "100.00",
        "90.00",
        "90.00",
        "100.00",
    ]


@pytest.mark.parametrize("until", [february(23), february(24)])
def test_a_discount_that_would_end_as_it_begins_is_refused(until: date) -> None:
    empty = Discount(amount=TEN, until=until)

    with pytest.raises(RefusedError, match=f"would end on {until}, and it begins on 2012-02-24") as refused:
        subscribed(on=february(24), discount=empty)

    assert refused.value.rule == "empty-discount"


def test_so_is_one_of_a_running_plan_a_new_service_a_changed_one_and_a_new_plan() -> None:
    empty = Discount(amount=brl("1.00"), until=march(10))
    timeline = do(subscribed(), AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(1))
    commands: list[Any] = [
        give(empty),
        AddItem(subscription=SUBSCRIPTION, service="mailbox", discount=empty),
        ChangeItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), discount=empty),
        ChangePlan(subscription=SUBSCRIPTION, plan="fibre", discount=empty),
    ]

    for command in commands:
        with pytest.raises(RefusedError, match="The discount would end on 2012-03-10"):
            do(timeline, command, march(10))


# --- for so many cycles


def test_cycles_are_counted_from_the_one_that_holds_the_start() -> None:
    timeline = subscribed(on=february(24), discount=cycles(2))

    assert to_pay(timeline, february(24), march(31), april(1)) == ["90.00", "90.00", "100.00"]


def test_one_cycle_is_the_running_one() -> None:
    timeline = do(subscribed(), give(cycles(1)), march(31))

    assert to_pay(timeline, march(30), march(31), april(1)) == ["100.00", "90.00", "100.00"]


def test_a_quarter_counts_as_one_cycle() -> None:
    timeline = subscribed("calendar-quarters", on=february(24), discount=cycles(2))

    assert to_pay(timeline, date(2012, 6, 30), date(2012, 7, 1)) == ["290.00", "300.00"]


def test_days_that_a_trial_frees_do_not_use_up_a_cycle() -> None:
    trial = Trial(TrialKind.MONTH)

    timeline = subscribed(on=february(24), discount=cycles(1), trial=trial)

    assert to_pay(timeline, march(31), april(1)) == ["90.00", "100.00"]


def test_a_trial_that_ends_within_the_cycle_leaves_it_the_first_one() -> None:
    timeline = subscribed(on=february(24), discount=cycles(1), trial=Trial(TrialKind.DAYS, 3))

    assert to_pay(timeline, february(29), march(1)) == ["90.00", "100.00"]


def test_neither_does_a_status_that_is_tried() -> None:
    timeline = subscribed("trial-status", on=february(24), status=None, discount=cycles(1))

    assert to_pay(timeline, march(5), march(31), april(1)) == ["90.00", "90.00", "100.00"]


def test_cycles_are_counted_from_the_day_on_which_a_waiting_customer_is_enabled() -> None:
    waiting = subscribed(on=february(24), status="awaiting", discount=cycles(1))

    enabled = do(waiting, Enable(subscription=SUBSCRIPTION), march(20))

    assert waiting.last.plan.discount_since is None
    assert to_pay(waiting, date(2013, 1, 1)) == ["90.00"]
    assert to_pay(enabled, march(31), april(1)) == ["90.00", "100.00"]


def test_a_discount_given_during_a_pause_counts_from_its_end() -> None:
    paused = do(subscribed(), Pause(subscription=SUBSCRIPTION, until=april(10)), march(10))

    timeline = do(paused, give(cycles(1)), march(20))

    assert to_pay(timeline, april(30), date(2012, 5, 1)) == ["90.00", "100.00"]


def test_a_day_that_in_the_end_is_not_billed_begins_no_count() -> None:
    suspended = do(
        subscribed(on=march(10), discount=cycles(1)), Suspend(subscription=SUBSCRIPTION), march(10)
    )

    resumed = do(suspended, Resume(subscription=SUBSCRIPTION), april(5))

    assert to_pay(resumed, april(30), date(2012, 5, 1)) == ["90.00", "100.00"]


def test_a_day_that_in_the_end_is_billed_begins_the_count() -> None:
    suspended = do(
        subscribed(on=march(10), discount=cycles(1)), Suspend(subscription=SUBSCRIPTION), march(10)
    )

    resumed = do(suspended, Resume(subscription=SUBSCRIPTION), march(10))

    assert to_pay(resumed, march(31), april(1)) == ["90.00", "100.00"]


def test_once_begun_the_count_goes_on_through_a_suspension() -> None:
    timeline = subscribed(on=february(24), discount=cycles(3))

    suspended = do(timeline, Suspend(subscription=SUBSCRIPTION), march(10))

    assert to_pay(suspended, april(30), date(2012, 5, 1)) == ["90.00", "100.00"]


def test_a_bridge_counts_as_a_cycle() -> None:
    timeline = subscribed(on=february(24), discount=cycles(3))

    terms = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15)
    timeline = do(timeline, terms, march(10), closed_through=march(1))

    assert to_pay(timeline, april(15), april(16)) == ["90.00", "100.00"]


def test_a_cycle_that_is_cut_counts_as_one_too() -> None:
    timeline = subscribed("cut", on=february(24), discount=cycles(3))

    terms = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15)
    timeline = do(timeline, terms, march(10), closed_through=march(1))

    assert to_pay(timeline, march(15), march(16)) == ["90.00", "100.00"]


def test_another_closing_day_from_the_start_moves_the_end_along() -> None:
    timeline = subscribed(on=february(24), discount=cycles(2))

    timeline = do(timeline, ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15), february(25))

    assert to_pay(timeline, april(15), april(16)) == ["90.00", "100.00"]


def test_a_new_discount_is_counted_anew() -> None:
    timeline = subscribed(on=february(24), discount=cycles(1))

    timeline = do(timeline, give(cycles(1)), march(10))

    assert to_pay(timeline, february(29), march(1), march(10), march(31), april(1)) == [
        "90.00",
        "100.00",
        "90.00",
        "90.00",
        "100.00",
    ]


def test_a_discount_that_is_taken_away_is_gone_before_its_cycles_are() -> None:
    timeline = do(subscribed(discount=cycles(12)), give(None), march(10))

    assert to_pay(timeline, march(9), march(10)) == ["90.00", "100.00"]
    assert timeline.last.plan.discount_since is None


def test_each_item_counts_its_own() -> None:
    add = AddItem(
        subscription=SUBSCRIPTION, service="mailbox", discount=Discount(percent=Decimal(50), cycles=1)
    )
    timeline = do(subscribed(on=february(24), discount=cycles(1)), add, march(10))

    mailbox = [
        str(state.item(ItemId("mailbox")).to_pay().amount)
        for day in (march(10), march(31), april(1))
        if (state := timeline.on(day))
    ]

    assert mailbox == ["5.00", "5.00", "10.00"]
    assert to_pay(timeline, february(29), march(1)) == ["90.00", "100.00"]


def test_a_discount_that_ends_with_the_life_is_still_that_of_its_last_day() -> None:
    timeline = do(
        subscribed(discount=Discount(amount=TEN, until=april(1))),
        Cancel(subscription=SUBSCRIPTION, on=march(31), reason="moved"),
        march(31),
    )

    assert timeline.last.plan.discount == Discount(amount=TEN, until=april(1))


# --- and another plan


def test_a_services_discount_goes_along_to_another_plan_until_the_day_on_which_it_would_have_ended() -> None:
    add = AddItem(
        subscription=SUBSCRIPTION, service="mailbox", discount=Discount(percent=Decimal(50), cycles=1)
    )
    timeline = do(subscribed("yearly", on=february(24)), add, march(1))

    _, successor = moved(timeline, ChangePlan(subscription=SUBSCRIPTION, plan="adsl"), march(10))

    discount = successor.last.item(ItemId("mailbox")).discount
    assert discount == Discount(percent=Decimal(50), until=date(2013, 2, 24))
    assert successor.spans[0].since == march(10)


def test_cycles_that_were_not_begun_go_along_as_they_are() -> None:
    add = AddItem(
        subscription=SUBSCRIPTION, service="mailbox", discount=Discount(percent=Decimal(50), cycles=1)
    )
    waiting = do(subscribed("yearly", status="awaiting"), add, march(1))

    _, successor = moved(waiting, ChangePlan(subscription=SUBSCRIPTION, plan="adsl"), march(10))

    assert successor.last.item(ItemId("mailbox")).discount == Discount(percent=Decimal(50), cycles=1)


def test_a_lasting_discount_of_a_service_goes_along_as_it_is() -> None:
    add = AddItem(subscription=SUBSCRIPTION, service="mailbox", discount=Discount(percent=Decimal(50)))
    timeline = do(subscribed("yearly", on=february(24)), add, march(1))

    _, successor = moved(timeline, ChangePlan(subscription=SUBSCRIPTION, plan="adsl"), march(10))

    assert successor.last.item(ItemId("mailbox")).discount == Discount(percent=Decimal(50))


def test_the_new_plan_may_have_a_discount_for_some_cycles() -> None:
    command = ChangePlan(subscription=SUBSCRIPTION, plan="fibre", discount=cycles(1))

    _, successor = moved(subscribed("adsl"), command, march(10))

    assert to_pay(successor, march(10), march(31), april(1)) == ["110.00", "110.00", "120.00"]


def test_a_customer_without_promotions_gets_none_that_ends_either() -> None:
    with pytest.raises(RefusedError, match="takes no promotional discounts"):
        do(subscribed(), give(cycles(1)), march(10), allows_discounts=False)
    assert setting().allows_discounts
