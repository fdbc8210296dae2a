"""Subscriptions that lived in another system."""

from datetime import date
from typing import Any

import pytest

from ispcore.errors import RefusedError
from ispcore.plans import (
    ForeignOrigin,
    ImportSubscription,
    Timeline,
    billing_defaults,
    enabled_on,
    first_activation,
    first_billed_day,
)
from tests.catalogues import CUSTOMER, february, march, opened, setting


def imported(plan: str = "adsl", **more: Any) -> Timeline:
    usual = {"status": "enabled", "charge_method": "slip", "due_day": 10, "on": february(1)}
    command = ImportSubscription(
        customer=CUSTOMER, plan=plan, system="old", foreign_id="A-9", **{**usual, **more}
    )
    return opened(command, setting(march(20)))


def test_nothing_up_to_the_last_day_billed_elsewhere_is_computed() -> None:
    timeline = imported(billed_through=february(29))

    assert timeline.last.started_on == march(1)
    assert first_billed_day(timeline) == march(1)


def test_without_a_billed_day_everything_from_its_day_on_is_computed() -> None:
    assert first_billed_day(imported(on=february(10))) == february(10)


def test_days_before_a_later_first_day_are_not_computed_either() -> None:
    timeline = imported(on=march(10), billed_through=february(29))

    assert first_billed_day(timeline) == march(10)


def test_without_a_day_it_goes_on_where_the_other_system_stopped() -> None:
    timeline = imported(on=None, billed_through=february(29))

    assert timeline.last.started_on == march(1)


def test_what_happened_elsewhere_is_kept() -> None:
    timeline = imported(
        billed_through=february(29),
        activated_on=date(2010, 5, 3),
        status_since=date(2011, 8, 1),
        fidelity_from=date(2010, 6, 1),
    )

    state = timeline.last
    assert state.origin == ForeignOrigin(
        system="old",
        id="A-9",
        billed_through=february(29),
        activated_on=date(2010, 5, 3),
        trial_used=True,
        fidelity_from=date(2010, 6, 1),
    )
    assert state.status_since == date(2011, 8, 1)
    assert first_activation(state) == date(2010, 5, 3)
    assert enabled_on(state) == date(2011, 8, 1)


def test_an_activation_elsewhere_is_known_though_the_subscription_is_suspended_here() -> None:
    state = imported(status="suspended", activated_on=date(2010, 5, 3)).last

    assert first_activation(state) == date(2010, 5, 3)
    assert enabled_on(state) is None


def test_without_days_from_elsewhere_it_was_activated_on_its_first_day_here() -> None:
    state = imported(on=february(1)).last

    assert (first_activation(state), enabled_on(state)) == (february(1), february(1))


def test_the_trial_of_the_policy_is_not_given_again() -> None:
    timeline = imported("trial-days", on=february(1))

    assert timeline.last.free_until is None
    assert first_billed_day(timeline) == february(1)


def test_a_timed_status_goes_on_from_the_day_it_was_entered_elsewhere() -> None:
    timeline = imported(status="trial", on=february(10), status_since=february(8))

    assert first_billed_day(timeline) == february(18)


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"status_since": february(2)}, "The status was entered on 2012-02-02, after 2012-02-01"),
        (
            {"status": "trial", "status_since": date(2012, 1, 22)},
            "The status of 2012-01-22 was over on 2012-02-01, not after 2012-02-01",
        ),
        ({"activated_on": february(2)}, "It was activated on 2012-02-02, after 2012-02-01"),
    ],
)
def test_its_status_is_the_one_of_the_first_day_computed_here(days: dict[str, Any], problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        imported(on=february(1), **days)


def test_it_sets_how_a_customer_is_charged_like_any_first_subscription() -> None:
    timeline = imported(charge_method="card", due_day=20)

    defaults = billing_defaults(timeline.facts[0].payload)

    assert (defaults.charge_method, defaults.due_day) == ("card", 20)
