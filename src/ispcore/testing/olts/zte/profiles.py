"""Profiles of rates and VLANs, and the types of ONUs with their ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.zte.command import CONFIGURING, ENABLED, GPON, PON, Command, Invalid, Refusal
from ispcore.testing.olts.zte.config import TcontProfile, TrafficProfile

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.shell import ZteShell

_USED = "%Error 230296: Profile is being used."
_RULE = "-" * 74


def _tcont(shell: ZteShell, values: Values) -> str:
    rates = {name: int(values[name]) for name in ("fixed", "assured", "maximum") if name in values}
    shell.olt.config.tconts[values["name"]] = TcontProfile(type=int(values["sort"]), **rates)
    return ""


def _no_tcont(shell: ZteShell, values: Values) -> str:
    config, name = shell.olt.config, values["name"]
    if any(name in onu.tconts.values() for onu in config.onus.values()):
        raise Refusal(_USED)
    if config.tconts.pop(name, None) is None:
        raise Invalid
    return ""


def _traffic(shell: ZteShell, values: Values) -> str:
    sir, pir = int(values["sir"]), int(values["pir"])
    shell.olt.config.traffics[values["name"]] = TrafficProfile(sir=sir, pir=pir)
    return ""


def _no_traffic(shell: ZteShell, values: Values) -> str:
    config, name = shell.olt.config, values["name"]
    gems = (gem.downstream for onu in config.onus.values() for gem in onu.gemports.values())
    services = (one.egress for onu in config.onus.values() for one in onu.services.values())
    if name in {*gems, *services}:
        raise Refusal(_USED)
    if config.traffics.pop(name, None) is None:
        raise Invalid
    return ""


def _vlan(shell: ZteShell, values: Values) -> str:
    shell.olt.config.vlan_profiles[values["name"]] = int(values["vlan"])
    return ""


def _ip(shell: ZteShell, values: Values) -> str:
    shell.olt.config.ip_profiles[values["name"]] = values["gateway"]
    return ""


def _type(shell: ZteShell, values: Values) -> str:
    shell.olt.config.types.setdefault(values["type"], [])
    return ""


def _port_of_type(shell: ZteShell, values: Values) -> str:
    config, name = shell.olt.config, values["type"]
    if name not in config.types:
        raise Invalid
    if any(onu.type == name for onu in config.onus.values()):
        raise Refusal(_USED)
    config.types[name].append(values.get("eth") or values["wifi"])
    return ""


def _tconts(shell: ZteShell, _: Values) -> str:
    lines = []
    for name, one in sorted(shell.olt.config.tconts.items()):
        lines += [
            f"Profile name :{name}",
            " Type    FBW(kbps)   ABW(kbps)   MBW(kbps)",
            f" {one.type:<8}{one.fixed:<12}{one.assured:<12}{one.maximum}",
            "",
        ]
    return "\n".join(lines)


def _traffics(shell: ZteShell, _: Values) -> str:
    rows = [f"{name:32}{one.sir:<12}{one.pir}" for name, one in sorted(shell.olt.config.traffics.items())]
    return "\n".join([f"{'Profile name':32}{'SIR(kbps)':12}PIR(kbps)", _RULE, *rows])


def _types(shell: ZteShell, _: Values) -> str:
    lines = []
    for name, ports in sorted(shell.olt.config.types.items()):
        lines += [f"ONU type name:          {name}", "PON type:               gpon"]
        lines += [f"Interface:              {', '.join(ports)}", ""]
    return "\n".join(lines)


def _vlans(shell: ZteShell, _: Values) -> str:
    rows = [f"{name:32}tag       {vlan}" for name, vlan in sorted(shell.olt.config.vlan_profiles.items())]
    return "\n".join([f"{'Profile name':32}{'Tag mode':10}CVLAN", _RULE, *rows])


PROFILES: Final = (
    Command("profile tcont <name:word> type <sort:id> fixed <fixed:number>", _tcont, GPON, writes=True),
    Command("profile tcont <name:word> type <sort:id> maximum <maximum:number>", _tcont, GPON, writes=True),
    Command(
        "profile tcont <name:word> type <sort:id> assured <assured:number> [maximum <maximum:number>]",
        _tcont,
        GPON,
        writes=True,
    ),
    Command("no profile tcont <name:word>", _no_tcont, GPON, writes=True),
    Command(
        "profile traffic <name:word> sir <sir:number> pir <pir:number>",
        _traffic,
        GPON,
        writes=True,
        family="C300",
    ),
    Command("no profile traffic <name:word>", _no_traffic, GPON, writes=True, family="C300"),
    Command(
        "traffic-profile <name:word> cir <sir:number> [cbs <cbs:number>] pir <pir:number> [pbs <pbs:number>]",
        _traffic,
        CONFIGURING,
        writes=True,
        family="C600",
    ),
    Command("no traffic-profile <name:word>", _no_traffic, CONFIGURING, writes=True, family="C600"),
    Command("onu profile vlan <name:word> tag-mode tag cvlan <vlan>", _vlan, GPON, writes=True),
    Command("onu profile ip <name:word> gateway <gateway:ip>", _ip, GPON, writes=True),
    Command("onu-type <type:word> gpon", _type, PON, writes=True),
    Command("onu-type-if <type:word> <eth>", _port_of_type, PON, writes=True),
    Command("onu-type-if <type:word> <wifi>", _port_of_type, PON, writes=True),
    Command("show gpon profile tcont", _tconts, ENABLED),
    Command("show gpon profile traffic", _traffics, ENABLED),
    Command("show gpon onu profile vlan", _vlans, ENABLED),
    Command("show onu-type", _types, ENABLED),
)
