"""How fast a component is at an instant: provisional, else by a window, else by hand, else as its plan.

Windows are hours in the business unit's zone, so they move with its clocks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ispcore.network.instants import instant, start_of
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime, tzinfo

    from ispcore.catalog import Speed
    from ispcore.plans import Component, SpeedWindow

_AHEAD = timedelta(days=15)
"""How far edges of windows are looked for: each day of the week twice, should clocks skip one."""


def speed_at(component: Component, plan: Speed | None, at: datetime, zone: tzinfo) -> Speed | None:
    """Return the usual speed of *component* at that instant, with *plan* as the speed of its plan."""
    provisional = component.provisional
    if provisional is not None and at < start_of(provisional.until, zone):
        return provisional.speed
    for window in component.windows:
        if _is_open(window, at, zone):
            return window.speed
    return component.override or plan


def edges(component: Component, after: datetime, zone: tzinfo) -> list[datetime]:
    """Return the instants after that one at which a window of *component* opens or closes, in order.

    Two weeks are looked at: what does not change in them by windows does not change by them at all.
    """
    found = {
        edge
        for window in component.windows
        for day in _days(after.astimezone(zone).date() - ONE_DAY, after.astimezone(zone).date() + _AHEAD)
        for edge in _hours(window, day, zone)
        if edge > after
    }
    return sorted(found)


def _is_open(window: SpeedWindow, at: datetime, zone: tzinfo) -> bool:
    today = at.astimezone(zone).date()
    return any(
        opens <= at < closes
        for day in (today - ONE_DAY, today)
        for opens, closes in [_hours(window, day, zone)]
        if day.isoweekday() in window.days
    )


def _hours(window: SpeedWindow, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when *window* opens on *day*, and when it closes again."""
    closes_on = day if window.end > window.start else day + ONE_DAY
    return instant(day, window.start, zone), instant(closes_on, window.end, zone)


def _days(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first += ONE_DAY
