"""The configuration of a Huawei OLT, told as the commands that make it."""

from __future__ import annotations

import pytest

from ispcore.testing.olts import HuaweiOlt, OltServer
from tests.testing.olts.terminal import at_work

SN = "4857544302D80001"
WAN = "ont ipconfig 3 5 ip-index 0 pppoe vlan 110 priority 0 user-account username ana password se3cret"


@pytest.fixture
def olt(olt: HuaweiOlt) -> HuaweiOlt:
    olt.put(SN, "0/1/3", 5, description="Ana")
    return olt


def test_an_ont_is_told_with_its_service_ports_and_without_its_password(
    server: OltServer, olt: HuaweiOlt
) -> None:
    with at_work(server) as terminal:
        terminal.goes("interface gpon 0/1")
        terminal.tell(WAN)
        terminal.tell("ont port native-vlan 3 5 eth 1 vlan 110 priority 0")
        terminal.goes("quit")
        terminal.tell(
            "service-port 4 vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 110"
            " inbound traffic-table index 10"
        )

        told = terminal.tell("display current-configuration ont 0/1/3 5").split("\n")

    assert told[1:-1] == [
        "#",
        "[gpon]",
        "  <gpon-0/1>",
        " interface gpon 0/1",
        f' ont add 3 5 sn-auth "{SN}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "Ana"',
        (
            " ont ipconfig 3 5 ip-index 0 pppoe vlan 110 priority 0 user-account username"
            ' "ana" password "%^%#hidden%^%#"'
        ),
        " ont port native-vlan 3 5 eth 1 vlan 110 priority 0",
        "#",
        "[bbs-config]",
        "  <bbs-config>",
        (
            " service-port 4 vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 110"
            " tag-transform translate inbound traffic-table index 10"
        ),
        "#",
    ]
    assert told[-1] == "return"


def test_a_board_is_told_without_service_ports_which_have_a_section_of_their_own(
    server: OltServer, olt: HuaweiOlt
) -> None:
    with at_work(server) as terminal:
        board = terminal.tell("display current-configuration section gpon-0/1")
        empty = terminal.tell("display current-configuration section gpon-0/2")
        ports = terminal.tell("display current-configuration section bbs-config")

    assert "ont add 3 5" in board
    assert "ont add" not in empty
    assert ports.split("\n")[2:4] == ["[bbs-config]", "  <bbs-config>"]


def test_an_ont_or_a_board_that_is_not_there_is_refused(server: OltServer, olt: HuaweiOlt) -> None:
    with at_work(server) as terminal:
        assert "ONT does not exist" in terminal.tell("display current-configuration ont 0/1/3 6")
        assert "Failure" in terminal.tell("display current-configuration section gpon-0/9")
