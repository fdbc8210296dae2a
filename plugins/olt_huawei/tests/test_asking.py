"""What the driver tells of a simulated OLT, and of the ONUs on it."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import (
    Action,
    Change,
    Discover,
    Discovered,
    Done,
    History,
    Invalid,
    Onu,
    Optical,
    OpticalReading,
    Reboot,
    Result,
    Support,
    Unsupported,
    Wifi,
)
from ispcore.testing.olts.huawei import R015, HuaweiOlt
from ispcore_olt_huawei import (
    Neighbour,
    Neighbours,
    Network,
    OnuStatus,
    Profile,
    Profiles,
    Status,
    Wan,
    WanState,
    Wireless,
)
from ispcore_olt_huawei.driver import HuaweiDriver
from plugins.olt_huawei.tests.calls import at, onu, resource
from plugins.olt_huawei.tests.olts import olt_of


@pytest.fixture
def olt() -> HuaweiOlt:
    return olt_of()


def test_alarms_are_no_part_of_an_answer(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu(1), onu(2))
        olt.wire.at_exchange = lambda: olt.alarm("  ! FAULT MAJOR 2026-01-01 ALARM NAME : link")

        seen = here.see()

    assert sorted(seen) == ["HWTC00000001", "HWTC00000002"]


def test_many_are_read_with_few_commands(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(*(onu(number) for number in range(1, 21)))
        few = olt.wire.exchanges
        here.see()
        everything = olt.wire.exchanges - few
        wanted = [onu(number) for number in range(1, 11)]
        before = olt.wire.exchanges
        seen = here.see(*wanted)
        some = olt.wire.exchanges - before

    assert len(seen) == 10
    assert max(everything, some) < 12


def test_an_olt_tells_what_it_is(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        health = here.health()

    assert health.identity == olt.chassis
    assert health.firmware == "MA5800-X7 MA5800V100R017C10 SPH106"
    assert health.answers == {"WanState": Support.YES, "Wireless": Support.YES}


def test_a_firmware_that_tells_nothing_of_wans_says_so() -> None:
    olt = olt_of(evolve(R015, lacks=(*R015.lacks, "display ont wan-info")))
    with at(olt) as here:
        assert here.health().answers == {"WanState": Support.NO, "Wireless": Support.YES}


def test_a_wireless_network_is_refused_and_the_acs_is_named(olt: HuaweiOlt) -> None:
    wifi = Wifi(onu="HWTC00000001", ssid="Ana")
    with at(olt) as here:
        (result,) = here.session.apply([Change(resource(wifi), None, wifi, frozenset())], here.op)
        with pytest.raises(Unsupported, match="TR-069"):
            HuaweiDriver().normal(wifi, here.health())

    assert isinstance(result, Result)
    assert isinstance(result.value, Unsupported)
    assert "TR-069" in str(result.value)


def test_onus_that_wait_are_found(olt: HuaweiOlt) -> None:
    olt.plug("HWTC00000001", "0/1/3")
    with at(olt) as here:
        (found,) = here.ask(Discover())
        here.put(onu())

        assert here.ask(Discover()) == []

    assert isinstance(found, Discovered)
    assert (found.identity, found.place, found.kind) == ("HWTC00000001", "0/1/3", "onu")


def test_an_onu_tells_its_light_its_state_and_its_connections(olt: HuaweiOlt) -> None:
    olt.plug("HWTC00000001", "0/1/3", rx_dbm=Decimal("-19.20"))
    with at(olt) as here:
        here.put(onu())
        (light,) = here.ask(Optical(), onu())
        (status,) = here.ask(Status(), onu())
        (wan,) = here.ask(WanState(), onu())
        networks = here.ask(Wireless(), onu())

    assert isinstance(light, OpticalReading)
    assert light.received_dbm == Decimal("-19.20")
    assert isinstance(status, OnuStatus)
    assert (status.place, status.run, status.configured, status.matches) == (
        "0/1/3:0",
        "online",
        "normal",
        "match",
    )
    assert status.services == ("110 up",)
    assert [(one.index, one.ssid) for one in networks if isinstance(one, Network)] == [
        ("1", "HOME_2_4G"),
        ("5", "HOME_5G"),
    ]
    assert isinstance(wan, Wan)
    assert (wan.access, wan.status, wan.vlan, wan.service) == ("PPPoE", "Connected", "110", "Internet")


def test_the_light_of_many_on_a_port_is_read_at_once(olt: HuaweiOlt) -> None:
    onus = [onu(number) for number in range(1, 9)]
    for one in onus[:-1]:
        olt.plug(one.serial, "0/1/3")
    with at(olt) as here:
        here.put(*onus)
        before = olt.wire.exchanges
        *lit, dark = here.ask(Optical(), *onus)
        commands = olt.wire.exchanges - before

    assert all(isinstance(one, OpticalReading) for one in lit)
    assert isinstance(dark, Invalid)
    assert commands == len(onus) + 2  # where each is, into the board, and the light of its port


def test_the_neighbours_of_an_onu_and_the_profiles_of_the_olt_are_told(olt: HuaweiOlt) -> None:
    olt.plug("HWTC00000001", "0/1/3")
    olt.put("FRGN00000001", "0/1/3", 0, description="Bia")
    with at(olt) as here:
        here.put(onu())
        neighbours = here.ask(Neighbours(), onu())
        offered = here.ask(Profiles())

    assert [(one.place, one.run, one.description) for one in neighbours if isinstance(one, Neighbour)] == [
        ("0/1/3:0", "offline", "Bia"),
        ("0/1/3:1", "online", None),
    ]
    assert Profile(kind="line", number="20", name="line 20") in offered
    assert Profile(kind="service", number="30", name="home 30") in offered


def test_an_onu_starts_anew_when_it_is_online(olt: HuaweiOlt) -> None:
    olt.plug("HWTC00000001", "0/1/3")
    with at(olt) as here:
        here.put(onu())
        (done,) = here.ask(Reboot(), onu())

    assert isinstance(done, Done)
    assert olt.fibre["4857544300000001"].reboots == 1


@pytest.mark.parametrize("action", [Optical(), WanState(), Wireless(), Reboot()], ids=lambda it: it.word)
def test_an_onu_that_is_offline_is_told_as_such(olt: HuaweiOlt, action: Action[Any]) -> None:
    with at(olt) as here:
        here.put(onu())
        (told,) = here.ask(action, onu())

    assert isinstance(told, Invalid)
    assert "not online" in str(told)


def test_an_action_on_what_is_not_there_or_on_what_has_none_is_refused(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        absent, nonsense = here.ask(Optical(), onu(), Onu(serial="nobody"))
        with pytest.raises(Unsupported, match="history"):
            here.ask(History(), onu())

    assert isinstance(absent, Invalid)
    assert isinstance(nonsense, Invalid)
