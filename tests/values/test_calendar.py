from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import PlainCalendar, next_business_day

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2012, 9, day) for day in (7, 8, 9, 10))


def test_weekends_and_listed_holidays_are_no_business_days() -> None:
    calendar = PlainCalendar(frozenset({FRIDAY}))

    assert [calendar.is_business_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        False,
        False,
        False,
        True,
    ]


def test_the_next_business_day_is_the_day_itself_or_the_first_after_it() -> None:
    assert next_business_day(PlainCalendar(), FRIDAY) == FRIDAY
    assert next_business_day(PlainCalendar([FRIDAY]), FRIDAY) == MONDAY


def test_a_calendar_that_never_opens_is_refused() -> None:
    class Closed:
        def is_business_day(self, day: date) -> bool:
            return day < date.min

    with pytest.raises(InvalidValueError, match=r"no business day within a month"):
        next_business_day(Closed(), MONDAY)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.frozensets(st.dates(), max_size=5))
def test_moving_twice_changes_nothing(day: date, holidays: frozenset[date]) -> None:
    calendar = PlainCalendar(holidays)
    moved = next_business_day(calendar, day)

    assert moved >= day
    assert next_business_day(calendar, moved) == moved
