"""Commands that add, change and remove ONTs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.fibre import hex_serial
from ispcore.testing.olts.huawei.command import CONFIG, GPON, Command, Refusal, number
from ispcore.testing.olts.huawei.config import LAST_ONT, Ont
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import HuaweiConfig, HuaweiOlt
    from ispcore.testing.olts.huawei.shell import HuaweiShell

NO_ONT: Final = "The ONT does not exist"
HAS_SERVICE_PORTS: Final = "This configured object has some service virtual\n  ports"
REPEATED: Final = "Make configuration repeatedly"
_AUTH = "sn-auth <sn> omci ont-lineprofile-id <line:profile> ont-srvprofile-id <service:profile>"
_BY_NAME = "sn-auth <sn> omci ont-lineprofile-name <line-name:name> ont-srvprofile-name <service-name:name>"
_ABOUT = "[desc <desc:text>] [ont-type <type:name>]"


def place_in(shell: HuaweiShell, values: Values) -> Place:
    """Return the place that a command of a board's mode is about."""
    return Place.of(f"{shell.about}/{values['port']}", int(values["ont"]))


def ont_in(shell: HuaweiShell, values: Values) -> Ont:
    """Return the ONT that a command of a board's mode is about.

    Raises:
        Refusal: there is none.
    """
    ont = shell.olt.config.onts.get(str(place_in(shell, values)))
    if ont is None:
        raise Refusal(NO_ONT)
    return ont


def _port(shell: HuaweiShell, values: Values) -> str:
    return f"{shell.about}/{values['port']}"


def _free(olt: HuaweiOlt, port: str) -> int:
    taken = {place.onu for place in olt.on_port(port)}
    free = next((one for one in range(LAST_ONT + 1) if one not in taken), None)
    if free is None:
        raise Refusal("The number of ONTs on the port has reached the upper limit")
    return free


def check_profiles(config: HuaweiConfig, line: int | None, service: int | None) -> None:
    """Refuse profiles that are not there.

    Raises:
        Refusal: one of them does not exist.
    """
    if line is not None and line not in config.line_profiles:
        raise Refusal("The ont-lineprofile does not exist")
    if service is not None and service not in config.service_profiles:
        raise Refusal("The profile does not exist")


def _put(shell: HuaweiShell, values: Values) -> str:
    olt, port = shell.olt, _port(shell, values)
    serial = hex_serial(values["sn"])
    if olt.place_of(serial) is not None:
        raise Refusal(olt.firmware.duplicate)
    wanted = number(values, "ont")
    ont_id = _free(olt, port) if wanted is None else wanted
    if f"{port}:{ont_id}" in olt.config.onts:
        raise Refusal("The ONT ID has already existed")
    line, service = _profiles(olt.config, values)
    olt.config.onts[f"{port}:{ont_id}"] = Ont(
        serial=serial, line_profile=line, service_profile=service, description=_description(values)
    )
    count = "  Number of ONTs that can be added: 1, success: 1"
    ids = f"  PortID :{values['port']}, ONTID :{ont_id}"
    return {"count": count, "ids": ids}.get(olt.firmware.added, f"{count}\n{ids}")


def _profiles(config: HuaweiConfig, values: Values) -> tuple[int, int]:
    """Return the line profile and the service profile that are named, by number or by name."""
    lines = {one.name: index for index, one in config.line_profiles.items()}
    services = {one.name: index for index, one in config.service_profiles.items()}
    line, service = number(values, "line"), number(values, "service")
    line = lines.get(values.get("line-name", ""), -1) if line is None else line
    service = services.get(values.get("service-name", ""), -1) if service is None else service
    check_profiles(config, line, service)
    return line, service


def _description(values: Values) -> str:
    told = values.get("desc", "")
    return "" if told == "ONT_NO_DESCRIPTION" else told


def _confirm(shell: HuaweiShell, values: Values) -> str:
    serial, port = hex_serial(values["sn"]), _port(shell, values)
    if not any(onu.serial == serial and onu.port == port for onu in shell.olt.waiting()):
        raise Refusal(shell.olt.firmware.none_found)
    return _put(shell, values)


def _delete(shell: HuaweiShell, values: Values) -> str:
    olt, place = shell.olt, str(place_in(shell, values))
    ont_in(shell, values)
    if any(one.place == place for one in olt.config.service_ports.values()):
        raise Refusal(HAS_SERVICE_PORTS)
    del olt.config.onts[place]
    return "  Number of ONTs that can be deleted: 1, success: 1"


def _delete_all(shell: HuaweiShell, values: Values) -> str:
    olt, places = shell.olt, [str(place) for place in shell.olt.on_port(_port(shell, values))]
    held = {one.place for one in olt.config.service_ports.values()}
    gone = [place for place in places if place not in held]
    for place in gone:
        del olt.config.onts[place]
    return f"  Number of ONTs that can be deleted: {len(places)}, success: {len(gone)}"


def _modify(shell: HuaweiShell, values: Values) -> str:
    ont = ont_in(shell, values)
    line, service = number(values, "line"), number(values, "service")
    check_profiles(shell.olt.config, line, service)
    ont.line_profile = ont.line_profile if line is None else line
    ont.service_profile = ont.service_profile if service is None else service
    if "desc" in values:
        ont.description = _description(values)
    return ""


def _exchange(shell: HuaweiShell, values: Values) -> str:
    ont, serial = ont_in(shell, values), hex_serial(values["sn"])
    if shell.olt.place_of(serial) is not None:
        raise Refusal(shell.olt.firmware.duplicate)
    ont.serial = serial
    return ""


def _switch(shell: HuaweiShell, values: Values, *, on: bool) -> str:
    ont = ont_in(shell, values)
    if ont.active is on:
        raise Refusal(REPEATED)
    ont.active = on
    return ""


def _reset(shell: HuaweiShell, values: Values) -> str:
    onu = shell.olt.online(place_in(shell, values), ont_in(shell, values))
    if onu is None:
        raise Refusal("The ONT is not online")
    onu.reboots += 1
    return ""


def _find(shell: HuaweiShell, values: Values, *, on: bool) -> str:
    blind, port = shell.olt.config.blind, _port(shell, values)
    if on and port in blind:
        blind.remove(port)
    elif not on and port not in blind:
        blind.append(port)
    else:
        raise Refusal(REPEATED)
    return ""


def _method(shell: HuaweiShell, _: Values) -> str:
    shell.olt.config.omci = True
    return ""


ONTS: Final = (
    Command(f"ont add <port> [<ont>] {_AUTH} {_ABOUT}", _put, GPON, writes=True),
    Command(f"ont confirm <port> [ontid <ont>] {_AUTH} {_ABOUT}", _confirm, GPON, writes=True),
    Command(f"ont add <port> [<ont>] {_BY_NAME} {_ABOUT}", _put, GPON, writes=True),
    Command(f"ont confirm <port> [ontid <ont>] {_BY_NAME} {_ABOUT}", _confirm, GPON, writes=True),
    Command("ont delete <port> <ont>", _delete, GPON, writes=True),
    Command(
        "ont delete <port> all",
        _delete_all,
        GPON,
        writes=True,
        sure="This command will delete all the ONTs in port. Are you sure to execute this command?",
    ),
    Command("ont modify <port> <ont> desc <desc:text>", _modify, GPON, writes=True),
    Command(
        "ont modify <port> <ont> ont-lineprofile-id <line:profile> [ont-srvprofile-id <service:profile>]",
        _modify,
        GPON,
        writes=True,
    ),
    Command("ont modify <port> <ont> ont-srvprofile-id <service:profile>", _modify, GPON, writes=True),
    Command("ont modify <port> <ont> sn <sn>", _exchange, GPON, writes=True),
    Command(
        "ont activate <port> <ont>", lambda shell, told: _switch(shell, told, on=True), GPON, writes=True
    ),
    Command(
        "ont deactivate <port> <ont>", lambda shell, told: _switch(shell, told, on=False), GPON, writes=True
    ),
    Command("ont reset <port> <ont>", _reset, GPON, sure="Are you sure to reset the ONT(s)?"),
    Command("port <port> ont-auto-find enable", lambda s, told: _find(s, told, on=True), GPON, writes=True),
    Command("port <port> ont-auto-find disable", lambda s, told: _find(s, told, on=False), GPON, writes=True),
    Command("gpon ont home-gateway config-method omci", _method, CONFIG, writes=True),
)
