"""What can go wrong between a driver and its device, exchange by exchange.

An *exchange* is a question and its answer. A :class:`Wire` counts them and plays faults: a
:class:`~ispcore.testing.DialProxy` does so between real sockets, a mock device in itself.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class WireFault(Enum):
    """What happens to one exchange."""

    CUT_BEFORE = "cut before"
    """The connection ends; the question does not arrive."""
    CUT_AFTER = "cut after"
    """The question arrives and is acted upon; the connection ends before the answer."""
    RESET = "reset"
    """As :attr:`CUT_AFTER`, but torn down instead of closed in order."""
    SILENCE = "silence"
    """The question arrives; no answer ever comes, and the connection stays."""
    LATE = "late"
    """The answer comes late: :attr:`Wire.late_seconds` after it was given."""
    DRIP = "drip"
    """The answer comes in pieces of one byte."""
    GARBAGE = "garbage"
    """The question arrives and is acted upon; something else is answered."""
    ALARM = "alarm"
    """A notice of something else is printed into the answer; see :attr:`Wire.alarm`."""


class Wire(Protocol):
    """The way between a driver and its device."""

    late_seconds: float
    """How late :attr:`WireFault.LATE` is."""
    alarm: bytes | None
    """What the device prints when it pleases; None for devices that never do."""

    at_exchange: Callable[[], None]
    """Called before the device hears a question."""

    @property
    def exchanges(self) -> int:
        """How many exchanges there have been."""
        ...

    @property
    def connections(self) -> int:
        """How many connections were made, successful or not."""
        ...

    def play(self, fault: WireFault, *, at: int = 1) -> None:
        """Let *fault* happen to the *at*-th exchange from now, once."""
        ...

    def calm(self) -> None:
        """Let nothing happen any more."""
        ...
