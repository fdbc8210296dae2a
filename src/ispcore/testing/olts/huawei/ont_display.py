"""What a Huawei OLT tells of ONTs: those found by themselves, one, those of a port, and their light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.fibre import short_serial
from ispcore.testing.olts.huawei.command import ENABLED, GPON, RULE, Command, Refusal, padded
from ispcore.testing.olts.huawei.config import LineProfile, ServiceProfile
from ispcore.testing.olts.huawei.onts import ont_in, place_in
from ispcore.testing.olts.place import Place

if TYPE_CHECKING:
    from ispcore.testing.olts.fibre import Onu
    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.config import HuaweiOlt, Ont
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_OUTSIDE = ENABLED - GPON
_ABSENT = "  The required ONT does not exist"
_FOUND_RULE = "   " + "-" * 76
_LONG_RULE = "  " + "-" * 78
_INNER = "    " + "-" * 72
_OPTICS_RULE = f"{RULE} "
_DESCRIBED = 52
_UP, _DOWN = "2023-01-05 08:56:12+08:00", "2023-01-05 08:55:28+08:00"


def named(serial: str) -> str:
    """Return a serial number as it is shown: ``48575443AB12CD34 (HWTC-AB12CD34)``."""
    short = short_serial(serial)
    return f"{serial} ({short[:-8]}-{short[-8:]})"


def _autofind(shell: HuaweiShell, values: Values) -> str:
    port = f"{shell.about}/{values['port']}" if "port" in values else None
    found = [onu for onu in shell.olt.waiting() if port in {None, onu.port}]
    if not found:
        raise Refusal(shell.olt.firmware.none_found)
    lines = [line for number, onu in enumerate(found, 1) for line in _found(shell.olt, number, onu)]
    end = [] if shell.olt.firmware.newer else [f"   The number of GPON autofind ONT is {len(found)}"]
    return "\n".join([*lines, _FOUND_RULE, *end])


def _found(olt: HuaweiOlt, number: int, onu: Onu) -> list[str]:
    newer = {"Ont MAC": onu.mac, "Ont Equipment SN": f"{onu.serial}0001"} if olt.firmware.newer else {}
    at = "2000-01-01 00:00:00+00:00" if olt.firmware.newer else "16/10/2023 23:47:09-02:00 DST"
    told = {
        "Number": number,
        "F/S/P": onu.port,
        "Ont SN": named(onu.serial),
        "Password": "0x00000000000000000000",
        "Loid": "",
        "Checkcode": "",
        "VendorID": onu.vendor,
        "Ont Version": onu.version,
        "Ont SoftwareVersion": onu.software,
        "Ont EquipmentID": onu.model,
        "Ont Customized Info": "-",
        **newer,
        "Ont autofind time": at,
        **({"Multi channel": "-"} if olt.firmware.newer else {}),
    }
    return [_FOUND_RULE, *(f"   {name:20}: {value}".rstrip() for name, value in told.items())]


def _by_serial(shell: HuaweiShell, values: Values) -> str:
    place = shell.olt.place_of(values["sn"])
    return _ABSENT if place is None else _one(shell.olt, place)


def _at(shell: HuaweiShell, values: Values) -> str:
    board = shell.about if shell.mode in GPON else f"{values['frame']}/{values['slot']}"
    place = Place.of(f"{board}/{values['port']}", int(values["ont"]))
    return _one(shell.olt, place) if str(place) in shell.olt.config.onts else _ABSENT


def states(olt: HuaweiOlt, place: Place, ont: Ont) -> tuple[str, str, str]:
    """Return run state, configuration state and match state."""
    if olt.online(place, ont) is None:
        return "offline", "initial", "initial"
    return "online", "normal" if ont.applies else "failed", "match" if ont.matches else "mismatch"


def _one(olt: HuaweiOlt, place: Place) -> str:
    ont = olt.config.onts[str(place)]
    onu = olt.online(place, ont)
    run, config, match = states(olt, place, ont)
    percent, degrees = ("%", "(C)") if olt.firmware.newer else ("", "")
    name, *more = _wrapped(ont.description or "ONT_NO_DESCRIPTION")
    told = {
        "F/S/P": padded(place.port),
        "ONT-ID": place.onu,
        "Control flag": "active" if ont.active else "deactivated",
        "Run state": run,
        "Config state": config,
        "Match state": match,
        "ONT LLID": "-",
        "ONT distance(m)": onu.distance if onu else "-",
        "ONT last distance(m)": onu.distance if onu else "-",
        "ONT RTT(TQ)": "-",
        "Memory occupation": f"44{percent}" if onu else "-",
        "CPU occupation": f"4{percent}" if onu else "-",
        "Temperature": f"{onu.temperature}{degrees}" if onu else "-",
        "Authentic type": "SN-auth",
        "SN": named(ont.serial),
        "Management mode": "OMCI",
        "Software work mode": "normal",
        "Multicast mode": "IGMP-Snooping",
        "Description": name,
        **{" " * (number + 1): line for number, line in enumerate(more)},
        "Last down cause": "dying-gasp",
        "Last up time": _UP,
        "Last down time": _DOWN,
        "Last dying gasp time": _DOWN,
        "ONT online duration": "0 day(s), 0 hour(s), 3 minute(s), 0 second(s)" if onu else "-",
        "Isolation state": "normal",
        "Interoperability-mode": "unknown",
    }
    lines = [
        f"  {label:24}: {value}" if label.strip() else f"  {'':26}{value}" for label, value in told.items()
    ]
    return "\n".join([RULE, *lines, RULE, *_profiles(olt, ont)])


def _wrapped(text: str) -> list[str]:
    """Break a description where the column ends, also in the middle of a word."""
    return [text[first : first + _DESCRIBED] for first in range(0, len(text), _DESCRIBED)] or [""]


def _profiles(olt: HuaweiOlt, ont: Ont) -> list[str]:
    line = olt.config.line_profiles.get(ont.line_profile, LineProfile(name="-"))
    service = olt.config.service_profiles.get(ont.service_profile, ServiceProfile(name="-"))
    managed = "Disable" if line.tr069 is None else "Enable"
    lines = [
        f"  Line profile ID      : {ont.line_profile}",
        f"  Line profile name    : {line.name}",
        RULE,
        f"  Mapping mode        :{'VLAN' if olt.firmware.newer else 'Vlan'}",
        f"  {'TR069' if olt.firmware.newer else 'Tr069'} management    :{managed}",
        RULE,
    ]
    for tcont, dba in sorted({0: 1, **line.tconts}.items()):
        lines.append(f"  <T-CONT {tcont:3}>          DBA Profile-ID:{dba}")
        for gem in sorted(gem for gem, of in line.gems.items() if of == tcont):
            lines += _gem(gem, line.mappings)
    return [
        *lines,
        RULE,
        f"  Service profile ID   : {ont.service_profile}",
        f"  Service profile name : {service.name}",
        RULE,
    ]


def _gem(gem: int, mappings: dict[str, str]) -> list[str]:
    lines = [
        f"    <Gem Index {gem}>",
        _INNER,
        "    |Serv-Type:ETH |Encrypt:off |Cascade:off |GEM-CAR:-            |",
        "    |Upstream-priority-queue:-  |Downstream-priority-queue:-       |",
        _INNER,
        "     Mapping VLAN  Priority Port   Port  Bundle  Flow  Transparent",
        "     index                  type   ID    ID      CAR",
        _INNER,
    ]
    for key, what in mappings.items():
        of, _, index = key.partition("/")
        if int(of) == gem:
            vlan = what.removeprefix("vlan ").replace("any", "-")
            lines.append(f"     {index:8}{vlan:6}-        -      -     -       -     -")
    return [*lines, _INNER]


def _on_port(shell: HuaweiShell, values: Values) -> str:
    board = shell.about if shell.mode in GPON else f"{values['frame']}/{values['slot']}"
    port = f"{board}/{values['port']}"
    onts = shell.olt.on_port(port)
    if not onts:
        raise Refusal("There is no ONT available")
    lines = [
        RULE,
        "  F/S/P   ONT         SN         Control     Run      Config   Match    Protect",
        "          ID                     flag        state    state    state    side",
        RULE,
    ]
    online = 0
    for place, ont in onts.items():
        run, config, match = states(shell.olt, place, ont)
        online += run == "online"
        flag = "active" if ont.active else "deactivated"
        lines.append(f"  {padded(port):8}{place.onu:3}  {ont.serial}  {flag:12}{run:9}{config:9}{match:9}no")
    lines += [RULE, "  F/S/P   ONT-ID   Description", RULE]
    lines += [f"  {padded(port):8}{place.onu:6}   {ont.description}" for place, ont in onts.items()]
    count = f"the total number of ONTs are: {len(onts)}, online: {online}, offline: {len(onts) - online}"
    return "\n".join([*lines, RULE, f"  In port {padded(port)}, {count}", RULE])


def _summary(shell: HuaweiShell, values: Values) -> str:
    port = values["fsp"]
    onts = shell.olt.on_port(port)
    heard = {place: shell.olt.online(place, ont) for place, ont in onts.items()}
    count = sum(onu is not None for onu in heard.values())
    lines = [
        "  Command is being executed. Please wait",
        _LONG_RULE,
        f"  In port {port}, the total of ONTs are: {len(onts)}, online: {count}",
        _LONG_RULE,
        "  ONT  Run     Last                Last                Last                   ",
        "  ID   State   UpTime              DownTime            DownCause",
        _LONG_RULE,
    ]
    for place, onu in heard.items():
        run, cause = ("online", "-") if onu else ("offline", "dying-gasp")
        lines.append(f"  {place.onu:<5}{run:8}{_UP[:19]} {_DOWN[:19]} {cause:23}")
    lines += [
        _LONG_RULE,
        "  ONT        SN        Type          Distance Rx/Tx power  Description",
        "  ID                                    (m)      (dBm)",
        _LONG_RULE,
    ]
    for place, onu in heard.items():
        ont = onts[place]
        light = f"{onu.rx_dbm}/{onu.tx_dbm}" if onu else "-/-"
        model, distance = (onu.model, str(onu.distance)) if onu else ("-", "-")
        lines.append(
            f"  {place.onu:<4}{ont.serial} {model:15}{distance:6}{light:13}{ont.description[:20]:20}".rstrip()
        )
    return "\n".join([*lines, _LONG_RULE])


def _optics(shell: HuaweiShell, values: Values) -> str:
    onu = shell.olt.online(place_in(shell, values), ont_in(shell, values))
    if onu is None:
        raise Refusal("The ONT is not online")
    told = {
        "ONU NNI port ID": "0",
        "Module type": "GPON",
        "Module sub-type": "CLASS B+",
        "Used type": "ONU",
        "Encapsulation Type": "BOSA ON BOARD",
        "Optical power precision(dBm)": "3.0",
        "Vendor name": f"{'HUAWEI':16}",
        "Vendor rev": "-",
        "Vendor PN": f"{'HW-BOB-0004':16}",
        "Date Code": "19-05-14",
        "Rx optical power(dBm)": onu.rx_dbm,
        "Rx power current warning threshold(dBm)": "[-,-]",
        "Rx power current alarm threshold(dBm)": "[-29.0,-8.0]",
        "Tx optical power(dBm)": onu.tx_dbm,
        "Tx power current warning threshold(dBm)": "[-,-]",
        "Tx power current alarm threshold(dBm)": "[0.0,6.0]",
        "Laser bias current(mA)": onu.current_ma,
        "Temperature(C)": onu.temperature,
        "Voltage(V)": "3.300",
        "OLT Rx ONT optical power(dBm)": onu.olt_rx_dbm,
    }
    return "\n".join([RULE, *(f"  {name:39}: {value}" for name, value in told.items()), RULE])


def _optics_of_port(shell: HuaweiShell, values: Values) -> str:
    onts = shell.olt.on_port(f"{shell.about}/{values['port']}")
    lines = [
        _OPTICS_RULE,
        "  ONT  Rx power  Tx power  OLT Rx ONT  Temperature  Voltage  Current  Distance  ",
        "  ID   (dBm)     (dBm)     power(dBm)  (C)          (V)      (mA)     (m)       ",
        _OPTICS_RULE,
    ]
    for place, ont in onts.items():
        onu = shell.olt.online(place, ont)
        if onu is not None:
            lines.append(
                f"  {place.onu:3}  {onu.rx_dbm!s:10}{onu.tx_dbm!s:10}{onu.olt_rx_dbm!s:12}"
                f"{onu.temperature:<13}3.300    {onu.current_ma:<9}{onu.distance:<10}"
            )
    return "\n".join([*lines, _OPTICS_RULE])


ONT_DISPLAY: Final = (
    Command("display ont autofind all", _autofind, ENABLED),
    Command("display ont autofind <port>", _autofind, GPON),
    Command("display ont info by-sn <sn>", _by_serial),
    Command("display ont info <frame> <slot> <port> <ont>", _at, _OUTSIDE),
    Command("display ont info <port> <ont>", _at, GPON),
    Command("display ont info <frame> <slot> <port> all", _on_port, _OUTSIDE),
    Command("display ont info <port> all", _on_port, GPON),
    Command("display ont info summary <fsp:frame/slot/port>", _summary),
    Command("display ont optical-info <port> <ont>", _optics, GPON),
    Command("display ont optical-info <port> all", _optics_of_port, GPON),
)
