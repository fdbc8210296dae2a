"""What ``display ont autofind`` lists: ONTs that are lit and taken in by nobody."""

from __future__ import annotations

import re

from ispcore.driver import Discovered, Onu
from ispcore_olt_huawei.parsing.lines import blocks, lines_of, pairs, strange, told_or_none
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal
from ispcore_olt_huawei.places import port_of, short_serial

_COUNT = re.compile(r"\s*The number of GPON autofind ONT is (\d+)")
_SERIAL = re.compile(r"([0-9A-Z]{12,16})(?:\s+\(.*\))?")
_DETAILS = {
    "VendorID": "vendor",
    "Ont EquipmentID": "model",
    "Ont Version": "version",
    "Ont SoftwareVersion": "software",
    "Ont MAC": "mac",
    "Ont autofind time": "since",
}


def waiting(answer: str) -> tuple[Discovered, ...]:
    """Return the ONTs of an answer; none where the OLT says that there are none.

    Raises Unrecognised where an entry or the end of the list is missing.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.EMPTY:
        return ()
    lines = lines_of(answer)
    entries = [told for block in blocks(lines) if "Number" in (told := pairs(block))]
    counts = [int(count[1]) for line in lines if (count := _COUNT.match(line))]
    found = tuple(_one(one, answer) for one in entries)
    *_, last = blocks(lines)
    cut = any(pairs(last)) or not found
    if refused is not None or cut or (counts and counts != [len(found)]):
        raise strange("The list of ONTs that were found", answer)
    return found


def _one(told: dict[str, str], answer: str) -> Discovered:
    port, serial = port_of(told.get("F/S/P", "")), _SERIAL.fullmatch(told.get("Ont SN", ""))
    if port is None or serial is None:
        raise strange("An ONT that was found", answer)
    details = {name: value for label, name in _DETAILS.items() if (value := told_or_none(told.get(label)))}
    return Discovered(kind=Onu.word, identity=short_serial(serial[1]), place=port, details=details)
