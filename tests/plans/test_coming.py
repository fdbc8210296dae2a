"""What is to come of a subscription by itself: told in order, and over once it has come."""

from datetime import date
from typing import Any

import pytest

from ispcore.plans import (
    AddItem,
    Annul,
    Cancel,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    Delete,
    Discount,
    EndItem,
    Pause,
    SubscriptionCommand,
    Timeline,
    coming,
)
from ispcore.values import ItemId
from tests.catalogues import SUBSCRIPTION, april, brl, do, february, march, moved, subscribed

ONE: Any = {"subscription": SUBSCRIPTION}
TODAY = march(10)


def told(timeline: Timeline, after: date = TODAY) -> list[tuple[date, str]]:
    return [(one.on, one.text) for one in coming(timeline, after)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Pause(**ONE, until=march(20)), (march(20), "it is paused (manual) no more")),
        (AddItem(**ONE, service="mailbox", on=march(15)), (march(15), "Caixa de e-mail begins")),
        (
            ChangePrice(**ONE, price=brl("80.00"), on=march(21)),
            (march(21), "ADSL costs 80.00 BRL instead of 100.00 BRL"),
        ),
        (
            ChangeDiscount(**ONE, discount=Discount(amount=brl("5.00"), until=april(1))),
            (april(1), "the discount of ADSL ends"),
        ),
        (Cancel(**ONE, on=march(31), reason="moved"), (march(31), "it is cancelled")),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, SubscriptionCommand) else "",
)
def test_what_a_command_orders_for_later_is_to_come_until_it_has(
    command: SubscriptionCommand, expected: tuple[date, str]
) -> None:
    timeline = do(subscribed(), command, TODAY)

    assert told(timeline) == [expected]
    assert told(timeline, expected[0]) == []


def test_a_timed_status_and_the_last_day_of_a_service_come_in_their_order() -> None:
    timeline = do(
        subscribed("trial-status", on=march(8), status=None), AddItem(**ONE, service="mailbox"), march(9)
    )
    timeline = do(timeline, EndItem(**ONE, item=ItemId("mailbox"), on=march(12)), TODAY)

    days = told(timeline)

    assert days[0] == (march(12), "last day of Caixa de e-mail")
    assert [text for _, text in days[1:]] == ["Experimenta becomes Serviço Habilitado"]


def test_a_subscription_of_a_later_day_is_to_begin() -> None:
    assert told(subscribed(on=march(15)))[0] == (march(15), "it begins as Serviço Habilitado")


def test_nothing_is_to_come_of_what_is_over() -> None:
    paused = do(subscribed(on=february(24)), Pause(**ONE, until=april(1)), march(1))

    for command in (Cancel(**ONE, reason="moved"), Delete(**ONE, note="a test"), Annul(**ONE)):
        assert told(do(paused, command, TODAY)) == []
    old, _ = moved(paused, ChangePlan(**ONE, plan="fibre"), TODAY)
    assert told(old) == []
