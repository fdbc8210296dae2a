from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import read_catalogue, simulate
from ispcore.errors import InvalidValueError, NotFoundError
from ispcore.values import Period

STATUSES = read_catalogue({"currency": "BRL"}).statuses


@pytest.mark.covers("S4-005")
def test_ten_days_in_the_trial_are_followed_by_the_enabled_status() -> None:
    spans = simulate(STATUSES, "trial", date(2012, 3, 1), date(2012, 4, 1))

    assert [(str(period), status.code) for period, status in spans] == [
        ("01/03/2012 to 10/03/2012, 10 days", "trial"),
        ("11/03/2012 to 31/03/2012, 21 days", "enabled"),
    ]


def test_a_status_that_does_not_end_lasts_to_the_last_day() -> None:
    spans = simulate(STATUSES, "suspended", date(2012, 3, 1), date(2012, 4, 1))

    assert [(period, status.code) for period, status in spans] == [
        (Period(date(2012, 3, 1), date(2012, 4, 1)), "suspended")
    ]


def test_a_calendar_that_ends_within_the_trial_shows_only_the_trial() -> None:
    spans = simulate(STATUSES, "trial", date(2012, 3, 1), date(2012, 3, 11))

    assert [(period.days, status.code) for period, status in spans] == [(10, "trial")]


@given(st.sampled_from(sorted(STATUSES)), st.integers(1, 40))
def test_the_periods_meet_and_fill_the_calendar(code: str, length: int) -> None:
    since = date(2012, 2, 20)
    until = since + timedelta(length)

    periods = [period for period, _ in simulate(STATUSES, code, since, until)]

    assert periods[0].start == since
    assert periods[-1].end == until
    assert all(one.end == other.start for one, other in pairwise(periods))


def test_what_cannot_be_simulated_is_told() -> None:
    with pytest.raises(NotFoundError):
        simulate(STATUSES, "trail", date(2012, 3, 1), date(2012, 3, 2))
    with pytest.raises(InvalidValueError):
        simulate(STATUSES, "trial", date(2012, 3, 1), date(2012, 3, 1))
