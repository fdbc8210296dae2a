"""One event loop in a thread of its own, for every connection of the process.

Drivers are synchronous, the libraries that speak SSH and Telnet are not.
"""

from __future__ import annotations

import asyncio
import os
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")
_GRACE_SECONDS = 1.0


def loop() -> asyncio.AbstractEventLoop:
    """Return the loop of this process; the first call starts it."""
    return _loop_of(os.getpid())


def finished(coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return what *coroutine* returns on the loop.

    Raises TimeoutError after *seconds*; it is cancelled then.
    """
    future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, seconds), loop())
    try:
        return future.result(seconds + _GRACE_SECONDS)
    finally:
        future.cancel()


@cache
def _loop_of(_process: int) -> asyncio.AbstractEventLoop:
    """Start the loop of a process; one that was forked has a loop of its own."""
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="ispcore-transports", daemon=True).start()
    return made
