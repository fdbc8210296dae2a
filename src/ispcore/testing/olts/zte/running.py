"""The running configuration of a ZTE OLT; lines break in the eightieth column, wherever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.fibre import short_serial
from ispcore.testing.olts.place import Place
from ispcore.testing.olts.zte.command import CONFIGURING, ENABLED, Command, Invalid, Mode

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.config import ZteOlt, ZteOnu
    from ispcore.testing.olts.zte.shell import ZteShell

_COLUMNS = 80
_HIDDEN = "********"


def wrapped(lines: list[str]) -> str:
    """Break lines where the terminal of the OLT ends."""
    return "\n".join(
        line[first : first + _COLUMNS] for line in lines for first in range(0, max(len(line), 1), _COLUMNS)
    )


def of_port(olt: ZteOlt, port: str) -> list[str]:
    """Return the lines of a port."""
    onus = olt.on_port(port).items()
    return [f"  onu {place.onu} type {onu.type} sn {short_serial(onu.serial)}" for place, onu in onus]


def of_onu(olt: ZteOlt, onu: ZteOnu) -> list[str]:
    """Return the lines of the interface of an ONU."""
    lines = [
        f"  {word} {said}" for word, said in (("name", onu.name), ("description", onu.description)) if said
    ]
    lines += [] if onu.active else ["  shutdown"]
    lines += [f"  tcont {number} profile {profile}" for number, profile in sorted(onu.tconts.items())]
    for number, gem in sorted(onu.gemports.items()):
        name = f"name {gem.name} unicast " if gem.name else ""
        lines.append(f"  gemport {number} {name}tcont {gem.tcont}{'' if olt.family.vports else ' dir both'}")
        if gem.downstream:
            lines.append(f"  gemport {number} traffic-limit downstream {gem.downstream}")
    lines += [f"  switchport mode hybrid vport {vport}" for vport in sorted(onu.hybrid)]
    if not olt.family.vports:
        lines += of_vport(onu, None)
    return lines


def of_vport(onu: ZteOnu, vport: int | None) -> list[str]:
    """Return the service ports of a vport; without one, of all, each with its own."""
    lines = []
    for key, one in sorted(onu.services.items()):
        if vport not in {None, one.vport}:
            continue
        where = f"vport {one.vport} " if vport is None else ""
        svlan = "" if one.svlan is None else f" svlan {one.svlan}"
        egress = f" egress {one.egress}" if one.egress else ""
        number = key.partition(".")[2]
        lines.append(
            f"  service-port {number} {where}user-vlan {one.user_vlan} vlan {one.vlan}{svlan}{egress}"
        )
    return lines


def of_mng(olt: ZteOlt, onu: ZteOnu) -> list[str]:
    """Return what is configured on the ONU itself; secrets are hidden."""
    lines = [
        f"  service {name} gemport {gem} vlan {vlan}" for name, (gem, vlan) in sorted(onu.streams.items())
    ]
    lines += [f"  vlan port {port} {mode}" for port, mode in sorted(onu.ports.items())]
    for number, wan in sorted(onu.wans.items()):
        how = {
            "pppoe": f" username {wan.user} password {_HIDDEN}",
            "static": f" ip-profile {wan.ip_profile} ip-address {wan.address} mask {wan.mask}",
        }.get(wan.mode, "")
        ipv4 = "ipv4 " if olt.family.vports else ""
        tail = f"vlan-profile {wan.vlan_profile} host {wan.host}"
        lines.append(f"  wan-ip {number} {ipv4}mode {wan.mode}{how} {tail}")
        lines += [f"  wan {number} service internet host {wan.host}"] if wan.internet else []
    for port, ssid in sorted(onu.ssids.items()):
        lines += [f"  ssid ctrl {port} name {ssid.name}"] if ssid.name else []
        lines += [f"  ssid auth wpa {port} wpa2-psk key {_HIDDEN}"] if ssid.key else []
        lines += [] if ssid.on else [f"  interface wifi {port} state lock"]
    return [*lines, *(f"  interface eth {port} state lock" for port in sorted(onu.locked))]


def _this(shell: ZteShell, _: Values) -> str:
    olt = shell.olt
    match shell.mode:
        case Mode.PORT:
            lines = of_port(olt, shell.about)
        case Mode.ONU:
            lines = of_onu(olt, shell.onu)
        case Mode.VPORT:
            lines = of_vport(shell.onu, int(shell.about.partition(" ")[2]))
        case Mode.MNG:
            lines = of_mng(olt, shell.onu)
        case _:
            raise Invalid
    return wrapped(lines)


def _blocks(olt: ZteOlt, place: Place, onu: ZteOnu) -> list[list[str]]:
    blocks = [[f"interface {olt.family.onu}{place}", *of_onu(olt, onu)]]
    if olt.family.vports:
        blocks += [
            [f"interface vport-{place.port}.{place.onu}:{vport}", *of_vport(onu, vport)]
            for vport in sorted({one.vport for one in onu.services.values()})
        ]
    mng = of_mng(olt, onu)
    return [*blocks, [f"pon-onu-mng {olt.family.onu}{place}", *mng]] if mng else blocks


def _printed(olt: ZteOlt, blocks: list[list[str]]) -> str:
    end = olt.family.end
    lines = [line for block in blocks for line in (*block, end)]
    if olt.family.vports:
        return wrapped(lines)
    return wrapped(["Building configuration...", end, *lines, "end"])


def _all(shell: ZteShell, _: Values) -> str:
    olt = shell.olt
    blocks = [[f"interface {olt.family.olt}{port}", *of_port(olt, port)] for port in olt.ports]
    for place, onu in olt.on_port().items():
        blocks += _blocks(olt, place, onu)
    return _printed(olt, blocks)


def _of_onu(shell: ZteShell, values: Values) -> str:
    olt, place = shell.olt, values["onu"].removeprefix(shell.olt.family.onu)
    if place not in olt.config.onus:
        raise Invalid
    return _printed(olt, _blocks(olt, Place.parse(place), olt.config.onus[place])[:1])


def _mng_of_onu(shell: ZteShell, values: Values) -> str:
    olt, place = shell.olt, values["onu"].removeprefix(shell.olt.family.onu)
    if place not in olt.config.onus:
        raise Invalid
    return _printed(olt, [[f"pon-onu-mng {values['onu']}", *of_mng(olt, olt.config.onus[place])]])


def _of_port(shell: ZteShell, values: Values) -> str:
    olt, port = shell.olt, values["olt"].removeprefix(shell.olt.family.olt)
    if port not in olt.ports:
        raise Invalid
    return _printed(olt, [[f"interface {values['olt']}", *of_port(olt, port)]])


def _of_vport(shell: ZteShell, values: Values) -> str:
    port, _, rest = values["vport"].removeprefix("vport-").partition(".")
    onu, _, vport = rest.partition(":")
    configured = shell.olt.config.onus.get(f"{port}:{onu}")
    if configured is None:
        raise Invalid
    return _printed(shell.olt, [[f"interface {values['vport']}", *of_vport(configured, int(vport))]])


RUNNING: Final = (
    Command("show this", _this, CONFIGURING),
    Command("show running-config", _all, ENABLED),
    Command("show running-config interface <onu>", _of_onu, ENABLED, family="C300"),
    Command("show running-config interface <olt>", _of_port, ENABLED, family="C300"),
    Command("show running-config-interface <onu>", _of_onu, ENABLED, family="C600"),
    Command("show running-config-interface <olt>", _of_port, ENABLED, family="C600"),
    Command("show running-config-interface <vport>", _of_vport, ENABLED, family="C600"),
    Command("show onu running config <onu>", _mng_of_onu, ENABLED),
)
