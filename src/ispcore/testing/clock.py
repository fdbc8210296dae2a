"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time


class MovableClock:
    """A clock for tests and scenarios; it shows noon in UTC of the day it was set to."""

    def __init__(self, today: date) -> None:
        """Begin on that day."""
        self.move_to(today)

    def move_to(self, today: date) -> None:
        """Make it noon of that day."""
        self._now = datetime.combine(today, time(12), UTC)

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self._now
