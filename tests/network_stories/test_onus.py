"""ONUs that wait are found, wherever an OLT answers, and given to a subscription by one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import ConnectionMethod, Discovered, Login, Onu, Site
from ispcore.errors import NotFoundError, RefusedError
from ispcore.network import Whereabouts
from ispcore.plans import AddComponent, RemoveComponent
from ispcore.testing import MOCK_SPEC, MockDriver
from ispcore.testing.mock_driver import MockConfig, MockSession
from ispcore.values import ComponentId, CustomerId, SecretText, SubscriptionId
from tests.catalogues import DOCUMENT, document
from tests.homes import LOGIN, PLANS, sections
from tests.network_stories.stage import Stage
from tests.providers import ANA

WAITING = Discovered(kind="onu", identity="ZTEG00000009", place="0/1/7", details={"model": "F670"})
ONU = Onu(serial="ZTEG00000009", connection=ConnectionMethod.BRIDGE)
NORTH = {"north": {"name": "Norte", "devices": {"onu": "box"}}}


@pytest.mark.covers("S2-053")
def test_what_waits_is_found_on_all_olts_or_on_one(stage: Stage) -> None:
    stage.devices["olt"].unknown = [WAITING]
    stage.devices["box"].unknown = [Discovered(kind="onu", identity="HWTC1", place="0/2/1")]

    every = stage.network.onus.find(actor=ANA)
    one = stage.network.onus.find("olt", actor=ANA)

    assert [(each.serial, each.olt, each.port) for each in every.found] == [
        ("HWTC1", "box", "0/2/1"),
        ("ZTEG00000009", "olt", "0/1/7"),
    ]
    assert [each.serial for each in one.found] == ["ZTEG00000009"]
    assert one.found[0].details == {"model": "F670"}
    assert every.silent == {}


def test_olts_are_asked_at_once_so_that_a_slow_one_is_waited_for_and_no_sum_of_them(stage: Stage) -> None:
    all_are_asked = Barrier(len(stage.devices))

    class Meeting(MockDriver):
        @contextmanager
        def open(self, site: Site[MockConfig]) -> Iterator[MockSession]:
            all_are_asked.wait(timeout=30)
            with super().open(site) as session:
                yield session

    network = stage.network.using({"mock": (MOCK_SPEC, Meeting(*stage.devices.values()))})

    assert network.onus.find(actor=ANA).silent == {}


def test_an_olt_that_is_down_is_told_and_keeps_no_other_from_answering(stage: Stage) -> None:
    stage.devices["olt"].unknown = [WAITING]
    stage.devices["box"].change(reachable=False)

    search = stage.network.onus.find(actor=ANA)

    assert [each.serial for each in search.found] == ["ZTEG00000009"]
    assert search.silent == {"box": "box could not be asked: box does not answer."}


def test_what_waits_and_is_no_onu_is_left_out(stage: Stage) -> None:
    stage.devices["olt"].unknown = [Discovered(kind="tv", identity="X")]

    assert stage.network.onus.find("olt", actor=ANA).found == ()


def test_an_olt_that_is_not_there_is_no_silent_one(stage: Stage) -> None:
    with pytest.raises(NotFoundError, match="'olt-9'"):
        stage.network.onus.find("olt-9", actor=ANA)


@pytest.mark.covers("S2-025", "S2-054")
def test_one_that_was_found_is_given_to_a_subscription_by_one_command(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN)
    stage.devices["olt"].unknown = [WAITING]

    command = stage.network.onus.linking(subscription, ONU, actor=ANA)
    stage.do(command)
    stage.work()

    assert command == AddComponent(subscription=subscription, spec=evolve(ONU, port="0/1/7"))
    (standing,) = stage.devices["olt"].standing().values()
    assert standing.spec == evolve(ONU, port="0/1/7", download_kbit=512, upload_kbit=256)


@pytest.mark.covers("S2-025")
def test_a_trial_shows_what_will_be_done_and_does_nothing(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN)
    stage.devices["olt"].unknown = [WAITING]
    command = stage.network.onus.linking(subscription, ONU, actor=ANA)

    attempt = stage.provider.try_out(command, actor=ANA)

    (move,) = attempt.moves
    assert (move.placement, move.before) == (f"{subscription}:onu@olt", None)
    assert move.after == evolve(ONU, port="0/1/7", download_kbit=512, upload_kbit=256)
    stage.work()
    assert stage.devices["olt"].standing() == {}


@pytest.mark.covers("S2-055")
@pytest.mark.parametrize("method", ConnectionMethod)
def test_the_method_reaches_the_olt_and_pppoe_with_the_login_of_the_subscription(
    stage: Stage, method: ConnectionMethod
) -> None:
    subscription = stage.subscribe(Login(username="ana", password=SecretText("ana's own")))
    given = Onu(serial="ZTEG00000009", port="0/1/7", connection=method)

    stage.do(stage.network.onus.linking(subscription, given, olt="olt", actor=ANA))
    stage.work()

    (standing,) = stage.devices["olt"].standing().values()
    assert isinstance(standing.spec, Onu)
    signs_in = method is ConnectionMethod.PPPOE
    assert standing.spec.connection is method
    assert standing.spec.username == ("ana" if signs_in else None)
    assert standing.secrets == ({"password": "ana's own"} if signs_in else {})


def test_where_olt_and_port_are_named_nobody_looks(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN)
    stage.devices["olt"].change(reachable=False)

    command = stage.network.onus.linking(subscription, evolve(ONU, port="0/1/9"), olt="olt", actor=ANA)

    assert command.spec == evolve(ONU, port="0/1/9")


def test_one_that_waits_nowhere_is_told_with_the_olts_that_did_not_answer(stage: Stage) -> None:
    stage.devices["box"].change(reachable=False)

    with pytest.raises(RefusedError) as refused:
        stage.network.onus.linking(SubscriptionId(1), ONU, actor=ANA)

    assert refused.value.rule == "onu-not-found"
    assert "waits on any OLT. box did not answer." in refused.value.message


def test_one_that_waits_in_several_places_is_to_be_named(stage: Stage) -> None:
    stage.devices["olt"].unknown = [WAITING]
    stage.devices["box"].unknown = [evolve(WAITING, place="0/3/3")]

    with pytest.raises(RefusedError, match="waits in several places: box 0/3/3, olt 0/1/7") as refused:
        stage.network.onus.linking(SubscriptionId(1), ONU, actor=ANA)

    assert refused.value.rule == "onu-found-twice"


def test_the_access_point_follows_from_the_olt(stage: Stage) -> None:
    stage.provider.load_catalogue(document(**sections(), access_points=NORTH), actor=ANA)
    here = evolve(ONU, port="0/1/7")

    def place(olt: str, named: str | None = None) -> str | None:
        given = stage.network.onus.linking(SubscriptionId(1), here, olt=olt, access_point=named, actor=ANA)
        return given.access_point

    assert [place("olt"), place("box"), place("box", "north")] == [None, "north", "north"]
    with pytest.raises(RefusedError, match="No access point leads ONUs to 'radius'") as nowhere:
        place("radius")
    with pytest.raises(RefusedError, match="access point 'north' leads ONUs to 'olt', but to 'box'") as other:
        place("olt", "north")
    assert (nowhere.value.rule, other.value.rule) == ("no-access-point", "no-access-point")


def test_among_several_access_points_one_is_named(stage: Stage) -> None:
    points = {**NORTH, "south": {**NORTH["north"], "name": "Sul"}}
    stage.provider.load_catalogue(document(**sections(), access_points=points), actor=ANA)
    here = evolve(ONU, port="0/1/7")

    with pytest.raises(RefusedError, match="lead to 'box': north, south") as refused:
        stage.network.onus.linking(SubscriptionId(1), here, olt="box", actor=ANA)

    assert refused.value.rule == "which-access-point"


def test_what_waits_tells_who_carries_it_already(stage: Stage) -> None:
    subscription = stage.subscribe(Onu(serial="ZTEG00000009"))
    stage.devices["box"].unknown = [evolve(WAITING, identity="zteg00000009")]

    (found,) = stage.network.onus.find("box", actor=ANA).found

    assert found.carried_by == subscription


def test_devices_whose_drivers_find_no_onus_are_not_asked_unless_onus_are_bound_to_them(stage: Stage) -> None:
    deaf = evolve(MOCK_SPEC, actions={})
    network = stage.network.using({"mock": (deaf, MockDriver(*stage.devices.values()))})

    search = network.onus.find(actor=ANA)

    assert (search.found, list(search.silent)) == ((), ["olt"])


def test_one_that_another_customer_has_by_now_is_told_once(stage: Stage) -> None:
    first = stage.subscribe(Onu(serial="ZTEG1"))
    stage.work()
    stage.do(RemoveComponent(subscription=first, component=ComponentId("onu")))
    stage.work()

    second = stage.subscribe(Onu(serial="ZTEG1"))

    every = stage.network.onus.equipment(actor=ANA)
    assert [(one.serial, one.where, one.subscription) for one in every] == [
        ("ZTEG1", Whereabouts.WITH_CUSTOMER, second)
    ]
    assert stage.network.onus.equipment(customer=CustomerId(1), actor=ANA) == ()


@pytest.mark.covers("S2-052")
def test_the_service_that_makes_room_for_an_onu_is_added_with_it(stage: Stage) -> None:
    bare = {**PLANS["home"], "includes": {"login": 1}, "permits": ["mailbox"]}
    service = {**DOCUMENT["services"]["mailbox"], "name": "ONU", "grants": {"onu": 1}}
    changed = document(**sections(plans={**PLANS, "home": bare}, services={"mailbox": service}))
    stage.provider.load_catalogue(changed, actor=ANA, withdraw=True)
    subscription = stage.subscribe(LOGIN)
    here = evolve(ONU, port="0/1/7")

    def link(service: str | None) -> None:
        stage.do(stage.network.onus.linking(subscription, here, olt="olt", service=service, actor=ANA))

    with pytest.raises(RefusedError):
        link(None)
    link("mailbox")

    state = stage.provider.subscription(subscription, actor=ANA).timeline.last
    assert [one.id for one in state.items] == ["plan", "mailbox"]
    assert [one.id for one in state.components] == ["login", "onu"]


def test_what_is_carried_is_told_with_where_it_hangs_and_why_it_is_in_its_vlan(stage: Stage) -> None:
    subscription = stage.subscribe(LOGIN, Onu(serial="ZTEG1", vlan=7))

    (one,) = stage.network.onus.carried(subscription, actor=ANA)

    assert (one.component, one.olt, one.vlans) == ("onu", "olt", "VLAN 7, as it was chosen")
    assert one.spec.download_kbit == 512
    assert one.placement is not None
    assert one.placement.id == f"{subscription}:onu@olt"


def test_what_is_carried_and_hangs_on_no_olt_is_told_too(stage: Stage) -> None:
    unbound = document(**{**sections(), "devices": {"login": "radius"}})
    stage.provider.load_catalogue(unbound, actor=ANA)
    subscription = stage.subscribe(Onu(serial="ZTEG1"))

    (one,) = stage.network.onus.carried(subscription, actor=ANA)

    assert (one.spec, one.olt, one.placement) == (Onu(serial="ZTEG1"), None, None)


@pytest.mark.parametrize(
    ("plan", "foreign", "tags"),
    [
        ({}, {"vlan": 1000}, (1001, None)),
        ({"vlan": 100}, {"vlan": 100, "inner_vlan": 1000}, (100, 1001)),
        ({"vlan": 100}, {"vlan": 200, "inner_vlan": 1000}, (100, 1000)),
    ],
)
def test_a_vlan_that_was_seen_on_the_olt_and_is_none_of_ours_is_passed_over(
    stage: Stage, plan: dict[str, int], foreign: dict[str, Any], tags: tuple[int, int | None]
) -> None:
    vlans = {"olt": {**plan, "customers": {"first": 1000, "last": 1999}}}
    stage.provider.load_catalogue(document(**sections(), vlans=vlans), actor=ANA)
    stage.devices["olt"].put(Onu(serial="FOREIGN1", port="0/1/1"))
    stage.devices["olt"].put(Onu(serial="FOREIGN2", port="0/1/2", **foreign))
    stage.look("olt")

    subscription = stage.subscribe(Onu(serial="ZTEG1"))

    (one,) = stage.network.onus.carried(subscription, actor=ANA)
    assert (one.spec.vlan, one.spec.inner_vlan) == tags
