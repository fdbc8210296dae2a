"""A change of plan reaches the network: components keep their resources, at the speed of the new plan."""

from datetime import time
from typing import Any

import pytest

from ispcore.catalog import Speed
from ispcore.driver import Wifi
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import (
    AddItem,
    ChangeAddress,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    Discount,
    SetSpeed,
    SetSpeedWindows,
    SpeedWindow,
    SubscriptionCommand,
    Suspend,
    Timeline,
)
from ispcore.values import AddressId, ComponentId, ItemId
from tests.catalogues import START, brl, do, march, moved
from tests.components import ANA, CARRYING, HER_ONU, LOGIN, ONE, ONU, add, box, carried, components, names

MORE = AddItem(**ONE, service="mailbox")


def change_plan(timeline: Timeline, plan: str = "fibre", **what: Any) -> Timeline:
    _, successor = moved(timeline, ChangePlan(**ONE, plan=plan, **what), march(5), catalogue=CARRYING)
    return successor


@pytest.mark.covers("S0-087", "S0-100", "S0-101")
def test_only_another_plan_makes_another_speed() -> None:
    timeline = carried("adsl", ANA)
    edits: list[SubscriptionCommand] = [
        ChangePrice(**ONE, price=brl("200.00")),
        ChangeDiscount(**ONE, discount=Discount(amount=brl("5.00"))),
        ChangeBillingTerms(**ONE, due_day=20),
        ChangeAddress(**ONE, address=AddressId("shop")),
    ]
    for edit in edits:
        timeline = do(timeline, edit, march(1), catalogue=CARRYING)

    successor = change_plan(timeline)

    assert CARRYING.plan(timeline.last.plan.offer).speed == Speed(256, 128)
    assert CARRYING.plan(successor.last.plan.offer).speed == Speed(300_000, 150_000)
    assert components(timeline) == components(successor)


def test_components_go_along_under_the_names_of_their_resources() -> None:
    timeline = add(carried("fibre", ANA), HER_ONU, access_point="tower")
    timeline = add(timeline, Wifi(onu=HER_ONU.serial), needs=("onu",))

    successor = change_plan(timeline, "fibre-600")

    assert components(successor) == components(timeline)
    assert [(one.resource, one.access_point, one.needs) for one in components(successor)] == [
        ("104:login", None, ()),
        ("104:onu", "tower", ()),
        ("104:wifi", None, ("104:onu",)),
    ]


def test_what_is_added_later_is_called_by_the_successor() -> None:
    successor = change_plan(carried("adsl", ANA))

    later = add(successor, HER_ONU, today=march(6))

    assert [one.resource for one in components(later)] == ["104:login", "105:onu"]


def test_speeds_that_were_set_by_hand_stay_behind() -> None:
    hours = (SpeedWindow(time(0), time(6), Speed(9_000, 9_000)),)
    timeline = carried("adsl", ANA)
    for command in (
        SetSpeed(**ONE, component=LOGIN, speed=Speed(128, 64)),
        SetSpeed(**ONE, component=LOGIN, speed=Speed(512, 64), until=march(9)),
        SetSpeedWindows(**ONE, component=LOGIN, windows=hours),
    ):
        timeline = do(timeline, command, START, catalogue=CARRYING)

    (login,) = components(change_plan(timeline))

    assert (login.override, login.provisional, login.windows) == (None, None, ())


def test_only_the_named_components_go_along() -> None:
    timeline = carried("fibre", ANA, box("ana"), box("bia"))

    successor = change_plan(timeline, "fibre-600", components=[LOGIN, ComponentId("mailbox-2")])

    assert names(successor) == ["login", "mailbox-2"]
    assert names(change_plan(timeline, "adsl", components=[])) == []


def test_a_component_that_is_not_there_does_not_go_along() -> None:
    with pytest.raises(NotFoundError, match="no component 'onu'"):
        change_plan(carried("fibre", ANA), "adsl", components=[ONU])


def test_a_plan_that_does_not_include_a_kind_does_not_take_it() -> None:
    timeline = carried("fibre", ANA, HER_ONU, box("ana"))

    with pytest.raises(RefusedError) as refused:
        change_plan(timeline, "adsl")

    assert refused.value.rule == "component-not-permitted"
    assert refused.value.message == (
        "Subscription 104 cannot take the onu 'onu' and the mailbox 'mailbox' to the plan 'adsl', "
        "which has room for 0 onu, 0 mailbox."
    )
    assert names(change_plan(timeline, "adsl", components=[LOGIN])) == ["login"]


def test_a_plan_with_less_room_takes_the_oldest_ones() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    with pytest.raises(RefusedError, match="take the mailbox 'mailbox-2' to the plan") as refused:
        change_plan(timeline, "fibre-600")

    assert refused.value.rule == "component-limit"


def test_a_service_that_goes_along_makes_room_and_one_that_is_dropped_does_not() -> None:
    timeline = do(carried("fibre", box("ana"), box("bia")), MORE, START, catalogue=CARRYING)

    assert names(change_plan(timeline, "fibre-600")) == ["mailbox", "mailbox-2"]
    with pytest.raises(RefusedError) as refused:
        change_plan(timeline, "fibre-600", drop={ItemId("mailbox")})
    assert refused.value.rule == "component-limit"


def test_what_a_component_needs_goes_along_with_it() -> None:
    timeline = add(carried("fibre", HER_ONU), Wifi(onu=HER_ONU.serial), needs=("onu",))

    with pytest.raises(RefusedError, match="leave the onu 'onu' behind: it is needed by the wifi") as refused:
        change_plan(timeline, "fibre-600", components=[ComponentId("wifi")])

    assert refused.value.rule == "component-needed"
    assert names(change_plan(timeline, "fibre-600", components=[ONU])) == ["onu"]


def test_a_suspended_subscription_takes_its_components_to_another_plan() -> None:
    timeline = do(carried("adsl", ANA), Suspend(**ONE), march(1), catalogue=CARRYING)

    assert names(change_plan(timeline)) == ["login"]


def test_components_stay_on_what_moved_away_as_its_history() -> None:
    before, _ = moved(carried("adsl", ANA), ChangePlan(**ONE, plan="fibre"), march(5), catalogue=CARRYING)

    assert names(before) == ["login"]
