"""What commands make an ONT into what is wanted, and what ispcore calls one."""

import pytest
from attrs import evolve

from ispcore.driver import UNREADABLE, ConnectionMethod, Invalid, Onu, Seen
from ispcore.values import SecretText
from ispcore_olt_huawei import HuaweiConfig
from ispcore_olt_huawei.parsing.onts import OntState
from ispcore_olt_huawei.parsing.running import Configured, ServicePort, Wan
from ispcore_olt_huawei.parsing.services import TrafficTable
from ispcore_olt_huawei.places import Place
from ispcore_olt_huawei.standing import Setting, Standing, checked, normal, seen, steps

CONFIG = HuaweiConfig(
    host="olt.example", password=SecretText("of-the-olt"), profile="10/20", lan_ports=(1, 2)
)
OLD = Setting(config=CONFIG, opens_wans=False)
NEW = Setting(config=evolve(CONFIG, wan_profile=7), opens_wans=True)
PLACE = Place("0/1/3", 5)
TABLES = {
    1: TrafficTable(index=1, cir=1024, pir=1024),
    2: TrafficTable(index=2, cir=2048, pir=2048),
    3: TrafficTable(index=3, cir=4096, pir=4096),
}
SERVICE = ServicePort(index=9, vlan=110, place=PLACE, gemport=1, user_vlan="110", inbound=1, outbound=2)
BARE = Configured(place=PLACE, serial="HWTC02D80001", line_profile=10, service_profile=20)
BRIDGED = evolve(BARE, services=(SERVICE,), natives={1: 110, 2: 110})
SIGNED_IN = evolve(BARE, services=(SERVICE,), wans={0: Wan(mode="pppoe", vlan=110, user="ana")})
BRIDGE = Onu(
    serial="HWTC02D80001",
    port="0/1/3",
    vlan=110,
    connection=ConnectionMethod.BRIDGE,
    upload_kbit=1024,
    download_kbit=2048,
)
PPPOE = evolve(BRIDGE, connection=ConnectionMethod.PPPOE, username="ana", password=SecretText("of-ana"))


def standing(made: Configured, *, active: bool = True) -> Standing:
    return Standing(made=made, state=OntState(place=PLACE, serial=made.serial, active=active, run="online"))


def lines(
    made: Configured,
    after: Onu,
    setting: Setting = OLD,
    *,
    tables: tuple[int | None, int | None] = (1, 2),
    active: bool = True,
    password: bool = False,
) -> list[str]:
    return [
        step.text
        for step in steps(standing(made, active=active), after, setting, lambda: tables, password=password)
    ]


def test_what_stands_as_wanted_needs_no_command() -> None:
    assert lines(BRIDGED, BRIDGE) == []
    assert lines(SIGNED_IN, PPPOE) == []


def test_a_bare_ont_becomes_a_bridge_before_anything_shows_that_it_serves() -> None:
    assert lines(BARE, BRIDGE) == [
        "ont port native-vlan 3 5 eth 1 vlan 110 priority 0",
        "ont port native-vlan 3 5 eth 2 vlan 110 priority 0",
        (
            "service-port vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 110"
            " tag-transform translate inbound traffic-table index 1 outbound traffic-table index 2"
        ),
    ]


def test_a_bridge_becomes_one_that_signs_in_and_is_let_online_where_the_firmware_can() -> None:
    pppoe = "ont ipconfig 3 5 ip-index 0 pppoe vlan 110 priority 0 user-account username ana password of-ana"

    assert lines(BRIDGED, PPPOE) == [pppoe]
    assert lines(BRIDGED, PPPOE, NEW) == [
        pppoe,
        "ont internet-config 3 5 ip-index 0",
        "ont wan-config 3 5 ip-index 0 profile-id 7",
    ]


def test_one_that_signed_in_becomes_a_bridge() -> None:
    assert lines(SIGNED_IN, BRIDGE)[-1] == "undo ont ipconfig 3 5 ip-index 0"


def test_a_password_is_written_when_it_is_named_and_kept_when_it_is_not() -> None:
    assert [line.split()[-1] for line in lines(SIGNED_IN, PPPOE, password=True)] == ["of-ana"]
    assert lines(BRIDGED, BRIDGE, password=True) == []


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (evolve(BRIDGE, connection=ConnectionMethod.DHCP), "dhcp vlan 110 priority 0"),
        (
            evolve(
                BRIDGE,
                connection=ConnectionMethod.STATIC,
                address="192.0.2.7",
                netmask="255.255.255.0",
                gateway="192.0.2.1",
                dns=("192.0.2.53", "192.0.2.54"),
            ),
            (
                "static ip-address 192.0.2.7 mask 255.255.255.0 gateway 192.0.2.1 pri-dns 192.0.2.53"
                " slave-dns 192.0.2.54 vlan 110 priority 0"
            ),
        ),
    ],
)
def test_an_onu_asks_for_an_address_or_has_a_fixed_one(after: Onu, words: str) -> None:
    assert lines(BRIDGED, after) == [f"ont ipconfig 3 5 ip-index 0 {words}"]


def test_another_speed_binds_the_same_service_port_to_other_tables() -> None:
    assert lines(BRIDGED, evolve(BRIDGE, download_kbit=4096), tables=(1, 3)) == [
        "service-port 9 inbound traffic-table index 1 outbound traffic-table index 3"
    ]


def test_a_speed_that_is_no_longer_bounded_makes_the_service_port_anew() -> None:
    assert lines(BRIDGED, evolve(BRIDGE, download_kbit=None), tables=(1, None)) == [
        "undo service-port 9",
        (
            "service-port vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 110"
            " tag-transform translate inbound traffic-table index 1"
        ),
    ]


def test_another_vlan_takes_the_service_port_away_first() -> None:
    assert lines(BRIDGED, evolve(BRIDGE, vlan=120, inner_vlan=1005)) == [
        "undo service-port 9",
        "ont port native-vlan 3 5 eth 1 vlan 1005 priority 0",
        "ont port native-vlan 3 5 eth 2 vlan 1005 priority 0",
        (
            "service-port vlan 120 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 1005"
            " tag-transform translate-and-add inner-vlan 1005"
            " inbound traffic-table index 1 outbound traffic-table index 2"
        ),
    ]
    assert lines(BRIDGED, evolve(BRIDGE, vlan=None)) == ["undo service-port 9"]


def test_suspending_comes_first_and_resuming_last() -> None:
    changed = evolve(BRIDGE, description="Ana")

    assert lines(BRIDGED, evolve(changed, enabled=False)) == ["ont deactivate 3 5", "ont modify 3 5 desc Ana"]
    assert lines(BRIDGED, changed, active=False) == ["ont modify 3 5 desc Ana", "ont activate 3 5"]


def test_another_profile_is_given_in_place() -> None:
    assert lines(BRIDGED, evolve(BRIDGE, profile="30/40")) == [
        "ont modify 3 5 ont-lineprofile-id 30 ont-srvprofile-id 40"
    ]


def test_services_through_other_gem_ports_are_left_alone() -> None:
    voice = ServicePort(index=3, vlan=99, place=PLACE, gemport=2, user_vlan="99")

    assert lines(evolve(BRIDGED, services=(voice, SERVICE)), BRIDGE) == []
    assert lines(evolve(BRIDGED, services=(voice, SERVICE)), evolve(BRIDGE, vlan=None)) == [
        "undo service-port 9"
    ]


def test_a_customers_vlan_that_a_technician_has_set_stays() -> None:
    service = evolve(SERVICE, user_vlan="7")

    assert lines(evolve(BRIDGED, services=(service,), natives={1: 7, 2: 7}), BRIDGE) == []


def test_a_service_port_for_what_has_no_tag_is_made_anew_for_one_that_signs_in() -> None:
    untagged = evolve(BRIDGED, services=(evolve(SERVICE, user_vlan="untagged"),))

    assert lines(untagged, BRIDGE) == []
    assert [line.split(" vlan")[0] for line in lines(untagged, PPPOE)] == [
        "undo service-port 9",
        "ont ipconfig 3 5 ip-index 0 pppoe",
        "service-port",
    ]


def test_what_stands_is_told_in_the_words_of_ispcore() -> None:
    assert seen(standing(SIGNED_IN), TABLES, OLD) == Seen(
        PLACE.key,
        evolve(PPPOE, password=UNREADABLE),
        status={"run": "online"},
    )


def test_a_profile_that_is_not_the_olts_own_is_told_by_its_numbers() -> None:
    assert seen(standing(evolve(BRIDGED, line_profile=30)), TABLES, OLD).spec == evolve(
        BRIDGE, profile="30/20", password=UNREADABLE
    )


def test_a_command_that_nothing_else_shows_leaves_an_onu_unsettled() -> None:
    half = seen(standing(evolve(BRIDGED, natives={1: 110})), TABLES, OLD)
    offline = seen(standing(SIGNED_IN), TABLES, NEW)

    assert "eth 2" in str(half.unsettled)
    assert "internet-config" in str(offline.unsettled)


def test_an_unsettled_onu_shows_no_password_and_somebody_elses_words_break_nothing() -> None:
    other_vlan = evolve(SIGNED_IN, wans={0: Wan(mode="pppoe", vlan=7, user="ana")})
    strange = evolve(SIGNED_IN, wans={0: Wan(mode="pppoe", vlan=7, user='a"; b')})

    assert str(seen(standing(other_vlan), TABLES, OLD).unsettled).endswith('password "********"')
    assert seen(standing(strange), TABLES, OLD).unsettled is None


def test_a_wish_loses_what_its_way_of_connecting_has_no_use_for() -> None:
    wish = evolve(
        PPPOE,
        serial="4857544302d80001",
        port="0/ 1/3",
        profile="30",
        address="192.0.2.7",
        dns=("192.0.2.53",),
        description="Ana Lima",
    )

    assert normal(wish) == evolve(PPPOE, profile="30/30", description="Ana_Lima")
    assert normal(evolve(wish, connection=None, profile=None, description=None)) == BRIDGE
    assert normal(evolve(BRIDGE, vlan=None, inner_vlan=5)) == evolve(
        BRIDGE, vlan=None, download_kbit=None, upload_kbit=None
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": "nobody"},
        {"port": None},
        {"port": "1"},
        {"profile": "fibre"},
        {"profile": "10/20"},
        {"vlan": 4094},
        {"inner_vlan": 0},
        {"download_kbit": 0},
        {"vlan": None},
        {"username": None},
        {"password": None},
        {"password": SecretText("a;b")},
        {"username": "a?b"},
        {"connection": ConnectionMethod.STATIC},
        {"connection": ConnectionMethod.STATIC, "address": "192.0.2.7", "netmask": "24"},
    ],
)
def test_what_no_olt_takes_is_refused_before_anything_is_written(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        checked(evolve(PPPOE, **wrong), CONFIG)  # type: ignore[arg-type]  # wrong on purpose

    assert "a;b" not in str(caught.value)


def test_a_bridge_without_a_vlan_is_taken() -> None:
    bare = evolve(BRIDGE, vlan=None, upload_kbit=None, download_kbit=None)

    assert checked(bare, CONFIG) == bare
