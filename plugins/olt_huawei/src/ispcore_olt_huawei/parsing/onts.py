"""What the OLT tells of ONTs that were added: one of them, all of a port, a summary of a port."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import field, frozen

from ispcore_olt_huawei.parsing.lines import lines_of, pairs, strange, told_or_none
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal
from ispcore_olt_huawei.places import Place, port_of, short_serial

NO_DESCRIPTION = "ONT_NO_DESCRIPTION"
_STATES = ("active", "deactivated", "deactive", "inactive")
_PORT = r"(?P<port>\d+/ ?\d+ ?/ ?\d+)"
_ROW = re.compile(
    rf"\s*{_PORT}\s+(?P<ont>\d+)\s+(?P<serial>[0-9A-Z]{{12,16}})\s+(?P<flag>{'|'.join(_STATES)})"
    r"\s+(?P<run>\S+)\s+(?P<config>\S+)\s+(?P<match>\S+)(?:\s+\S+)?"
)
_DESCRIBED = re.compile(rf"\s*{_PORT}\s+(?P<ont>\d+)(?:\s+(?P<text>\S.*))?")
_TOTAL = re.compile(r"\s*In port .*, the total (?:number )?of ONTs are: (\d+), online: (\d+).*")
_LIVE = re.compile(r"\s*(?P<ont>\d+)\s+(?P<run>online|offline|-)(?:\s+(?P<rest>.*))?")
_SUMMED = re.compile(
    r"\s*(?P<ont>\d+)\s+(?P<serial>[0-9A-Z]{12,16})\s+(?P<type>\S+)\s+(?P<distance>\d+|-)"
    r"\s+(?P<light>\S+/\S+)(?:\s+(?P<text>\S.*))?"
)
_HEAD = re.compile(r"\s*F/S/P\s+ONT-ID\s+Description.*")


@frozen(kw_only=True)
class OntState:
    """An ONT, whether it may serve (``active``), and how it does: the words are the OLT's own."""

    place: Place
    serial: str
    active: bool
    run: str | None = None
    config: str | None = None
    match: str | None = None
    description: str | None = None
    told: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Summed:
    """A line of a port's summary; light is received and sent, in dBm as printed."""

    ont: int
    serial: str
    run: str | None = None
    type: str | None = None
    distance_m: int | None = None
    light: str | None = None
    description: str | None = None


def one_ont(answer: str) -> OntState | None:
    """Return the ONT of ``display ont info``; None where the OLT says that there is none.

    Raises Unrecognised where place, serial number or control flag are missing.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.ABSENT:
        return None
    told = pairs([line for line in lines_of(answer) if line])
    port, ont = port_of(told.get("F/S/P", "")), told.get("ONT-ID", "")
    serial, flag = told.get("SN", "").partition(" ")[0], told.get("Control flag", "")
    complete = port is not None and ont.isdecimal() and serial and flag in _STATES
    if refused is not None or not complete or "Service profile ID" not in told:
        raise strange("An ONT", answer)
    return OntState(
        place=Place(str(port), int(ont)),
        serial=short_serial(serial),
        active=flag == "active",
        run=told_or_none(told.get("Run state")),
        config=told_or_none(told.get("Config state")),
        match=told_or_none(told.get("Match state")),
        description=described(told.get("Description")),
        told=told,
    )


def described(text: str | None) -> str | None:
    """Return a description; None for what the OLT prints where there is none."""
    plain = (text or "").strip()
    return None if plain in ("", "-", NO_DESCRIPTION) else plain


def onts_on_port(answer: str) -> tuple[OntState, ...]:
    """Return the ONTs of ``display ont info F S P all``; none where the port has none.

    Raises Unrecognised where there are not as many as the OLT counts.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning in (Meaning.EMPTY, Meaning.ABSENT):
        return ()
    lines = lines_of(answer)
    rows = [row for line in lines if (row := _ROW.fullmatch(line))]
    totals = [int(total[1]) for line in lines if (total := _TOTAL.fullmatch(line))]
    if refused is not None or sum(totals) != len(rows) or not totals:
        raise strange("The list of the ONTs of a port", answer)
    texts = _descriptions(lines)
    return tuple(_row(row, texts) for row in rows)


def _row(row: re.Match[str], texts: Mapping[Place, str]) -> OntState:
    place = Place(str(port_of(row["port"])), int(row["ont"]))
    return OntState(
        place=place,
        serial=short_serial(row["serial"]),
        active=row["flag"] == "active",
        run=told_or_none(row["run"]),
        config=told_or_none(row["config"]),
        match=told_or_none(row["match"]),
        description=described(texts.get(place)),
    )


def _descriptions(lines: list[str]) -> dict[Place, str]:
    texts: dict[Place, str] = {}
    first = next((at for at, line in enumerate(lines) if _HEAD.fullmatch(line)), len(lines))
    for line in lines[first + 1 :]:
        row = _DESCRIBED.fullmatch(line)
        if row is not None:
            texts[Place(str(port_of(row["port"])), int(row["ont"]))] = row["text"] or ""
    return texts


def summary(answer: str) -> tuple[Summed, ...]:
    """Return the lines of ``display ont info summary``; none where the port has no ONT.

    Raises Unrecognised where there are not as many as the OLT counts.
    """
    refused = refusal(answer)
    if refused is not None and refused.meaning in (Meaning.EMPTY, Meaning.ABSENT):
        return ()
    lines = lines_of(answer)
    rows = [row for line in lines if (row := _SUMMED.fullmatch(line))]
    runs = {int(live["ont"]): live["run"] for line in lines if (live := _LIVE.fullmatch(line))}
    totals = [int(total[1]) for line in lines if (total := _TOTAL.fullmatch(line))]
    if refused is not None or totals != [len(rows)] or {int(row["ont"]) for row in rows} != runs.keys():
        raise strange("The summary of a port", answer)
    return tuple(_summed(row, runs) for row in rows)


def _summed(row: re.Match[str], runs: Mapping[int, str]) -> Summed:
    ont, distance = int(row["ont"]), row["distance"]
    return Summed(
        ont=ont,
        serial=short_serial(row["serial"]),
        run=told_or_none(runs[ont]),
        type=told_or_none(row["type"]),
        distance_m=int(distance) if distance.isdecimal() else None,
        light=None if row["light"] == "-/-" else row["light"],
        description=described(row["text"]),
    )
