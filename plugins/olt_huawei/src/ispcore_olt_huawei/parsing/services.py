"""Service ports and traffic tables, as lists show them."""

from __future__ import annotations

import re

from attrs import frozen

from ispcore_olt_huawei.parsing.lines import lines_of, strange
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal
from ispcore_olt_huawei.places import Place

_ROW = re.compile(
    r"\s*(?P<index>\d+)\s+(?P<vlan>\d+)\s+\S+\s+gpon\s+(?P<f>\d+) ?/ ?(?P<s>\d+) ?/ ?(?P<p>\d+)"
    r"\s+(?P<ont>\d+)\s+(?P<gem>\d+)\s+(?P<type>\S+)\s+(?P<para>\S+)\s+(?P<rx>\d+|-)\s+(?P<tx>\d+|-)\s+(?P<state>up|down)"
)
_ANY_ROW = re.compile(r"\s*\d+\s+(?:\d+|-)\s+\S+\s+[a-z]\S*\s.*(?:up|down)")
_TOTAL = re.compile(r"\s*Total\s*:\s*(\d+)\s*(?:\(.*\))?")
_TABLE = re.compile(
    r"\s*(?P<index>\d+)\s+(?P<cir>\d+|off)\s+(?P<cbs>\d+|-)\s+(?P<pir>\d+|off|-)\s+(?P<pbs>\d+|-)"
    r"\s+(?P<priority>\S+)\s+(?P<copy>\S+)\s+(?P<policy>\S+)"
)
_TABLES = re.compile(r"\s*Total Num\s*:\s*(\d+)")


@frozen(kw_only=True)
class ServicePortRow:
    """A service port of an ONT; ``inbound`` and ``outbound`` are numbers of traffic tables."""

    index: int
    vlan: int
    place: Place
    gemport: int
    user_vlan: str
    inbound: int | None
    outbound: int | None
    up: bool


@frozen(kw_only=True)
class TrafficTable:
    """A traffic table; rates are in kbit/s, None does not bound."""

    index: int
    cir: int | None
    pir: int | None
    priority: str = "0"
    policy: str = "local-pri"

    @property
    def kbit(self) -> int | None:
        """The speed that it bounds to."""
        return self.pir if self.pir is not None else self.cir


def service_ports(answer: str) -> tuple[ServicePortRow, ...]:
    """Return the service ports of ONTs in a list; others in it are counted and left out.

    Raises Unrecognised where there are not as many as the OLT counts.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.EMPTY:
        return ()
    lines = lines_of(answer)
    rows = [(line, _ROW.fullmatch(line)) for line in lines if _ANY_ROW.fullmatch(line)]
    totals = [int(total[1]) for line in lines if (total := _TOTAL.fullmatch(line))]
    odd = [line for line, row in rows if row is None and " gpon " in line]
    if refused is not None or totals != [len(rows)] or odd:
        raise strange("The list of service ports", answer)
    return tuple(_service_port(row) for _, row in rows if row is not None)


def _service_port(row: re.Match[str]) -> ServicePortRow:
    return ServicePortRow(
        index=int(row["index"]),
        vlan=int(row["vlan"]),
        place=Place(f"{int(row['f'])}/{int(row['s'])}/{int(row['p'])}", int(row["ont"])),
        gemport=int(row["gem"]),
        user_vlan=row["para"],
        inbound=_number(row["rx"]),
        outbound=_number(row["tx"]),
        up=row["state"] == "up",
    )


def traffic_tables(answer: str) -> tuple[TrafficTable, ...]:
    """Return the tables of ``display traffic table ip``.

    Raises Unrecognised where there are not as many as the OLT counts.
    """
    lines = lines_of(answer)
    rows = [row for line in lines if (row := _TABLE.fullmatch(line))]
    totals = [int(total[1]) for line in lines if (total := _TABLES.fullmatch(line))]
    if totals != [len(rows)]:
        raise strange("The list of traffic tables", answer)
    return tuple(
        TrafficTable(
            index=int(row["index"]),
            cir=_number(row["cir"]),
            pir=_number(row["pir"]),
            priority=row["priority"],
            policy=row["policy"],
        )
        for row in rows
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
