from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import (
    SHIPPED_STATUSES,
    Bucket,
    Serves,
    Status,
    WayEnd,
    read_catalogue,
    simulate,
    ways,
)
from ispcore.catalog.checking import check_statuses
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


def status(code: str, **more: Any) -> Status:
    usual = {"description": code, "bucket": Bucket.PENDING, "bills": False, "serves": Serves.OFF}
    return Status(code=code, **{**usual, **more})


MARCH = Period(date(2012, 3, 1), date(2012, 4, 1))


def leads(*statuses: Status) -> dict[str, str]:
    found = ways({one.code: one for one in statuses}, MARCH.start, MARCH.end)
    return {way.code: way.leads_to.value for way in found}


@pytest.mark.parametrize("name", SHIPPED_STATUSES)
def test_the_shipped_lists_drive_the_same_engine_and_nobody_gets_stuck_in_them(name: str) -> None:
    statuses = read_catalogue({"currency": "BRL", "use_statuses": name}).statuses

    found = ways(statuses, MARCH.start, MARCH.end)

    assert all(way.is_sound for way in found)
    assert {way.code: way.leads_to.value for way in found if way.code in {"enabled", "cancelled"}} == {
        "enabled": "enabled",
        "cancelled": "cancelled",
    }


def test_a_loop_is_found_and_laid_out_over_the_calendar() -> None:
    a = status("a", days=10, next="b")
    b = status("b", days=20, next="a")

    way, _ = ways({"a": a, "b": b}, MARCH.start, MARCH.end)

    assert (way.leads_to, way.is_sound) == (WayEnd.LOOP, False)
    assert [(period.days, code) for period, code in way.spans] == [(10, "a"), (20, "b"), (1, "a")]


def test_dead_ends_are_found_from_wherever_one_gets_there() -> None:
    stuck = status("stuck", may_change_by_hand=False)

    assert leads(stuck, status("before", days=3, next="stuck"), status("free")) == {
        "stuck": "dead_end",
        "before": "dead_end",
        "free": "by_hand",
    }


def test_a_way_that_names_no_status_stops_before_it() -> None:
    assert leads(status("a", days=3, next="gone")) == {"a": "by_hand"}


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 4), st.booleans(), st.booleans()), min_size=1, max_size=5
    )
)
def test_a_list_with_an_unsound_way_is_refused(drawn: list[tuple[int, int, bool, bool]]) -> None:
    statuses = {
        f"s{number}": status(
            f"s{number}",
            days=days if timed else None,
            next=f"s{to % len(drawn)}" if timed else None,
            may_change_by_hand=by_hand,
        )
        for number, (days, to, timed, by_hand) in enumerate(drawn)
    }

    sound = all(way.is_sound for way in ways(statuses, MARCH.start, MARCH.end))

    messages = [problem.message for problem in check_statuses(statuses)]
    assert sound is not any("dead end" in text or "loop" in text for text in messages)
