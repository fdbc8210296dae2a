"""Where an ONU is: with the customer while it is carried, then to collect, then in stock."""

from datetime import date, timedelta
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Catalogue
from ispcore.driver import Onu
from ispcore.errors import IspcoreError
from ispcore.network import Whereabouts, equipment_of
from ispcore.plans import (
    Cancel,
    ChangeComponent,
    ChangePlan,
    ChangeStatus,
    CollectEquipment,
    RemoveComponent,
    Timeline,
)
from ispcore.values import ComponentId, SubscriptionId
from tests.catalogues import START, do, moved
from tests.homes import HOMES, LOGIN, ONU, home, homes, with_component

DAY = timedelta(days=1)
ID = ComponentId("onu")
WITH, COLLECT, STOCK = Whereabouts.WITH_CUSTOMER, Whereabouts.TO_COLLECT, Whereabouts.IN_STOCK


def after(timeline: Timeline, command: Any, on: date, **more: Any) -> Timeline:
    return do(timeline, command(subscription=timeline.last.id, on=on, **more), on, catalogue=HOMES)


def removed(on: date = START + 5 * DAY) -> Timeline:
    return after(home(LOGIN, ONU), RemoveComponent, on, component=ID)


def where(
    *timelines: Timeline, on: date = START + 50 * DAY, catalogue: Catalogue = HOMES
) -> list[tuple[str, Whereabouts, date]]:
    return [(one.serial, one.where, one.since) for one in equipment_of(timelines, catalogue, on)]


def test_an_onu_that_is_carried_is_with_the_customer() -> None:
    (one,) = equipment_of([home(LOGIN, ONU)], HOMES, START)

    assert (one.serial, one.where, one.since) == ("ZTEG1", WITH, START)
    assert one.days == 0
    assert (one.subscription, one.customer) == (home().last.id, home().last.customer)


def test_it_is_told_for_how_many_days_it_waits() -> None:
    (one,) = equipment_of([removed()], HOMES, START + 9 * DAY)

    assert one.days == 4


def test_one_that_is_removed_is_to_be_collected_since_that_day() -> None:
    assert where(removed()) == [("ZTEG1", COLLECT, START + 5 * DAY)]
    assert where(removed(), on=START + 4 * DAY) == [("ZTEG1", WITH, START)]


def test_one_that_a_person_says_came_back_is_in_stock_since_that_day() -> None:
    back = after(removed(), CollectEquipment, START + 9 * DAY, serial="zteg1")

    assert where(back) == [("ZTEG1", STOCK, START + 9 * DAY)]
    assert where(back, on=START + 8 * DAY) == [("ZTEG1", COLLECT, START + 5 * DAY)]


def test_where_removal_moves_no_stock_it_stays_with_the_customer_until_it_came_back() -> None:
    still = homes(network={"removal_moves_stock": False})
    back = after(removed(), CollectEquipment, START + 9 * DAY, serial="ZTEG1")

    assert where(removed(), catalogue=still) == [("ZTEG1", WITH, START)]
    assert where(back, catalogue=still) == [("ZTEG1", STOCK, START + 9 * DAY)]


def test_an_exchange_leaves_the_old_one_to_be_collected() -> None:
    on = START + 3 * DAY
    timeline = after(home(LOGIN, ONU), ChangeComponent, on, component=ID, spec=Onu(serial="ZTEG2"))

    assert where(timeline) == [("ZTEG1", COLLECT, on), ("ZTEG2", WITH, on)]


def test_one_that_was_there_for_a_part_of_a_day_is_to_be_collected_too() -> None:
    again = with_component(removed(), ONU, START + 9 * DAY)

    twice = after(again, RemoveComponent, START + 9 * DAY, component=ComponentId("onu-2"))

    assert where(removed(START)) == [("ZTEG1", COLLECT, START)]
    assert where(twice) == [("ZTEG1", COLLECT, START + 9 * DAY)]
    assert where(removed(START), on=START - DAY) == []


def test_the_end_of_a_subscription_and_a_status_that_removes_leave_it_to_be_collected() -> None:
    on = START + 7 * DAY
    gone = {"description": "Retirado", "bucket": "inactive", "bills": False, "serves": "removed"}
    catalogue = homes(statuses={"gone": gone})
    command = ChangeStatus(subscription=home().last.id, status="gone", on=on)
    by_status = do(home(LOGIN, ONU), command, on, catalogue=catalogue)

    assert where(after(home(LOGIN, ONU), Cancel, on, reason="moved")) == [("ZTEG1", COLLECT, on)]
    assert where(by_status, catalogue=catalogue) == [("ZTEG1", COLLECT, on)]


def test_a_change_of_plan_takes_it_along() -> None:
    on = START + 7 * DAY
    command = ChangePlan(subscription=home().last.id, plan="fast", on=on)

    before, successor = moved(home(LOGIN, ONU), command, on, catalogue=HOMES)

    assert where(before) == []
    assert where(before, successor) == [("ZTEG1", WITH, on)]
    assert where(before, on=START) == [("ZTEG1", WITH, START)]


def test_one_that_another_subscription_of_the_customer_carries_is_not_to_be_collected() -> None:
    other = evolve(home(LOGIN, ONU).last, id=SubscriptionId(103))
    carrying = evolve(home(LOGIN, ONU), last=other)

    (one,) = equipment_of([removed(), carrying], HOMES, START + 50 * DAY)

    assert (one.where, one.subscription) == (WITH, 103)


def test_one_that_is_carried_again_is_with_the_customer_again() -> None:
    again = START + 20 * DAY
    back = after(removed(), CollectEquipment, START + 9 * DAY, serial="ZTEG1")

    carried = with_component(back, ONU, again)

    assert where(carried) == [("ZTEG1", WITH, again)]
    assert where(after(carried, RemoveComponent, again + DAY, component=ComponentId("onu-2"))) == [
        ("ZTEG1", COLLECT, again + DAY)
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["add", "remove", "collect"])), max_size=8))
def test_an_onu_is_in_one_place_and_with_the_customer_exactly_while_it_is_carried(
    acts: list[tuple[int, str]],
) -> None:
    timeline, day = home(LOGIN), START
    for later, act in acts:
        day += later * DAY
        names = [one.id for one in timeline.last.components if isinstance(one.spec, Onu)]
        try:
            if act == "add" and not names:
                timeline = with_component(timeline, ONU, day)
            elif act == "remove" and names:
                timeline = after(timeline, RemoveComponent, day, component=names[0])
            elif act == "collect":
                timeline = after(timeline, CollectEquipment, day, serial="ZTEG1")
        except IspcoreError:
            continue

    found = equipment_of([timeline], HOMES, day)

    carried = any(isinstance(one.spec, Onu) for one in timeline.last.components)
    assert len(found) <= 1
    assert (carried, [one.where for one in found]) in [
        (True, [WITH]),
        (False, [COLLECT]),
        (False, [STOCK]),
        (False, []),  # it was never there
    ]
