"""Cycles: the spans that are billed at once, on a grid of days.

A closing day is the last included day of its cycle; 31 means the month's end. Days are clamped to the month
and never drift. A grid does not depend on when a subscription starts, so a first cycle keeps its full,
nominal length as the denominator of what is owed for its part.

When the closing day moves, the old cycle finishes, or is cut; then a bridge follows, a part of the cycle of
the new grid. Billed days never overlap and leave no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.catalog import AnchorKind
from ispcore.values import ONE_DAY, Every, Period, add_months, day_in_month

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHLY = Every()
_MONTHS, _WEEK = 12, 7


@frozen(cache_hash=True)
class Grid:
    """Days cut into cycles of one length, without end in both directions.

    ``day`` is the closing day or the starting day, 1 to 31 (of a week 1 to 7). ``phase`` tells which months
    (by their number since year 0) or which days (by their ordinal) are taken, where that is not every one.
    """

    kind: AnchorKind = AnchorKind.CLOSING
    day: int = 31
    every: Every = MONTHLY
    phase: int = 0

    def holding(self, day: date) -> Period:
        """Return the nominal cycle that holds *day*.

        >>> from datetime import date
        >>> print(Grid(day=31).holding(date(2012, 2, 24)))
        01/02/2012 to 29/02/2012, 29 days
        """
        if self.every.weeks:
            return self._weeks_holding(day)
        months = self.every.months
        index = day.year * _MONTHS + day.month - 1
        if self.kind is AnchorKind.START:
            if _in_month(index, self.day) > day:
                index -= 1
            index -= (index - self.phase) % months
            return Period(_in_month(index, self.day), _in_month(index + months, self.day))
        if _in_month(index, self.day) < day:
            index += 1
        index += (self.phase - index) % months
        return Period.through(_in_month(index - months, self.day) + ONE_DAY, _in_month(index, self.day))

    def _weeks_holding(self, day: date) -> Period:
        days = _WEEK * self.every.weeks
        first = self.phase + (self.kind is AnchorKind.CLOSING)
        start = day - timedelta(days=(day.toordinal() - first) % days)
        return Period(start, start + timedelta(days=days))

    def closing_on(self, closing_day: int, near: date) -> Grid:
        """Return the grid of the same length that closes on *closing_day*, in the months that this one does.

        *near* tells which months those are. Weeks close in those, Monday to Sunday, that this one's close in.
        """
        last = self.holding(near).last
        if self.every.weeks:
            last -= timedelta(days=last.weekday())
        return closing_grid(self.every, closing_day, last)


def closing_grid(every: Every, closing_day: int, near: date) -> Grid:
    """Return the grid of cycles that close on *closing_day*, one of them in the month of *near*.

    Of weeks one closes on the first such day on or after *near*.
    """
    if every.weeks:
        weekday = min(closing_day, _WEEK)
        closing = near + timedelta(days=(weekday - near.isoweekday()) % _WEEK)
        return Grid(AnchorKind.CLOSING, weekday, every, closing.toordinal() % (_WEEK * every.weeks))
    return Grid(AnchorKind.CLOSING, closing_day, every, _month_index(near) % every.months)


def starting_grid(every: Every, start: date) -> Grid:
    """Return the grid of cycles of which one starts on *start*."""
    if every.weeks:
        phase = start.toordinal() % (_WEEK * every.weeks)
        return Grid(AnchorKind.START, start.isoweekday(), every, phase)
    return Grid(AnchorKind.START, start.day, every, _month_index(start) % every.months)


def _month_index(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


def _in_month(index: int, day: int) -> date:
    return day_in_month(index // _MONTHS, index % _MONTHS + 1, day)


@frozen(order=True, cache_hash=True)
class Cycle:
    """A nominal cycle.

    ``move`` tells the grids of one subscription apart: the sequence of the fact that moved the closing day,
    0 for the first grid.
    """

    period: Period
    move: int = 0

    @property
    def closing_day(self) -> date:
        """The day on which the cycle closes, its last."""
        return self.period.last

    def __str__(self) -> str:
        """Show the cycle's days."""
        return str(self.period)


def cycle_holding(day: date, closing_day: int) -> Cycle:
    """Return the monthly cycle that holds *day*.

    >>> from datetime import date
    >>> print(cycle_holding(date(2012, 2, 24), 31))
    01/02/2012 to 29/02/2012, 29 days
    """
    return Cycle(Grid(day=closing_day).holding(day))


def closing_on_or_after(day: date, closing_day: int) -> date:
    """Return the first such day of a month on or after *day*."""
    this_month = day_in_month(day.year, day.month, closing_day)
    return this_month if this_month >= day else add_months(this_month, 1, anchor_day=closing_day)


@frozen
class GridChange:
    """From *on* another grid is wanted; *cut* says whether the cycle that holds that day ends before it."""

    on: date
    grid: Grid
    move: int = 0
    cut: bool = False


@frozen
class Stretch:
    """The days from *since* up to, and without, *until*: billed on one grid."""

    since: date
    until: date
    grid: Grid
    move: int


@frozen
class BilledSpan:
    """A cycle and its days that are billed: all of them, but for a bridge and a cut cycle."""

    cycle: Cycle
    days: Period


def stretches(changes: Sequence[GridChange]) -> tuple[Stretch, ...]:
    """Return the stretches that *changes*, by day, make; the first holds since ever."""
    first = changes[0]
    if len(changes) == 1:
        return _only(first.grid, first.move)
    found = [GridChange(date.min, first.grid, first.move)]
    for change in changes[1:]:
        while found[-1].on > change.on:
            found.pop()
        running = found[-1].grid
        if change.grid != running:
            since = change.on if change.cut else running.holding(change.on).end
            found.append(GridChange(since, change.grid, change.move))
    ends = [*(change.on for change in found[1:]), date.max]
    return tuple(
        Stretch(change.on, until, change.grid, change.move)
        for change, until in zip(found, ends, strict=True)
        if change.on < until
    )


# A provider's subscriptions share a few grids, and closings look at the same few cycles of them.
@lru_cache(maxsize=4_096)
def _only(grid: Grid, move: int) -> tuple[Stretch, ...]:
    return (Stretch(date.min, date.max, grid, move),)


@lru_cache(maxsize=4_096)
def _span_of(grid: Grid, move: int, since: date, until: date, day: date) -> BilledSpan:
    """Return the billed span of a stretch that holds *day*."""
    nominal = grid.holding(day)
    days = Period(max(nominal.start, since), min(nominal.end, until))
    return BilledSpan(Cycle(nominal, move), days)


def spans_from(day: date, known: Sequence[Stretch]) -> Iterator[BilledSpan]:
    """Yield the billed span that holds *day* and those after it, without end."""
    for stretch in known:
        at = max(day, stretch.since)
        while at < stretch.until:
            span = _span_of(stretch.grid, stretch.move, stretch.since, stretch.until, at)
            yield span
            at = span.cycle.period.end


def billed_days(cycle: Cycle, known: Sequence[Stretch]) -> Period | None:
    """Return the days of *cycle* that are billed; None where it is none of the subscription's cycles."""
    for stretch in known:
        if stretch.move == cycle.move and stretch.grid.holding(cycle.period.start) == cycle.period:
            return cycle.period.overlap(Period(stretch.since, stretch.until))
    return None
