"""Answers as values; pure, so that recorded answers are enough to test it."""

from __future__ import annotations

import re
from decimal import Decimal

from ispcore.driver import (
    UNREADABLE,
    CapacityExhausted,
    Conflict,
    Discovered,
    DriverError,
    Invalid,
    Key,
    Onu,
    OpticalReading,
    Seen,
    Unrecognised,
    Wifi,
)

_ROW = re.compile(
    r"(?P<place>\S+:\d+)\s+(?P<serial>\S+)\s+(?P<state>active|inactive)\s+(?P<profile>\S+)\s+(?P<vlan>\S+)\s+(?P<name>.*)"
)
_TOTAL = re.compile(r"Total: (\d+)")
_EXISTS = re.compile(r"serial \S+ exists at (\S+)")


def onus(answer: str) -> list[Seen]:
    """Return the ONUs of ``display onu all``.

    Raises:
        Unrecognised: a line is missing or strange; half a list is never taken for a whole one.
    """
    found = [_onu(row) for line in answer.splitlines() if (row := _ROW.fullmatch(line.strip()))]
    total = _TOTAL.search(answer)
    if total is None or int(total[1]) != len(found):
        raise Unrecognised("The list of ONUs is not whole.", raw=answer, wrote=False)
    return found


def _onu(row: re.Match[str]) -> Seen:
    vlan, name = row["vlan"], row["name"].strip()
    spec = Onu(
        serial=row["serial"],
        port=row["place"].partition(":")[0],
        enabled=row["state"] == "active",
        profile=row["profile"],
        vlan=None if vlan == "-" else int(vlan),
        description=None if name == "-" else name,
    )
    return Seen(Key(row["place"]), spec)


def wifi(answer: str, serial: str) -> Seen | None:
    """Return the network of ``display wifi``; None where none was set up."""
    told = _pairs(answer)
    if not {"SSID", "Key", "State"} <= set(told):
        raise Unrecognised("The network is not told as usual.", raw=answer, wrote=False)
    if told["SSID"] == "-":
        return None
    spec = Wifi(onu=serial, ssid=told["SSID"], enabled=told["State"] == "on", password=UNREADABLE)
    return Seen(Key(f"wifi/{serial}"), spec, status={"key": told["Key"]})


def waiting(answer: str) -> list[Discovered]:
    """Return what ``display waiting`` lists."""
    rows = [line.split() for line in answer.splitlines() if not line.startswith("Total")]
    return [Discovered(kind=Onu.word, identity=serial, place=port) for serial, port in rows]


def optical(answer: str) -> OpticalReading:
    """Return the light levels of ``display optical``."""
    told = _pairs(answer)
    return OpticalReading(received_dbm=_dbm(told.get("Rx")), sent_dbm=_dbm(told.get("Tx")))


def version(answer: str) -> tuple[str, str]:
    """Return chassis and software of ``display version``."""
    told = _pairs(answer)
    if not {"Chassis", "Software"} <= set(told):
        raise Unrecognised("The version is not told as usual.", raw=answer, wrote=False)
    return told["Chassis"], told["Software"]


def refusal(answer: str) -> DriverError | None:
    """Return what an answer refuses; None where it refuses nothing."""
    if not answer.startswith("%"):
        return None
    text = answer.removeprefix("% Error: ")
    if exists := _EXISTS.match(text):
        return Conflict(f"The OLT says: {text}.", owner=exists[1])
    if "is full" in text:
        return CapacityExhausted(f"The OLT says: {text}.")
    if answer.startswith("% Error:"):
        return Invalid(f"The OLT says: {text}.")
    return Unrecognised("The OLT does not know the command.", raw=answer)


def _pairs(answer: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)


def _dbm(text: str | None) -> Decimal | None:
    number = (text or "-").split()[0]
    return None if number == "-" else Decimal(number)
