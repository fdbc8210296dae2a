"""One resource of several subscriptions: what they want of it together."""

from typing import Any

import pytest

from ispcore.catalog import Serves
from ispcore.driver import Access, Login, Onu, SecretRef, Spec, Wifi
from ispcore.network import Contribution, Wanted, merge
from ispcore.values import ComponentId, SubscriptionId
from tests.catalogues import CUSTOMER, SUBSCRIPTION
from tests.homes import OTHER, STRANGER

RESOURCE = "104:onu"


def asks(spec: Spec | None, subscription: SubscriptionId = SUBSCRIPTION, **more: Any) -> Contribution:
    usual = {
        "customer": CUSTOMER,
        "component": ComponentId("onu"),
        "resource": RESOURCE,
        "kind": Onu if spec is None else type(spec),
        "device": "olt",
        "serves": Serves.FULL,
    }
    return Contribution(subscription=subscription, spec=spec, **{**usual, **more})


def together(*contributions: Contribution) -> Spec | None:
    wanted, problems = merge(RESOURCE, contributions)
    assert problems == ()
    return None if wanted is None else wanted.spec


def rules(*contributions: Contribution) -> list[str]:
    _, problems = merge(RESOURCE, contributions)
    return [problem.rule for problem in problems]


ON, OFF = Onu(serial="ZTEG1", enabled=True), Onu(serial="ZTEG1", enabled=False)


def test_what_one_subscription_wants_is_wanted() -> None:
    wanted, problems = merge(RESOURCE, [asks(ON, needs=("104:login",))])

    assert wanted == Wanted(resource=RESOURCE, device="olt", spec=ON, needs=("104:login",))
    assert problems == ()


def test_a_suspended_internet_never_kills_the_voice_line_beside_it() -> None:
    internet = asks(OFF, serves=Serves.OFF)
    voice = asks(ON, OTHER)

    assert together(internet, voice) == together(voice, internet) == ON


def test_when_all_are_suspended_nothing_works() -> None:
    assert together(asks(OFF, serves=Serves.OFF), asks(OFF, OTHER, serves=Serves.OFF)) == OFF


def test_the_fastest_of_those_who_are_served_alike_counts() -> None:
    slow = asks(Login(username="ana", download_kbit=512, upload_kbit=512), component=ComponentId("a"))
    fast = asks(Login(username="ana", download_kbit=900, upload_kbit=100), OTHER)
    blocked = asks(
        Login(username="ana", access=Access.WALLED, download_kbit=9999),
        SubscriptionId(106),
        serves=Serves.BLOCKED,
    )

    assert together(slow, fast, blocked) == Login(username="ana", download_kbit=900, upload_kbit=512)


def test_what_knows_no_speed_gets_none() -> None:
    home, office = (
        asks(Wifi(onu="ZTEG1", ssid="Ana")),
        asks(Wifi(onu="ZTEG1", ssid_5ghz="Ana 5G"), OTHER),
    )

    assert together(home, office) == Wifi(onu="ZTEG1", ssid="Ana", ssid_5ghz="Ana 5G")


def test_without_any_speed_there_is_none() -> None:
    assert together(asks(Login(username="ana")), asks(Login(username="ana"), OTHER)) == Login(username="ana")


def test_whoever_leaves_a_field_at_its_default_says_nothing_of_it() -> None:
    internet = asks(Onu(serial="ZTEG1", port="0/1/4", profile="gpon"))
    voice = asks(Onu(serial="ZTEG1", vlan=7), OTHER)

    assert together(voice, internet) == Onu(serial="ZTEG1", port="0/1/4", profile="gpon", vlan=7)


def test_who_has_ended_says_nothing_as_long_as_somebody_is_served() -> None:
    ended = asks(Onu(serial="ZTEG1", port="0/9/9", enabled=False), serves=Serves.REMOVED, device="other")

    assert together(ended, asks(OFF, OTHER, serves=Serves.OFF)) == OFF
    assert together(ended) == ended.spec


def test_who_wants_nothing_yet_says_nothing() -> None:
    assert together(asks(None), asks(ON, OTHER)) == ON
    assert together(asks(None)) is None
    assert together() is None


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        (asks(Onu(serial="ZTEG1", port="0/1/5"), OTHER), "contradiction"),
        (asks(Onu(serial="ZTEG2", port="0/1/4"), OTHER), "contradiction"),
        (asks(Onu(serial="ZTEG1"), OTHER, device="other"), "two-devices"),
        (asks(Login(username="ana"), OTHER), "two-kinds"),
        (asks(Onu(serial="ZTEG1"), OTHER, customer=STRANGER), "shared-resource"),
    ],
)
def test_what_contradicts_is_a_problem_that_names_both(other: Contribution, rule: str) -> None:
    first = asks(Onu(serial="ZTEG1", port="0/1/4"))

    wanted, (problem,) = merge(RESOURCE, [other, first])

    assert wanted is not None
    assert wanted.spec == first.spec
    assert problem.rule == problem.refusal().rule == rule
    assert problem.refuses
    assert "Subscriptions 104 and 105" in str(problem)


def test_two_passwords_contradict_each_other_too() -> None:
    first = asks(Login(username="ana", password=SecretRef("s1")))
    second = asks(Login(username="ana", password=SecretRef("s2")), OTHER)

    assert rules(first, second) == ["contradiction"]


def test_without_any_device_nothing_can_be_placed_and_that_is_told() -> None:
    wanted, (problem,) = merge(RESOURCE, [asks(ON, device=None)])

    assert wanted is None
    assert (problem.rule, problem.refuses) == ("no-device", False)
    assert str(problem).startswith("No device is bound to '104:onu'")


def test_what_lost_its_binding_stays_where_it_stands() -> None:
    wanted, (problem,) = merge(RESOURCE, [asks(OFF, device=None, serves=Serves.OFF)], "olt")

    assert wanted == Wanted(resource=RESOURCE, device="olt", spec=OFF)
    assert problem.rule == "no-device"


def test_one_who_names_the_device_is_enough() -> None:
    wanted, problems = merge(RESOURCE, [asks(ON, device=None), asks(ON, OTHER)])

    assert wanted is not None
    assert (wanted.device, problems) == ("olt", ())


def test_a_problem_without_a_way_out_is_told_all_the_same() -> None:
    from ispcore.network import ResourceProblem

    problem = ResourceProblem("r", "some-rule", "It is so.")
    assert str(problem) == "It is so. [some-rule]"
    assert problem.key == ResourceProblem("r", "some-rule", "It is otherwise.").key
