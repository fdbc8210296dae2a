"""What a worker is handed, and what it hands back: the values that pass between it and the store.

A worker holds a *lane* of a device by a token. It takes *works*, placements that lag, and tells of each
whether it is :class:`Done` or :class:`Left`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from attrs import field, frozen

from ispcore.driver import Key, PlacementId, Spec
from ispcore.errors import IspcoreError


class LaneLostError(IspcoreError):
    """Somebody else has taken over a lane; what its holder did is left to be found on the device."""


class StopReason(Enum):
    """Why a device waits for a person."""

    AUTH = "auth"
    """It does not accept our name or password."""
    IDENTITY = "identity"
    """Another box answers in its place."""
    EMPTIED = "emptied"
    """Too much of what we had written is gone."""


@frozen
class Stop:
    """What a person has to decide about."""

    reason: StopReason
    text: str
    at: datetime | None = None


@frozen(kw_only=True)
class DeviceRow:
    """A device as it is kept; secrets in ``config`` are references."""

    name: str
    driver: str
    config: Mapping[str, Any]
    lanes: int
    version: int
    identity: str | None = None
    firmware: str | None = None
    answers: Mapping[str, str] | None = None
    failures: int = 0
    paused_until: datetime | None = None
    held_until: datetime | None = None
    stopped: Stop | None = None
    error: Mapping[str, Any] | None = None


@frozen
class Held:
    """A lane that is held; whoever holds a later ``token`` of it has taken it over."""

    device: DeviceRow
    lane: int
    token: int


@frozen
class Pace:
    """How long things may take, each shorter than the next.

    A call to a device ends before its intent does, and that before the lease on the lane: so nobody takes
    over what may still be written, and whoever takes over a lane finds intents that have ended, or waits.
    """

    lease_seconds: float = 60

    @property
    def operation_seconds(self) -> float:
        """How long a worker may work on a batch."""
        return self.lease_seconds * 2 / 3

    @property
    def intent_seconds(self) -> float:
        """When others may take over what a batch has begun."""
        return self.lease_seconds * 5 / 6


@frozen(kw_only=True)
class Work:
    """A placement to make current.

    ``claims`` tells of each name of it whether something may have been written there by us. It is *in doubt*
    when somebody began to write and nobody knows how far that came; ``tries`` is how often whoever worked on
    it was lost.
    """

    id: PlacementId
    resource: str
    generation: int
    wanted: Spec | None
    applied: Spec | None
    key: Key | None = None
    layer: int = 0
    attempts: int = 0
    claims: Mapping[str, bool] = field(factory=dict)
    in_doubt: bool = False
    tries: int = 0


@frozen
class Taken:
    """A batch of a lane; without ``works`` there is nothing to do for now, or a clerk asks for the lane."""

    works: tuple[Work, ...] = ()


class Trouble(Enum):
    """Why a placement waits for a person."""

    DEAD = "dead"
    """It was refused, or failed too often."""
    CONFLICT = "conflict"
    """Something that is not ours stands in its place."""
    CONTESTED = "contested"
    """Somebody changes it back again and again."""


@frozen(kw_only=True)
class Fault:
    """What went wrong, for people; no secret is in it."""

    code: str
    text: str
    details: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Done:
    """A placement stands as it is wanted: ``spec`` was read back, or nothing where it is None."""

    work: Work
    spec: Spec | None
    key: Key | None = None
    claim: str | None = None
    """The one name that it keeps."""
    claims: Mapping[str, bool] = field(factory=dict)


@frozen(kw_only=True)
class Left:
    """A placement is not there yet.

    ``doubt`` says that something may have been written; ``closed`` that nothing of it is still under way.
    ``claims`` are the flags that have become others.
    """

    work: Work
    attempts: int
    delay_seconds: float | None = None
    trouble: Trouble | None = None
    fault: Fault | None = None
    doubt: bool = False
    closed: bool = True
    claims: Mapping[str, bool] = field(factory=dict)


Outcome: TypeAlias = Done | Left


@frozen
class Begun:
    """A placement that is about to be written, and the flags of its claims that this changes."""

    work: Work
    claims: Mapping[str, bool] = field(factory=dict)


@frozen
class Run:
    """What a worker has done: placements made current, those that were left, and batches."""

    done: int = 0
    left: int = 0
    batches: int = 0
    lanes: int = 0
    idle: int = 0
    """Lanes in which nothing could be taken after all."""

    def __add__(self, other: Run) -> Run:
        """Return both together."""
        return Run(
            self.done + other.done,
            self.left + other.left,
            self.batches + other.batches,
            self.lanes + other.lanes,
            self.idle + other.idle,
        )
