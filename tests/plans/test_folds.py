"""The days that a life is asked for: activation, enabling, suspension, and the first one that is billed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Trial, TrialKind
from ispcore.plans import (
    Annul,
    Cancel,
    ChangePlan,
    Delete,
    Enable,
    Pause,
    Resume,
    Retract,
    State,
    SubscriptionCommand,
    Suspend,
    Timeline,
    Unpause,
    enabled_on,
    first_activation,
    first_billed_day,
    last_activation,
    previous_activation,
    suspended_on,
)
from tests.catalogues import SUBSCRIPTION, april, do, february, march, moved, subscribed

ENABLE = Enable(subscription=SUBSCRIPTION)
SUSPEND = Suspend(subscription=SUBSCRIPTION)
RESUME = Resume(subscription=SUBSCRIPTION)
PAUSE = Pause(subscription=SUBSCRIPTION)
UNPAUSE = Unpause(subscription=SUBSCRIPTION)


def lived(timeline: Timeline, *steps: tuple[SubscriptionCommand, date]) -> Timeline:
    for command, day in steps:
        timeline = do(timeline, command, day)
    return timeline


def state_on(timeline: Timeline, day: date) -> State:
    state = timeline.on(day)
    assert state is not None
    return state


# --- activation, enabling, suspension


def test_before_it_is_enabled_none_of_the_days_is_known() -> None:
    state = subscribed(status=None).last

    days = [first_activation(state), last_activation(state), previous_activation(state)]
    assert [*days, enabled_on(state), suspended_on(state)] == [None] * 5


@pytest.mark.covers("S0-090", "S2-015", "S2-016")
def test_each_resumption_is_an_activation() -> None:
    timeline = lived(
        subscribed(status=None),
        (ENABLE, march(1)),
        (SUSPEND, march(10)),
        (RESUME, march(20)),
        (SUSPEND, april(1)),
        (RESUME, april(5)),
    )

    state = timeline.last
    assert first_activation(state) == march(1)
    assert previous_activation(state) == march(20)
    assert last_activation(state) == april(5)
    assert enabled_on(state) == april(5)
    assert suspended_on(state) == april(1)


def test_one_activation_has_none_before_it() -> None:
    state = subscribed(on=february(24)).last

    assert (first_activation(state), last_activation(state)) == (february(24), february(24))
    assert previous_activation(state) is None


def test_a_state_knows_the_days_up_to_its_own() -> None:
    timeline = lived(subscribed(on=february(24)), (SUSPEND, march(10)), (RESUME, march(20)))

    assert last_activation(state_on(timeline, march(19))) == february(24)
    assert last_activation(state_on(timeline, march(20))) == march(20)


def test_a_trial_that_serves_is_the_activation_and_its_end_the_enabling() -> None:
    state = state_on(subscribed("trial-status", on=february(24), status=None), march(5))

    assert (first_activation(state), last_activation(state)) == (february(24), february(24))
    assert enabled_on(state) == march(5)


@pytest.mark.covers("S2-029")
def test_the_day_of_suspension_is_shown_on_inactive_and_cancelled_subscriptions() -> None:
    suspended = lived(subscribed(), (SUSPEND, march(10)))
    cancelled = lived(suspended, (Cancel(subscription=SUBSCRIPTION, reason="moved"), march(20)))

    assert suspended_on(suspended.last) == march(10)
    assert suspended_on(cancelled.last) == march(10)


def test_a_subscription_may_begin_suspended() -> None:
    assert suspended_on(subscribed(status="suspended", on=february(24)).last) == february(24)


def test_a_pause_is_neither_a_suspension_nor_an_activation() -> None:
    state = lived(subscribed(on=february(24)), (PAUSE, march(1)), (UNPAUSE, march(5))).last

    assert (suspended_on(state), last_activation(state)) == (None, february(24))


def test_a_retraction_takes_its_day_back() -> None:
    retract = Retract(subscription=SUBSCRIPTION, fact=2)

    state = lived(subscribed(), (SUSPEND, march(10)), (retract, march(11))).last

    assert suspended_on(state) is None


def test_a_successor_knows_when_its_status_was_entered() -> None:
    _, new = moved(
        subscribed(on=february(24)), ChangePlan(subscription=SUBSCRIPTION, plan="fibre"), march(10)
    )

    assert (first_activation(new.last), enabled_on(new.last)) == (february(24), february(24))


# --- the first billed day


def test_the_first_billed_day_is_the_start_day_of_an_enabled_subscription() -> None:
    assert first_billed_day(subscribed(on=february(24))) == february(24)


def test_what_awaits_its_installation_is_billed_from_the_day_it_is_enabled() -> None:
    waiting = subscribed(status=None, on=february(24))

    assert first_billed_day(waiting) is None
    assert first_billed_day(lived(waiting, (ENABLE, march(8)))) == march(8)


@pytest.mark.parametrize(("enabled", "first"), [(february(25), february(27)), (march(8), march(8))])
def test_the_trial_counts_from_the_start_day_and_not_from_the_enabling(enabled: date, first: date) -> None:
    waiting = subscribed(status=None, on=february(24), trial=Trial(TrialKind.DAYS, 3))

    assert first_billed_day(lived(waiting, (ENABLE, enabled))) == first


def test_paused_days_are_not_billed() -> None:
    timeline = lived(subscribed(on=february(24)), (PAUSE, february(24)), (UNPAUSE, march(3)))

    assert first_billed_day(timeline) == march(3)


def test_a_pause_during_the_trial_may_outlast_it() -> None:
    trial = subscribed(on=february(24), trial=Trial(TrialKind.DAYS, 3))

    paused = lived(trial, (PAUSE, february(26)), (UNPAUSE, march(3)))

    assert first_billed_day(paused) == march(3)


def test_a_pause_within_the_trial_changes_nothing() -> None:
    trial = subscribed(on=february(24), trial=Trial(TrialKind.DAYS, 5))

    paused = lived(trial, (PAUSE, february(25)), (UNPAUSE, february(27)))

    assert first_billed_day(paused) == february(29)


@pytest.mark.parametrize(
    ("end", "first"),
    [
        (Cancel(subscription=SUBSCRIPTION, reason="moved"), february(27)),
        (Annul(subscription=SUBSCRIPTION), None),
        (Delete(subscription=SUBSCRIPTION, note="twice"), None),
    ],
)
def test_of_all_ends_only_a_cancellation_leaves_its_own_day(
    end: SubscriptionCommand, first: date | None
) -> None:
    trial = subscribed(on=february(24), trial=Trial(TrialKind.DAYS, 3))

    assert first_billed_day(lived(trial, (end, february(27)))) == first


def test_an_end_within_the_trial_leaves_nothing_to_bill() -> None:
    trial = subscribed(on=february(24), trial=Trial(TrialKind.DAYS, 3))
    cancel = Cancel(subscription=SUBSCRIPTION, reason="moved")

    assert first_billed_day(lived(trial, (cancel, february(26)))) is None


def test_a_cancellation_on_the_start_day_leaves_nothing_to_bill() -> None:
    cancel = Cancel(subscription=SUBSCRIPTION, reason="moved")

    assert first_billed_day(lived(subscribed(on=february(24)), (cancel, february(24)))) is None


@given(
    st.integers(0, 40),
    st.none() | st.integers(0, 40),
    st.none() | st.tuples(st.integers(0, 40), st.integers(1, 40)),
)
def test_the_first_billed_day_is_the_first_day_that_bills_and_is_not_free(
    trial: int, enabled: int | None, pause: tuple[int, int] | None
) -> None:
    start = february(24)
    timeline = subscribed(status=None, on=start, trial=Trial(TrialKind.DAYS, trial))
    if enabled is not None:
        timeline = do(timeline, ENABLE, start + timedelta(days=enabled))
    if pause is not None:
        begins = start + timedelta(days=pause[0])
        until = begins + timedelta(days=pause[1])
        timeline = do(timeline, Pause(subscription=SUBSCRIPTION, until=until), begins)

    first = first_billed_day(timeline)

    calendar = [start + timedelta(days=n) for n in range(120)]
    billed = [day for day in calendar if state_on(timeline, day).bills and (day - start).days >= trial]
    assert first == next(iter(billed), None)
