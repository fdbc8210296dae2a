"""ONUs: VLANs of their own without collisions, and a serial number that stands in one place only."""

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import Onu
from ispcore.errors import RefusedError
from ispcore.plans import AddComponent, ChangeComponent, RemoveComponent
from ispcore.values import ComponentId, SubscriptionId
from tests.homes import sections
from tests.providers import ANA, Office, open_office

ID = ComponentId("onu")
PLACES = {"north": {"name": "Norte", "devices": {"onu": "olt-2"}}}
OWN = {"customers": {"first": 1000, "last": 1002}}


@pytest.fixture
def home() -> Iterator[Office]:
    """An office with two OLTs."""
    with open_office() as office:
        office.load(**sections(), access_points=PLACES)
        yield office


def plan_vlans(office: Office, **plan: Any) -> None:
    office.load(**sections(), access_points=PLACES, vlans={"olt": plan, "olt-2": plan})


def given(office: Office, spec: Onu, **more: Any) -> SubscriptionId:
    subscription = office.subscribe(office.register(spec.serial), "home")
    office.do(AddComponent(subscription=subscription, spec=spec, **more))
    return subscription


def wanted(office: Office, subscription: SubscriptionId) -> Onu:
    (one,) = [
        one.wanted
        for one in office.provider.network.placements(subscription, actor=ANA)
        if one.wanted is not None
    ]
    assert isinstance(one, Onu)
    return one


def tags(office: Office, subscription: SubscriptionId) -> tuple[int | None, int | None]:
    one = wanted(office, subscription)
    return one.vlan, one.inner_vlan


def test_each_customer_gets_the_lowest_vlan_that_nobody_has(home: Office) -> None:
    plan_vlans(home, **OWN)

    first, chosen, second = (
        given(home, spec)
        for spec in (Onu(serial="ZTEG1"), Onu(serial="ZTEG2", vlan=1001), Onu(serial="ZTEG3"))
    )

    assert [tags(home, one) for one in (first, chosen, second)] == [(1000, None), (1001, None), (1002, None)]
    assert home.findings() == []


def test_a_vlan_that_somebody_has_for_himself_is_refused_with_the_holders_name(home: Office) -> None:
    plan_vlans(home, **OWN)
    subscription = given(home, Onu(serial="ZTEG1"))

    with pytest.raises(RefusedError, match="The VLAN 1000 is taken") as refused:
        given(home, Onu(serial="ZTEG2", vlan=1000))

    assert refused.value.rule == "vlan-taken"
    assert f"of subscription {subscription}" in refused.value.message


def test_when_all_vlans_are_taken_it_is_told(home: Office) -> None:
    plan_vlans(home, **OWN)
    for number in range(3):
        given(home, Onu(serial=f"ZTEG{number}"))

    with pytest.raises(RefusedError, match="All VLANs from 1000 to 1002 on 'olt' are taken") as refused:
        given(home, Onu(serial="ZTEG9"))

    assert refused.value.rule == "no-free-vlan"


def test_a_vlan_is_free_again_when_nobody_has_it(home: Office) -> None:
    plan_vlans(home, **OWN)
    gone, stays = given(home, Onu(serial="ZTEG1")), given(home, Onu(serial="ZTEG2"))

    home.do(RemoveComponent(subscription=gone, component=ID))

    assert tags(home, stays) == (1001, None)
    assert tags(home, given(home, Onu(serial="ZTEG3"))) == (1000, None)


def test_with_two_tags_the_inner_one_is_the_customers_own_within_the_outer_one(home: Office) -> None:
    plan_vlans(home, vlan=100, ports=[{"port": "0/1/4", "vlan": 204}], **OWN)

    found = [
        tags(home, given(home, Onu(serial=f"ZTEG{port[-1]}{n}", port=port)))
        for port in ("0/1/3", "0/1/4")
        for n in (1, 2)
    ]

    assert found == [(100, 1000), (100, 1001), (204, 1000), (204, 1001)]
    assert home.findings() == []


def test_an_onu_that_is_changed_keeps_its_vlan_and_one_that_moves_gets_another(home: Office) -> None:
    plan_vlans(home, vlan=100, ports=[{"port": "0/1/4", "vlan": 204}], **OWN)
    given(home, Onu(serial="ZTEG0", port="0/1/4"))
    other, mine = given(home, Onu(serial="ZTEG1")), given(home, Onu(serial="ZTEG2"))
    assert (tags(home, other), tags(home, mine)) == ((100, 1000), (100, 1001))

    home.do(ChangeComponent(subscription=mine, component=ID, spec=Onu(serial="ZTEG3")))
    assert tags(home, mine) == (100, 1001)

    home.do(ChangeComponent(subscription=mine, component=ID, spec=Onu(serial="ZTEG3", port="0/1/4")))
    assert tags(home, mine) == (204, 1001)

    home.do(ChangeComponent(subscription=mine, component=ID, spec=Onu(serial="ZTEG3"), access_point="north"))
    assert tags(home, mine) == (100, 1000)


def test_a_change_of_the_plan_reaches_onus_by_a_resync_and_leaves_what_was_chosen(home: Office) -> None:
    planned, chosen = given(home, Onu(serial="ZTEG1")), given(home, Onu(serial="ZTEG2", vlan=7))

    plan_vlans(home, vlan=100)
    home.provider.network.resync(actor=ANA)

    assert [tags(home, one) for one in (planned, chosen)] == [(100, None), (7, None)]


@pytest.mark.parametrize("place", [None, "north"])
def test_a_serial_number_that_stands_elsewhere_is_refused_with_its_place(
    home: Office, place: str | None
) -> None:
    subscription = given(home, Onu(serial="ZTEG1"), access_point="north")

    with pytest.raises(RefusedError) as refused:
        given(home, Onu(serial="zteg1"), access_point=place)

    assert refused.value.rule == ("serial-taken" if place is None else "claim-taken")
    assert f"subscription {subscription}" in refused.value.message
    assert "'olt-2'" in refused.value.message


def test_a_serial_number_is_free_again_when_nobody_has_it(home: Office) -> None:
    subscription = given(home, Onu(serial="ZTEG1"), access_point="north")
    home.do(ChangeComponent(subscription=subscription, component=ID, spec=Onu(serial="ZTEG2")))

    again = given(home, Onu(serial="ZTEG1"))

    assert wanted(home, again) == evolve(Onu(serial="ZTEG1"), download_kbit=512, upload_kbit=256)
    assert home.findings() == []


def test_an_address_of_an_onu_is_nobody_elses(home: Office) -> None:
    given(home, Onu(serial="ZTEG1", address="192.0.2.7"))

    with pytest.raises(RefusedError) as refused:
        given(home, Onu(serial="ZTEG2", address="192.0.2.7"))

    assert refused.value.rule == "address-taken"
