"""From the automatic holds that should stand, and those that do, to the commands that make up the difference.

Only reductions and blocks for late payment are touched; what a person placed, a pause or an exemption stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from ispcore.catalog import Bucket
from ispcore.plans import (
    Block,
    HoldCause,
    HoldKind,
    Reduce,
    Restore,
    State,
    SubscriptionCommand,
    Unblock,
)
from ispcore.values import SubscriptionId

_OURS = (HoldKind.REDUCED, HoldKind.BLOCKED)


def automatic_holds(state: State) -> frozenset[HoldKind]:
    """Return the reductions and blocks for late payment that stand."""
    return frozenset(
        hold.kind for hold in state.holds if hold.cause is HoldCause.AUTOMATIC and hold.kind in _OURS
    )


def merge_holds(
    wanted: Mapping[SubscriptionId, frozenset[HoldKind]], states: Iterable[State], on: date
) -> tuple[SubscriptionCommand, ...]:
    """Return the commands after which the *wanted* holds stand, and no other automatic ones.

    What is blocked is not reduced beside. Only what is active is held; what is held stays so until it is
    paid, whatever its status.
    """
    return tuple(command for state in states for command in _of(state, wanted.get(state.id, frozenset()), on))


def easing(commands: Iterable[SubscriptionCommand]) -> tuple[SubscriptionCommand, ...]:
    """Return those *commands* that make it easier: what is lifted, and what is reduced in its place."""
    every = tuple(commands)
    lifted = {one.subscription for one in every if isinstance(one, Unblock | Restore)}
    return tuple(one for one in every if one.subscription in lifted and not isinstance(one, Block))


def _of(state: State, wanted: Collection[HoldKind], on: date) -> Iterator[SubscriptionCommand]:
    if state.end is not None:
        return
    stands = automatic_holds(state)
    if state.bucket is Bucket.ACTIVE:
        if HoldKind.BLOCKED in wanted and HoldKind.BLOCKED not in stands:
            yield Block(subscription=state.id, cause=HoldCause.AUTOMATIC, on=on)
        if HoldKind.REDUCED in wanted and HoldKind.REDUCED not in stands and HoldKind.BLOCKED not in wanted:
            yield Reduce(subscription=state.id, cause=HoldCause.AUTOMATIC, on=on)
    if HoldKind.BLOCKED in stands and HoldKind.BLOCKED not in wanted:
        yield Unblock(subscription=state.id, cause=HoldCause.AUTOMATIC, on=on)
    if HoldKind.REDUCED in stands and HoldKind.REDUCED not in wanted:
        yield Restore(subscription=state.id, cause=HoldCause.AUTOMATIC, on=on)
