"""The driver at work on a simulated OLT."""

import pytest
from attrs import evolve

from ispcore.driver import (
    Busy,
    CapacityExhausted,
    Change,
    Conflict,
    ConnectionMethod,
    DriverError,
    Invalid,
    Onu,
    Seen,
    Unsupported,
)
from ispcore.testing.olts.huawei import R015, R017, HuaweiOlt, ServicePort, TrafficTable
from ispcore_olt_huawei import (
    Line,
)
from plugins.olt_huawei.tests.calls import at, onu, resource
from plugins.olt_huawei.tests.olts import olt_of


@pytest.fixture
def olt() -> HuaweiOlt:
    return olt_of()


def spec_of(value: Seen | DriverError | None) -> Onu:
    assert isinstance(value, Seen), value
    assert isinstance(value.spec, Onu)
    return value.spec


@pytest.mark.parametrize("line", [Line.SSH, Line.TELNET])
def test_an_onu_that_was_found_is_confirmed_bound_and_saved(olt: HuaweiOlt, line: Line) -> None:
    olt.plug("HWTC00000001", "0/1/3")
    with at(olt, line) as here:
        (made,) = here.put(onu(description="Ana Lima"))

    assert spec_of(made).description == "Ana_Lima"
    assert [word.split(" user-account")[0] for word in olt.log] == [
        (
            "ont confirm 3 sn-auth 4857544300000001 omci ont-lineprofile-id 10 ont-srvprofile-id 10"
            " desc Ana_Lima"
        ),
        "ont ipconfig 3 0 ip-index 0 pppoe vlan 110 priority 0",
        "ont internet-config 3 0 ip-index 0",
        "traffic table ip name ispcore-10000 cir 10000 pir 10000 priority 0 priority-policy local-setting",
        "traffic table ip name ispcore-20000 cir 20000 pir 20000 priority 0 priority-policy local-setting",
        (
            "service-port vlan 110 gpon 0/1/3 ont 0 gemport 1 multi-service user-vlan 110"
            " tag-transform translate inbound traffic-table index 1 outbound traffic-table index 2"
        ),
    ]
    assert "0/1/3:0" in olt.saved.onts


def test_an_onu_that_nobody_has_seen_yet_is_added(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu())

    assert olt.log[0].startswith("ont add 3 sn-auth")
    assert olt.place_of("HWTC00000001") is not None


@pytest.mark.parametrize("added", ["count", "ids", "both"])
def test_the_number_of_an_ont_is_the_olts_choice_however_it_tells_it(added: str) -> None:
    olt = olt_of(evolve(R017, added=added))
    olt.put("FRGN00000001", "0/1/3", 0)
    with at(olt) as here:
        (made,) = here.put(onu())

    assert isinstance(made, Seen)
    assert made.key == "0/1/3:1"


def test_an_onu_that_stands_elsewhere_is_not_touched(olt: HuaweiOlt) -> None:
    olt.put("HWTC00000001", "0/2/0", 4, description="somebody")
    with at(olt) as here:
        change = Change(resource(onu()), None, onu(), frozenset())
        (result,) = here.session.apply([change], here.op)

    assert isinstance(result.value, Conflict)
    assert (result.value.owner, result.value.wrote) == ("somebody", False)
    assert "0/2/0:4" in str(result.value)
    assert olt.writes == 0


def test_what_the_olt_refuses_does_not_keep_the_others_waiting(olt: HuaweiOlt) -> None:
    olt.config.missing_vlans.append(666)
    with at(olt) as here:
        first, second, third = here.put(onu(1), onu(2, vlan=666), onu(3, profile="4000"))

    assert spec_of(first).vlan == 110
    assert isinstance(second, Invalid)
    assert second.wrote
    assert isinstance(third, Invalid)
    assert not third.wrote


def test_a_half_made_onu_is_gone_on_with(olt: HuaweiOlt) -> None:
    olt.config.missing_vlans.append(110)
    with at(olt) as here:
        here.put(onu())
        olt.config.missing_vlans.clear()

        (made,) = here.put(onu())

    assert spec_of(made).vlan == 110
    assert len(olt.config.onts) == 1


def test_a_full_port_is_told_as_such(olt: HuaweiOlt) -> None:
    for number in range(128):
        olt.put(f"FRGN{number:08X}", "0/1/3", number)
    with at(olt) as here:
        (made,) = here.put(onu())

    assert isinstance(made, CapacityExhausted)


def test_traffic_tables_are_shared_and_never_changed(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu(1), onu(2))
        tables = len(olt.config.traffic_tables)
        here.put(onu(1, download_kbit=51_200))

    assert tables == 3 + 2
    assert len(olt.config.traffic_tables) == tables
    assert not any("traffic table ip modify" in line for line in olt.log)
    assert [one.outbound for one in olt.config.service_ports.values()] == [50, 2]


def test_a_table_that_somebody_else_changed_is_not_taken_for_what_its_name_says(
    olt: HuaweiOlt,
) -> None:
    olt.config.traffic_tables[7] = TrafficTable(name="ispcore-20000", cir=99, pir=99)
    with at(olt) as here:
        (made,) = here.put(onu())

    assert spec_of(made).download_kbit == 20_000
    assert olt.config.traffic_tables[7].cir == 99


@pytest.mark.parametrize(
    "method",
    [ConnectionMethod.BRIDGE, ConnectionMethod.DHCP, ConnectionMethod.STATIC, ConnectionMethod.PPPOE],
)
@pytest.mark.parametrize("firmware", [R015, R017], ids=["R015", "R017"])
def test_an_onu_connects_in_each_of_four_ways_on_both_firmwares(
    method: ConnectionMethod, firmware: object
) -> None:
    olt = olt_of(firmware)  # type: ignore[arg-type]  # one of two
    wish = onu(
        connection=method,
        inner_vlan=1005,
        address="192.0.2.7",
        netmask="255.255.255.0",
        gateway="192.0.2.1",
        dns=("192.0.2.53",),
    )
    with at(olt) as here:
        (made,) = here.put(wish)
        again = here.changes(wish)

    assert isinstance(made, Seen)
    assert (spec_of(made).connection, made.unsettled) == (method, None)
    assert all(change.fields == {"password"} for change in again)
    (ont,) = olt.config.onts.values()
    assert [wan.mode for wan in ont.wans.values()] == (
        [] if method is ConnectionMethod.BRIDGE else [method.value]
    )
    assert [wan.internet for wan in ont.wans.values()] in ([], [firmware is R017])
    assert ont.natives == ({1: (1005, 0)} if method is ConnectionMethod.BRIDGE else {})
    (port,) = olt.config.service_ports.values()
    assert (port.vlan, port.user_vlan, port.inner_vlan) == (110, "1005", 1005)


def test_an_olt_whose_onts_are_not_configured_by_omci_is_told_what_it_needs(olt: HuaweiOlt) -> None:
    olt.config.omci = False
    with at(olt) as here:
        (made,) = here.put(onu())

    assert isinstance(made, Unsupported)
    assert "config-method omci" in str(made)


def test_a_wan_profile_is_bound_where_one_is_named(olt: HuaweiOlt) -> None:
    with at(olt, wan_profile=1) as here:
        here.put(onu())

    (ont,) = olt.config.onts.values()
    assert ont.wans[0].profile == 1


def test_suspending_deactivates_and_resuming_activates(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu())
        (off,) = here.put(onu(enabled=False))
        (ont,) = olt.config.onts.values()
        active = ont.active
        (on,) = here.put(onu())

    assert (spec_of(off).enabled, active, spec_of(on).enabled) == (False, False, True)
    assert len(olt.config.service_ports) == 1


def test_another_onu_takes_the_place_of_one_and_keeps_everything(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu(1))
        before = dict(olt.config.service_ports)
        (made,) = here.put(onu(2, username="ana1"), before=onu(1))

    assert isinstance(made, Seen)
    assert (made.key, made.spec.serial) == ("0/1/3:0", "HWTC00000002")  # type: ignore[attr-defined]  # an Onu
    assert olt.config.service_ports == before


def test_a_firmware_that_exchanges_no_serial_numbers_makes_the_ont_anew() -> None:
    olt = olt_of(evolve(R017, lacks=("ont modify <port> <ont> sn",)))
    with at(olt) as here:
        here.put(onu(1))
        (made,) = here.put(onu(2), before=onu(1))

    assert spec_of(made) == evolve(spec_of(made), serial="HWTC00000002", vlan=110)
    assert [ont.serial for ont in olt.config.onts.values()] == ["4857544300000002"]


def test_an_exchange_for_an_onu_that_stands_elsewhere_is_refused(olt: HuaweiOlt) -> None:
    olt.put("HWTC00000002", "0/2/0", 4)
    with at(olt) as here:
        here.put(onu(1))
        (made,) = here.put(onu(2), before=onu(1))

    assert isinstance(made, Conflict)
    assert {ont.serial for ont in olt.config.onts.values()} == {"4857544300000001", "4857544300000002"}


def test_another_port_takes_the_services_of_others_along(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu())
        olt.config.line_profiles[10].gems[2] = 1
        voice = ServicePort(vlan=99, port="0/1/3", ont=0, gemport=2, user_vlan="99")
        olt.config.service_ports[70] = voice
        (made,) = here.put(onu(port="0/2/5"))

    assert isinstance(made, Seen)
    assert made.key == "0/2/5:0"
    assert list(olt.config.onts) == ["0/2/5:0"]
    ports = {(one.vlan, one.place) for one in olt.config.service_ports.values()}
    assert ports == {(99, "0/2/5:0"), (110, "0/2/5:0")}


def test_deleting_takes_every_service_port_first_and_twice_is_as_once(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu())
        olt.config.line_profiles[10].gems[2] = 1
        olt.config.service_ports[70] = ServicePort(vlan=99, port="0/1/3", ont=0, gemport=2, user_vlan="99")

        assert here.delete(onu()) == [None]
        assert here.delete(onu()) == [None]

    assert (olt.config.onts, olt.config.service_ports) == ({}, {})


def test_nothing_is_saved_where_nothing_was_written_and_never_where_it_is_not_wanted(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.delete(onu())
    with at(olt, save=False) as here:
        here.put(onu())

    assert olt.saved.onts == {}


def test_an_olt_that_is_busy_before_the_first_write_has_nothing_of_it(olt: HuaweiOlt) -> None:
    olt.behaviour.busy = 1
    with at(olt) as here, pytest.raises(Busy) as caught:
        here.put(onu())

    assert (caught.value.wrote, olt.writes) == (False, 0)


def test_an_olt_that_becomes_busy_in_the_middle_has_something_of_it(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        changes = here.changes(onu(1), onu(2))
        results = here.session.apply(changes, here.op)
        next(results)
        olt.behaviour.busy = 0
        at_second = olt.writes

        def busy_soon() -> None:
            if olt.writes > at_second:
                olt.behaviour.busy = 1

        olt.wire.at_exchange = busy_soon
        with pytest.raises(Busy) as caught:
            next(results)

    assert caught.value.wrote
