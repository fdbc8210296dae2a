"""What an OLT answers to a command that has changed something."""

from __future__ import annotations

import re

_COUNT = re.compile(r"Number of ONTs that can be (?:added|deleted|confirmed): (\d+), success: (\d+)")
_IDS = re.compile(r"PortID :\s*(\d+), ONTID :\s*(\d+)")
_PORTS = re.compile(r"success: (\d+), failed: (\d+)")


def counted(answer: str) -> bool | None:
    """Return whether all that was asked for was done, where the answer counts it; else None."""
    found = _COUNT.search(answer) or None
    if found is not None:
        return int(found[2]) >= 1 and found[1] == found[2]
    ports = _PORTS.search(answer)
    return None if ports is None else int(ports[1]) >= 1 and ports[2] == "0"


def ont_id(answer: str) -> int | None:
    """Return the id that an ONT was given, where the answer names it."""
    found = _IDS.search(answer)
    return None if found is None else int(found[2])
