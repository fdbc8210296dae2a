"""From days and times of day in a zone to instants, also where clocks are changed.

A time that the clocks skip comes as much later as they jump, so a day without a midnight begins at the jump;
a time that comes twice means the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import tzinfo

_MIDNIGHT = time()


def zone_of(name: str) -> tzinfo:
    """Return the zone of that *name*; the catalogue has checked that there is one."""
    return ZoneInfo(name)


def instant(day: date, at: time, zone: tzinfo) -> datetime:
    """Return the instant at which it is that time of *day* in *zone*, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def start_of(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of *day* in *zone*, in UTC."""
    return instant(day, _MIDNIGHT, zone)
