"""Components: added, changed and removed, under names that their resources keep."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import Serves
from ispcore.driver import ConnectionMethod, IpAssignment, Login, Mailbox, Onu, SecretRef, Spec, TvPoint, Wifi
from ispcore.errors import ConflictingFactsError, InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    Cancel,
    ChangeComponent,
    Component,
    RemoveComponent,
    Resume,
    Retract,
    Suspend,
    Timeline,
)
from ispcore.values import ComponentId
from tests.catalogues import START, do, february, march, setting, subscribed
from tests.components import ANA, CARRYING, HER_ONU, LOGIN, ONE, ONU, add, box, carried, components, names


def change(timeline: Timeline, component: ComponentId = LOGIN, today: date = START, **what: Any) -> Timeline:
    command = ChangeComponent(**ONE, component=component, **what)
    return do(timeline, command, today, catalogue=CARRYING)


def remove(timeline: Timeline, component: ComponentId = LOGIN, today: date = START) -> Timeline:
    return do(timeline, RemoveComponent(**ONE, component=component), today, catalogue=CARRYING)


def on(timeline: Timeline, day: date) -> tuple[Component, ...]:
    state = timeline.on(day)
    return state.components if state is not None else ()


def secret(timeline: Timeline) -> object:
    spec = components(timeline)[0].spec
    return spec.password if isinstance(spec, Login) else None


# --- adding


@pytest.mark.covers("S1-103")
def test_a_component_is_called_by_its_kind_and_its_resource_by_the_subscription() -> None:
    timeline = carried("fibre", ANA)

    assert components(timeline) == (Component(LOGIN, "104:login", ANA, START),)


def test_a_second_one_of_a_kind_is_numbered() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    assert names(timeline) == ["mailbox", "mailbox-2"]


def test_a_component_may_be_named_and_hang_at_an_access_point() -> None:
    timeline = add(subscribed("fibre"), ANA, component=ComponentId("home"), access_point="tower")

    (component,) = components(timeline)
    assert (component.id, component.resource, component.access_point) == ("home", "104:home", "tower")


def test_the_name_of_a_component_that_is_gone_is_not_given_again_by_itself() -> None:
    timeline = add(remove(carried("fibre", ANA)), Login(username="bia"))

    assert [(one.id, one.resource) for one in components(timeline)] == [("login-2", "104:login-2")]


def test_who_gives_the_name_of_a_component_that_is_gone_means_its_resource() -> None:
    timeline = add(remove(carried("fibre", ANA)), Login(username="bia"), component=LOGIN)

    assert [(one.id, one.resource) for one in components(timeline)] == [("login", "104:login")]


def test_a_name_is_free_again_when_adding_it_was_a_mistake() -> None:
    mistaken = do(carried("fibre", ANA), Retract(**ONE, fact=2), START, catalogue=CARRYING)

    assert names(add(mistaken, Login(username="bia"))) == ["login"]


def test_two_components_do_not_share_a_name() -> None:
    timeline = carried("fibre", box("ana"))

    with pytest.raises(RefusedError, match="has a component 'mailbox' already") as refused:
        add(timeline, box("bia"), component=ComponentId("mailbox"))

    assert refused.value.rule == "component-exists"


def test_the_same_thing_is_not_had_twice_at_one_place() -> None:
    timeline = carried("fibre", box("ana"))

    with pytest.raises(RefusedError, match="already: its component 'mailbox'") as refused:
        add(timeline, Mailbox(address="Ana@ISP.test"))

    assert refused.value.rule == "component-twice"


def test_an_access_point_that_the_catalogue_lacks_is_refused() -> None:
    with pytest.raises(NotFoundError, match="There is no access point 'roof'"):
        add(subscribed("fibre"), ANA, access_point="roof")


def test_a_component_without_a_spec_is_none() -> None:
    with pytest.raises(InvalidValueError, match="needs a spec"):
        add(subscribed("fibre"))


@pytest.mark.covers("S0-161", "S0-192", "S0-194", "S1-106")
def test_an_address_is_registered_on_a_plan() -> None:
    timeline = carried("strict", IpAssignment(name="ana", address="203.0.113.7", netmask="255.255.255.0"))

    (component,) = components(timeline)
    spec = IpAssignment(name="ana", address="203.0.113.7", netmask="255.255.255.0")
    assert (component.id, component.spec) == ("ip", spec)


@pytest.mark.covers("S0-195")
def test_an_address_hangs_at_a_point_of_routing() -> None:
    timeline = add(subscribed("strict"), IpAssignment(name="ana"), access_point="tower")

    assert components(timeline)[0].access_point == "tower"


@pytest.mark.covers("S2-017")
def test_a_point_of_tv_shows_packages() -> None:
    timeline = carried("strict", TvPoint(serial="stb-0001", packages=("sports", "films")))

    assert components(timeline)[0].spec == TvPoint(serial="STB-0001", packages=("sports", "films"))


# --- what must stand first


def test_what_must_stand_first_is_named_by_component_or_resource() -> None:
    timeline = carried("fibre", HER_ONU)

    by_name = add(timeline, Wifi(onu=HER_ONU.serial), needs=("onu",))
    by_resource = add(timeline, Wifi(onu=HER_ONU.serial), needs=("104:onu",))

    assert components(by_name)[1].needs == components(by_resource)[1].needs == ("104:onu",)


@pytest.mark.parametrize("name", ["antenna", "999:onu"])
def test_what_must_stand_first_must_be_known(name: str) -> None:
    with pytest.raises(NotFoundError, match=name):
        add(carried("fibre", HER_ONU), Wifi(onu=HER_ONU.serial), needs=(name,))


def test_what_others_need_is_not_removed() -> None:
    timeline = add(carried("fibre", HER_ONU), Wifi(onu=HER_ONU.serial), needs=("onu",))

    with pytest.raises(RefusedError, match="'onu' is needed by 'wifi'") as refused:
        remove(timeline, ONU)

    assert refused.value.rule == "component-needed"
    assert names(remove(remove(timeline, ComponentId("wifi")), ONU)) == []


# --- by status


@pytest.mark.covers("S1-108")
@pytest.mark.parametrize("kind", [ANA, box("ana")])
def test_an_inactive_subscription_gets_no_component(kind: Spec) -> None:
    timeline = do(subscribed("fibre"), Suspend(**ONE), START, catalogue=CARRYING)

    with pytest.raises(RefusedError, match="which is inactive") as refused:
        add(timeline, kind)

    assert refused.value.rule == "component-not-now"


def test_a_cancelled_subscription_gets_no_component() -> None:
    timeline = do(subscribed("fibre"), Cancel(**ONE, reason="moved"), march(1), catalogue=CARRYING)

    with pytest.raises(RefusedError, match="which is cancelled") as refused:
        add(timeline, ANA, today=march(2))

    assert refused.value.rule == "component-not-now"


@pytest.mark.covers("S4-014")
@pytest.mark.parametrize(
    ("status", "spec", "admitted"),
    [
        ("awaiting", ANA, True),
        ("awaiting", box("ana"), True),
        ("pre_registration", ANA, False),
        ("pre_registration", box("ana"), False),
        ("visiting", ANA, False),
        ("visiting", box("ana"), True),
    ],
)
def test_a_status_says_whether_there_may_be_logins_and_a_pending_one_whether_there_is_anything(
    status: str, spec: Spec, admitted: bool
) -> None:
    timeline = subscribed("fibre", status=status, at=setting(START, catalogue=CARRYING))

    if admitted:
        assert names(add(timeline, spec)) == [spec.word]
    else:
        with pytest.raises(RefusedError, match="may not have any") as refused:
            add(timeline, spec)
        assert refused.value.rule == "component-not-now"


@pytest.mark.covers("S0-110")
def test_a_suspension_touches_no_component() -> None:
    timeline = carried("fibre", ANA, HER_ONU, box("ana"))

    suspended = do(timeline, Suspend(**ONE), march(1), catalogue=CARRYING)
    back = do(suspended, Resume(**ONE), march(2), catalogue=CARRYING)

    assert components(suspended) == components(back) == components(timeline)
    assert suspended.last.serves is Serves.OFF


def test_what_was_cancelled_keeps_its_components_in_its_history() -> None:
    timeline = do(carried("fibre", ANA), Cancel(**ONE, reason="moved"), march(1), catalogue=CARRYING)

    assert names(timeline) == ["login"]
    with pytest.raises(RefusedError, match="it was cancelled"):
        remove(timeline, today=march(2))


# --- ONUs that sign in

SIGNS_IN = Onu(serial="ABCD12345678", connection=ConnectionMethod.PPPOE)


def test_an_onu_that_is_to_sign_in_needs_a_login_of_its_subscription() -> None:
    with pytest.raises(RefusedError, match="has no login that its ONU could sign in with") as refused:
        carried("fibre", SIGNS_IN)
    bridge = carried("fibre", HER_ONU)

    with pytest.raises(RefusedError) as changed:
        change(bridge, ONU, spec=SIGNS_IN)

    assert (refused.value.rule, changed.value.rule) == ("no-login", "no-login")
    assert names(carried("fibre", ANA, SIGNS_IN)) == ["login", "onu"]


def test_one_that_signs_in_with_the_login_of_another_subscription_is_exchanged_here_too() -> None:
    shared = {"103:onu": Component(ONU, "103:onu", SIGNS_IN, START)}
    sharing = add(subscribed("fibre"), resource="103:onu", resources=shared)

    exchanged = change(sharing, ONU, spec=evolve(SIGNS_IN, serial="WXYZ00000001"))

    assert components(exchanged)[0].spec == evolve(SIGNS_IN, serial="WXYZ00000001")


def test_the_login_that_an_onu_signs_in_with_is_not_removed() -> None:
    timeline = carried("fibre", ANA, SIGNS_IN)

    with pytest.raises(RefusedError, match="'onu' signs in with 'login'") as refused:
        remove(timeline)

    assert refused.value.rule == "onu-signs-in"
    assert names(remove(remove(timeline, ONU))) == []


def test_the_login_of_an_onu_that_does_not_sign_in_is_removed() -> None:
    assert names(remove(carried("fibre", ANA, HER_ONU))) == ["onu"]


# --- changing


def test_a_component_is_made_otherwise_and_keeps_its_name_and_resource() -> None:
    timeline = change(carried("fibre", HER_ONU), ONU, march(1), spec=Onu(serial="wxyz00000001", vlan=200))

    assert components(timeline) == (Component(ONU, "104:onu", Onu(serial="WXYZ00000001", vlan=200), START),)
    assert on(timeline, START)[0].spec == HER_ONU


@pytest.mark.covers("S2-030")
def test_a_component_moves_to_another_access_point() -> None:
    timeline = add(subscribed("fibre"), HER_ONU, access_point="tower")

    moved = change(timeline, ONU, access_point="cabinet")

    assert components(moved)[0].access_point == "cabinet"
    assert components(moved)[0].spec == HER_ONU


def test_a_secret_that_is_left_out_stays() -> None:
    timeline = carried("fibre", Login(username="ana", password=SecretRef("s1")))

    kept = change(timeline, spec=Login(username="ana", macs=("00:1a:2b:3c:4d:5e",)))
    other = change(timeline, spec=Login(username="ana", password=SecretRef("s2")))

    assert secret(kept) == SecretRef("s1")
    assert secret(other) == SecretRef("s2")


def test_a_change_that_changes_nothing_is_refused() -> None:
    with pytest.raises(RefusedError, match="is so already") as refused:
        change(carried("fibre", ANA), spec=Login(username="ana"))

    assert refused.value.rule == "nothing"


def test_a_component_stays_of_its_kind() -> None:
    with pytest.raises(RefusedError, match="is a login, and stays one") as refused:
        change(carried("fibre", ANA), spec=box("ana"))

    assert refused.value.rule == "other-kind"


def test_a_change_makes_no_second_one_of_the_same() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    with pytest.raises(RefusedError) as refused:
        change(timeline, ComponentId("mailbox-2"), spec=box("ana"))

    assert refused.value.rule == "component-twice"


def test_a_component_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="Subscription 104 has: login"):
        change(carried("fibre", ANA), ONU, spec=HER_ONU)
    with pytest.raises(NotFoundError, match="Subscription 104 has: none"):
        remove(subscribed("fibre"))


def test_wifi_goes_with_its_onu_to_other_equipment_and_to_another_place() -> None:
    timeline = add(subscribed("fibre"), HER_ONU, access_point="tower")
    timeline = add(timeline, Wifi(onu=HER_ONU.serial, ssid="Ana"), access_point="tower")

    moved = change(timeline, ONU, spec=Onu(serial="WXYZ00000001"), access_point="cabinet")

    assert components(moved)[1].spec == Wifi(onu="WXYZ00000001", ssid="Ana")
    assert components(moved)[1].access_point == "cabinet"


def test_wifi_stays_as_it_is_when_its_onu_keeps_its_serial_number_and_place() -> None:
    timeline = add(carried("fibre", HER_ONU), Wifi(onu=HER_ONU.serial), access_point="tower")

    changed = change(timeline, ONU, spec=Onu(serial=HER_ONU.serial, vlan=7), access_point="cabinet")

    assert components(changed)[1] == components(timeline)[1]
    assert len(changed.facts) == len(timeline.facts) + 1


# --- days


def test_a_component_may_be_added_on_an_earlier_day() -> None:
    timeline = add(subscribed("fibre"), ANA, on=march(1), today=march(10))

    assert on(timeline, february(29)) == ()
    assert on(timeline, march(1))[0].since == march(1)


def test_a_removal_before_a_later_change_is_refused() -> None:
    timeline = change(carried("fibre", HER_ONU), ONU, march(5), spec=Onu(serial="WXYZ00000001"))

    with pytest.raises(ConflictingFactsError, match="no component 'onu'"):
        do(timeline, RemoveComponent(**ONE, component=ONU, on=march(2)), march(6), catalogue=CARRYING)


# --- resources that are shared


SHARED = {"103:onu": Component(ONU, "103:onu", HER_ONU, START, access_point="tower")}


def test_a_subscription_stands_for_the_resource_of_another_one() -> None:
    timeline = add(subscribed("fibre"), resource="103:onu", resources=SHARED)

    (component,) = components(timeline)
    assert (component.id, component.resource) == ("onu", "103:onu")
    assert (component.spec, component.access_point) == (HER_ONU, "tower")


def test_who_shares_a_resource_may_say_what_it_is() -> None:
    said = Onu(serial="abcd12345678")

    timeline = add(subscribed("fibre"), said, resource="103:onu", access_point="tower", resources=SHARED)

    assert components(timeline)[0].spec == HER_ONU


@pytest.mark.parametrize(
    ("more", "rule", "said"),
    [
        ({"resource": "88:onu"}, "foreign-resource", "There are: 103:onu"),
        ({"resource": "103:onu", "spec": ANA}, "foreign-resource", "it is an onu"),
        ({"resource": "103:onu", "spec": Onu(serial="WXYZ0001")}, "resource-differs", "otherwise"),
        ({"resource": "103:onu", "access_point": "cabinet"}, "resource-differs", "otherwise"),
    ],
    ids=["not the customer's", "another kind", "another spec", "another place"],
)
def test_a_foreign_resource_and_one_that_is_otherwise_are_refused(
    more: dict[str, Any], rule: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said) as refused:
        add(subscribed("fibre"), resources=SHARED, **more)

    assert refused.value.rule == rule


def test_a_customer_without_other_resources_shares_none() -> None:
    with pytest.raises(RefusedError, match="There are: none"):
        add(subscribed("fibre"), resource="103:onu")


def test_one_subscription_stands_once_for_a_resource() -> None:
    timeline = add(subscribed("strict"), resource="103:onu", resources=SHARED)
    more: dict[str, Any] = {"resource": "103:onu", "component": ComponentId("again"), "resources": SHARED}

    with pytest.raises(RefusedError) as refused:
        add(timeline, **more)

    assert refused.value.rule == "resource-twice"
