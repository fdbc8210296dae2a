"""The one word for how a subscription stands: its status, and the holds over it, taken together.

It is read off the state and kept nowhere, so that it cannot disagree with what is billed and served. Whoever
is blocked or reduced by several hands is so by hand: a payment alone does not lift it.
"""

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
    """How a subscription stands."""

    PRE_REGISTRATION = "pre_registration"
    ACTIVE = "active"
    BLOCKED_AUTOMATIC = "blocked_automatic"
    BLOCKED_MANUAL = "blocked_manual"
    REDUCED_AUTOMATIC = "reduced_automatic"
    REDUCED_MANUAL = "reduced_manual"
    DEACTIVATED = "deactivated"
    CANCELLED = "cancelled"

    @property
    def description(self) -> str:
        """What people read."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Standing.PRE_REGISTRATION: "Pré-Cadastro",
    Standing.ACTIVE: "Ativo",
    Standing.BLOCKED_AUTOMATIC: "Bloqueado automático",
    Standing.BLOCKED_MANUAL: "Bloqueado manual",
    Standing.REDUCED_AUTOMATIC: "Reduzido automático",
    Standing.REDUCED_MANUAL: "Reduzido manual",
    Standing.DEACTIVATED: "Desativado",
    Standing.CANCELLED: "Cancelado",
}
_BY_BUCKET = {
    Bucket.PENDING: Standing.PRE_REGISTRATION,
    Bucket.INACTIVE: Standing.DEACTIVATED,
    Bucket.CANCELLED: Standing.CANCELLED,
}
_BY_HOLD = {
    HoldKind.BLOCKED: (Standing.BLOCKED_AUTOMATIC, Standing.BLOCKED_MANUAL),
    HoldKind.REDUCED: (Standing.REDUCED_AUTOMATIC, Standing.REDUCED_MANUAL),
}


def standing(state: State) -> Standing:
    """Return how a subscription in this *state* stands: what takes most from the customer is named."""
    if state.bucket in _BY_BUCKET:
        return _BY_BUCKET[state.bucket]
    kinds = {held.kind for held in state.holds}
    if HoldKind.PAUSED in kinds:
        return Standing.DEACTIVATED
    for kind, (automatic, manual) in _BY_HOLD.items():
        if kind in kinds:
            causes = {held.cause for held in state.holds if held.kind is kind}
            return automatic if causes == {HoldCause.AUTOMATIC} else manual
    return Standing.ACTIVE


_BEST_FIRST = (
    Standing.ACTIVE,
    Standing.REDUCED_AUTOMATIC,
    Standing.REDUCED_MANUAL,
    Standing.BLOCKED_AUTOMATIC,
    Standing.BLOCKED_MANUAL,
    Standing.DEACTIVATED,
    Standing.PRE_REGISTRATION,
    Standing.CANCELLED,
)


def standing_together(states: Iterable[State]) -> Standing:
    """Return how a contract stands: as its subscription that is served best; without any it is to come."""
    return min(map(standing, states), key=_BEST_FIRST.index, default=Standing.PRE_REGISTRATION)


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
