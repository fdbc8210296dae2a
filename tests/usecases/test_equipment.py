"""The list of ONUs by where they are, over all customers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from ispcore.driver import Onu
from ispcore.network import Whereabouts
from ispcore.plans import (
    AddComponent,
    Cancel,
    ChangePlan,
    CollectEquipment,
    RemoveComponent,
    Suspend,
    Transfer,
)
from ispcore.values import ComponentId, CustomerId, SubscriptionId
from tests.catalogues import START
from tests.homes import sections
from tests.providers import ANA, Office, open_office

ID = ComponentId("onu")
WITH, COLLECT, STOCK = Whereabouts.WITH_CUSTOMER, Whereabouts.TO_COLLECT, Whereabouts.IN_STOCK
LATER = START + timedelta(days=9)


@pytest.fixture
def home() -> Iterator[Office]:
    """An office whose homes have ONUs."""
    with open_office() as office:
        office.load(**sections())
        yield office


def given(office: Office, serial: str, customer: CustomerId | None = None) -> SubscriptionId:
    subscription = office.subscribe(customer or office.register(serial), "home")
    office.do(AddComponent(subscription=subscription, spec=Onu(serial=serial)))
    return subscription


def listed(office: Office, where: Whereabouts | None = None) -> list[tuple[str, Whereabouts, date]]:
    found = office.provider.network.onus.equipment(where, actor=ANA)
    return [(one.serial, one.where, one.since) for one in found]


@pytest.mark.covers("S2-062")
def test_an_onu_is_with_its_customer_then_to_collect_then_in_stock(home: Office) -> None:
    given(home, "ZTEG1")
    subscription = given(home, "ZTEG2")
    assert listed(home, WITH) == [("ZTEG1", WITH, START), ("ZTEG2", WITH, START)]

    home.do(RemoveComponent(subscription=subscription, component=ID))
    assert listed(home, COLLECT) == [("ZTEG2", COLLECT, START)]
    assert listed(home, WITH) == [("ZTEG1", WITH, START)]

    home.do(CollectEquipment(subscription=subscription, serial="ZTEG2"), today=LATER)
    assert listed(home, STOCK) == [("ZTEG2", STOCK, LATER)]
    assert listed(home, COLLECT) == []


@pytest.mark.covers("S2-010", "S2-060")
def test_one_setting_says_whether_removal_moves_stock(home: Office) -> None:
    home.load(**{**sections(), "network": {"removal_moves_stock": False}})
    subscription = given(home, "ZTEG1")

    home.do(RemoveComponent(subscription=subscription, component=ID))
    assert listed(home) == [("ZTEG1", WITH, START)]

    home.load(**{**sections(), "network": {"removal_moves_stock": True}})
    assert listed(home) == [("ZTEG1", COLLECT, START)]


def test_who_waits_longest_stands_first(home: Office) -> None:
    first, second = given(home, "ZTEG2"), given(home, "ZTEG1")
    home.do(Cancel(subscription=second, reason="moved"), today=START + timedelta(days=5))
    home.do(Cancel(subscription=first, reason="moved"), today=LATER)

    assert listed(home, COLLECT) == [
        ("ZTEG1", COLLECT, START + timedelta(days=5)),
        ("ZTEG2", COLLECT, LATER),
    ]


def test_a_suspension_leaves_it_with_the_customer(home: Office) -> None:
    home.do(Suspend(subscription=given(home, "ZTEG1")))

    assert listed(home) == [("ZTEG1", WITH, START)]


def test_one_that_went_along_is_collected_from_who_had_it_last(
    home: Office,
) -> None:
    faster = home.do(ChangePlan(subscription=given(home, "ZTEG1"), plan="fast")).successor
    assert faster is not None
    heir = home.register("Rui")
    handed = home.do(Transfer(subscription=faster, customer=heir), today=LATER).successor
    assert handed is not None

    home.do(RemoveComponent(subscription=handed, component=ID), today=LATER)

    (one,) = home.provider.network.onus.equipment(COLLECT, actor=ANA)
    assert (one.subscription, one.customer, one.since) == (handed, heir, LATER)


def test_one_is_found_by_its_serial_number(home: Office) -> None:
    customer = home.register("Ana")
    for serial in ("ZTEG1", "ZTEG2"):
        given(home, serial, customer)

    found = home.provider.network.onus.equipment(serial="zteg2", actor=ANA)

    assert [one.serial for one in found] == ["ZTEG2"]
    assert home.provider.network.onus.equipment(serial="ZTEG9", actor=ANA) == ()


def test_the_equipment_of_one_customer_is_told_alone(home: Office) -> None:
    customer = home.register("Ana")
    for serial in ("ZTEG1", "ZTEG2"):
        given(home, serial, customer)
    given(home, "ZTEG3")

    found = home.provider.network.onus.equipment(customer=customer, actor=ANA)

    assert [one.serial for one in found] == ["ZTEG1", "ZTEG2"]


def test_a_customer_without_devices_for_onus_has_equipment_too(home: Office) -> None:
    home.load(**{**sections(), "devices": {"login": "radius"}})
    customer = home.register("Ana")
    given(home, "ZTEG1", customer)

    found = home.provider.network.onus.equipment(customer=customer, actor=ANA)

    assert [one.where for one in found] == [WITH]
    assert listed(home) == []
