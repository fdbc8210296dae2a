"""How much the days of a cycle weigh, by the day count that the policy names.

Where the whole is the cycle's own weight, its parts sum to it. In the commercial month they need not: then a
cycle never weighs more than its whole, and the part that completes a fully used cycle takes the rest.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ispcore.catalog import DayCount

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.values import Every, Period

_MONTHS = 12
_MONTH_DAYS = {DayCount.MONTHS_OF_30: 30, DayCount.MONTHS_OF_28: 28}


def whole_weight(cycle: Period, every: Every, count: DayCount) -> int:
    """Return the weight of a whole *cycle* of the length *every*.

    >>> from datetime import date
    >>> from ispcore.values import Every, Period
    >>> february = Period(date(2012, 2, 1), date(2012, 3, 1))
    >>> [whole_weight(february, Every(), count) for count in DayCount]
    [29, 30, 28, 30]
    """
    if count is DayCount.ACTUAL_360:
        return every.commercial_days
    return _before(cycle.end, count) - _before(cycle.start, count)


def weights(parts: Sequence[Period], cycle: Period, every: Every, count: DayCount) -> list[int]:
    """Return the weight of each of the *parts* of a cycle, which follow each other."""
    if count is not DayCount.ACTUAL_360:
        return [_before(part.end, count) - _before(part.start, count) for part in parts]
    whole, used = every.commercial_days, 0
    reached = [0]
    for part in parts:
        used += part.days
        reached.append(whole if used == cycle.days else min(used, whole))
    return [after - before for before, after in pairwise(reached)]


def _before(day: date, count: DayCount) -> int:
    """Return what all days before *day* weigh, counted from a day long ago."""
    if count is DayCount.ACTUAL:
        return day.toordinal()
    of_month = _MONTH_DAYS[count]
    return (day.year * _MONTHS + day.month) * of_month + min(day.day - 1, of_month)
