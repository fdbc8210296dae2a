"""Every command is known where it is said to be, and takes the values that it is said to take."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from ispcore.testing.olts import (
    C300,
    C600,
    R015,
    R017,
    HuaweiFirmware,
    HuaweiOlt,
    ZteFamily,
    ZteOlt,
    simulated_olt,
)
from ispcore.testing.olts.huawei.command import Mode as HuaweiMode
from ispcore.testing.olts.huawei.tables import COMMANDS as HUAWEI
from ispcore.testing.olts.zte import Gemport, TcontProfile, TrafficProfile, ZteConfig, ZteService, ZteWan
from ispcore.testing.olts.zte.command import Mode as ZteMode
from ispcore.testing.olts.zte.tables import COMMANDS as ZTE
from tests.testing.olts.terminal import PROMPT, terminal

VALUE = re.compile(r"<(?:([\w-]+):)?([\w/-]+)>")
ENDS = re.compile(f"{PROMPT.pattern}|" + r"Password:$|\[yes/no\]:$|\(y/n\)\[n\]:$")
SERIAL = "48575443000000A1"
LEFT_OUT = ("quit", "exit", "reboot system", "scroll", "mmi-mode", "terminal length", "smart", "interactive")


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Return a line that the pattern takes, with all its options."""
    line = re.sub(r"[\[\]]", "", pattern)
    return VALUE.sub(lambda value: values.get(value[1], values.get(value[2], "1")), line)


H_VALUES = {
    "frame/slot": "0/1",
    "frame/slot/port": "0/1/3",
    "frame": "0",
    "port": "3",
    "sn": "HWTC000000A9",
    "vlan": "100",
    "line": "10",
    "service": "10",
    "dba": "10",
    "ip": "192.0.2.1",
    "rate": "1024",
    "url": "acs.example",
    "transform": "translate",
    "type": "245H",
}
H_WAYS: Mapping[HuaweiMode, tuple[str, ...]] = {
    HuaweiMode.USER: ("disable",),
    HuaweiMode.ENABLE: ("enable",),
    HuaweiMode.CONFIG: ("enable", "config"),
    HuaweiMode.GPON: ("enable", "config", "interface gpon 0/1"),
    HuaweiMode.LINE_PROFILE: ("enable", "config", "ont-lineprofile gpon profile-id 10"),
    HuaweiMode.SERVICE_PROFILE: ("enable", "config", "ont-srvprofile gpon profile-id 10"),
    HuaweiMode.DIAGNOSE: ("enable", "diagnose"),
}


@pytest.mark.parametrize("firmware", [R015, R017], ids=["R015", "R017"])
def test_every_command_of_huawei(firmware: HuaweiFirmware) -> None:
    olt = HuaweiOlt(name="OLT", firmware=firmware)
    refused = []
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.signs_in().goes("undo smart", "undo interactive", "scroll")
        for command in HUAWEI:
            if command.pattern.startswith((*firmware.lacks, *LEFT_OUT)):
                continue
            for mode in command.modes:
                olt.config.onts.clear()
                olt.config.service_ports.clear()
                olt.put(SERIAL, "0/1/3", 1)
                one.goes("return", *H_WAYS[mode])
                told = one.ask(filled(command.pattern, H_VALUES), ENDS)
                one.ask("", ENDS)
                if "error locates" in told:
                    refused.append((mode, command.pattern, told))

    assert refused == []


Z_VALUES = {
    "sn": "ZTEG000000A9",
    "vlan": "100",
    "eth": "eth_0/1",
    "wifi": "wifi_0/1",
    "key": "long-enough",
    "ip": "192.0.2.1",
    "type": "F670L",
}


def ways_of(family: ZteFamily) -> Mapping[ZteMode, tuple[str, ...]]:
    port, onu, vport = f"{family.olt}1/1/3", f"{family.onu}1/1/3:1", "vport-1/1/3.1:1"
    entered = {
        ZteMode.PORT: f"interface {port}",
        ZteMode.ONU: f"interface {onu}",
        ZteMode.VPORT: f"interface {vport}",
        ZteMode.MNG: f"pon-onu-mng {onu}",
        ZteMode.GPON: "gpon",
        ZteMode.PON: "pon",
    }
    ways = {mode: ("configure terminal", line) for mode, line in entered.items()}
    return {ZteMode.USER: ("disable",), ZteMode.ENABLE: (), ZteMode.CONFIG: ("configure terminal",), **ways}


def fill(olt: ZteOlt) -> None:
    """Let everything be there that a command could name as 1."""
    olt.config = ZteConfig(
        tconts={"1": TcontProfile(maximum=1000), "2": TcontProfile(maximum=1000)},
        traffics={"1": TrafficProfile(sir=1000, pir=1000)},
        vlan_profiles={"1": 100},
        ip_profiles={"1": "192.0.2.1"},
    )
    onu = olt.put(SERIAL, "1/1/3", 1, type="F670L", tconts={1: "2"}, gemports={1: Gemport(tcont=1)})
    onu.services["1.1"] = ZteService(vport=1, user_vlan=100, vlan=100)
    onu.streams["1"] = (1, 100)
    onu.wans[1] = ZteWan(mode="dhcp", vlan_profile="1")


@pytest.mark.parametrize("family", [C300, C600], ids=["C300", "C600"])
def test_every_command_of_zte(family: ZteFamily) -> None:
    olt = ZteOlt(name="OLT", family=family)
    olt.behaviour.enable_password = "lifted"
    values = {**Z_VALUES, "olt": f"{family.olt}1/1/3", "onu": f"{family.onu}1/1/3:1"}
    values |= {"vport": "vport-1/1/3.1:1"} if family is C600 else {}
    ways, refused = ways_of(family), []
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.until("Username:")
        one.ask("zte", "Password:")
        one.ask("olt12345")
        for command in ZTE:
            if command.pattern.startswith(LEFT_OUT) or command.family not in {"", family.name}:
                continue
            for mode in command.modes - (set() if family is C600 else {ZteMode.VPORT}):
                fill(olt)
                one.goes("end")
                if one.ask("enable", ENDS).endswith("Password:"):
                    one.ask("lifted")
                one.goes("terminal length 0", *ways[mode])
                told = one.ask(filled(command.pattern, values), ENDS)
                if told.endswith(":"):
                    one.ask("yes", ENDS)
                if "Invalid input" in told or "Incomplete" in told:
                    refused.append((mode, command.pattern))

    assert {pattern for _, pattern in refused} <= {"show this"}  # which is about one interface
