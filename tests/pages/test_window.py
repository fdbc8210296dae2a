"""Which days a picture shows, and where they lie."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.pages.window import MOST_CYCLES, WHOLE, Window, window_of
from ispcore.values import ONE_DAY, Period, add_months

days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(length)), days, st.integers(1, 11_000)
)


def months(first: date, count: int, each: int = 1) -> list[Period]:
    starts = [add_months(first, n * each) for n in range(count + 1)]
    return [Period(start, end) for start, end in itertools.pairwise(starts)]


def test_a_day_in_the_middle_lies_in_the_middle() -> None:
    window = Window(Period(date(2012, 2, 1), date(2012, 2, 11)))

    assert [window.x(date(2012, 2, day)) for day in (1, 6, 11)] == [0, WHOLE // 2, WHOLE]


def test_a_day_outside_lies_on_the_edge() -> None:
    window = Window(Period(date(2012, 2, 1), date(2012, 2, 11)))

    assert (window.x(date(2012, 1, 1)), window.x(date(2013, 1, 1))) == (0, WHOLE)
    assert window.extent(Period.through(date(2012, 3, 1), date(2012, 3, 5))) is None


@given(periods, st.data())
def test_widths_are_proportional_to_days(shown: Period, data: st.DataObject) -> None:
    window = Window(shown)
    first = data.draw(st.dates(shown.start, shown.last))
    part = Period(first, data.draw(st.dates(first + ONE_DAY, shown.end)))

    extent = window.extent(part)

    assert extent is not None
    assert abs(extent.width * shown.days - WHOLE * part.days) < shown.days
    assert 0 <= extent.x <= extent.end <= WHOLE


@given(periods, st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 40), st.sampled_from([1, 3, 12]))
def test_the_last_cycles_are_always_shown(life: Period, first: date, count: int, each: int) -> None:
    cycles = months(first.replace(day=1), count, each)

    window = window_of(life, cycles)

    ends = max([life.end, *(cycle.end for cycle in cycles)])
    shown = [cycle for cycle in cycles if window.period.overlap(cycle)]
    assert window.period.end == ends
    assert len(shown) <= MOST_CYCLES
    assert shown == (cycles[-len(shown) :] if shown else [])


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (date(2012, 2, 24), date(2012, 2, 26), ["24/02", "25/02", "26/02"]),
        (date(2012, 2, 1), date(2012, 2, 29), ["06/02", "13/02", "20/02", "27/02"]),
        (date(2012, 2, 24), date(2012, 4, 30), ["Mar 2012", "Apr 2012"]),
        (date(2010, 1, 1), date(2012, 12, 31), ["Jan 2010", "Apr 2010", "Jul 2010", "Oct 2010", "Jan 2011"]),
        (date(2000, 1, 1), date(2012, 12, 31), ["2000", "2001", "2002", "2003", "2004"]),
        (date(1990, 6, 1), date(2020, 1, 1), ["1995", "2000", "2005", "2010", "2015"]),
    ],
)
def test_the_scale_names_days_weeks_months_quarters_or_years(
    first: date, last: date, named: list[str]
) -> None:
    window = Window(Period.through(first, last))

    assert [name for _, name in window.named_days()][:5] == named


@given(periods)
def test_the_scale_names_few_days_of_the_window_in_order(shown: Period) -> None:
    named = [day for day, _ in Window(shown).named_days()]

    assert len(named) <= 14
    assert named == sorted(set(named))
    assert all(day in shown for day in named)
