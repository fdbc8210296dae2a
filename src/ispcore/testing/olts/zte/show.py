"""What a ZTE OLT tells of ONUs: those that nobody configured, how they are, and their light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.fibre import short_serial
from ispcore.testing.olts.place import Place
from ispcore.testing.olts.zte.command import ENABLED, NOTHING, Command, Invalid, Refusal

if TYPE_CHECKING:
    from ispcore.testing.olts.fibre import Onu
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.config import ZteOlt, ZteOnu
    from ispcore.testing.olts.zte.shell import ZteShell


def _port(shell: ZteShell, values: Values) -> str | None:
    return values["olt"].removeprefix(shell.olt.family.olt) if "olt" in values else None


def _found(shell: ZteShell, values: Values) -> list[Onu]:
    found = shell.olt.waiting(_port(shell, values))
    if not found:
        raise Refusal(NOTHING)
    return found


def _unconfigured(shell: ZteShell, values: Values) -> str:
    rows = []
    for onu in _found(shell, values):
        # The number behind the colon is a suggestion, and may be taken.
        suggested = len(shell.olt.on_port(onu.port)) + 1
        rows.append(
            f"{f'{shell.olt.family.onu}{onu.port}:{suggested}':25}{short_serial(onu.serial):20}unknown"
        )
    return "\n".join([f"{'OnuIndex':25}{'Sn':20}State", "-" * 69, *rows])


def _unconfigured_models(shell: ZteShell, values: Values) -> str:
    rows = [
        f"{f'{shell.olt.family.olt}{onu.port}':20}{onu.model:21}{short_serial(onu.serial):20}"
        f"{short_serial(onu.serial)[3:]}"
        for onu in _found(shell, values)
    ]
    return "\n".join([f"{'OltIndex':20}{'Model':21}{'SN':20}PW", "-" * 71, *rows])


def _phase(olt: ZteOlt, place: Place, onu: ZteOnu) -> tuple[str, str]:
    if olt.online(place, onu) is not None:
        return "enable", "working"
    there = olt.fibre.get(onu.serial)
    if there is None or there.port != place.port:
        return "disable", "LOS"
    return "disable", "OffLine" if there.lit else "DyingGasp"


def _states(shell: ZteShell, values: Values) -> str:
    olt = shell.olt
    wanted = values.get("id")
    rows = {
        place: (onu, *_phase(olt, place, onu))
        for place, onu in olt.on_port(_port(shell, values)).items()
        if wanted in {None, str(place.onu)}
    }
    if not rows:
        raise Refusal(NOTHING)
    if olt.family.vports:
        head, mode, wide, rule = (
            "OnuIndex     Admin state  OMCC state  Phase state  Speed mode ",
            "GPON",
            14,
            63,
        )
    else:
        head, mode, wide, rule = "OnuIndex   Admin State  OMCC State  Phase State  Channel", "1(GPON)", 12, 62
    lines = [head, "-" * rule]
    for place, (onu, omcc, phase) in rows.items():
        admin = "enable" if onu.active else "disable"
        lines.append(f"{place!s:{wide}}{admin:13}{omcc:13}{phase:13}{mode}")
    working = sum(phase == "working" for _, _, phase in rows.values())
    return "\n".join([*lines, *([] if olt.family.vports else [f"ONU Number: {working}/{len(rows)}"])])


def _configured(shell: ZteShell, values: Values) -> tuple[Place, ZteOnu]:
    place = values["onu"].removeprefix(shell.olt.family.onu)
    if place not in shell.olt.config.onus:
        raise Invalid
    return Place.parse(place), shell.olt.config.onus[place]


def _detail(shell: ZteShell, values: Values) -> str:
    place, onu = _configured(shell, values)
    there = shell.olt.online(place, onu)
    told = {
        "Name": onu.name,
        "Type": onu.type,
        "State": "ready",
        "Configured channel": "auto",
        "Current channel": "1(GPON)",
        "Admin state": "enable" if onu.active else "disable",
        "Phase state": _phase(shell.olt, place, onu)[1],
        "Config state": "success" if there else "fail",
        "Authentication mode": "sn",
        "SN Bind": "enable with SN check",
        "Serial number": short_serial(onu.serial),
        "Password": "",
        "Description": onu.description,
        "Vport mode": "gemport",
        "DBA Mode": "Hybrid",
        "ONU Status": "enable",
        "OMCI BW Profile": "",
        "Line Profile": "N/A",
        "Service Profile": "N/A",
        "ONU Distance": f"{there.distance}m" if there else "N/A",
        "Online Duration": "127h 56m 21s" if there else "N/A",
        "FEC": "none",
    }
    lines = [f"  {f'{name}:':21}{value}".rstrip() for name, value in told.items()]
    history = [
        "-" * 42,
        "       Authpass Time          OfflineTime             Cause",
        "   1   2023-03-21 15:08:19    2023-03-25 16:03:23     DyingGasp",
        "   2   2023-03-29 00:17:28    0000-00-00 00:00:00",
    ]
    return "\n".join([f"ONU interface:         {shell.olt.family.onu}{place}", *lines, *history])


def _by_serial(shell: ZteShell, values: Values) -> str:
    place = shell.olt.place_of(values["sn"])
    if place is None:
        raise Refusal(NOTHING)
    return f"SearchResult\n{'-' * 18}\n{shell.olt.family.onu}{place}"


def _attenuation(shell: ZteShell, values: Values) -> str:
    place, onu = _configured(shell, values)
    there = shell.olt.online(place, onu)
    head = f"           OLT                  ONU              Attenuation\n{'-' * 74}"
    if there is None:
        dark = " up      Rx :no signal         Tx:N/A                N/A"
        return f"{head}\n{dark}\n\n down    Tx :5.000(dbm)        Rx:N/A                N/A"
    up, down = there.tx_dbm - there.olt_rx_dbm, 5 - there.rx_dbm
    rx, tx = f"Rx :{there.olt_rx_dbm:.3f}(dbm)", f"Tx:{there.tx_dbm:.3f}(dbm)"
    below = f" down    {'Tx :5.000(dbm)':22}{f'Rx:{there.rx_dbm:.3f}(dbm)':21}{down:.3f}(dB)"
    return f"{head}\n up      {rx:22}{tx:21}{up:.3f}(dB)\n\n{below}"


def _light(shell: ZteShell, values: Values) -> str:
    olt = shell.olt
    if "onu" in values:
        place, configured = _configured(shell, values)
        onus = {place: configured}
    else:
        onus = dict(olt.on_port(_port(shell, values)))
    lines = [f"{'Onu':20}Rx power", "-" * 36]
    for at, onu in onus.items():
        there = olt.online(at, onu)
        power = f"{there.rx_dbm:.3f}(dbm)" if there else "N/A"
        lines.append(f"{f'{olt.family.onu}{at}':20}{power}")
    return "\n".join(lines)


SHOW: Final = (
    Command("show gpon onu uncfg [<olt>]", _unconfigured, ENABLED, family="C300"),
    Command("show pon onu uncfg [<olt>]", _unconfigured_models, ENABLED),
    Command("show gpon onu state [<olt> [<id>]]", _states, ENABLED),
    Command("show gpon onu detail-info <onu>", _detail, ENABLED),
    Command("show gpon onu by sn <sn>", _by_serial, ENABLED),
    Command("show pon power attenuation <onu>", _attenuation, ENABLED),
    Command("show pon power onu-rx <olt>", _light, ENABLED),
    Command("show pon power onu-rx <onu>", _light, ENABLED),
)
