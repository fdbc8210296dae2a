"""Commands that add and remove ONUs, and say what goes up and down for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.fibre import hex_serial
from ispcore.testing.olts.zte.command import ONU, PORT, SUCCESS, VPORT, Command, Invalid, Refusal
from ispcore.testing.olts.zte.config import Gemport, ZteOnu, ZteService

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.shell import ZteShell

_TAKEN = "%Error 326: The onu of this position exists"
_SERIAL_TAKEN = "%Error 35: The SN of the onu exists"


def _add(shell: ZteShell, values: Values) -> str:
    config, place = shell.olt.config, f"{shell.about}:{values['id']}"
    if values["type"] not in config.types:
        raise Invalid
    if place in config.onus:
        raise Refusal(_TAKEN)
    if shell.olt.place_of(values["sn"]) is not None:
        raise Refusal(_SERIAL_TAKEN)
    config.onus[place] = ZteOnu(serial=values["sn"], type=values["type"])
    return SUCCESS


def _remove(shell: ZteShell, values: Values) -> str:
    if shell.olt.config.onus.pop(f"{shell.about}:{values['id']}", None) is None:
        raise Refusal("%Error 327: The onu of this position does not exist")
    return SUCCESS


def _exchange(shell: ZteShell, values: Values) -> str:
    if shell.olt.place_of(values["sn"]) is not None:
        raise Refusal(_SERIAL_TAKEN)
    shell.onu.serial = hex_serial(values["sn"])
    return ""


def _name(shell: ZteShell, values: Values) -> str:
    shell.onu.name = values["name"]
    return ""


def _describe(shell: ZteShell, values: Values) -> str:
    shell.onu.description = values["text"]
    return ""


def _switch(shell: ZteShell, *, on: bool) -> str:
    shell.onu.active = on
    return ""


def _tcont(shell: ZteShell, values: Values) -> str:
    if values["profile"] not in shell.olt.config.tconts:
        raise Invalid
    shell.onu.tconts[int(values["tcont"])] = values["profile"]
    return ""


def _no_tcont(shell: ZteShell, values: Values) -> str:
    tcont = int(values["tcont"])
    if any(gem.tcont == tcont for gem in shell.onu.gemports.values()):
        raise Refusal("%Error 63: The tcont is used by a gemport")
    if shell.onu.tconts.pop(tcont, None) is None:
        raise Invalid
    return ""


def _gemport(shell: ZteShell, values: Values) -> str:
    tcont = int(values["tcont"])
    if tcont not in shell.onu.tconts:
        raise Refusal("%Error 62: The tcont does not exist")
    old = shell.onu.gemports.get(int(values["gem"]))
    shell.onu.gemports[int(values["gem"])] = Gemport(
        tcont=tcont, name=values.get("name", ""), downstream=old.downstream if old else ""
    )
    return ""


def _limit(shell: ZteShell, values: Values) -> str:
    gem = shell.onu.gemports.get(int(values["gem"]))
    if gem is None or values["profile"] not in shell.olt.config.traffics:
        raise Invalid
    gem.downstream = values["profile"]
    return ""


def _no_gemport(shell: ZteShell, values: Values) -> str:
    if shell.onu.gemports.pop(int(values["gem"]), None) is None:
        raise Invalid
    return ""


def _hybrid(shell: ZteShell, values: Values) -> str:
    vport = int(values["vport"])
    if vport not in shell.onu.hybrid:
        shell.onu.hybrid.append(vport)
    return ""


def _service(shell: ZteShell, values: Values) -> str:
    vport = values.get("vport") or shell.about.partition(" ")[2]
    egress = values.get("egress", "")
    if int(vport) not in shell.onu.gemports or (egress and egress not in shell.olt.config.traffics):
        raise Invalid
    shell.onu.services[f"{vport}.{values['number']}"] = ZteService(
        vport=int(vport),
        user_vlan=int(values["user"]),
        vlan=int(values["vlan"]),
        svlan=int(values["svlan"]) if "svlan" in values else None,
        egress=egress,
    )
    return ""


def _no_service(shell: ZteShell, values: Values) -> str:
    vport = shell.about.partition(" ")[2]
    services = shell.onu.services
    gone = [key for key in services if key.endswith(f".{values['number']}") and key.startswith(vport)]
    if not gone:
        raise Invalid
    for key in gone:
        del services[key]
    return ""


def _egress(shell: ZteShell, values: Values) -> str:
    vport = int(shell.about.partition(" ")[2])
    bound = [one for one in shell.onu.services.values() if one.vport == vport]
    if not bound or values["profile"] not in shell.olt.config.traffics:
        raise Invalid
    for one in bound:
        one.egress = values["profile"]
    return ""


_VLANS = "user-vlan <user:vlan> vlan <vlan>"

ONUS: Final = (
    Command("onu <id> type <type:word> sn <sn>", _add, PORT, writes=True),
    Command("no onu <id>", _remove, PORT, writes=True),
    Command("registration-method sn <sn>", _exchange, ONU, writes=True),
    Command("name <name:word>", _name, ONU, writes=True),
    Command("description <text:word>", _describe, ONU, writes=True),
    Command("shutdown", lambda shell, _: _switch(shell, on=False), ONU, writes=True),
    Command("no shutdown", lambda shell, _: _switch(shell, on=True), ONU, writes=True),
    Command("tcont <tcont:id> profile <profile:word>", _tcont, ONU, writes=True),
    Command("no tcont <tcont:id>", _no_tcont, ONU, writes=True),
    Command(
        "gemport <gem:id> [name <name:word>] [unicast] tcont <tcont:id> [dir both]",
        _gemport,
        ONU,
        writes=True,
    ),
    Command("gemport <gem:id> traffic-limit downstream <profile:word>", _limit, ONU, writes=True),
    Command("no gemport <gem:id>", _no_gemport, ONU, writes=True),
    Command("switchport mode hybrid vport <vport:id>", _hybrid, ONU, writes=True, family="C300"),
    Command(
        f"service-port <number:id> vport <vport:id> {_VLANS} [svlan <svlan:vlan>]",
        _service,
        ONU,
        writes=True,
        family="C300",
    ),
    Command("no service-port <number:id>", _no_service, ONU, writes=True, family="C300"),
    Command(
        f"service-port <number:id> {_VLANS} [svlan <svlan:vlan>] [egress <egress:word>]",
        _service,
        VPORT,
        writes=True,
    ),
    Command("no service-port <number:id>", _no_service, VPORT, writes=True),
    Command("qos traffic-policy <profile:word> direction egress", _egress, VPORT, writes=True),
)
