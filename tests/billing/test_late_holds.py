"""From the holds that should stand to commands: only automatic ones are touched."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import automatic_holds, easing, merge_holds
from ispcore.catalog import Bucket
from ispcore.plans import (
    Block,
    End,
    EndKind,
    Hold,
    HoldCause,
    HoldKind,
    Reduce,
    Restore,
    State,
    SubscriptionCommand,
    Unblock,
)
from ispcore.plans.holds import hold
from tests.billing.late_debts import DUE, LIFE, state_of
from tests.catalogues import SUBSCRIPTION

TODAY = date(2026, 9, 30)
REDUCED, BLOCKED = HoldKind.REDUCED, HoldKind.BLOCKED
LATE = HoldCause.AUTOMATIC


def held(*holds: Hold) -> State:
    return evolve(state_of(LIFE, DUE), holds=holds)


def merged(state: State, *wanted: HoldKind) -> list[type[SubscriptionCommand]]:
    commands = merge_holds({SUBSCRIPTION: frozenset(wanted)}, [state], TODAY)
    assert all((one.subscription, one.on) == (SUBSCRIPTION, TODAY) for one in commands)
    return [type(one) for one in commands]


def test_what_should_be_reduced_is() -> None:
    assert merged(held(), REDUCED) == [Reduce]


def test_what_stands_as_it_should_is_left_alone() -> None:
    assert merged(held(hold(REDUCED, LATE)), REDUCED) == []


def test_what_is_blocked_is_not_reduced_beside() -> None:
    assert merged(held(), REDUCED, BLOCKED) == [Block]


def test_a_reduction_stays_under_a_block() -> None:
    assert merged(held(hold(REDUCED, LATE)), REDUCED, BLOCKED) == [Block]


def test_everything_is_lifted_when_nothing_is_late() -> None:
    assert merged(held(hold(REDUCED, LATE), hold(BLOCKED, LATE))) == [Unblock, Restore]


def test_a_block_may_give_way_to_a_reduction() -> None:
    assert merged(held(hold(BLOCKED, LATE)), REDUCED) == [Reduce, Unblock]


@pytest.mark.parametrize("cause", [cause for cause in HoldCause if cause is not LATE])
@pytest.mark.parametrize("kind", [REDUCED, BLOCKED])
def test_what_others_placed_is_never_lifted(kind: HoldKind, cause: HoldCause) -> None:
    assert merged(held(hold(kind, cause))) == []


def test_a_block_by_hand_does_not_stand_for_an_automatic_one() -> None:
    assert merged(held(hold(BLOCKED, HoldCause.MANUAL)), BLOCKED) == [Block]


def test_what_is_paused_by_itself_is_no_hold_for_late_payment() -> None:
    assert automatic_holds(held(hold(HoldKind.PAUSED, LATE))) == frozenset()


def test_only_what_is_active_is_held() -> None:
    waiting = evolve(held(), status=evolve(held().status, bucket=Bucket.PENDING))

    assert merged(waiting, BLOCKED) == []


def test_what_was_held_while_it_was_active_stays_so() -> None:
    state = held(hold(BLOCKED, LATE))
    suspended = evolve(state, status=evolve(state.status, bucket=Bucket.INACTIVE))

    assert merged(suspended, BLOCKED) == []
    assert merged(suspended) == [Unblock]


def test_what_has_ended_is_left_alone() -> None:
    assert merged(evolve(held(hold(BLOCKED, LATE)), end=End(DUE, EndKind.CANCELLED))) == []


def test_easing_lifts_and_never_blocks() -> None:
    lifted = merge_holds({SUBSCRIPTION: frozenset({REDUCED})}, [held(hold(BLOCKED, LATE))], TODAY)
    blocked = merge_holds({SUBSCRIPTION: frozenset({BLOCKED})}, [held()], TODAY)

    assert [type(one) for one in easing(lifted)] == [Reduce, Unblock]
    assert easing(blocked) == ()


kinds = st.sets(st.sampled_from([REDUCED, BLOCKED]))
holds = st.sets(st.tuples(st.sampled_from(HoldKind), st.sampled_from(HoldCause)))


@given(kinds, holds)
def test_after_the_commands_nothing_is_left_to_do(
    wanted: set[HoldKind], standing: set[tuple[HoldKind, HoldCause]]
) -> None:
    state = held(*(hold(kind, cause) for kind, cause in sorted(standing, key=str)))
    commands = merge_holds({SUBSCRIPTION: frozenset(wanted)}, [state], TODAY)

    after = {one.key for one in state.holds}
    for command in commands:
        kind = BLOCKED if isinstance(command, Block | Unblock) else REDUCED
        if isinstance(command, Block | Reduce):
            assert (kind, LATE) not in after
            after.add((kind, LATE))
        else:
            after.remove((kind, LATE))

    assert {key for key in after if key[1] is not LATE} == {key for key in standing if key[1] is not LATE}
    again = held(*(hold(kind, cause) for kind, cause in sorted(after, key=str)))
    assert merge_holds({SUBSCRIPTION: frozenset(wanted)}, [again], TODAY) == ()
