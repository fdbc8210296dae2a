"""Commands about the box and the session: modes, paging, what it is, saving."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.zte.command import (
    ANYWHERE,
    CONFIGURING,
    ENABLE,
    ENABLED,
    Command,
    Invalid,
    Mode,
    Refusal,
)

if TYPE_CHECKING:
    from ispcore.testing.olts.zte.command import Values
    from ispcore.testing.olts.zte.shell import ZteShell

_USER = frozenset({Mode.USER})
_CONFIGURE = "%Info 20272: Enter configuration commands, one per line. End with CTRL/Z."


async def _enable(shell: ZteShell, _: Values) -> str:
    if await shell.console.line("Password:", echo=False) != shell.olt.behaviour.enable_password:
        return "%Error 20205: Bad password."
    shell.enter(Mode.ENABLE)
    return ""


def _disable(shell: ZteShell, _: Values) -> str:
    del shell.modes[1:]
    return ""


def _configure(shell: ZteShell, _: Values) -> str:
    shell.enter(Mode.CONFIG)
    return _CONFIGURE


def _exit(shell: ZteShell, _: Values) -> str:
    if shell.mode in {Mode.USER, Mode.ENABLE}:
        shell.over = True
    else:
        shell.modes.pop()
    return ""


def _end(shell: ZteShell, _: Values) -> str:
    while shell.mode is not Mode.ENABLE:
        shell.modes.pop()
    return ""


def _length(shell: ZteShell, values: Values) -> str:
    shell.paged = values["rows"] != "0"
    return ""


def _monitor(shell: ZteShell, *, on: bool) -> str:
    shell.console.alarms = on
    return ""


def _port(shell: ZteShell, values: Values) -> str:
    port = values["olt"].removeprefix(shell.olt.family.olt)
    if port not in shell.olt.ports:
        raise Invalid
    shell.enter(Mode.PORT, port)
    return ""


def _onu(shell: ZteShell, values: Values) -> str:
    return _enter_onu(shell, Mode.ONU, values["onu"].removeprefix(shell.olt.family.onu))


def _mng(shell: ZteShell, values: Values) -> str:
    return _enter_onu(shell, Mode.MNG, values["onu"].removeprefix(shell.olt.family.onu))


def _vport(shell: ZteShell, values: Values) -> str:
    port, _, rest = values["vport"].removeprefix("vport-").partition(".")
    onu, _, vport = rest.partition(":")
    return _enter_onu(shell, Mode.VPORT, f"{port}:{onu}", f" {vport}")


def _enter_onu(shell: ZteShell, mode: Mode, place: str, more: str = "") -> str:
    if place not in shell.olt.config.onus:
        raise Invalid
    shell.enter(mode, place + more)
    return ""


def _enter_gpon(shell: ZteShell, _: Values) -> str:
    shell.enter(Mode.GPON)
    return ""


def _enter_pon(shell: ZteShell, _: Values) -> str:
    shell.enter(Mode.PON)
    return ""


async def _write(shell: ZteShell, _: Values) -> str:
    olt = shell.olt
    if olt.saving:
        raise Refusal("%Error 20289: The system is busy, please retry later.")
    olt.saving = True
    try:
        await asyncio.sleep(olt.behaviour.saving_seconds)
        olt.save()
    finally:
        olt.saving = False
    return "Building configuration...\n[OK]"


def _version(shell: ZteShell, _: Values) -> str:
    return f"ZXA10 {shell.olt.family.name}\nVersion: V2.1.0\nSerial number: {shell.olt.chassis}"


SYSTEM: Final = (
    Command("enable", _enable, _USER),
    Command("disable", _disable, ENABLE),
    Command("configure terminal", _configure, ENABLE),
    Command("exit", _exit, ANYWHERE),
    Command("end", _end, CONFIGURING),
    Command("terminal length <rows:number>", _length, ENABLED),
    Command("terminal monitor", lambda shell, _: _monitor(shell, on=True), ENABLED),
    Command("no terminal monitor", lambda shell, _: _monitor(shell, on=False), ENABLED),
    Command("interface <olt>", _port, CONFIGURING),
    Command("interface <onu>", _onu, CONFIGURING),
    Command("interface <vport>", _vport, CONFIGURING, family="C600"),
    Command("pon-onu-mng <onu>", _mng, CONFIGURING),
    Command("gpon", _enter_gpon, CONFIGURING),
    Command("pon", _enter_pon, CONFIGURING),
    Command("write", _write, ENABLE),
    Command("show version", _version, ANYWHERE),
)
