"""ONTs on a Huawei OLT: found by themselves, added, told of, changed, taken away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from ispcore.testing.olts import R017, HuaweiOlt, OltServer, simulated_olt
from tests.testing.olts.terminal import Terminal, at_work

SN = "4857544302D80001"
ADD = f'ont add 3 5 sn-auth "{SN}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "ana silva"'
OTHER = ADD.replace(SN, "HWTC00000002").replace("3 5", "3 6")


@pytest.fixture
def board(server: OltServer) -> Iterator[Terminal]:
    with at_work(server, "interface gpon 0/1") as one:
        yield one


def test_what_hangs_on_a_port_unconfigured_is_found_by_itself(board: Terminal) -> None:
    told = board.tell("display ont autofind all")

    assert (
        "   F/S/P               : 0/1/3\n   Ont SN              : 4857544302D80001 (HWTC-02D80001)\n" in told
    )
    assert told.endswith("   The number of GPON autofind ONT is 1")


def test_newer_firmware_tells_more_of_what_it_finds_and_counts_nothing() -> None:
    olt = HuaweiOlt(firmware=R017)
    olt.plug(SN, "0/2/0", mac="1234-ABCD-1234")

    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, at_work(server) as one:
        told = one.tell("display ont autofind all")

    assert "   Ont MAC             : 1234-ABCD-1234\n" in told
    assert "The number of" not in told


def test_an_ont_that_is_confirmed_is_found_no_more(board: Terminal, olt: HuaweiOlt) -> None:
    told = board.tell(f"ont confirm 3 sn-auth {SN} omci ont-lineprofile-id 10 ont-srvprofile-id 10")

    assert told == "  Number of ONTs that can be added: 1, success: 1\n  PortID :3, ONTID :0"
    assert board.tell("display ont autofind all") == "  Failure: The automatically found ONTs do not exist"
    assert olt.config.onts["0/1/3:0"].serial == SN
    assert olt.writes == 1


def test_only_what_was_found_on_the_port_can_be_confirmed(board: Terminal, olt: HuaweiOlt) -> None:
    told = board.tell(f"ont confirm 4 sn-auth {SN} omci ont-lineprofile-id 10 ont-srvprofile-id 10")

    assert told == "  Failure: The automatically found ONTs do not exist"
    assert olt.writes == 0


def test_an_ont_is_told_of_by_its_serial_number_and_by_its_place(board: Terminal) -> None:
    board.tell(ADD)

    told = board.tell(f"display ont info by-sn {SN}")

    assert told == board.tell("display ont info 3 5")
    for line in (
        "  F/S/P                   : 0/ 1/3",
        "  ONT-ID                  : 5",
        "  Run state               : online",
        "  SN                      : 4857544302D80001 (HWTC-02D80001)",
        "  Description             : ana silva",
        "  Line profile ID      : 10",
    ):
        assert line in told.split("\n")


def test_a_long_description_goes_on_in_the_next_line(board: Terminal) -> None:
    board.tell(ADD)
    board.tell(f"ont modify 3 5 desc {'0123456789' * 6}")

    told = board.tell("display ont info 3 5")

    assert f"  Description             : {'0123456789' * 5}01\n{' ' * 28}23456789\n" in told


@pytest.mark.parametrize(
    ("again", "refusal"),
    [
        (ADD, "SN already exists"),
        (OTHER.replace("3 6", "3 5"), "The ONT ID has already existed"),
        (OTHER.replace("lineprofile-id 10", "lineprofile-id 9"), "The ont-lineprofile does not exist"),
        (OTHER.replace("srvprofile-id 10", "srvprofile-id 9"), "The profile does not exist"),
        ("ont delete 3 9", "The ONT does not exist"),
        ("ont activate 3 5", "Make configuration repeatedly"),
    ],
)
def test_what_cannot_be_is_refused_and_not_counted(
    board: Terminal, olt: HuaweiOlt, again: str, refusal: str
) -> None:
    board.tell(ADD)

    assert board.tell(again) == f"  Failure: {refusal}"
    assert olt.writes == 1


def test_an_ont_with_service_ports_is_not_deleted(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell(ADD)
    board.goes("quit")
    board.tell("service-port vlan 100 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 100")
    board.goes("interface gpon 0/1")

    assert board.tell("ont delete 3 5") == (
        "  Failure: This configured object has some service virtual\n  ports"
    )
    board.goes("quit", "undo service-port 0", "interface gpon 0/1")
    assert board.tell("ont delete 3 5") == "  Number of ONTs that can be deleted: 1, success: 1"
    assert [onu.serial for onu in olt.waiting()] == [SN]


def test_an_ont_that_was_moved_or_has_no_light_is_offline(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell(ADD)

    def run_state() -> str:
        return next(line for line in board.tell("display ont info 3 5").split("\n") if "Run state" in line)

    assert run_state().endswith("online")
    olt.light(SN, on=False)
    assert run_state().endswith("offline")
    olt.light(SN, on=True)
    olt.plug(SN, "0/1/4")
    assert run_state().endswith("offline")


def test_a_deactivated_ont_is_offline_until_it_is_activated(board: Terminal) -> None:
    board.tell(ADD)

    board.tell("ont deactivate 3 5")
    assert "  0/ 1/3    5  4857544302D80001  deactivated offline" in board.tell("display ont info 3 all")
    board.tell("ont activate 3 5")
    assert "  0/ 1/3    5  4857544302D80001  active      online " in board.tell("display ont info 3 all")


def test_the_light_of_one_and_of_all_is_told(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell(ADD)
    olt.fibre[SN].rx_dbm = Decimal("-24.68")

    assert "  Rx optical power(dBm)                  : -24.68\n" in board.tell("display ont optical-info 3 5")
    assert "    5  -24.68    2.20      -23.10      45 " in board.tell("display ont optical-info 3 all")
    olt.light(SN, on=False)
    assert board.tell("display ont optical-info 3 5") == "  Failure: The ONT is not online"


def test_an_ont_that_is_reset_has_rebooted(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell(ADD)
    board.tell("ont reset 3 5")

    assert olt.fibre[SN].reboots == 1
    assert olt.writes == 1


def test_the_serial_number_of_an_ont_is_exchanged(board: Terminal, olt: HuaweiOlt) -> None:
    board.tell(ADD)
    board.tell("ont modify 3 5 sn HWTC00000002")

    assert olt.config.onts["0/1/3:5"].serial == "4857544300000002"


def test_what_somebody_else_puts_there_is_told_and_not_counted(board: Terminal, olt: HuaweiOlt) -> None:
    olt.put("HWTC0000000F", "0/1/3", 7, description="foreign")

    assert "  0/ 1/3       7   foreign" in board.tell("display ont info 3 all")
    assert olt.writes == 0


def test_profiles_can_be_named(board: Terminal, olt: HuaweiOlt) -> None:
    line = f"ont add 3 5 sn-auth {SN} omci ont-lineprofile-name fibre ont-srvprofile-name"

    assert board.tell(f"{line} office") == "  Failure: The profile does not exist"
    board.tell(f"{line} home")
    assert (olt.config.onts["0/1/3:5"].line_profile, olt.config.onts["0/1/3:5"].service_profile) == (10, 10)
