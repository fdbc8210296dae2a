"""The days that a picture shows, and where each of them lies.

Positions are whole hundredths of a percent of the picture's width, so that the browser stretches the picture
and no text is ever scaled. A window ends with what is known and shows so many cycles at most, of any length.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.values import ONE_DAY, Period, add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WHOLE = 10_000
"""The width of a picture."""
MOST_CYCLES = 13
_MOST_NAMED, _MOST_WEEKS = 14, 8
_USUAL_CYCLE = 31
_WEEK = timedelta(days=7)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@frozen(order=True)
class Extent:
    """Where something lies across the picture."""

    x: int
    width: int

    @property
    def end(self) -> int:
        """The first position after it."""
        return self.x + self.width


@frozen
class Window:
    """The shown days."""

    period: Period

    def x(self, day: date) -> int:
        """Return where *day* begins; a day outside lies on the edge."""
        start, end = self.period.start, self.period.end
        return WHOLE * (min(max(day, start), end) - start).days // self.period.days

    def extent(self, period: Period) -> Extent | None:
        """Return where the shown days of *period* lie; None when none is shown."""
        shown = self.period.overlap(period)
        return Extent(self.x(shown.start), self.x(shown.end) - self.x(shown.start)) if shown else None

    def named_days(self) -> tuple[tuple[date, str], ...]:
        """Return the days that a scale names: days, weeks, months, quarters or years, as many as fit."""
        named: tuple[tuple[date, str], ...] = ()
        for steps, name, most in _STEPS:
            named = tuple((day, name(day)) for day in steps(self.period) if day in self.period)
            if len(named) <= most:
                break
        return named


def window_of(life: Period, cycles: Iterable[Period]) -> Window:
    """Return the window for a *life* and the *cycles* that were billed in it.

    It shows all of a life that holds no more than :data:`MOST_CYCLES` cycles, else the last ones.
    """
    known = sorted(set(cycles))
    start = min([life.start, *(cycle.start for cycle in known)])
    end = max([life.end, *(cycle.end for cycle in known)])
    if len(known) > MOST_CYCLES:
        start = known[-MOST_CYCLES].start
    longest = max((cycle.days for cycle in known), default=_USUAL_CYCLE)
    earliest = end.toordinal() - MOST_CYCLES * max(longest, _USUAL_CYCLE)
    return Window(Period(max(start, date.fromordinal(max(earliest, 1))), end))


def _days(period: Period) -> Iterator[date]:
    return (period.start + n * ONE_DAY for n in range(min(period.days, _MOST_NAMED + 1)))


def _weeks(period: Period) -> Iterator[date]:
    monday = period.start + timedelta(days=-period.start.weekday() % 7)
    return (monday + n * _WEEK for n in range(_MOST_NAMED + 1))


def _every(months: int) -> Callable[[Period], Iterator[date]]:
    def steps(period: Period) -> Iterator[date]:
        day = period.start.replace(day=1)
        first = add_months(day, -((day.year * 12 + day.month - 1) % months))
        return (add_months(first, n * months) for n in range(period.days // (28 * months) + 2))

    return steps


def month(day: date) -> str:
    """Return the month of *day* as people write it: ``Feb 2012``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


_STEPS: tuple[tuple[Callable[[Period], Iterator[date]], Callable[[date], str], int], ...] = (
    (_days, "{:%d/%m}".format, _MOST_NAMED),
    (_weeks, "{:%d/%m}".format, _MOST_WEEKS),
    (_every(1), month, _MOST_NAMED),
    (_every(3), month, _MOST_NAMED),
    (_every(12), "{:%Y}".format, _MOST_NAMED),
    (_every(60), "{:%Y}".format, _MOST_NAMED),
    (_every(240), "{:%Y}".format, _MOST_NAMED),
)
