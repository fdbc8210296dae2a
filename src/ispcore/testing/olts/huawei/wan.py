"""How an ONT is addressed and bridged, who manages it, and what it tells of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from ispcore.testing.olts.huawei.command import CONFIG, ENABLED, GPON, Command, Refusal, number
from ispcore.testing.olts.huawei.config import Wan
from ispcore.testing.olts.huawei.onts import NO_ONT, REPEATED, ont_in, place_in
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import Ont
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_OUTSIDE = ENABLED - GPON
_NOT_OMCI = "The current HG configuration method of the ONT does not support this operation"
_ABSENT = "The profile does not exist"
_RULE = "  " + "-" * 69
_LONG_RULE = "  " + "-" * 78
_WORDS = {"pppoe": "PPPoE", "dhcp": "DHCP", "static": "Static"}
_IP_RULE = "  " + "-" * 68


def _index(values: Values) -> int:
    return number(values, "ip-index") or 0


def _keep(ont: Ont, values: Values, new: Wan) -> str:
    old = ont.wans.get(_index(values))
    if old is not None:
        new = evolve(new, profile=old.profile, internet=old.internet)
    if old == new and new.mode != "pppoe":
        raise Refusal(REPEATED)
    ont.wans[_index(values)] = new
    return ""


def _pppoe(shell: HuaweiShell, values: Values) -> str:
    new = Wan(
        mode="pppoe",
        vlan=int(values["vlan"]),
        priority=number(values, "priority") or 0,
        user=values["user"],
        password=values["password"],
    )
    return _keep(ont_in(shell, values), values, new)


def _dhcp(shell: HuaweiShell, values: Values) -> str:
    new = Wan(mode="dhcp", vlan=int(values["vlan"]), priority=number(values, "priority") or 0)
    return _keep(ont_in(shell, values), values, new)


def _static(shell: HuaweiShell, values: Values) -> str:
    new = Wan(
        mode="static",
        vlan=number(values, "vlan"),
        priority=number(values, "priority") or 0,
        address=values["address"],
        mask=values["mask"],
        gateway=values.get("gateway", "-"),
        primary_dns=values.get("primary_dns", "-"),
        slave_dns=values.get("slave_dns", "-"),
    )
    return _keep(ont_in(shell, values), values, new)


def _no_wan(shell: HuaweiShell, values: Values) -> str:
    if ont_in(shell, values).wans.pop(_index(values), None) is None:
        raise Refusal("The IP configuration does not exist")
    return ""


def _wan(shell: HuaweiShell, values: Values) -> Wan:
    ont = ont_in(shell, values)
    if not shell.olt.config.omci:
        raise Refusal(_NOT_OMCI)
    if _index(values) not in ont.wans:
        raise Refusal("The IP configuration does not exist")
    return ont.wans[_index(values)]


def _internet(shell: HuaweiShell, values: Values) -> str:
    wan = _wan(shell, values)
    if wan.internet:
        raise Refusal(REPEATED)
    wan.internet = True
    return ""


def _wan_profile(shell: HuaweiShell, values: Values) -> str:
    wan, profile = _wan(shell, values), int(values["profile"])
    if profile not in shell.olt.config.wan_profiles:
        raise Refusal(_ABSENT)
    if wan.profile == profile:
        raise Refusal(REPEATED)
    wan.profile = profile
    return ""


def _add_wan_profile(shell: HuaweiShell, values: Values) -> str:
    profile = int(values["profile"])
    shell.olt.config.wan_profiles.setdefault(profile, values.get("name", f"wan-profile_{profile}"))
    return ""


def _add_tr069_profile(shell: HuaweiShell, values: Values) -> str:
    shell.olt.config.tr069_profiles[int(values["profile"])] = values["url"]
    return ""


def _tr069(shell: HuaweiShell, values: Values) -> str:
    ont, profile = ont_in(shell, values), int(values["profile"])
    if profile not in shell.olt.config.tr069_profiles:
        raise Refusal(_ABSENT)
    ont.tr069_profile = profile
    return ""


def _no_tr069(shell: HuaweiShell, values: Values) -> str:
    ont_in(shell, values).tr069_profile = None
    return ""


def _home_gateway(shell: HuaweiShell, values: Values) -> str:
    ont_in(shell, values).home_gateway_profile = int(values["profile"])
    return ""


def _policy_route(shell: HuaweiShell, values: Values) -> str:
    ont_in(shell, values).policy_route_profile = int(values["profile"])
    return ""


def _route(shell: HuaweiShell, values: Values, *, on: bool) -> str:
    ont_in(shell, values).routed[int(values["eth"])] = on
    return ""


def _native(shell: HuaweiShell, values: Values) -> str:
    ont, wanted = ont_in(shell, values), (int(values["vlan"]), number(values, "priority") or 0)
    if ont.natives.get(int(values["eth"])) == wanted:
        raise Refusal(REPEATED)
    ont.natives[int(values["eth"])] = wanted
    return "  Set ONT port(s) VLAN configuration, success: 1, failed: 0"


def _addressed(wan: Wan) -> tuple[str, str, str]:
    return (wan.address, wan.mask, wan.gateway) if wan.mode == "static" else ("-", "-", "-")


def _ipconfig(shell: HuaweiShell, values: Values) -> str:
    ont, wanted = ont_in(shell, values), number(values, "ip-index")
    lines = [f"  ONT {values['ont']} IP query result"] if shell.olt.firmware.newer else []
    lines.append(_IP_RULE)
    empty = len(lines)
    for index, wan in sorted(ont.wans.items()):
        if wanted not in {None, index}:
            continue
        address, mask, gateway = _addressed(wan)
        told = {
            "ONT IP host index": index,
            "ONT config type": "Static config" if wan.mode == "static" else _WORDS[wan.mode],
            "ONT IP": address,
            "ONT subnet mask": mask,
            "ONT gateway": gateway,
            "ONT primary DNS": wan.primary_dns,
            "ONT slave DNS": wan.slave_dns,
            "ONT manage VLAN": "-" if wan.vlan is None else wan.vlan,
            "ONT manage priority": wan.priority,
        }
        lines += [*(f"  {name:25}: {value}" for name, value in told.items()), _IP_RULE]
    if len(lines) == empty:
        raise Refusal("The IP configuration does not exist")
    return "\n".join(lines)


def _place(shell: HuaweiShell, values: Values) -> Place:
    if shell.mode in GPON:
        return place_in(shell, values)
    board = values.get("frame/slot") or f"{values['frame']}/{values['slot']}"
    return Place.of(f"{board}/{values['port']}", int(values["ont"]))


def _head(shell: HuaweiShell, values: Values, rule: str) -> tuple[Ont, list[str]]:
    place = _place(shell, values)
    ont = shell.olt.config.onts.get(str(place))
    if ont is None:
        raise Refusal(NO_ONT)
    if shell.olt.online(place, ont) is None:
        raise Refusal("The ONT is not online")
    return ont, [rule, f"  {'F/S/P':27}: {place.port}", f"  {'ONT ID':27}: {place.onu}"]


def _wan_info(shell: HuaweiShell, values: Values) -> str:
    ont, lines = _head(shell, values, _RULE)
    for index, wan in sorted(ont.wans.items()):
        connected = ont.applies
        address, mask, gateway = _addressed(wan)
        if wan.mode != "static" and connected:
            address, mask, gateway = "192.0.2.10", "255.255.255.0", "192.0.2.1"
        told = {
            "Index": index + 1,
            "Name": f"OLT_{index + 1}",
            "Service type": "Internet" if wan.internet else "Tr069",
            "Connection type": "IP routed",
            "IPv4 Connection status": "Connected" if connected else "Connecting",
            "IPv4 access type": _WORDS[wan.mode],
            "IPv4 address": address,
            "Subnet mask": mask,
            "Default gateway": gateway,
            "Primary DNS": wan.primary_dns,
            "Secondary DNS": wan.slave_dns,
            "Manage VLAN": "-" if wan.vlan is None else wan.vlan,
            "Manage priority": wan.priority,
            "NAT switch": "Enable" if wan.internet else "Disable",
            "MAC address": "AAAA-AAAA-AAAA",
        }
        lines += [_RULE, *(f"  {name:27}: {value}" for name, value in told.items())]
    return "\n".join([*lines, _RULE])


def _wlan_info(shell: HuaweiShell, values: Values) -> str:
    _, lines = _head(shell, values, _LONG_RULE)
    bands = {1: ("HOME_2_4G", "IEEE 802.11b/g/n"), 5: ("HOME_5G", "IEEE 802.11ac")}
    lines = [*(line.replace("  :", ":", 1) for line in lines), f"  The total number of SSID : {len(bands)}"]
    for index, (name, standard) in bands.items():
        told = {
            "SSID Index": index,
            "SSID": name,
            "Wireless Standard": standard,
            "Administrative state": "enable",
            "Operational state": "up",
            "Maximum associate number": 64,
            "Current associate number": 0,
        }
        lines += [_LONG_RULE, *(f"  {label:25}: {value}" for label, value in told.items())]
    return "\n".join([*lines, _LONG_RULE])


_WHICH = "<port> <ont> [ip-index <ip-index:index>]"
_STATIC = (
    "static ip-address <address:ip> mask <mask:ip> [gateway <gateway:ip>] [pri-dns <primary_dns:ip>]"
    " [slave-dns <slave_dns:ip>] [vlan <vlan>] [priority <priority>]"
)
_PPPOE = "pppoe vlan <vlan> [priority <priority>] user-account username <user:name> password <password:name>"

WAN: Final = (
    Command(f"ont ipconfig {_WHICH} {_PPPOE}", _pppoe, GPON, writes=True),
    Command(f"ont ipconfig {_WHICH} dhcp vlan <vlan> [priority <priority>]", _dhcp, GPON, writes=True),
    Command(f"ont ipconfig {_WHICH} {_STATIC}", _static, GPON, writes=True),
    Command(f"undo ont ipconfig {_WHICH}", _no_wan, GPON, writes=True),
    Command("ont internet-config <port> <ont> ip-index <ip-index:index>", _internet, GPON, writes=True),
    Command(
        "ont wan-config <port> <ont> ip-index <ip-index:index> profile-id <profile>",
        _wan_profile,
        GPON,
        writes=True,
    ),
    Command("ont policy-route-config <port> <ont> profile-id <profile>", _policy_route, GPON, writes=True),
    Command("ont home-gateway-config <port> <ont> profile-id <profile>", _home_gateway, GPON, writes=True),
    Command("ont tr069-server-config <port> <ont> profile-id <profile>", _tr069, GPON, writes=True),
    Command("undo ont tr069-server-config <port> <ont>", _no_tr069, GPON, writes=True),
    Command(
        "ont port route <port> <ont> eth <eth> enable", lambda s, v: _route(s, v, on=True), GPON, writes=True
    ),
    Command(
        "ont port route <port> <ont> eth <eth> disable",
        lambda s, v: _route(s, v, on=False),
        GPON,
        writes=True,
    ),
    Command(
        "ont port native-vlan <port> <ont> eth <eth> vlan <vlan> [priority <priority>]",
        _native,
        GPON,
        writes=True,
    ),
    Command(
        "ont wan-profile profile-id <profile> [profile-name <name>]", _add_wan_profile, CONFIG, writes=True
    ),
    Command(
        "ont tr069-server-profile add profile-id <profile> url <url:name>",
        _add_tr069_profile,
        CONFIG,
        writes=True,
    ),
    Command(f"display ont ipconfig {_WHICH}", _ipconfig, GPON),
    Command("display ont wan-info <port> <ont>", _wan_info, GPON),
    Command("display ont wan-info <frame/slot> <port> <ont>", _wan_info, _OUTSIDE),
    Command("display ont wan-info <frame> <slot> <port> <ont>", _wan_info, _OUTSIDE),
    Command("display ont wlan-info <port> <ont>", _wlan_info, GPON),
    Command("display ont wlan-info <frame/slot> <port> <ont>", _wlan_info, _OUTSIDE),
    Command("display ont wlan-info <frame> <slot> <port> <ont>", _wlan_info, _OUTSIDE),
)
