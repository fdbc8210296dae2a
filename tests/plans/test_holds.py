"""Holds lie over the status, side by side, each with its own cause and end."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Bucket, Serves
from ispcore.errors import ConflictingFactsError, RefusedError
from ispcore.plans import (
    Block,
    HoldCause,
    HoldKind,
    Pause,
    Reduce,
    Restore,
    State,
    SubscriptionCommand,
    Suspend,
    Timeline,
    Unblock,
    Unpause,
)
from ispcore.plans.holds import hold
from tests.catalogues import SUBSCRIPTION, april, do, march, subscribed

LATE, SEASON = HoldCause.AUTOMATIC, HoldCause.SEASONAL


def block(cause: HoldCause = HoldCause.MANUAL, until: date | None = None) -> Block:
    return Block(subscription=SUBSCRIPTION, cause=cause, until=until)


def unblock(cause: HoldCause = HoldCause.MANUAL) -> Unblock:
    return Unblock(subscription=SUBSCRIPTION, cause=cause)


def pause(cause: HoldCause = HoldCause.MANUAL, until: date | None = None) -> Pause:
    return Pause(subscription=SUBSCRIPTION, cause=cause, until=until)


REDUCE = Reduce(subscription=SUBSCRIPTION, level="256k")
RESTORE = Restore(subscription=SUBSCRIPTION)


def on(timeline: Timeline, day: date) -> State:
    state = timeline.on(day)
    assert state is not None
    return state


@pytest.mark.parametrize(
    ("command", "serves", "bills"),
    [
        (REDUCE, Serves.REDUCED, True),
        (block(), Serves.BLOCKED, True),
        (pause(), Serves.OFF, False),
    ],
)
def test_only_a_pause_stops_billing(command: SubscriptionCommand, serves: Serves, bills: bool) -> None:
    state = do(subscribed(), command, march(10)).last

    assert (state.serves, state.bills) == (serves, bills)
    assert (state.status.code, state.bucket) == ("enabled", Bucket.ACTIVE)


def test_a_pause_is_not_billed_on_its_first_day_and_billed_again_on_the_day_it_ends() -> None:
    paused = do(subscribed(), pause(), march(10))

    timeline = do(paused, Unpause(subscription=SUBSCRIPTION), march(20))

    assert [on(timeline, march(day)).bills for day in (9, 10, 19, 20)] == [True, False, False, True]


def test_two_holds_of_one_kind_and_different_causes_stand_side_by_side() -> None:
    timeline = do(do(subscribed(), block(), march(10)), block(LATE), march(12))

    assert [held.key for held in timeline.last.holds] == [
        (HoldKind.BLOCKED, HoldCause.MANUAL),
        (HoldKind.BLOCKED, LATE),
    ]


def test_lifting_one_hold_lifts_no_other() -> None:
    timeline = do(do(subscribed(), block(), march(10)), block(LATE), march(12))

    timeline = do(timeline, unblock(LATE), march(15))

    assert [held.key for held in timeline.last.holds] == [(HoldKind.BLOCKED, HoldCause.MANUAL)]
    assert timeline.last.serves is Serves.BLOCKED


def test_paying_a_bill_never_ends_a_seasonal_pause() -> None:
    timeline = do(do(subscribed(), pause(SEASON), march(10)), block(LATE), march(12))

    state = do(timeline, unblock(LATE), march(15)).last

    assert (state.serves, state.bills) == (Serves.OFF, False)


@pytest.mark.parametrize("commands", list(permutations([REDUCE, block(), pause()])))
def test_the_most_restrictive_hold_serves_whatever_came_first(
    commands: tuple[SubscriptionCommand, ...],
) -> None:
    timeline = subscribed()

    for command in commands:
        timeline = do(timeline, command, march(10))

    assert timeline.last.serves is Serves.OFF


def test_a_status_may_be_more_restrictive_than_its_holds() -> None:
    timeline = do(subscribed(), REDUCE, march(10))

    state = do(timeline, Suspend(subscription=SUBSCRIPTION), march(12)).last

    assert (state.serves, state.bills) == (Serves.OFF, False)
    assert [held.kind for held in state.holds] == [HoldKind.REDUCED]


def test_a_hold_keeps_its_level() -> None:
    assert do(subscribed(), REDUCE, march(10)).last.holds[0].level == "256k"


def test_a_hold_ends_by_itself_on_the_first_day_without_it() -> None:
    timeline = do(subscribed(), pause(until=march(20)), march(10))

    assert [on(timeline, march(day)).bills for day in (9, 10, 19, 20)] == [True, False, False, True]


def test_holds_that_end_on_one_day_end_together() -> None:
    timeline = do(subscribed(), pause(until=march(20)), march(10))

    timeline = do(timeline, block(until=march(20)), march(12))

    assert [(span.since, len(span.state.holds)) for span in timeline.spans[1:]] == [
        (march(10), 1),
        (march(12), 2),
        (march(20), 0),
    ]


def test_a_hold_and_a_timed_status_may_end_on_one_day() -> None:
    trial = subscribed("trial-status", status=None)

    state = on(do(trial, block(until=march(5)), march(1)), march(5))

    assert (state.status.code, state.holds) == ("enabled", ())


def test_a_hold_that_outlasts_a_timed_status_stays_over_the_next_one() -> None:
    trial = subscribed("trial-status", status=None)

    timeline = do(trial, block(until=march(8)), march(1))

    assert [(on(timeline, march(day)).status.code, on(timeline, march(day)).serves) for day in (4, 5, 8)] == [
        ("trial", Serves.BLOCKED),
        ("enabled", Serves.BLOCKED),
        ("enabled", Serves.FULL),
    ]


def test_after_its_end_a_hold_can_be_placed_again() -> None:
    timeline = do(subscribed(), block(until=march(20)), march(10))

    assert do(timeline, block(), march(20)).last.serves is Serves.BLOCKED


@pytest.mark.parametrize("until", [march(9), march(10)])
def test_a_hold_without_a_day_is_refused(until: date) -> None:
    with pytest.raises(RefusedError, match="before it begins"):
        do(subscribed(), pause(until=until), march(10))


def test_the_same_hold_is_not_placed_twice() -> None:
    blocked = do(subscribed(), block(), march(10))

    with pytest.raises(RefusedError, match=r"it is blocked \(manual\) already"):
        do(blocked, block(), march(12))


def test_what_is_not_held_cannot_be_lifted() -> None:
    blocked = do(subscribed(), block(), march(10))

    with pytest.raises(RefusedError, match=r"it is not blocked \(automatic\)\. Held: blocked \(manual\)"):
        do(blocked, unblock(LATE), march(12))
    with pytest.raises(RefusedError, match=r"it is not reduced \(manual\)\. Held: nothing"):
        do(subscribed(), RESTORE, march(12))


def test_restoring_lifts_a_reduction() -> None:
    assert do(do(subscribed(), REDUCE, march(10)), RESTORE, march(12)).last.serves is Serves.FULL


def test_a_back_dated_hold_that_meets_the_same_hold_later_is_refused_and_both_are_named() -> None:
    blocked = do(subscribed(), block(), march(10))

    with pytest.raises(ConflictingFactsError) as refused:
        do(blocked, Block(subscription=SUBSCRIPTION, on=march(5)), march(12))

    assert refused.value.message == (
        "HoldPlaced of 2012-03-05 (fact 3) cannot be recorded, because of HoldPlaced of 2012-03-10 (fact 2): "
        "Subscription 104 cannot be put on hold on 2012-03-10: it is blocked (manual) already."
    )
    assert (refused.value.new, refused.value.existing) == ("subscription:104#3", "subscription:104#2")


def test_a_back_dated_hold_that_ends_before_the_same_hold_begins_is_fine() -> None:
    blocked = do(subscribed(), block(), march(10))

    timeline = do(blocked, Block(subscription=SUBSCRIPTION, on=march(5), until=march(10)), march(12))

    assert [on(timeline, march(day)).serves for day in (4, 5, 9, 10)] == [
        Serves.FULL,
        Serves.BLOCKED,
        Serves.BLOCKED,
        Serves.BLOCKED,
    ]


kinds = st.sampled_from([HoldKind.BLOCKED, HoldKind.REDUCED, HoldKind.PAUSED])
causes = st.sampled_from(HoldCause)


@given(st.lists(st.tuples(kinds, causes), unique=True, min_size=1), st.data())
def test_lifting_a_hold_leaves_exactly_the_others(
    keys: list[tuple[HoldKind, HoldCause]], data: st.DataObject
) -> None:
    places = {HoldKind.BLOCKED: Block, HoldKind.REDUCED: Reduce, HoldKind.PAUSED: Pause}
    lifts = {HoldKind.BLOCKED: Unblock, HoldKind.REDUCED: Restore, HoldKind.PAUSED: Unpause}
    timeline = subscribed()
    for kind, cause in keys:
        timeline = do(timeline, places[kind](subscription=SUBSCRIPTION, cause=cause), march(10))
    kind, cause = data.draw(st.sampled_from(keys))

    state = do(timeline, lifts[kind](subscription=SUBSCRIPTION, cause=cause), march(12)).last

    rest = [key for key in keys if key != (kind, cause)]
    assert [held.key for held in state.holds] == rest
    assert state.bills is all(kind is not HoldKind.PAUSED for kind, _ in rest)
    ranks = [hold(*key).serves.rank for key in rest]
    assert state.serves.rank == max(ranks, default=Serves.FULL.rank)


@given(st.integers(0, 60), st.integers(1, 60), st.dates(march(1), april(30)))
def test_a_pause_of_n_days_takes_exactly_n_days_out_of_billing(begins: int, length: int, today: date) -> None:
    first = march(1) + timedelta(days=begins)
    command = Pause(subscription=SUBSCRIPTION, on=first, until=first + timedelta(days=length))

    timeline = do(subscribed(), command, max(today, first))

    calendar = [march(1) + timedelta(days=n) for n in range(150)]
    assert sum(not on(timeline, day).bills for day in calendar) == length
