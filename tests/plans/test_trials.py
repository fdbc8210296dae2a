"""Until when a new subscription is tried for nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Bucket, Serves, Trial, TrialKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import Grid, first_billed_day
from ispcore.plans.trials import longest_trial, trial_end
from tests.catalogues import catalogue, february, march, setting, subscribed


def days(count: int) -> Trial:
    return Trial(TrialKind.DAYS, count)


@pytest.mark.parametrize(
    ("trial", "first"),
    [
        (Trial(), february(24)),
        (days(0), february(24)),
        (days(3), february(27)),
        (days(10), march(5)),
        (Trial(TrialKind.MONTH), march(1)),
        (Trial(TrialKind.CYCLE), march(1)),
    ],
)
def test_the_first_billed_day_follows_the_trial(trial: Trial, first: date) -> None:
    timeline = subscribed("adsl", on=february(24), trial=trial)

    assert first_billed_day(timeline) == first


@pytest.mark.covers("S0-012")
def test_the_start_day_is_the_first_of_the_trial_days() -> None:
    state = subscribed("trial-days", on=february(24)).last

    assert state.free_until == february(27)


@pytest.mark.covers("S0-015")
def test_by_policy_the_rest_of_the_month_is_trial_without_typing_any_days() -> None:
    timeline = subscribed("trial-month", on=february(24))

    assert first_billed_day(timeline) == march(1)


def test_the_rest_of_the_cycle_may_end_within_a_month() -> None:
    timeline = subscribed("trial-cycle", on=february(24))

    assert timeline.last.terms.closing_day == 10
    assert first_billed_day(timeline) == march(11)


def test_a_subscription_may_waive_the_trial_of_its_policy() -> None:
    timeline = subscribed("trial-month", trial=Trial())

    assert first_billed_day(timeline) == timeline.last.started_on


def test_of_several_trials_the_one_that_ends_last_wins_and_they_never_add_up() -> None:
    shorter = subscribed("trial-days", on=february(24), trial=days(2))
    longer = subscribed("trial-days", on=february(24), trial=days(5))

    assert first_billed_day(shorter) == february(27)
    assert first_billed_day(longer) == february(29)


@pytest.mark.covers("S4-004", "S4-005", "S4-006", "S4-007", "S4-008", "S4-012")
def test_a_timed_status_serves_for_ten_days_and_bills_from_the_eleventh() -> None:
    timeline = subscribed("trial-status", on=february(24), status=None)

    tenth, eleventh = timeline.on(march(4)), timeline.on(march(5))

    assert tenth is not None
    assert (tenth.status.code, tenth.bucket, tenth.serves, tenth.bills) == (
        "trial",
        Bucket.ACTIVE,
        Serves.FULL,
        False,
    )
    assert eleventh is not None
    assert (eleventh.status.code, eleventh.bills) == ("enabled", True)
    assert first_billed_day(timeline) == march(5)


def test_of_two_timed_statuses_the_longer_one_is_entered() -> None:
    week = {
        "description": "Uma semana",
        "bucket": "active",
        "bills": False,
        "serves": "full",
        "days": 7,
        "next": "enabled",
    }
    known = setting(catalogue=catalogue(statuses={"week": week}))
    trial = Trial(TrialKind.STATUS, status="week")

    ten_days = subscribed("trial-status", status=None, trial=trial, at=known)
    seven_days = subscribed("adsl", status=None, trial=trial, at=known)

    assert ten_days.last.status.code == "trial"
    assert seven_days.last.status.code == "week"


def test_a_status_that_never_ends_is_no_trial() -> None:
    with pytest.raises(RefusedError, match="'admin_suspended' never ends, so it is no trial"):
        subscribed(status=None, trial=Trial(TrialKind.STATUS, status="admin_suspended"))


def test_a_trial_in_an_unknown_status_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no status 'free'"):
        subscribed(status=None, trial=Trial(TrialKind.STATUS, status="free"))


@pytest.mark.parametrize(
    ("kind", "days", "status"),
    [
        (TrialKind.STATUS, 0, None),
        (TrialKind.DAYS, -1, None),
        (TrialKind.DAYS, 4_000_000, None),
        (TrialKind.DAYS, 3.5, None),
        ("days", 3, None),
    ],
)
def test_a_trial_that_cannot_be_is_refused_where_it_is_made(kind: Any, days: Any, status: str | None) -> None:
    with pytest.raises(InvalidValueError):
        Trial(kind, days, status)


starts = st.dates(date(2000, 1, 1), date(2050, 12, 31))
trials = st.one_of(
    st.builds(days, st.integers(0, 90)),
    st.sampled_from([Trial(), Trial(TrialKind.MONTH), Trial(TrialKind.CYCLE)]),
)


@given(st.lists(trials, max_size=4), starts, st.integers(1, 31))
def test_the_longest_trial_is_one_of_them_and_none_ends_later(
    tried: list[Trial], start: date, closing_day: int
) -> None:
    trial, end = longest_trial(tuple(tried), start, Grid(day=closing_day))

    ends = [trial_end(each, start, Grid(day=closing_day)) or start for each in tried]
    assert (end or start) == max(ends, default=start)
    assert trial in (tried or [Trial()])


@given(starts, st.integers(1, 31))
def test_the_rest_of_a_month_or_cycle_is_never_more_than_one(start: date, closing_day: int) -> None:
    for kind in (TrialKind.MONTH, TrialKind.CYCLE):
        end = trial_end(Trial(kind), start, Grid(day=closing_day))

        assert end is not None
        assert start < end <= start + timedelta(days=31)
