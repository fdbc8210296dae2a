"""How a contract stands, as people say it: a word for all its subscriptions together."""

from __future__ import annotations

from datetime import date
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from ispcore.catalog import Bucket
from ispcore.plans.holds import HoldCause, HoldKind
from ispcore.values import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


class Standing(Enum):
    """How a contract stands; of several subscriptions the one that is served best tells, first here."""

    ACTIVE = "active"
    REDUCED_AUTOMATIC = "reduced_automatic"
    REDUCED_MANUAL = "reduced_manual"
    BLOCKED_AUTOMATIC = "blocked_automatic"
    BLOCKED_MANUAL = "blocked_manual"
    DEACTIVATED = "deactivated"
    """Paused or suspended: it comes back."""
    PRE_REGISTRATION = "pre_registration"
    """Nothing was active yet."""
    CANCELLED = "cancelled"


_ORDER = list(Standing)
_BY_HOLD = {
    (HoldKind.REDUCED, True): Standing.REDUCED_AUTOMATIC,
    (HoldKind.REDUCED, False): Standing.REDUCED_MANUAL,
    (HoldKind.BLOCKED, True): Standing.BLOCKED_AUTOMATIC,
    (HoldKind.BLOCKED, False): Standing.BLOCKED_MANUAL,
    (HoldKind.PAUSED, True): Standing.DEACTIVATED,
    (HoldKind.PAUSED, False): Standing.DEACTIVATED,
}


def standing(states: Iterable[State]) -> Standing:
    """Return how a contract with subscriptions in these *states* stands; without any it is to come."""
    found = [_of(state) for state in states]
    return min(found, key=_ORDER.index, default=Standing.PRE_REGISTRATION)


def _of(state: State) -> Standing:
    if state.end is not None or state.bucket is Bucket.CANCELLED:
        return Standing.CANCELLED
    if state.bucket is Bucket.PENDING:
        return Standing.PRE_REGISTRATION
    if state.bucket is Bucket.INACTIVE:
        return Standing.DEACTIVATED
    held = [
        _BY_HOLD[hold.kind, hold.cause is HoldCause.AUTOMATIC]
        for hold in state.holds
        if hold.kind is not HoldKind.EXEMPT
    ]
    return max(held, key=_ORDER.index, default=Standing.ACTIVE)


def pauses(timelines: Sequence[Timeline], until: date) -> tuple[Period, ...]:
    """Return when, before *until*, subscriptions paused that lived, all of them together."""
    days = sorted({span.since for timeline in timelines for span in timeline.spans} | _ends(timelines))
    found: list[Period] = []
    for start, end in pairwise([*days, date.max]):
        alive = [state for one in timelines if (state := one.on(start)) is not None and state.end is None]
        if alive and all(_is_paused(state) for state in alive) and start < min(end, until):
            found.append(Period(start, min(end, until)))
    return tuple(found)


def _ends(timelines: Iterable[Timeline]) -> set[date]:
    return {timeline.end.on for timeline in timelines if timeline.end is not None}


def _is_paused(state: State) -> bool:
    return any(hold.kind is HoldKind.PAUSED for hold in state.holds)
