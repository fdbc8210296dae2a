"""What a Huawei OLT prints of its configuration: the lines that would make an ONT what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.huawei.command import Command, Refusal
from ispcore.testing.olts.huawei.onts import NO_ONT
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import HuaweiConfig, Ont, ServicePort, Wan
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_HIDDEN = "********"
_SERVICES = "bbs-config"


def of_ont(where: str, ont: Ont) -> list[str]:
    """Return the lines of an ONT in its board's mode, secrets hidden; ``where`` is its port and number."""
    profiles = f"ont-lineprofile-id {ont.line_profile} ont-srvprofile-id {ont.service_profile}"
    lines = [f' ont add {where} sn-auth "{ont.serial}" omci {profiles} desc "{ont.description}"']
    for index, wan in sorted(ont.wans.items()):
        lines.append(f" ont ipconfig {where} ip-index {index} {_addressed(wan)}")
        lines += [f" ont internet-config {where} ip-index {index}"] if wan.internet else []
        if wan.profile is not None:
            lines.append(f" ont wan-config {where} ip-index {index} profile-id {wan.profile}")
    for word, profile in (
        ("policy-route-config", ont.policy_route_profile),
        ("home-gateway-config", ont.home_gateway_profile),
        ("tr069-server-config", ont.tr069_profile),
    ):
        lines += [] if profile is None else [f" ont {word} {where} profile-id {profile}"]
    for eth, (vlan, priority) in sorted(ont.natives.items()):
        lines.append(f" ont port native-vlan {where} eth {eth} vlan {vlan} priority {priority}")
    for eth, on in sorted(ont.routed.items()):
        lines.append(f" ont port route {where} eth {eth} {'enable' if on else 'disable'}")
    return lines if ont.active else [*lines, f" ont deactivate {where}"]


def _addressed(wan: Wan) -> str:
    vlan = "" if wan.vlan is None else f" vlan {wan.vlan} priority {wan.priority}"
    match wan.mode:
        case "pppoe":
            return f'pppoe{vlan} user-account username "{wan.user}" password "{_HIDDEN}"'
        case "static":
            more = (("gateway", wan.gateway), ("pri-dns", wan.primary_dns), ("slave-dns", wan.slave_dns))
            told = "".join(f" {word} {address}" for word, address in more if address != "-")
            return f"static ip-address {wan.address} mask {wan.mask}{told}{vlan}"
        case _:
            return f"dhcp{vlan}"


def of_service_port(index: int, one: ServicePort) -> str:
    """Return the line of a service port."""
    inner = "" if one.inner_vlan is None else f" inner-vlan {one.inner_vlan}"
    bounds = (("inbound", one.inbound), ("outbound", one.outbound))
    bound = "".join(f" {word} traffic-table index {table}" for word, table in bounds if table is not None)
    return (
        f" service-port {index} vlan {one.vlan} gpon {one.port} ont {one.ont} gemport {one.gemport}"
        f" multi-service user-vlan {one.user_vlan} tag-transform {one.transform}{inner}{bound}"
    )


def _of_ont(shell: HuaweiShell, values: Values) -> str:
    config, place = shell.olt.config, Place.of(values["fsp"], int(values["ont"]))
    ont = config.onts.get(str(place))
    if ont is None:
        raise Refusal(NO_ONT)
    board = f"{place.frame}/{place.slot}"
    lines = ["[gpon]", f"  <gpon-{board}>", f" interface gpon {board}"]
    lines += of_ont(f"{place.number_of_port} {place.onu}", ont)
    return "\n".join(
        [*lines, "#", "[bbs-config]", "  <bbs-config>", *_services(config, place), "#", "return"]
    )


def _services(config: HuaweiConfig, place: Place) -> list[str]:
    ports = sorted(config.service_ports.items())
    return [of_service_port(index, one) for index, one in ports if one.place == str(place)]


def _section(shell: HuaweiShell, values: Values) -> str:
    config, name = shell.olt.config, values["section"]
    if name == _SERVICES:
        ports = [of_service_port(index, one) for index, one in sorted(config.service_ports.items())]
        return "\n".join([f"[{name}]", f"  <{name}>", *ports, "#", "return"])
    board = name.removeprefix("gpon-")
    if name == board or not any(port.startswith(f"{board}/") for port in shell.olt.ports):
        raise Refusal("The section does not exist")
    lines = ["[gpon]", f"  <{name}>", f" interface gpon {board}"]
    for place in sorted(Place.parse(one) for one in config.onts):
        if place.port.startswith(f"{board}/"):
            lines += of_ont(f"{place.number_of_port} {place.onu}", config.onts[str(place)])
    return "\n".join([*lines, "#", "return"])


RUNNING: Final = (
    Command("display current-configuration ont <fsp:frame/slot/port> <ont>", _of_ont),
    Command("display current-configuration section <section:name>", _section),
)
