"""Service ports, traffic tables, profiles and addresses on a Huawei OLT."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ispcore.testing.olts import R017, HuaweiOlt, OltServer, simulated_olt
from tests.testing.olts.terminal import Terminal, at_work

SN = "4857544302D80001"
PORT = "service-port vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 110 tag-transform translate"
BOUND = f"{PORT} inbound traffic-table index 10 outbound traffic-table index 50"

ACCOUNT = 'user-account username "ana" password "********"'


@pytest.fixture
def config(server: OltServer, olt: HuaweiOlt) -> Iterator[Terminal]:
    olt.put(SN, "0/1/3", 5)
    with at_work(server) as one:
        yield one


@pytest.fixture
def board(config: Terminal) -> Terminal:
    return config.goes("interface gpon 0/1")


def test_a_service_port_takes_the_first_free_index(config: Terminal) -> None:
    assert config.tell("display service-port next-free-index").endswith(": 0")
    assert config.tell(BOUND) == ""
    assert config.tell("display service-port next-free-index").endswith(": 1")

    told = config.tell("display service-port port 0/1/3 ont 5").split("\n")

    assert "       0  110 common   gpon 0/1 /3  5    1     vlan  110        10   50   up" in told
    assert told[-1] == "   Total : 1  (Up/Down :    1/0)"


def test_the_tables_of_a_service_port_are_exchanged(config: Terminal, olt: HuaweiOlt) -> None:
    config.tell(BOUND)
    config.tell("service-port 0 inbound traffic-table index 100 outbound traffic-table index 100")

    port = olt.config.service_ports[0]
    assert (port.inbound, port.outbound) == (100, 100)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (PORT, "The service virtual port has existed already"),
        (PORT.replace("gpon 0/1/3 ont 5", "gpon 0/1/3 ont 6"), "The ONT does not exist"),
        (PORT.replace("gemport 1", "gemport 9"), "The GEM port does not exist"),
        (PORT.replace("vlan 110 gpon", "vlan 666 gpon"), "The VLAN does not exist"),
        (f"{PORT} inbound traffic-table index 7", "The traffic table does not exist"),
        ("undo service-port 9", "The service virtual port does not exist"),
        ("undo traffic table ip index 50", "The traffic table is being used"),
    ],
)
def test_what_cannot_be_is_refused(config: Terminal, olt: HuaweiOlt, line: str, refusal: str) -> None:
    olt.config.missing_vlans.append(666)
    config.tell(BOUND)

    assert config.tell(line) == f"  Failure: {refusal}"
    assert list(olt.config.service_ports) == [0]


def test_all_service_ports_of_an_ont_go_at_once(config: Terminal, olt: HuaweiOlt) -> None:
    config.tell(BOUND)
    config.tell("undo service-port port 0/1/3 ont 5")

    assert olt.config.service_ports == {}


def test_a_traffic_table_is_made_listed_and_refused_twice(config: Terminal, olt: HuaweiOlt) -> None:
    line = "traffic table ip index 7 name up20 cir 20480 pir 20480 priority 0 priority-policy local-setting"

    assert config.tell(line).startswith("  Create traffic descriptor record successfully\n")
    assert config.tell(line) == "  Failure: The traffic table exists already"
    assert olt.config.traffic_tables[7].cir == 20480
    assert "    7 20480 " in config.tell("display traffic table ip from-index 0")


def test_a_line_profile_is_changed_when_it_is_committed(config: Terminal, olt: HuaweiOlt) -> None:
    config.tell("dba-profile add profile-id 20 profile-name fast type4 max 1024000")
    config.goes("ont-lineprofile gpon profile-id 20 profile-name fast")
    config.goes("tcont 1 dba-profile-id 20", "gem add 1 eth tcont 1", "gem mapping 1 0 vlan 110")
    assert 20 not in olt.config.line_profiles

    config.goes("commit", "quit")

    profile = olt.config.line_profiles[20]
    assert (profile.tconts, profile.gems, profile.mappings) == ({1: 20}, {1: 1}, {"1/0": "vlan 110"})


def test_what_was_not_committed_is_forgotten(config: Terminal, olt: HuaweiOlt) -> None:
    config.goes("ont-lineprofile gpon profile-id 10", "gem delete 1", "quit")

    assert olt.config.line_profiles[10].gems == {1: 1}


def test_an_ont_dials_in_with_its_user_and_the_password_is_in_no_log(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell("ont ipconfig 3 5 pppoe vlan 110 priority 0 user-account username ana password s3cret")

    wan = olt.config.onts["0/1/3:5"].wans[0]
    assert (wan.mode, wan.vlan, wan.user, wan.password) == ("pppoe", 110, "ana", "s3cret")
    assert "s3cret" not in repr(wan) + "".join(olt.log) + board.tell("display ont ipconfig 3 5")
    assert "  IPv4 access type           : PPPoE\n" in board.tell("display ont wan-info 3 5")


def test_an_ont_has_a_fixed_address(board: Terminal) -> None:
    board.tell(
        "ont ipconfig 3 5 ip-index 1 static ip-address 192.0.2.9 mask 255.255.255.0 gateway 192.0.2.1"
        " pri-dns 192.0.2.53 slave-dns 192.0.2.54 vlan 110"
    )

    assert "  ONT IP                   : 192.0.2.9\n" in board.tell("display ont ipconfig 3 5 ip-index 1")


def test_the_same_address_again_is_refused_as_a_repetition(board: Terminal, olt: HuaweiOlt) -> None:
    line = "ont ipconfig 3 5 ip-index 0 dhcp vlan 110"

    assert board.tell(line) == ""
    assert board.tell(line) == "  Failure: Make configuration repeatedly"
    assert olt.writes == 1


def test_a_bridge_has_its_native_vlan(board: Terminal, olt: HuaweiOlt) -> None:
    told = board.tell("ont port native-vlan 3 5 eth 1 vlan 110 priority 0")

    assert told == "  Set ONT port(s) VLAN configuration, success: 1, failed: 0"
    assert olt.config.onts["0/1/3:5"].natives == {1: (110, 0)}


def test_older_firmware_has_no_command_for_wan_connections(board: Terminal) -> None:
    told = board.tell("ont wan-config 3 5 ip-index 0 profile-id 1")

    assert told.startswith(f"{' ' * 32}^\n  % Unknown command, the error locates at '^'")


def test_newer_firmware_binds_wan_connections_when_home_gateways_are_configured_by_omci() -> None:
    olt = HuaweiOlt(firmware=R017)
    olt.put(SN, "0/1/3", 5)
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, at_work(server) as one:
        one.goes("interface gpon 0/1")
        one.tell("ont ipconfig 3 5 ip-index 1 dhcp vlan 110")
        internet = "ont internet-config 3 5 ip-index 1"

        assert one.tell(internet) == (
            "  Failure: The current HG configuration method of the ONT does not support this operation"
        )
        one.goes("quit", "gpon ont home-gateway config-method omci", "interface gpon 0/1")
        assert one.tell(internet) == ""
        assert (
            one.tell("ont wan-config 3 5 ip-index 1 profile-id 9") == "  Failure: The profile does not exist"
        )
        assert one.tell("ont wan-config 3 5 ip-index 1 profile-id 1") == ""
        one.goes("ont port route 3 5 eth 1 enable", "ont policy-route-config 3 5 profile-id 2")
        one.goes("ont tr069-server-config 3 5 profile-id 1")

    ont = olt.config.onts["0/1/3:5"]
    assert (ont.wans[1].internet, ont.wans[1].profile, ont.routed) == (True, 1, {1: True})
    assert (ont.policy_route_profile, ont.tr069_profile) == (2, 1)


def test_one_service_port_is_told_with_the_names_of_its_tables(config: Terminal) -> None:
    config.tell(BOUND)

    told = config.tell("display service-port 0").split("\n")

    assert "  F/S/P               : 0/ 1/3" in told
    assert "  Outbound table name : ip-traffic-table_50" in told


def test_the_configuration_of_an_ont_is_the_lines_that_make_it(config: Terminal, olt: HuaweiOlt) -> None:
    config.tell(BOUND)
    config.goes("interface gpon 0/1", "ont modify 3 5 desc ana")
    config.goes("ont ipconfig 3 5 pppoe vlan 110 user-account username ana password s3cret")
    config.goes("ont port native-vlan 3 5 eth 1 vlan 110", "ont deactivate 3 5")

    assert config.tell("display current-configuration ont 0/1/3 5").split("\n") == [
        "[gpon]",
        "  <gpon-0/1>",
        " interface gpon 0/1",
        f' ont add 3 5 sn-auth "{SN}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "ana"',
        f" ont ipconfig 3 5 ip-index 0 pppoe vlan 110 priority 0 {ACCOUNT}",
        " ont port native-vlan 3 5 eth 1 vlan 110 priority 0",
        " ont deactivate 3 5",
        "#",
        "[bbs-config]",
        "  <bbs-config>",
        f" {BOUND}".replace("service-port", "service-port 0", 1),
        "#",
        "return",
    ]
