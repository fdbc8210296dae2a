"""Grids of cycles: any length, either anchor, without gap, overlap or drift."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import AnchorKind
from ispcore.plans import Cycle, Grid, GridChange, closing_grid, spans_from, starting_grid, stretches
from ispcore.values import ONE_DAY, Every, Period, add_months, day_in_month
from tests.catalogues import april, february, march

QUARTER, YEAR = Every(months=3), Every(months=12)
WEEK, FORTNIGHT = Every(months=0, weeks=1), Every(months=0, weeks=2)

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
months = st.builds(Every, months=st.integers(1, 36))
weeks = st.builds(Every, months=st.just(0), weeks=st.integers(1, 52))
monthly_closing = st.builds(closing_grid, months, st.integers(1, 31), days)
monthly_starting = st.builds(starting_grid, months, days)
weekly = st.one_of(
    st.builds(closing_grid, weeks, st.integers(1, 7), days), st.builds(starting_grid, weeks, days)
)
grids = st.one_of(monthly_closing, monthly_starting, weekly)


def cycles(grid: Grid, day: date, many: int) -> list[Period]:
    """Return the cycles of *grid* from the one that holds *day*."""
    spans = spans_from(day, stretches([GridChange(date.min, grid)]))
    return [span.cycle.period for span in islice(spans, many)]


def closings(grid: Grid, day: date, many: int = 4) -> list[date]:
    return [cycle.last for cycle in cycles(grid, day, many)]


# --- properties


@given(grids, days)
def test_a_cycle_holds_its_day(grid: Grid, day: date) -> None:
    assert day in grid.holding(day)


@given(grids, days)
def test_cycles_tile_the_calendar_without_gap_or_overlap(grid: Grid, day: date) -> None:
    found = cycles(grid, day, 30)

    assert all(one.end == other.start for one, other in pairwise(found))


@given(grids, days, st.data())
def test_every_day_of_a_cycle_is_held_by_the_same_cycle(grid: Grid, day: date, data: st.DataObject) -> None:
    cycle = grid.holding(day)
    other = cycle.start + timedelta(days=data.draw(st.integers(0, cycle.days - 1)))

    assert grid.holding(other) == cycle
    assert grid.holding(cycle.start - ONE_DAY).end == cycle.start


@given(months, st.integers(1, 31), days)
def test_months_close_on_their_day_or_on_the_end_of_a_shorter_month(
    every: Every, closing_day: int, day: date
) -> None:
    for closing in closings(closing_grid(every, closing_day, day), day, 30):
        assert closing == day_in_month(closing.year, closing.month, closing_day)


@given(months, days)
def test_months_start_on_the_anniversaries_of_the_day(every: Every, start: date) -> None:
    found = cycles(starting_grid(every, start), start, 30)

    assert [cycle.start for cycle in found] == [add_months(start, n * every.months) for n in range(30)]


@given(weeks, st.integers(1, 7), days)
def test_weeks_close_on_their_weekday(every: Every, weekday: int, day: date) -> None:
    found = cycles(closing_grid(every, weekday, day), day, 10)

    assert {cycle.last.isoweekday() for cycle in found} == {weekday}
    assert {cycle.days for cycle in found} == {7 * every.weeks}
    assert found[0].last - day < timedelta(days=7)


@given(weeks, days)
def test_weeks_start_on_the_weekday_of_the_day(every: Every, start: date) -> None:
    found = cycles(starting_grid(every, start), start, 10)

    assert [cycle.start for cycle in found] == [start + timedelta(weeks=n * every.weeks) for n in range(10)]


@given(grids, st.integers(1, 7), days)
def test_another_closing_day_closes_in_the_same_months_or_weeks(grid: Grid, day: int, near: date) -> None:
    moved = grid.closing_on(day, near)

    closing = grid.holding(near).last
    in_month = day_in_month(closing.year, closing.month, day)
    in_week = closing + timedelta(days=day - closing.isoweekday())
    expected = in_week if grid.every.weeks else in_month
    assert moved.holding(expected).last == expected
    assert moved.every == grid.every


@given(st.one_of(monthly_closing, st.builds(closing_grid, weeks, st.integers(1, 7), days)), st.data(), days)
def test_a_closing_day_that_moves_there_and_back_is_the_same_grid(
    grid: Grid, data: st.DataObject, near: date
) -> None:
    there = data.draw(st.integers(1, 7 if grid.every.weeks else 31))

    assert grid.closing_on(there, near).closing_on(grid.day, near) == grid


# --- examples


@pytest.mark.parametrize(
    ("closing_day", "found"),
    [
        (31, [february(29), march(31), april(30), date(2012, 5, 31)]),
        (30, [february(29), march(30), april(30), date(2012, 5, 30)]),
        (29, [february(29), march(29), april(29), date(2012, 5, 29)]),
    ],
)
def test_a_short_month_makes_no_later_closing_drift(closing_day: int, found: list[date]) -> None:
    assert closings(closing_grid(Every(), closing_day, february(1)), february(1)) == found


def test_anniversaries_of_the_31st_do_not_drift_either() -> None:
    starts = [
        cycle.start for cycle in cycles(starting_grid(Every(), date(2012, 1, 31)), date(2012, 1, 31), 4)
    ]

    assert starts == [date(2012, 1, 31), february(29), march(31), april(30)]


def test_a_year_that_starts_on_the_29th_of_february_comes_back_to_it() -> None:
    starts = [cycle.start for cycle in cycles(starting_grid(YEAR, february(29)), february(29), 5)]

    assert starts == [february(29), *(date(year, 2, 28) for year in (2013, 2014, 2015)), date(2016, 2, 29)]


def test_a_quarter_that_closes_on_the_9th_goes_from_february_to_may() -> None:
    grid = closing_grid(QUARTER, 9, february(24))

    assert grid.holding(february(24)) == Period.through(february(10), date(2012, 5, 9))
    assert closings(grid, february(24)) == [date(2012, month, 9) for month in (5, 8, 11)] + [date(2013, 2, 9)]


def test_a_closing_month_holds_quarters_to_the_calendar() -> None:
    grid = closing_grid(QUARTER, 31, march(1))

    assert grid.holding(february(24)) == Period.through(date(2012, 1, 1), march(31))
    assert closings(grid, february(24), 3) == [march(31), date(2012, 6, 30), date(2012, 9, 30)]


def test_a_week_goes_from_monday_to_sunday() -> None:
    week = closing_grid(WEEK, 31, february(24)).holding(february(24))

    assert week == Period.through(february(20), february(26))
    assert (week.start.isoweekday(), week.last.isoweekday()) == (1, 7)


def test_two_weeks_close_on_the_first_such_day_and_then_every_other_week() -> None:
    grid = closing_grid(FORTNIGHT, 3, february(24))

    assert closings(grid, february(24), 3) == [february(29), march(14), march(28)]


def test_a_grid_knows_its_days_before_the_day_it_was_made_from() -> None:
    grid = starting_grid(YEAR, date(2012, 6, 10))

    assert grid.holding(date(2011, 1, 1)) == Period(date(2010, 6, 10), date(2011, 6, 10))
    assert grid.kind is AnchorKind.START


def test_cycles_of_different_grids_are_not_the_same_though_their_days_are() -> None:
    period = Period.through(march(1), march(31))

    assert Cycle(period) != Cycle(period, move=3)
    assert str(Cycle(period, move=3)) == "01/03/2012 to 31/03/2012, 31 days"
