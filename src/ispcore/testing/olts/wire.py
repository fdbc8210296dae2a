"""The way to a simulated OLT: it counts exchanges, and plays faults that were asked for.

An exchange is a line or a key that the OLT was told, with its answer; over SSH the opening of a session is
one too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import Enum

from ispcore.testing.wire import WireFault


class OltFault(Enum):
    """What can happen to an exchange beside what a :class:`~ispcore.testing.WireFault` says."""

    CUT_WITHIN = "cut within"
    """The connection ends in the middle of the answer."""
    REBOOT = "reboot"
    """The OLT starts anew in the middle of the answer; what was not saved is gone."""


class OltWire:
    """Faults of a simulated OLT; a :class:`~ispcore.testing.Wire` that a rig of the driver kit can offer."""

    def __init__(self) -> None:
        """Begin with a wire that works."""
        self.exchanges = 0
        self.connections = 0
        self.late_seconds = 0.0
        self.alarm: bytes | None = b"! EVENT MAJOR: the optical signal of a port is lost\r\n"
        self.at_exchange: Callable[[], None] = lambda: None
        self._faults: dict[int, WireFault | OltFault] = {}
        self._lock = threading.Lock()

    def play(self, fault: WireFault | OltFault, *, at: int = 1) -> None:
        """Let *fault* happen to the *at*-th exchange from now, once."""
        with self._lock:
            self._faults[self.exchanges + at] = fault

    def calm(self) -> None:
        """Let nothing happen any more."""
        with self._lock:
            self._faults.clear()

    def connected(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1

    def exchange(self) -> WireFault | OltFault | None:
        """Count an exchange, and return what happens to it."""
        self.at_exchange()
        with self._lock:
            self.exchanges += 1
            return self._faults.pop(self.exchanges, None)
