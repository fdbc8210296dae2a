"""Service ports, and the traffic tables that bound them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.huawei.command import CONFIG, RULE, Command, Refusal, number, padded
from ispcore.testing.olts.huawei.config import ServicePort, TrafficTable
from ispcore.testing.olts.huawei.onts import NO_ONT
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import HuaweiConfig, HuaweiOlt
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_ABSENT = "The service virtual port does not exist"
_EXISTS = "The service virtual port has existed already"
_NO_TABLE = "The traffic table does not exist"
_BOUND = "[inbound traffic-table index <inbound:index>] [outbound traffic-table index <outbound:index>]"
_KINDS = "[tag-transform <transform:name>] [inner-vlan <inner:vlan>]"
_OCTETS = 34


def _free(used: Mapping[int, object], first: int = 0) -> int:
    return next(index for index in range(first, len(used) + first + 1) if index not in used)


def _table(config: HuaweiConfig, values: Values, name: str) -> int | None:
    index = number(values, name)
    if index is not None and index not in config.traffic_tables:
        raise Refusal(_NO_TABLE)
    return index


def _add(shell: HuaweiShell, values: Values) -> str:
    config = shell.olt.config
    wanted = number(values, "index")
    index = _free(config.service_ports) if wanted is None else wanted
    new = ServicePort(
        vlan=int(values["vlan"]),
        port=values["fsp"],
        ont=int(values["ont"]),
        gemport=int(values["gem"]),
        user_vlan=values["user"],
        transform=values.get("transform", "translate"),
        inner_vlan=number(values, "inner"),
        inbound=_table(config, values, "inbound"),
        outbound=_table(config, values, "outbound"),
    )
    _check(config, index, new)
    config.service_ports[index] = new
    return ""


def _check(config: HuaweiConfig, index: int, new: ServicePort) -> None:
    if new.vlan in config.missing_vlans:
        raise Refusal("The VLAN does not exist")
    if new.place not in config.onts:
        raise Refusal(NO_ONT)
    line = config.line_profiles.get(config.onts[new.place].line_profile)
    if line is None or new.gemport not in line.gems:
        raise Refusal("The GEM port does not exist")
    twins = (
        one
        for one in config.service_ports.values()
        if (one.place, one.gemport, one.user_vlan) == (new.place, new.gemport, new.user_vlan)
    )
    if index in config.service_ports or any(twins):
        raise Refusal(_EXISTS)


def _bound(shell: HuaweiShell, values: Values) -> str:
    config = shell.olt.config
    port = config.service_ports.get(int(values["index"]))
    if port is None:
        raise Refusal(_ABSENT)
    inbound, outbound = _table(config, values, "inbound"), _table(config, values, "outbound")
    port.inbound = port.inbound if inbound is None else inbound
    port.outbound = port.outbound if outbound is None else outbound
    return ""


def _remove(shell: HuaweiShell, values: Values) -> str:
    if shell.olt.config.service_ports.pop(int(values["index"]), None) is None:
        raise Refusal(_ABSENT)
    return ""


def _remove_of_ont(shell: HuaweiShell, values: Values) -> str:
    ports = shell.olt.config.service_ports
    place = str(Place.of(values["fsp"], int(values["ont"])))
    gone = [index for index, one in ports.items() if one.place == place]
    if not gone:
        raise Refusal(_ABSENT)
    for index in gone:
        del ports[index]
    return f"  The number of total service virtual port which will be undo: {len(gone)}"


def _next_free(shell: HuaweiShell, _: Values) -> str:
    return f"  Next valid free service virtual port ID: {_free(shell.olt.config.service_ports)}"


def _list(shell: HuaweiShell, values: Values) -> str:
    olt, asked = shell.olt, values
    rows = {
        index: one
        for index, one in sorted(olt.config.service_ports.items())
        if asked.get("fsp", one.port) == one.port
        and asked.get("ont", str(one.ont)) == str(one.ont)
        and one.port.startswith(asked.get("board", ""))
    }
    if not rows:
        raise Refusal(_ABSENT)
    up = sum(_is_up(olt, one) for one in rows.values())
    return "\n".join(
        [
            "  Switch-Oriented Flow List",
            RULE,
            "   INDEX VLAN VLAN     PORT F/ S/ P VPI  VCI   FLOW  FLOW       RX   TX   STATE",
            "         ID   ATTR     TYPE                    TYPE  PARA",
            RULE,
            *(_row(olt, index, one) for index, one in rows.items()),
            RULE,
            f"   Total : {len(rows)}  (Up/Down :    {up}/{len(rows) - up})",
        ]
    )


def _one(shell: HuaweiShell, values: Values) -> str:
    config, index = shell.olt.config, int(values["index"])
    one = config.service_ports.get(index)
    if one is None:
        raise Refusal(_ABSENT)
    told = {
        "Index": index,
        "VLAN ID": one.vlan,
        "VLAN attr": "common",
        "Port type": "gpon",
        "F/S/P": padded(one.port),
        "ONT ID": one.ont,
        "GEM port index": one.gemport,
        "Flow type": "vlan",
        "Flow para": one.user_vlan,
        "RX": _shown(one.inbound),
        "TX": _shown(one.outbound),
        "Inbound table name": _name(config, one.inbound),
        "Outbound table name": _name(config, one.outbound),
        "Admin status": "up",
        "State": "up" if _is_up(shell.olt, one) else "down",
        "Tag transform": one.transform,
    }
    return "\n".join([RULE, *(f"  {name:20}: {value}" for name, value in told.items()), RULE])


def _shown(table: int | None) -> str:
    return "-" if table is None else str(table)


def _name(config: HuaweiConfig, table: int | None) -> str:
    return "-" if table is None else config.traffic_tables[table].name


def _is_up(olt: HuaweiOlt, one: ServicePort) -> bool:
    place = Place.of(one.port, one.ont)
    ont = olt.config.onts.get(one.place)
    return ont is not None and olt.online(place, ont) is not None


def _row(olt: HuaweiOlt, index: int, one: ServicePort) -> str:
    frame, slot, port = one.port.split("/")
    vlan = f"{one.vlan:<4}" if olt.firmware.newer else f"{one.vlan:>4}"
    rx, tx = _shown(one.inbound), _shown(one.outbound)
    return (
        f"{index:8} {vlan} common   gpon {frame}/{slot:<2}/{port:<3}{one.ont:<5}{one.gemport:<6}vlan  "
        f"{one.user_vlan:11}{rx:5}{tx:5}{'up' if _is_up(olt, one) else 'down'}"
    )


def _add_table(shell: HuaweiShell, values: Values) -> str:
    tables = shell.olt.config.traffic_tables
    wanted = number(values, "index")
    index = _free(tables, 1) if wanted is None else wanted
    name = values.get("name", f"ip-traffic-table_{index}")
    if index in tables or any(one.name == name for one in tables.values()):
        raise Refusal("The traffic table exists already")
    cir = int(values["cir"])
    tables[index] = TrafficTable(
        name=name,
        cir=cir,
        pir=int(values.get("pir", cir)),
        priority=int(values["priority"]),
        policy=values["policy"],
    )
    return "\n".join(["  Create traffic descriptor record successfully", *_told(index, tables[index])])


def _told(index: int, table: TrafficTable) -> list[str]:
    told = {
        "TD Index": index,
        "TD Name": table.name,
        "Priority": table.priority,
        "Copy Priority": "-",
        "Priority Policy": table.policy,
        "CIR": f"{table.cir} kbps",
        "CBS": f"{table.cir * _OCTETS} bytes",
        "PIR": f"{table.pir} kbps",
        "PBS": f"{table.pir * _OCTETS} bytes",
    }
    return [RULE, *(f"  {name:20}: {value}" for name, value in told.items()), RULE]


def _modify_table(shell: HuaweiShell, values: Values) -> str:
    table = shell.olt.config.traffic_tables.get(int(values["index"]))
    if table is None:
        raise Refusal(_NO_TABLE)
    table.cir = int(values["cir"])
    table.pir = int(values.get("pir", table.cir))
    return ""


def _remove_table(shell: HuaweiShell, values: Values) -> str:
    config, index = shell.olt.config, int(values["index"])
    if any(index in {one.inbound, one.outbound} for one in config.service_ports.values()):
        raise Refusal("The traffic table is being used")
    if config.traffic_tables.pop(index, None) is None:
        raise Refusal(_NO_TABLE)
    return ""


def _tables(shell: HuaweiShell, values: Values) -> str:
    first = int(values["index"])
    tables = {at: one for at, one in sorted(shell.olt.config.traffic_tables.items()) if at >= first}
    rows = [
        f"  {at:3} {one.cir:<9}{one.cir * _OCTETS:<11}{one.pir:<9}{one.pir * _OCTETS:<11}{one.priority:<4}"
        f"{'-':12}{one.policy}"
        for at, one in tables.items()
    ]
    return "\n".join(
        [
            RULE,
            "  TID CIR      CBS        PIR      PBS        Pri Copy-policy Pri-Policy",
            "      (kbps)   (bytes)    (kbps)   (bytes)",
            RULE,
            *rows,
            RULE,
            f"  Total Num : {len(tables)}",
        ]
    )


def _one_table(shell: HuaweiShell, values: Values) -> str:
    tables = shell.olt.config.traffic_tables
    index = number(values, "index")
    found = next((at for at, one in tables.items() if at == index or one.name == values.get("name")), None)
    if found is None:
        raise Refusal(_NO_TABLE)
    return "\n".join(_told(found, tables[found]))


_RATES = "cir <cir:rate> [cbs <cbs:rate>] [pir <pir:rate>] [pbs <pbs:rate>]"

SERVICES: Final = (
    Command(
        "service-port [<index>] vlan <vlan> gpon <fsp:frame/slot/port> ont <ont> gemport <gem:index>"
        f" multi-service user-vlan <user:user-vlan> {_KINDS} {_BOUND}",
        _add,
        CONFIG,
        writes=True,
    ),
    Command(f"service-port <index> {_BOUND}", _bound, CONFIG, writes=True),
    Command("undo service-port <index>", _remove, CONFIG, writes=True),
    Command(
        "undo service-port port <fsp:frame/slot/port> ont <ont>",
        _remove_of_ont,
        CONFIG,
        writes=True,
        sure="It will take several minutes. Are you sure to release service virtual port(s)?",
    ),
    Command("display service-port next-free-index", _next_free),
    Command("display service-port all", _list),
    Command("display service-port board <board:frame/slot>", _list),
    Command("display service-port port <fsp:frame/slot/port> [ont <ont>]", _list),
    Command("display service-port <index>", _one),
    Command(
        f"traffic table ip [index <index>] [name <name>] {_RATES} priority <priority>"
        " priority-policy <policy:name>",
        _add_table,
        CONFIG,
        writes=True,
    ),
    Command(f"traffic table ip modify index <index> {_RATES}", _modify_table, CONFIG, writes=True),
    Command("undo traffic table ip index <index>", _remove_table, CONFIG, writes=True),
    Command("display traffic table ip from-index <index>", _tables),
    Command("display traffic table ip index <index>", _one_table),
    Command("display traffic table ip name <name>", _one_table),
)
