"""What effects need of the world, each port on one screen; ``storage`` fulfils them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from attrs import frozen

from ispcore.driver import Health, PlacementId, SecretRef, Spec
from ispcore.effects.work import Begun, DeviceRow, Fault, Held, Outcome, Pace, Stop, Taken, Work
from ispcore.values import SecretText

Resolve = Callable[[Collection[SecretRef]], Mapping[SecretRef, SecretText]]
"""Looks kept secrets up, all at once; raises NotFoundError or StorageError where one cannot be had."""


class EffectStore(Protocol):
    """The rows of lanes, intents and placements. Each call is a transaction of its own."""

    def claim(
        self,
        owner: str,
        pace: Pace,
        *,
        device: str | None = None,
        clerk: bool = False,
        leave_out: Collection[str] = (),
    ) -> Held | None:
        """Take a free lane, of *device* or of any that has something to do; None where there is none.

        A *clerk* takes one though there is nothing to do, and though the device pauses. None is taken of the
        devices that are to be left out.
        """
        ...

    def turn(self, held: Held, outcomes: Sequence[Outcome], pace: Pace, *, count: int) -> Taken:
        """Record *outcomes*, renew the lease, and take up to *count* works, each with an intent.

        Raises:
            LaneLostError: somebody else has taken the lane over; nothing was recorded.
        """
        ...

    def begin_writing(self, held: Held, begun: Sequence[Begun], pace: Pace) -> frozenset[PlacementId]:
        """Say that these are about to be written, and return those whose intent is still ours.

        Raises:
            LaneLostError: somebody else has taken the lane over.
        """
        ...

    def sample(self, held: Held, leave_out: Iterable[PlacementId], count: int) -> Sequence[Work]:
        """Return up to *count* placements that stand on the device, as far as we know."""
        ...

    def found_well(self, held: Held, health: Health) -> None:
        """Keep what the device told of itself; it no longer pauses."""
        ...

    def pause(self, held: Held, seconds: float, fault: Fault) -> None:
        """Let the device rest for so long, and count a failure."""
        ...

    def stop(self, held: Held, stop: Stop) -> None:
        """Let the device wait for a person."""
        ...

    def release(self, held: Held) -> None:
        """Give the lane back; nothing happens when it was taken over."""
        ...

    def ask(self, device: str, seconds: float) -> None:
        """Ask whoever works on *device* for a lane: workers leave it free for so long."""
        ...


class Devices(Protocol):
    """The devices, in the transaction of a command."""

    def add(self, name: str, *, driver: str, config: Mapping[str, Any], lanes: int = 1) -> DeviceRow:
        """Keep a new device, or raise RefusedError."""
        ...

    def change(
        self, name: str, *, config: Mapping[str, Any] | None = None, lanes: int | None = None
    ) -> DeviceRow:
        """Change how it is reached; one that did not take our password is tried again."""
        ...

    def accept(self, name: str) -> int:
        """Take the box that answers for the device; return how many placements will be written anew."""
        ...

    def hold(self, name: str, until: datetime) -> DeviceRow:
        """Leave the device alone until then."""
        ...

    def release(self, name: str) -> DeviceRow:
        """End a hold, a pause, or a stop for a wrong password."""
        ...

    def get(self, name: str) -> DeviceRow:
        """Return a device, or raise NotFoundError."""
        ...

    def all(self) -> tuple[DeviceRow, ...]:
        """Return every device, by name."""
        ...


@frozen(kw_only=True)
class Lagging:
    """A placement that is not as it is wanted, and why it waits."""

    id: PlacementId
    device: str
    kind: str
    layer: int
    generation: int
    applied_generation: int
    wanted: Spec | None
    attempts: int
    moved_at: datetime
    try_at: datetime | None
    held_until: datetime | None
    trouble: str | None
    error: Mapping[str, Any] | None
    in_doubt: bool
    writing_until: datetime | None
    """A worker has it, until then at most."""
    waits_for: tuple[str, ...]
    """What it needs, and is not there yet."""
    device_waits: str | None
    """Why nobody works on its device."""
    unreadable: str | None = None
    """Why what is wanted cannot be read; then ``wanted`` is None though something may be."""


class Outbox(Protocol):
    """What is still to be done on the network, in the transaction of a command."""

    def lagging(
        self, *, device: str | None = None, trouble: str | None = None, limit: int | None = None
    ) -> tuple[Lagging, ...]:
        """Return what lags, what has waited longest first."""
        ...

    def count(self) -> int:
        """Return how many placements lag."""
        ...

    def get(self, placement: PlacementId) -> Lagging:
        """Return how it stands with one placement, lagging or not, or raise NotFoundError."""
        ...

    def retry(self, *, placement: PlacementId | None = None, device: str | None = None) -> int:
        """Let what waits for a person or a time be tried at once; return how many those are."""
        ...

    def adopt(self, placement: PlacementId) -> None:
        """Make what stands under the names of a placement ours."""
        ...

    def adopt_all(self, device: str) -> int:
        """Make what stands on a device under the names of its placements ours; return how many they are."""
        ...

    def hold(self, placement: PlacementId, until: datetime | None) -> None:
        """Leave a placement alone until then; None ends it."""
        ...

    def wake(self, devices: Iterable[str]) -> None:
        """Wake workers for these devices once this transaction is saved."""
        ...
