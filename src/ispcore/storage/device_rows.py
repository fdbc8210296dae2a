"""Devices, to rows and back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ispcore.effects import DeviceRow, Fault, Stop, StopReason

if TYPE_CHECKING:
    import sqlalchemy as sa


def device_of(row: sa.Row[Any]) -> DeviceRow:
    """Return the device in a row."""
    return DeviceRow(
        name=row.name,
        driver=row.driver,
        config=row.config,
        lanes=row.lanes,
        version=row.version,
        identity=row.identity,
        firmware=row.firmware,
        answers=row.answers,
        failures=row.failures,
        paused_until=row.paused_until,
        held_until=row.held_until,
        stopped=None if row.stopped is None else _stop_of(row.stopped),
        error=row.error,
    )


def _stop_of(plain: dict[str, Any]) -> Stop:
    return Stop(StopReason(plain["reason"]), plain["text"], datetime.fromisoformat(plain["at"]))


def plain_stop(stop: Stop, now: datetime) -> dict[str, Any]:
    """Return why a device waits for a person, as it is kept."""
    return {"reason": stop.reason.value, "text": stop.text, "at": now.isoformat()}


def plain_fault(fault: Fault, now: datetime) -> dict[str, Any]:
    """Return what went wrong, as it is kept."""
    return {"code": fault.code, "text": fault.text, "at": now.isoformat(), **fault.details}
