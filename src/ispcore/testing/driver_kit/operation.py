"""Operations as the kit gives them: with little time, or stopped at a checkpoint."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ispcore.driver import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable


class KitOperation:
    """An operation that counts checkpoints; *at_checkpoint* is told each one's number and may raise."""

    def __init__(self, seconds: float, at_checkpoint: Callable[[int], None] = lambda _: None) -> None:
        """Begin now."""
        self.key = "kit"
        self.checkpoints = 0
        self._deadline = time.monotonic() + seconds
        self._at_checkpoint = at_checkpoint

    def remaining(self) -> float:
        """Return the seconds that are left."""
        return max(0.0, self._deadline - time.monotonic())

    def checkpoint(self) -> None:
        """Count, and stop what is late."""
        self.checkpoints += 1
        self._at_checkpoint(self.checkpoints)
        if self.remaining() == 0.0:
            raise Cancelled("The time of the operation is up.")


def stopped_at(number: int) -> Callable[[int], None]:
    """Return what cancels an operation at its *number*-th checkpoint, and at every later one."""

    def at_checkpoint(now: int) -> None:
        if now >= number:
            raise Cancelled("The kit stopped the operation.")

    return at_checkpoint
