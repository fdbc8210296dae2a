"""A whole provider that lives in memory."""

from __future__ import annotations

from datetime import date

from ispcore.app import Provider
from ispcore.testing.clock import MovableClock


def provider_in_memory(today: date) -> tuple[Provider, MovableClock]:
    """Return an empty provider in memory, and the clock that says which day it is there."""
    clock = MovableClock(today)
    return Provider.open("sqlite://", clock=clock), clock
