"""Light levels, of one ONT and of all on a port."""

from __future__ import annotations

import re
from decimal import Decimal

from ispcore.driver import OpticalReading
from ispcore_olt_huawei.parsing.lines import blocks, lines_of, pairs, strange
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal

_NUMBER = r"-?\d+(?:\.\d+)?"
_CELL = rf"(?:{_NUMBER}|-)"
_ROW = re.compile(
    rf"\s*(?P<ont>\d+)\s+(?P<rx>{_CELL})\s+(?P<tx>{_CELL})\s+(?P<olt>{_CELL})\s+(?P<heat>{_CELL})(?:\s+{_CELL}){{2,3}}"
)
_HEAD = re.compile(r"\s*ONT\s+Rx power\s+Tx power.*")


def one_reading(answer: str) -> OpticalReading | None:
    """Return the levels of ``display ont optical-info``; None where the ONT is not online.

    Raises Unrecognised where none of the levels is told.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.OFFLINE:
        return None
    told = pairs([line for line in lines_of(answer) if line])
    if refused is not None or "Rx optical power(dBm)" not in told:
        raise strange("The light of an ONT", answer)
    return OpticalReading(
        received_dbm=_number(told["Rx optical power(dBm)"]),
        sent_dbm=_number(told.get("Tx optical power(dBm)", "")),
        received_at_olt_dbm=_number(told.get("OLT Rx ONT optical power(dBm)", "")),
        temperature_celsius=_number(told.get("Temperature(C)", "")),
    )


def readings_on_port(answer: str) -> dict[int, OpticalReading]:
    """Return the levels of ``display ont optical-info P all`` by ONT; those that are offline may be missing.

    Raises Unrecognised where the list does not begin and end as usual, or has a line that is no row.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning in (Meaning.OFFLINE, Meaning.EMPTY, Meaning.ABSENT):
        return {}
    parts = list(blocks(lines_of(answer)))
    heads = [at for at, part in enumerate(parts) if any(_HEAD.fullmatch(line) for line in part)]
    if refused is not None or len(heads) != 1 or len(parts) < heads[0] + 3:
        raise strange("The light of a port", answer)
    lines = [line for line in parts[heads[0] + 1] if line.strip()]
    rows = [row for line in lines if (row := _ROW.fullmatch(line))]
    if len(rows) != len(lines):
        raise strange("The light of a port", answer)
    return {int(row["ont"]): _reading(row) for row in rows}


def _reading(row: re.Match[str]) -> OpticalReading:
    return OpticalReading(
        received_dbm=_number(row["rx"]),
        sent_dbm=_number(row["tx"]),
        received_at_olt_dbm=_number(row["olt"]),
        temperature_celsius=_number(row["heat"]),
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(_NUMBER, text) else None
