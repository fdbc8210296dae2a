"""Spans of days, half-open inside and inclusive when shown.

A :class:`Period` holds its start day and not its end day; a person reads "24/02/2012 to 29/02/2012, 6 days".
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

from attrs import frozen

from ispcore.errors import InvalidValueError

ONE_DAY = timedelta(days=1)
_LONGEST_MONTH = 31


@frozen(order=True, cache_hash=True)
class Period:
    """The days from *start* up to, and without, *end*."""

    start: date
    end: date

    def __attrs_post_init__(self) -> None:
        """Refuse a span without a day."""
        if self.end <= self.start:
            raise InvalidValueError(f"A period from {self.start} to {self.end} (exclusive) holds no day.")

    @staticmethod
    def through(first: date, last: date) -> Period:
        """Return the period from *first* to *last*, both included."""
        return Period(first, last + ONE_DAY)

    @property
    def last(self) -> date:
        """The last day that lies in the period."""
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        """How many days lie in the period."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        """Tell whether *day* lies in the period."""
        return self.start <= day < self.end

    def overlap(self, other: Period) -> Period | None:
        """Return the days that lie in both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def __str__(self) -> str:
        """Show the period as people read it, both ends included."""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        return f"{self.start:%d/%m/%Y} to {self.last:%d/%m/%Y}, {days}"


# Billing asks for the same few days again and again.
@lru_cache(maxsize=4_096)
def day_in_month(year: int, month: int, day: int) -> date:
    """Return *day* of that month, clamped to the month's last day.

    >>> day_in_month(2012, 2, 31)
    datetime.date(2012, 2, 29)
    """
    if not 1 <= day <= _LONGEST_MONTH:
        raise InvalidValueError(
            f"{day} is not a day of any month.", hint="Use 1 to 31; 31 means the last day."
        )
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """Return *day* moved by *months*, clamped to the month's end.

    With *anchor_day* the day of the month comes from there, so that repeated steps never drift:
    31 gives 29 February, then 31 March.
    """
    index = day.year * 12 + day.month - 1 + months
    return day_in_month(index // 12, index % 12 + 1, anchor_day or day.day)
