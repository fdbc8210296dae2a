"""VLAN plans of OLTs: one VLAN for all, one for a port, one for each customer."""

from typing import Any

import pytest

from ispcore.catalog import VlanPlan
from tests.catalog.sample import catalogue, problems


def test_a_vlan_plan_names_the_vlans_of_an_olt() -> None:
    written = {
        "vlan": 100,
        "ports": [{"port": "0/1/4", "vlan": 204}],
        "customers": {"first": 1000, "last": 1999},
    }

    plan = catalogue({"vlans/olt-1": written}).vlans["olt-1"]

    assert plan == VlanPlan(olt="olt-1", vlan=100, ports={"0/1/4": 204}, first=1000, last=1999)
    assert (plan.own[0], plan.own[-1]) == (1000, 1999)


def test_the_vlan_of_a_port_goes_before_that_of_its_olt() -> None:
    plan = VlanPlan(olt="olt-1", vlan=100, ports={"0/1/4": 204})

    assert [plan.shared(port) for port in ("0/1/4", "0/1/5", None)] == [204, 100, 100]


def test_without_a_range_customers_have_no_vlan_of_their_own() -> None:
    assert list(VlanPlan(olt="olt-1", vlan=100).own) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "vlans.olt-1: It names no VLAN."),
        ({"vlan": 4095}, "4095 is not between 1 and 4094"),
        ({"customers": {"first": 9, "last": 8}}, "vlans.olt-1.customers.last: 8 is before 9."),
        ({"customers": {"first": 9}}, "vlans.olt-1.customers.last"),
        (
            {"ports": [{"port": "1", "vlan": 2}, {"port": "1", "vlan": 3}]},
            "vlans.olt-1.ports[1].port: The port '1' has a VLAN already.",
        ),
        ({"vlan": 1, "colour": "red"}, "vlans.olt-1.colour"),
    ],
)
def test_a_plan_that_cannot_be_is_told_with_its_place(written: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in problems({"vlans/olt-1": written}))
