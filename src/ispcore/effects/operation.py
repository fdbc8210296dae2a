"""How long a call to a device may take, and whether it may still write."""

from __future__ import annotations

import time
from collections.abc import Callable

from ispcore.driver import Cancelled


def _never() -> bool:
    return False


class Deadline:
    """An :class:`~ispcore.driver.Operation` that ends at an instant of a clock that never jumps.

    A lane can be lost only after its lease has run out, and an operation ends before that: so an operation
    that is not late has its lane.
    """

    def __init__(
        self,
        key: str,
        until: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        stopped: Callable[[], bool] = _never,
    ) -> None:
        """End at *until* of the clock *monotonic*, or as soon as it is *stopped*."""
        self._key = key
        self._until = until
        self._monotonic = monotonic
        self._stopped = stopped
        self.passed = 0
        """How many checkpoints were passed, each before a write."""

    @property
    def key(self) -> str:
        """A name that stays the same when the operation is repeated."""
        return self._key

    def remaining(self) -> float:
        """Return the seconds that are left."""
        return max(0.0, self._until - self._monotonic())

    def is_late(self) -> bool:
        """Tell whether no time is left."""
        return self.remaining() == 0

    def is_over(self) -> bool:
        """Tell whether it is late, or was stopped."""
        return self._stopped() or self.is_late()

    def checkpoint(self) -> None:
        """Call before each write.

        Raises:
            Cancelled: it is late, or was stopped.
        """
        if self._stopped():
            raise Cancelled("The worker was told to stop.")
        if self.is_late():
            raise Cancelled(f"{self._key} took longer than it may.")
        self.passed += 1
