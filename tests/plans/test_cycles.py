from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.plans import Cycle, Grid, GridChange, closing_on_or_after, cycle_holding, spans_from, stretches
from ispcore.values import Period
from tests.catalogues import february, march

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
closing_days = st.integers(1, 31)


def cycles_from(day: date, closing_day: int) -> Iterator[Cycle]:
    """Yield the monthly cycles from the one that holds *day*."""
    known = stretches([GridChange(date.min, Grid(day=closing_day))])
    return (span.cycle for span in spans_from(day, known))


@pytest.mark.parametrize(
    ("day", "closing_day", "closing"),
    [
        (february(24), 31, february(29)),
        (february(29), 31, february(29)),
        (march(1), 31, march(31)),
        (february(15), 15, february(15)),
        (february(16), 15, march(15)),
        (date(2011, 12, 20), 10, date(2012, 1, 10)),
    ],
)
def test_a_closing_is_the_first_closing_day_from_the_day_on(
    day: date, closing_day: int, closing: date
) -> None:
    assert closing_on_or_after(day, closing_day) == closing


def test_a_cycle_that_a_start_cuts_keeps_its_nominal_length() -> None:
    cycle = cycle_holding(february(24), 31)

    assert cycle.period == Period.through(february(1), february(29))
    assert cycle.closing_day == february(29)
    assert str(cycle) == "01/02/2012 to 29/02/2012, 29 days"


@pytest.mark.covers("S0-011")
def test_the_next_cycle_starts_on_the_day_after_the_closing() -> None:
    first, second = islice(cycles_from(february(24), 31), 2)

    assert first.closing_day == february(29)
    assert second.period == Period.through(march(1), march(31))


def test_closings_on_the_31st_go_through_february_without_drifting() -> None:
    closings = [cycle.closing_day for cycle in islice(cycles_from(date(2012, 1, 15), 31), 5)]

    assert closings == [date(2012, 1, 31), february(29), march(31), date(2012, 4, 30), date(2012, 5, 31)]


@given(days, closing_days)
def test_a_cycle_holds_its_day(day: date, closing_day: int) -> None:
    assert day in cycle_holding(day, closing_day).period


@given(days, closing_days)
def test_every_day_of_a_cycle_has_the_same_cycle(day: date, closing_day: int) -> None:
    cycle = cycle_holding(day, closing_day)

    inside = [cycle.period.start + timedelta(days=n) for n in range(cycle.period.days)]

    assert {cycle_holding(each, closing_day) for each in inside} == {cycle}


@given(days, closing_days)
def test_cycles_tile_the_calendar_without_gap_or_overlap(day: date, closing_day: int) -> None:
    cycles = list(islice(cycles_from(day, closing_day), 30))

    assert all(one.period.end == other.period.start for one, other in pairwise(cycles))


@given(days, closing_days)
def test_a_closing_falls_on_its_day_or_on_the_end_of_a_shorter_month(day: date, closing_day: int) -> None:
    for cycle in islice(cycles_from(day, closing_day), 30):
        next_day = cycle.closing_day + timedelta(days=1)

        assert cycle.closing_day.day == closing_day or (
            cycle.closing_day.day < closing_day and next_day.day == 1
        )
