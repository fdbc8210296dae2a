"""Commands about the box and the session: modes, paging, what it is, saving."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.huawei.command import ANYWHERE, CONFIG, ENABLED, RULE, Command, Mode, Refusal

if TYPE_CHECKING:
    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_SHORT_RULE = "  " + "-" * 50
_USER = frozenset({Mode.USER})
_ENABLE = frozenset({Mode.ENABLE})
_LARGEST_PAGE = 512
_SAVING = "It will take several minutes to save configuration file, please wait..."
_SAVED = """  Configuration file had been saved successfully
  Note: The configuration file will take effect after being activated"""
_LOG_OUT = "Check whether system data has been changed. Please save data before logout."
_BYE = "  Configuration console exit, please retry to log on\n"


async def _enable(shell: HuaweiShell, _: Values) -> str:
    wanted = shell.olt.behaviour.enable_password
    if wanted is not None and await shell.console.line("  Password:", echo=False) != wanted:
        return "  Failure: Password is wrong"
    shell.enter(Mode.ENABLE)
    return ""


def _disable(shell: HuaweiShell, _: Values) -> str:
    shell.leave(until=Mode.USER)
    return ""


def _enter_config(shell: HuaweiShell, _: Values) -> str:
    shell.enter(Mode.CONFIG)
    return ""


def _enter_diagnose(shell: HuaweiShell, _: Values) -> str:
    shell.enter(Mode.DIAGNOSE)
    return ""


def _enter_board(shell: HuaweiShell, values: Values) -> str:
    board = values["frame/slot"]
    if not any(port.startswith(f"{board}/") for port in shell.olt.ports):
        raise Refusal("The board does not exist")
    shell.enter(Mode.GPON, board)
    return ""


def _return(shell: HuaweiShell, _: Values) -> str:
    shell.leave(until=Mode.ENABLE)
    return ""


async def _quit(shell: HuaweiShell, _: Values) -> str:
    if shell.mode not in {Mode.USER, Mode.ENABLE}:
        shell.leave()
        return ""
    shell.console.say(f"  {_LOG_OUT}\n")
    if not shell.interactive or (await shell.ask("Are you sure to log out? (y/n)[n]:")).lower() == "y":
        shell.console.say(_BYE)
        shell.over = True
    return ""


def _smart(shell: HuaweiShell, *, on: bool) -> str:
    shell.smart = on
    return ""


def _interactive(shell: HuaweiShell, *, on: bool) -> str:
    shell.interactive = on
    return ""


def _paged(shell: HuaweiShell, *, on: bool) -> str:
    shell.paged = on
    return ""


def _alarms(shell: HuaweiShell, *, on: bool) -> str:
    shell.console.alarms = on
    return ""


def _scroll(shell: HuaweiShell, values: Values) -> str:
    if "rows" not in values:
        return _paged(shell, on=False)
    rows = int(values["rows"])
    if not 1 <= rows <= _LARGEST_PAGE:
        raise Refusal("The number of lines is out of range")
    shell.paged, shell.page = True, rows
    return ""


def _patient(shell: HuaweiShell, values: Values) -> str:
    shell.console.idle_seconds = float(values["minutes"]) * 60 if "minutes" in values else None
    return ""


def _version(shell: HuaweiShell, _: Values) -> str:
    firmware = shell.olt.firmware
    areas = "\n".join(
        f"  {which} Mainboard Running Area Information:\n{_SHORT_RULE}\n"
        f"  Current Program Area : Area A\n  Current Data Area : Area A\n\n"
        f"  Program Area A Version : {firmware.version}\n  Program Area B Version : {firmware.version}\n\n"
        f"  Data Area A Version : {firmware.version}\n  Data Area B Version : {firmware.version}\n"
        for which in ("Active", "Standby")
    )
    head = f"  VERSION : {firmware.version}\n  PATCH   : {firmware.patch}\n  PRODUCT : {firmware.product}\n"
    return f"\n{head}\n{areas}\n  Uptime is 12 day(s), 3 hour(s), 4 minute(s), 5 second(s)"


def _slots(shell: HuaweiShell) -> list[str]:
    return sorted({port.split("/")[1] for port in shell.olt.ports}, key=int)


def _board(shell: HuaweiShell, _: Values) -> str:
    rows = [f"  {slot:8}H805GPFD   Normal" for slot in _slots(shell)]
    head = "  SlotID  BoardName  Status         SubType0 SubType1    Online/Offline"
    return "\n".join([RULE, head, RULE, *rows, RULE])


def _serial(shell: HuaweiShell, _: Values) -> str:
    rows = [f"  {slot:9}H805GPFD     {shell.olt.chassis}" for slot in _slots(shell)]
    head = "  Solt ID  Board Name   Serial Number"  # as the device spells it
    return "\n".join([RULE, head, RULE, *rows, RULE])


async def _save(shell: HuaweiShell, _: Values) -> str:
    olt = shell.olt
    if olt.saving:
        raise Refusal("System is busy, please retry after a while")
    shell.console.say(f"  {_SAVING}\n")
    olt.saving = True
    try:
        await asyncio.sleep(olt.behaviour.saving_seconds)
        olt.save()
    finally:
        olt.saving = False
    return f"  The percentage of saved data on 8 slot's main control board is: 100%\n{_SAVED}"


def _reboot(shell: HuaweiShell, _: Values) -> str:
    shell.olt.reboot()
    return "  System is rebooting"


SYSTEM: Final = (
    Command("enable", _enable, _USER),
    Command("disable", _disable, _ENABLE),
    Command("config", _enter_config, _ENABLE),
    Command("diagnose", _enter_diagnose, _ENABLE),
    Command("interface gpon <frame/slot>", _enter_board, CONFIG),
    Command("return", _return, ENABLED - _ENABLE),
    Command("quit", _quit, ANYWHERE),
    Command("smart", lambda shell, _: _smart(shell, on=True), ANYWHERE),
    Command("undo smart", lambda shell, _: _smart(shell, on=False), ANYWHERE),
    Command("interactive", lambda shell, _: _interactive(shell, on=True), ANYWHERE),
    Command("undo interactive", lambda shell, _: _interactive(shell, on=False), ANYWHERE),
    Command("scroll [<rows:number>]", _scroll, ANYWHERE),
    Command("mmi-mode enable", lambda shell, _: _paged(shell, on=False), CONFIG),
    Command("mmi-mode disable", lambda shell, _: _paged(shell, on=True), CONFIG),
    Command("infoswitch cli off", lambda shell, _: _alarms(shell, on=False), ENABLED),
    Command("infoswitch cli on", lambda shell, _: _alarms(shell, on=True), ENABLED),
    Command("undo terminal monitor", lambda shell, _: _alarms(shell, on=False), ANYWHERE),
    Command("terminal monitor", lambda shell, _: _alarms(shell, on=True), ANYWHERE),
    Command("undo idle-timeout", _patient, ANYWHERE),
    Command("idle-timeout <minutes:number>", _patient, ANYWHERE),
    Command("display version", _version, ANYWHERE),
    Command("display version backplane", _version, ANYWHERE),
    Command("display version <frame/slot>", _version, ANYWHERE),
    Command("display board <frame>", _board),
    Command("display board serial-number <frame>", _serial),
    Command("save", _save, ENABLED),
    Command("save configuration", _save, ENABLED),
    Command("save data", _save, ENABLED),
    Command("reboot system", _reboot, _ENABLE, sure="Are you sure to reboot the system?"),
)
