from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import ONE_DAY, Period, add_months, day_in_month

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(length)), days, st.integers(1, 4000)
)


def test_the_end_day_is_not_in_the_period() -> None:
    february = Period(date(2012, 2, 1), date(2012, 3, 1))

    assert date(2012, 2, 1) in february
    assert february.last == date(2012, 2, 29)
    assert february.last in february
    assert february.end not in february
    assert february.days == 29


def test_people_read_both_ends_included() -> None:
    assert str(Period.through(date(2012, 2, 24), date(2012, 2, 29))) == "24/02/2012 to 29/02/2012, 6 days"
    assert str(Period.through(date(2012, 2, 29), date(2012, 2, 29))) == "29/02/2012 to 29/02/2012, 1 day"


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_without_a_day_does_not_exist(length: int) -> None:
    with pytest.raises(InvalidValueError, match=r"holds no day"):
        Period(date(2012, 2, 24), date(2012, 2, 24) + timedelta(length))


@given(periods, periods)
def test_an_overlap_lies_in_both_and_is_the_same_from_either_side(one: Period, other: Period) -> None:
    both = one.overlap(other)

    assert both == other.overlap(one)
    assert (both is None) is (one.end <= other.start or other.end <= one.start)
    if both is not None:
        assert both.start in one
        assert both.last in one
        assert both.start in other
        assert both.last in other


@given(periods, days)
def test_a_period_cut_on_a_day_keeps_all_its_days(period: Period, day: date) -> None:
    if day in period and day != period.start:
        before, after = Period(period.start, day), Period(day, period.end)

        assert before.overlap(after) is None
        assert before.days + after.days == period.days


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2012, 2, 24), 1, date(2012, 3, 24)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2011, 1, 31), 1, date(2011, 2, 28)),
        (date(2012, 12, 31), 2, date(2013, 2, 28)),
        (date(2012, 1, 15), -1, date(2011, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(days, st.integers(1, 31), st.lists(st.integers(1, 12), max_size=30))
def test_steps_by_an_anchor_day_never_drift(first: date, anchor: int, steps: list[int]) -> None:
    walked = add_months(first, 0, anchor_day=anchor)
    for step in steps:
        walked = add_months(walked, step, anchor_day=anchor)

    assert walked == add_months(first, sum(steps), anchor_day=anchor)
    assert walked.day == anchor or (walked.day < anchor and (walked + ONE_DAY).day == 1)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_no_month_has_that_day(day: int) -> None:
    with pytest.raises(InvalidValueError, match=r"not a day of any month"):
        day_in_month(2012, 1, day)


def test_day_31_means_the_last_day_of_a_month() -> None:
    assert day_in_month(2012, 2, 31) == date(2012, 2, 29)
    assert day_in_month(2012, 4, 31) == date(2012, 4, 30)
