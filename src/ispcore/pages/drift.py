"""The page of a look at devices: what stands there otherwise than it was left, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.network import readable
from ispcore.pages.words import counted

if TYPE_CHECKING:
    from ispcore.effects import DriftReport
    from ispcore.network import Drift


@frozen
class Line:
    """One thing that drifted, with its fields as they were seen and as they are wanted."""

    kind: str
    claim: str
    placement: str
    fields: tuple[tuple[str, str, str], ...]
    note: str


@frozen
class Part:
    """One device."""

    device: str
    at: str
    told: str
    lines: tuple[Line, ...]
    more: int
    warnings: tuple[str, ...]


def parts(reports: Sequence[DriftReport]) -> tuple[Part, ...]:
    """Return what the page tells of each device."""
    return tuple(_part(report) for report in reports)


def _part(report: DriftReport) -> Part:
    counts = ", ".join(f"{many} {kind.value}" for kind, many in report.counts.items()) or "no drift"
    told = f"{counted(report.expected, 'placement')} compared, {report.seen} seen: {counts}"
    mended = report.mended
    warnings = [text for text in (report.failure, report.stopped) if text is not None]
    warnings += [f"{one} was changed back too often today." for one in mended.contested]
    if mended.repaired:
        told += f"; {len(mended.repaired)} will be written again"
    return Part(
        device=report.device,
        at=f"{report.at:%Y-%m-%d %H:%M} UTC",
        told="It could not be looked at" if report.failure else told,
        lines=tuple(_line(one) for one in report.drifts),
        more=sum(report.counts.values()) - len(report.drifts),
        warnings=tuple(warnings),
    )


def _line(one: Drift) -> Line:
    fields = tuple((name, _said(seen), _said(wanted)) for name, seen, wanted in one.values())
    if not fields and one.seen is not None:
        told = {name: value for name, value in readable(one.seen).items() if value not in (None, ())}
        fields = tuple((name, _said(value), "") for name, value in told.items())
    return Line(one.kind.value, one.claim, one.placement or "", fields, "held" if one.is_held else "")


def _said(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return " ".join(map(_said, value)) or "none"
    return "none" if value is None else str(value)
