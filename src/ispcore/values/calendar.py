"""Business days: a port, and one plain calendar of weekends and listed days.

A national pack brings its own calendar; the core only asks whether a day is one.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values.freezing import as_frozenset
from ispcore.values.period import ONE_DAY

_FRIDAY = 4
_LONGEST_CLOSURE = 31


class BusinessCalendar(Protocol):
    """Tells business days from others."""

    def is_business_day(self, day: date) -> bool:
        """Tell whether banks and offices work on *day*."""
        ...


@frozen
class PlainCalendar:
    """Monday to Friday, except the listed *holidays*."""

    holidays: frozenset[date] = field(default=frozenset(), converter=as_frozenset)

    def is_business_day(self, day: date) -> bool:
        """Tell whether *day* is a weekday that is not listed."""
        return day.weekday() <= _FRIDAY and day not in self.holidays


def next_business_day(calendar: BusinessCalendar, day: date) -> date:
    """Return *day*, or the first business day after it.

    Raises:
        InvalidValueError: the calendar is closed for more than a month.
    """
    found = day
    while not calendar.is_business_day(found):
        found += ONE_DAY
        if (found - day).days > _LONGEST_CLOSURE:
            raise InvalidValueError(f"The calendar has no business day within a month from {day}.")
    return found
