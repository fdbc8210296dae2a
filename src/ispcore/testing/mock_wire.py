"""The way to a mock device, with the faults that a real one has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from ispcore.driver import OutcomeUnknown, Unreachable, Unrecognised
from ispcore.testing.wire import WireFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.driver import Operation

T = TypeVar("T")

_GARBAGE = "%% ?? \N{REPLACEMENT CHARACTER}"
_CUTS = {WireFault.CUT_BEFORE, WireFault.CUT_AFTER, WireFault.RESET}


class MockWire:
    """Counts exchanges, and plays faults that were asked for."""

    def __init__(self) -> None:
        """Begin with a wire that works."""
        self.exchanges = 0
        self.connections = 0
        self.late_seconds = 0.0
        self.alarm: bytes | None = None
        self.at_exchange: Callable[[], None] = lambda: None
        self._faults: dict[int, WireFault] = {}

    def play(self, fault: WireFault, *, at: int = 1) -> None:
        """Let *fault* happen to the *at*-th exchange from now, once."""
        self._faults[self.exchanges + at] = fault

    def calm(self) -> None:
        """Let nothing happen any more."""
        self._faults.clear()

    def exchange(self, ask: Callable[[], T], op: Operation, *, slow: float, writes: bool, wrote: bool) -> T:
        """Return the answer to *ask*, unless something happens.

        Raises:
            Unreachable: the connection is lost, and nothing was written by *ask*.
            OutcomeUnknown: *ask* writes, and may have been carried out.
            Unrecognised: the answer makes no sense.
        """
        self.at_exchange()
        self.exchanges += 1
        fault = self._faults.pop(self.exchanges, None)
        if fault is WireFault.CUT_BEFORE:
            # The driver's end cannot tell this cut from one after the question had arrived.
            raise _lost(writes=writes, wrote=wrote)
        if not _waited(slow, op):
            raise _lost(writes=writes, wrote=wrote)
        answer = ask()
        if fault is WireFault.GARBAGE:
            raise Unrecognised("The mock device answered nonsense.", raw=_GARBAGE, wrote=writes or wrote)
        late = self.late_seconds if fault is WireFault.LATE else 0.0
        if fault in _CUTS or fault is WireFault.SILENCE or not _waited(late, op):
            if fault is WireFault.SILENCE:
                _waited(op.remaining(), op)
            raise _lost(writes=writes, wrote=wrote)
        return answer


def _waited(seconds: float, op: Operation) -> bool:
    """Wait, but never longer than the operation may take; False when there was not enough time."""
    left = op.remaining()
    time.sleep(max(0.0, min(seconds, left)))
    return seconds <= left


def _lost(*, writes: bool, wrote: bool) -> Unreachable | OutcomeUnknown:
    if writes:
        return OutcomeUnknown("The mock device did not answer a write.")
    return Unreachable("The mock device did not answer.", wrote=wrote)
