"""The configuration as the commands that make it: of one ONT, or of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.huawei.command import Command, Refusal
from ispcore.testing.olts.huawei.onts import NO_ONT
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import Ont, ServicePort, Wan
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_SERVICES: Final = "bbs-config"
_GPON: Final = "gpon-"
_HIDDEN: Final = "%^%#hidden%^%#"


def _of_ont(shell: HuaweiShell, values: Values) -> str:
    config, place = shell.olt.config, Place.of(values["fsp"], int(values["ont"]))
    if str(place) not in config.onts:
        raise Refusal(NO_ONT)
    ports = {index: one for index, one in config.service_ports.items() if one.place == str(place)}
    board = place.port.rpartition("/")[0]
    onts = _board(board, {place: config.onts[str(place)]})
    return _told(
        shell, [*_part("gpon", f"{_GPON}{board}", onts), *_part(_SERVICES, _SERVICES, _ports(ports))]
    )


def _section(shell: HuaweiShell, values: Values) -> str:
    config, name = shell.olt.config, values["section"]
    if name == _SERVICES:
        return _told(shell, _part(name, name, _ports(config.service_ports)))
    board = name.removeprefix(_GPON)
    if name == board or not any(port.startswith(f"{board}/") for port in shell.olt.ports):
        raise Refusal("The section does not exist")
    places = sorted(Place.parse(place) for place in config.onts)
    onts = {one: config.onts[str(one)] for one in places if one.port.startswith(f"{board}/")}
    return _told(shell, _part("gpon", name, _board(board, onts)))


def _told(shell: HuaweiShell, lines: Iterable[str]) -> str:
    return "\n".join([f"[{shell.olt.firmware.version}: 0]", "#", *lines, "return"])


def _part(name: str, section: str, lines: Iterable[str]) -> list[str]:
    return [f"[{name}]", f"  <{section}>", *(f" {line}" for line in lines), "#"]


def _board(board: str, onts: dict[Place, Ont]) -> Iterator[str]:
    yield f"interface gpon {board}"
    for place, ont in onts.items():
        yield (
            f'ont add {_number(place)} sn-auth "{ont.serial}" omci ont-lineprofile-id {ont.line_profile}'
            f' ont-srvprofile-id {ont.service_profile} desc "{ont.description or "ONT_NO_DESCRIPTION"}"'
        )
    for place, ont in onts.items():
        for index, wan in sorted(ont.wans.items()):
            yield from _wan(f"{_number(place)} ip-index {index}", wan)
        for eth, (vlan, priority) in sorted(ont.natives.items()):
            yield f"ont port native-vlan {_number(place)} eth {eth} vlan {vlan} priority {priority}"
        if ont.tr069_profile is not None:
            yield f"ont tr069-server-config {_number(place)} profile-id {ont.tr069_profile}"


def _number(place: Place) -> str:
    return f"{place.number_of_port} {place.onu}"


def _wan(at: str, wan: Wan) -> Iterator[str]:
    vlan = "" if wan.vlan is None else f" vlan {wan.vlan} priority {wan.priority}"
    match wan.mode:
        case "pppoe":
            account = f'user-account username "{wan.user}" password "{_HIDDEN}"'
            yield f"ont ipconfig {at} pppoe{vlan} {account}"
        case "static":
            told = {"gateway": wan.gateway, "pri-dns": wan.primary_dns, "slave-dns": wan.slave_dns}
            more = "".join(f" {word} {value}" for word, value in told.items() if value != "-")
            yield f"ont ipconfig {at} static ip-address {wan.address} mask {wan.mask}{more}{vlan}"
        case _:
            yield f"ont ipconfig {at} {wan.mode}{vlan}"
    if wan.internet:
        yield f"ont internet-config {at}"
    if wan.profile is not None:
        yield f"ont wan-config {at} profile-id {wan.profile}"


def _ports(ports: dict[int, ServicePort]) -> Iterator[str]:
    for index, one in sorted(ports.items()):
        inner = "" if one.inner_vlan is None else f" inner-vlan {one.inner_vlan} inner-priority 0"
        bounds = {"inbound": one.inbound, "outbound": one.outbound}
        tables = "".join(
            f" {way} traffic-table index {table}" for way, table in bounds.items() if table is not None
        )
        yield (
            f"service-port {index} vlan {one.vlan} gpon {one.port} ont {one.ont} gemport {one.gemport}"
            f" multi-service user-vlan {one.user_vlan} tag-transform {one.transform}{inner}{tables}"
        )


RUNNING: Final = (
    Command("display current-configuration ont <fsp:frame/slot/port> <ont>", _of_ont),
    Command("display current-configuration section <section:name>", _section),
)
