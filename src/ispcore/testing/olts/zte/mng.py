"""What is configured on an ONU through the OLT: bridges, WAN connections, wireless networks, a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from ispcore.testing.olts.zte.command import MNG, Command, Invalid, Refusal
from ispcore.testing.olts.zte.config import Ssid, ZteWan

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.shell import ZteShell

_NO_UNI = "%Error 223845: UNI does not exist."
_NOT_THERE = "%Code 63904-GPONRM Not support this ONU"


def _uni(shell: ZteShell, port: str) -> str:
    if port not in shell.olt.config.types[shell.onu.type]:
        raise Refusal(_NO_UNI)
    return port


def _stream(shell: ZteShell, values: Values) -> str:
    gem = int(values["gem"])
    if gem not in shell.onu.gemports:
        raise Invalid
    shell.onu.streams[values["name"]] = (gem, int(values["vlan"]))
    return ""


def _no_stream(shell: ZteShell, values: Values) -> str:
    if shell.onu.streams.pop(values["name"], None) is None:
        raise Invalid
    return ""


def _tagged(shell: ZteShell, values: Values) -> str:
    shell.onu.ports[_uni(shell, values["eth"])] = f"mode tag vlan {values['vlan']}"
    return ""


def _hybrid(shell: ZteShell, values: Values) -> str:
    shell.onu.ports[_uni(shell, values["eth"])] = f"mode hybrid def-vlan {values['vlan']}"
    return ""


def _wan(shell: ZteShell, values: Values, new: ZteWan) -> str:
    config, onu = shell.olt.config, shell.onu
    if new.vlan_profile not in config.vlan_profiles:
        raise Invalid
    if new.mode == "static" and new.ip_profile not in config.ip_profiles:
        raise Invalid
    number = int(values["wan"])
    internet = number in onu.wans and onu.wans[number].internet
    onu.wans[number] = evolve(new, internet=internet)
    return ""


def _pppoe(shell: ZteShell, values: Values) -> str:
    new = ZteWan(
        mode="pppoe",
        vlan_profile=values["profile"],
        host=int(values["host"]),
        user=values["user"],
        password=values["password"],
    )
    return _wan(shell, values, new)


def _dhcp(shell: ZteShell, values: Values) -> str:
    return _wan(shell, values, ZteWan(mode="dhcp", vlan_profile=values["profile"], host=int(values["host"])))


def _static(shell: ZteShell, values: Values) -> str:
    new = ZteWan(
        mode="static",
        vlan_profile=values["profile"],
        host=int(values["host"]),
        ip_profile=values["ip_profile"],
        address=values["address"],
        mask=values["mask"],
    )
    return _wan(shell, values, new)


def _no_wan(shell: ZteShell, values: Values) -> str:
    if shell.onu.wans.pop(int(values["wan"]), None) is None:
        raise Invalid
    return ""


def _internet(shell: ZteShell, values: Values) -> str:
    wan = shell.onu.wans.get(int(values["wan"]))
    if wan is None:
        raise Invalid
    wan.internet = True
    return ""


def _ssid(shell: ZteShell, values: Values) -> Ssid:
    return shell.onu.ssids.setdefault(_uni(shell, values["wifi"]), Ssid())


def _call(shell: ZteShell, values: Values) -> str:
    _ssid(shell, values).name = values["ssid"]
    return ""


def _key(shell: ZteShell, values: Values) -> str:
    _ssid(shell, values).key = values["key"]
    return ""


def _air(shell: ZteShell, values: Values, *, on: bool) -> str:
    _ssid(shell, values).on = on
    return ""


def _lock(shell: ZteShell, values: Values, *, on: bool) -> str:
    locked, port = shell.onu.locked, _uni(shell, values["eth"])
    if on and port not in locked:
        locked.append(port)
    elif not on and port in locked:
        locked.remove(port)
    return ""


async def _reboot(shell: ZteShell, _: Values) -> str:
    answer = await shell.console.line("Confirm to reboot? [yes/no]:")
    with shell.olt.lock:
        onu = shell.olt.online(shell.place, shell.onu)
        if answer.strip().lower() != "yes":
            return ""
        if onu is None:
            raise Refusal(_NOT_THERE)
        onu.reboots += 1
    return ""


_TAIL = "vlan-profile <profile:word> host <host:id>"

MNG_COMMANDS: Final = (
    Command("service <name:word> gemport <gem:id> vlan <vlan>", _stream, MNG, writes=True),
    Command("no service <name:word>", _no_stream, MNG, writes=True),
    Command("vlan port <eth> mode tag vlan <vlan>", _tagged, MNG, writes=True),
    Command("vlan port <eth> mode hybrid def-vlan <vlan>", _hybrid, MNG, writes=True),
    Command(
        f"wan-ip <wan:id> [ipv4] mode pppoe username <user:word> password <password:word> {_TAIL}",
        _pppoe,
        MNG,
        writes=True,
    ),
    Command(f"wan-ip <wan:id> [ipv4] mode dhcp {_TAIL}", _dhcp, MNG, writes=True),
    Command(
        "wan-ip <wan:id> [ipv4] mode static ip-profile <ip_profile:word> ip-address <address:ip>"
        f" mask <mask:ip> {_TAIL}",
        _static,
        MNG,
        writes=True,
    ),
    Command("no wan-ip <wan:id>", _no_wan, MNG, writes=True),
    Command("wan <wan:id> service internet host <host:id>", _internet, MNG, writes=True),
    Command("ssid ctrl <wifi> name <ssid>", _call, MNG, writes=True),
    Command("ssid auth wpa <wifi> wpa2-psk key <key>", _key, MNG, writes=True),
    Command("interface wifi <wifi> state lock", lambda s, told: _air(s, told, on=False), MNG, writes=True),
    Command("interface wifi <wifi> state unlock", lambda s, told: _air(s, told, on=True), MNG, writes=True),
    Command("interface eth <eth> state lock", lambda s, told: _lock(s, told, on=True), MNG, writes=True),
    Command("interface eth <eth> state unlock", lambda s, told: _lock(s, told, on=False), MNG, writes=True),
    Command("reboot", _reboot, MNG),
)
