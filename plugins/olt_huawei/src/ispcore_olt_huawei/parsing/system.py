"""What an OLT tells of itself, and of profiles."""

from __future__ import annotations

import re

from attrs import frozen

from ispcore_olt_huawei.parsing.lines import lines_of, pairs, strange

_SERIAL = re.compile(r"\s*(?P<slot>\d+)\s+(?P<board>[A-Z]\w+)\s+(?P<serial>[0-9A-Z]{8,})")
_BOARD = re.compile(r"\s*(?P<slot>\d+)\s+(?P<board>[A-Z]\w+)\s+(?P<status>[A-Z]\w+).*")
_PON_BOARD = re.compile(r"H\w{3}(?:GP|XG|CG)\w+")
_PROFILE = re.compile(r"\s*(?P<id>\d+)\s+(?P<name>\S.*?)\s+(?P<times>\d+)")
_PROFILES = re.compile(r"\s*Total\s*:\s*(\d+)")


@frozen(kw_only=True)
class Version:
    """Product and firmware, as printed."""

    product: str
    firmware: str
    patch: str = ""


def version(answer: str) -> Version:
    """Return what ``display version`` says.

    Raises Unrecognised where it names no version.
    """
    told = pairs(lines_of(answer))
    if not told.get("VERSION") or not told.get("PRODUCT"):
        raise strange("The version", answer)
    return Version(product=told["PRODUCT"], firmware=told["VERSION"], patch=told.get("PATCH", ""))


def chassis(answer: str) -> str:
    """Return the serial number of the first board of ``display board serial-number``.

    Raises Unrecognised where there is none.
    """
    found = [row["serial"] for line in lines_of(answer) if (row := _SERIAL.fullmatch(line))]
    if not found:
        raise strange("The serial number of the OLT", answer)
    return found[0]


def pon_boards(answer: str, frame: int = 0) -> tuple[str, ...]:
    """Return the boards of ``display board`` that have PON ports, as frame and slot: ``"0/1"``.

    Raises Unrecognised where there is no board at all.
    """
    rows = [row for line in lines_of(answer) if (row := _BOARD.fullmatch(line))]
    if not rows:
        raise strange("The list of boards", answer)
    return tuple(f"{frame}/{row['slot']}" for row in rows if _PON_BOARD.fullmatch(row["board"]))


def profiles(answer: str) -> dict[int, str]:
    """Return the names of line or service profiles by number.

    Raises Unrecognised where there are not as many as the OLT counts.
    """
    lines = lines_of(answer)
    rows = [row for line in lines if (row := _PROFILE.fullmatch(line))]
    totals = [int(total[1]) for line in lines if (total := _PROFILES.fullmatch(line))]
    if totals != [len(rows)]:
        raise strange("The list of profiles", answer)
    return {int(row["id"]): row["name"] for row in rows}
