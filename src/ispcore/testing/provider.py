"""A whole provider that lives in memory."""

from __future__ import annotations

from datetime import date
from functools import cache

from ispcore.app import Provider
from ispcore.hooks.plugins import Plugins
from ispcore.storage import SqlDatabase, new_key
from ispcore.testing.clock import MovableClock


def provider_in_memory(today: date, *, plugins: Plugins | None = None) -> tuple[Provider, MovableClock]:
    """Return an empty provider in memory, and the clock that says which day it is there.

    It has no *plugins* unless they are given, whatever is installed. Workers go by the same clock, and
    secrets are locked with a key of its own.
    """
    clock = MovableClock(today)
    database = SqlDatabase("sqlite://", secret_keys=cache(_keys), instants=lambda _: clock.now())
    database.migrate()
    return Provider(database, clock=clock, plugins=plugins), clock


def _keys() -> tuple[str, ...]:
    return (new_key(),)
