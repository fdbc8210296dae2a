"""A whole provider that lives in memory."""

from __future__ import annotations

from datetime import date

from ispcore.app import Provider
from ispcore.hooks.plugins import Plugins
from ispcore.testing.clock import MovableClock


def provider_in_memory(today: date, *, plugins: Plugins | None = None) -> tuple[Provider, MovableClock]:
    """Return an empty provider in memory, and the clock that says which day it is there.

    It has no *plugins* unless they are given, whatever is installed.
    """
    clock = MovableClock(today)
    return Provider.open("sqlite://", clock=clock, plugins=plugins), clock
