"""The VLANs of an ONU: chosen, or as the plan of its OLT says; and what it has for itself."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import VlanPlan
from ispcore.driver import Login, Onu
from ispcore.network import PoolAddress, contributions, held_by, own_field, tagged, vlans_of, vlans_told
from tests.catalogues import START
from tests.homes import home, homes, noon

ONU = Onu(serial="ZTEG1", port="0/1/4")
OF_OLT = VlanPlan(olt="olt", vlan=100)
OF_PORT = VlanPlan(olt="olt", vlan=100, ports={"0/1/4": 204})
OF_CUSTOMER = VlanPlan(olt="olt", first=1000, last=1999)
QINQ = VlanPlan(olt="olt", vlan=100, first=1000, last=1999)


@pytest.mark.parametrize(
    ("plan", "vlan"), [(None, None), (OF_OLT, 100), (OF_PORT, 204), (OF_CUSTOMER, None), (QINQ, 100)]
)
def test_an_onu_is_in_the_vlan_that_the_plan_gives_to_its_port(plan: VlanPlan | None, vlan: int) -> None:
    assert tagged(ONU, plan) == evolve(ONU, vlan=vlan)


def test_a_chosen_vlan_prevails() -> None:
    chosen = evolve(ONU, vlan=7)

    assert [tagged(chosen, plan) for plan in (OF_OLT, OF_PORT, QINQ)] == [chosen] * 3
    assert [own_field(chosen, plan) for plan in (OF_CUSTOMER, QINQ)] == [None, None]


def test_what_is_no_onu_has_no_vlan_of_an_olt() -> None:
    assert tagged(Login(username="ana"), OF_OLT) == Login(username="ana")
    assert held_by("radius", Login(username="ana"), None) == ()


@pytest.mark.parametrize(
    ("plan", "field"), [(OF_OLT, None), (OF_PORT, None), (OF_CUSTOMER, "vlan"), (QINQ, "inner_vlan")]
)
def test_a_vlan_of_its_own_is_the_only_one_or_the_inner_one(plan: VlanPlan, field: str | None) -> None:
    assert own_field(ONU, plan) == field


def test_the_network_follows_the_plan_of_the_catalogue() -> None:
    catalogue = homes(vlans={"olt": {"vlan": 100, "ports": [{"port": "0/1/4", "vlan": 204}]}})

    (found,) = contributions(home(ONU), catalogue, noon(START))

    assert isinstance(found.spec, Onu)
    assert found.spec.vlan == 204


SERIAL = ("serial:", "ZTEG1")


@pytest.mark.parametrize(
    ("spec", "plan", "held"),
    [
        (ONU, None, [SERIAL]),
        (evolve(ONU, vlan=100), OF_OLT, [SERIAL]),
        (evolve(ONU, vlan=1500), OF_CUSTOMER, [SERIAL, ("vlan:olt", "1500")]),
        (evolve(ONU, vlan=2000), OF_CUSTOMER, [SERIAL]),
        (evolve(ONU, vlan=1500), None, [SERIAL]),
        (evolve(ONU, vlan=100, inner_vlan=1001), QINQ, [SERIAL, ("vlan:olt/100", "1001")]),
        (evolve(ONU, vlan=7, inner_vlan=8), None, [SERIAL, ("vlan:olt/7", "8")]),
    ],
)
def test_an_onu_has_its_serial_number_and_its_own_vlan_for_itself(
    spec: Onu, plan: VlanPlan | None, held: list[tuple[str, str]]
) -> None:
    assert list(held_by("olt", spec, plan)) == held


@given(st.integers(1, 4094), st.integers(1, 4094), st.integers(1, 4094), st.integers(1, 4094))
def test_two_customers_who_hold_the_same_have_the_same_tags(
    vlan: int, inner: int, other: int, second: int
) -> None:
    mine, theirs = evolve(ONU, vlan=vlan, inner_vlan=inner), evolve(ONU, vlan=other, inner_vlan=second)

    same = held_by("olt", mine, QINQ) == held_by("olt", theirs, QINQ)

    assert same is ((vlan, inner) == (other, second))


def test_what_is_for_one_alone_is_named_by_what_it_is() -> None:
    serial, vlan = PoolAddress(*SERIAL), PoolAddress(vlans_of("olt", ONU), "12")

    assert [str(serial), str(vlan)] == ["serial number ZTEG1", "VLAN 12"]
    assert [serial.rule("taken"), vlan.rule("taken")] == ["serial-taken", "vlan-taken"]


@pytest.mark.parametrize(
    ("spec", "plan", "told"),
    [
        (ONU, OF_OLT, "VLAN 100, that of its OLT"),
        (ONU, OF_PORT, "VLAN 204, that of its port"),
        (evolve(ONU, inner_vlan=1001), QINQ, "VLAN 100, that of its OLT, with 1001 of its own within"),
        (evolve(ONU, vlan=1001), OF_CUSTOMER, "VLAN 1001, its own"),
        (evolve(ONU, vlan=7), OF_CUSTOMER, "VLAN 7, as it was chosen"),
        (evolve(ONU, vlan=7), None, "VLAN 7, as it was chosen"),
        (evolve(ONU, vlan=7, inner_vlan=8), QINQ, "VLAN 7 with 8 within, as it was chosen"),
        (ONU, None, "no VLAN: none was chosen, and no plan says one"),
    ],
)
def test_it_is_told_why_an_onu_is_in_a_vlan(spec: Onu, plan: VlanPlan | None, told: str) -> None:
    assert vlans_told(spec, plan) == told
