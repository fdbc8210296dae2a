"""Cycles: the spans that are billed at once, on a grid of closing days.

A closing day is the last included day of its cycle; 31 means the month's end. Days are clamped to the month
and never drift. The grid does not depend on when a subscription starts, so a first cycle keeps its full,
nominal length as the denominator of what is owed for its part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.values import ONE_DAY, Period, add_months, day_in_month

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@frozen(order=True)
class Cycle:
    """A nominal cycle; *moves* counts how often the closing day had moved before it."""

    period: Period
    moves: int = 0

    @property
    def closing_day(self) -> date:
        """The day on which the cycle closes, its last."""
        return self.period.last

    def __str__(self) -> str:
        """Show the cycle's days."""
        return str(self.period)


def closing_on_or_after(day: date, closing_day: int) -> date:
    """Return the first closing on or after *day*."""
    this_month = day_in_month(day.year, day.month, closing_day)
    return this_month if this_month >= day else add_months(this_month, 1, anchor_day=closing_day)


def cycle_holding(day: date, closing_day: int) -> Cycle:
    """Return the cycle that holds *day*.

    >>> from datetime import date
    >>> print(cycle_holding(date(2012, 2, 24), 31))
    01/02/2012 to 29/02/2012, 29 days
    """
    closing = closing_on_or_after(day, closing_day)
    before = add_months(closing, -1, anchor_day=closing_day)
    return Cycle(Period.through(before + ONE_DAY, closing))


def cycles_from(day: date, closing_day: int) -> Iterator[Cycle]:
    """Yield the cycle that holds *day* and those after it, without end."""
    cycle = cycle_holding(day, closing_day)
    while True:
        yield cycle
        cycle = cycle_holding(cycle.period.end, closing_day)
