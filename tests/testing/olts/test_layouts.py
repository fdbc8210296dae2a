"""What the simulator prints is read by templates that others wrote for real devices."""

from __future__ import annotations

from typing import Any

import pytest
from ntc_templates.parse import parse_output

from ispcore.testing.olts import R015, R017, HuaweiFirmware, HuaweiOlt, simulated_olt
from tests.testing.olts.terminal import at_work

SN = "4857544302D80001"
OTHER = "48575443DE130002"


def parsed(firmware: HuaweiFirmware, line: str, like: str | None = None, *mode: str) -> list[dict[str, Any]]:
    """Return what a template finds in the answer to *line*; it is chosen as for the line *like*."""
    olt = HuaweiOlt(firmware=firmware)
    olt.put(SN, "0/1/3", 5, description="ana")
    olt.plug(SN, "0/1/3", distance=47)
    olt.put("HWTC00000003", "0/1/3", 6)
    olt.plug(OTHER, "0/2/11")
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, at_work(server) as one:
        one.tell("service-port 25 vlan 110 gpon 0/1/3 ont 5 gemport 1 multi-service user-vlan 111"
                 " inbound traffic-table index 10 outbound traffic-table index 50")  # fmt: skip
        one.goes(*mode)
        told = one.tell(line)
    found: Any = parse_output(platform="huawei_smartax", command=like or line, data=told)
    assert isinstance(found, list)
    return found


def chosen(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


both = pytest.mark.parametrize("firmware", [R015, R017], ids=["R015", "R017"])


@both
def test_one_ont(firmware: HuaweiFirmware) -> None:
    rows = parsed(firmware, "display ont info 0 1 3 5")

    names = ("fsp", "ont_id", "run_state", "config_state", "match_state", "distance_m", "description")
    assert chosen(rows, *names) == [("0/ 1/3", "5", "online", "normal", "match", "47", "ana")]
    assert chosen(rows, "line_profile_id", "line_profile_name") == [("10", "fibre")]


@both
def test_service_ports(firmware: HuaweiFirmware) -> None:
    rows = parsed(firmware, "display service-port all")

    names = ("index", "vlan_id", "fsp", "ont_id", "gem_index", "vlan_access", "rx", "tx", "state")
    assert chosen(rows, *names) == [("25", "110", "0/1 /3", "5", "1", "111", "10", "50", "up")]


@both
def test_the_light_of_a_port(firmware: HuaweiFirmware) -> None:
    rows = parsed(firmware, "display ont optical-info 3 all", None, "interface gpon 0/1")

    names = ("ont_id", "rx_power", "tx_power", "olt_rx_ont", "temperature", "distance")
    assert chosen(rows, *names) == [("5", "-21.50", "2.20", "-23.10", "45", "47")]


def test_the_summary_of_a_port() -> None:
    rows = parsed(R015, "display ont info summary 0/1/3", "display ont info summary ont")

    assert chosen(rows, "port", "ont_id", "run_state") == [
        ("0/1/3", "5", "online"),
        ("0/1/3", "6", "offline"),
    ]


def test_what_newer_firmware_finds() -> None:
    rows = parsed(R017, "display ont autofind all", "display ont autofind")

    assert chosen(rows, "number", "fsp", "serial_number", "ont_mac") == [
        ("1", "0/2/11", f"{OTHER} (HWTC-DE130002)", "1234-ABCD-0001")
    ]


def test_a_port() -> None:
    rows = parsed(R015, "display ont info 0 1 3 all")

    assert chosen(rows, "ont_id", "control_flag", "run_state") == [
        ("5", "active", "online"),
        ("6", "active", "offline"),
    ]


def test_the_version() -> None:
    rows = parsed(R017, "display version")

    assert rows[0]["product"] == "MA5800-X7"


def test_profiles_with_how_often_they_are_bound() -> None:
    lines = parsed(R015, "display ont-lineprofile gpon all")
    services = parsed(R015, "display ont-srvprofile gpon all")

    assert chosen(lines, "profile_id", "profile_name", "binding_times") == [("10", "fibre", "2")]
    assert chosen(services, "profile_id", "profile_name", "binding_times") == [("10", "home", "2")]


def test_the_serial_numbers_of_boards() -> None:
    rows = parsed(R015, "display board serial-number 0", "display board serial-number")

    assert [row["serial_number"] for row in rows] == ["210235000001", "210235000001"]


def test_the_wireless_networks_of_an_ont() -> None:
    rows = parsed(R015, "display ont wlan-info 0/1 3 5")

    assert chosen(rows, "ssid_index", "ssid_name", "wireless_standard") == [
        ("1", "HOME_2_4G", "IEEE 802.11b/g/n"),
        ("5", "HOME_5G", "IEEE 802.11ac"),
    ]
