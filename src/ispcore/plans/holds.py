"""Holds lie over the status: reduced, blocked, paused or exempt, each with its own cause and period.

They are a set. The most restrictive one serves, only a pause and an exemption stop billing, and lifting one
lifts no other: paying a bill never ends a seasonal pause.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from ispcore.catalog import Serves


class HoldKind(Enum):
    """What a hold does."""

    REDUCED = "reduced"
    BLOCKED = "blocked"
    PAUSED = "paused"
    EXEMPT = "exempt"
    """Served and not charged."""


class HoldCause(Enum):
    """Why a hold was placed; holds of one kind and different causes stand side by side."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"
    """Late payment."""
    SEASONAL = "seasonal"
    ABUSE = "abuse"


_SERVES = {
    HoldKind.REDUCED: Serves.REDUCED,
    HoldKind.BLOCKED: Serves.BLOCKED,
    HoldKind.PAUSED: Serves.OFF,
    HoldKind.EXEMPT: Serves.FULL,
}
_UNBILLED = {HoldKind.PAUSED, HoldKind.EXEMPT}


@frozen
class Hold:
    """One hold, pinning what it does; it ends by itself on ``until``, the first day without it."""

    kind: HoldKind
    cause: HoldCause
    bills: bool
    serves: Serves
    until: date | None = None
    level: str | None = None

    @property
    def key(self) -> tuple[HoldKind, HoldCause]:
        """What tells one hold from another."""
        return self.kind, self.cause


def hold(kind: HoldKind, cause: HoldCause, *, until: date | None = None, level: str | None = None) -> Hold:
    """Return a hold with what its kind does pinned in it."""
    return Hold(kind, cause, bills=kind not in _UNBILLED, serves=_SERVES[kind], until=until, level=level)
