"""Timing calls into plugins: one that is slow is kept as a finding, one that hangs is named in the log.

Python cannot stop a function that does not return. So a thread of the watch only says where it stands; to
end it is the business of whoever can end the process.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import define, field, frozen

LOG = logging.getLogger("ispcore.hooks")
_MOST_KEPT = 100

PATIENCE_AT_IMPORT = 10
"""How many times as long as a call an import may take."""


@frozen
class SlowCall:
    """A call into a plugin that took longer than it may."""

    plugin: str
    what: str
    seconds: float


@define(eq=False)
class _Running:
    plugin: str
    what: str
    thread: int
    since: float
    limit: float
    told: bool = False


@define(eq=False)
class Watch:
    """Times calls: those above *limit_seconds* by the clock *now* are slow."""

    limit_seconds: float = 1.0
    now: Callable[[], float] = time.monotonic
    _slow: list[SlowCall] = field(factory=list)
    _running: set[_Running] = field(factory=set)
    _lock: threading.Lock = field(factory=threading.Lock)
    _thread: threading.Thread | None = None

    @contextmanager
    def call(self, plugin: str, what: str, *, patience: int = 1) -> Iterator[None]:
        """Time a call into *plugin*, which may take *patience* times as long as others.

        Calls may be nested, and made by several threads.
        """
        limit = self.limit_seconds * patience
        running = _Running(plugin, what, threading.get_ident(), self.now(), limit)
        with self._lock:
            self._running.add(running)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="ispcore-watch", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            seconds = self.now() - running.since
            with self._lock:
                self._running.discard(running)
                if seconds > limit:
                    self._slow = [*self._slow, SlowCall(plugin, what, seconds)][-_MOST_KEPT:]

    def slow(self) -> tuple[SlowCall, ...]:
        """Return the slow calls of this process, the latest last."""
        with self._lock:
            return tuple(self._slow)

    def _look(self) -> None:
        """Look at what runs from time to time, until nothing does."""
        while True:
            time.sleep(self.limit_seconds)
            with self._lock:
                now = self.now()
                late = [one for one in self._running if not one.told and now - one.since > one.limit]
                if not self._running:
                    self._thread = None
                    return
            for one in late:
                one.told = True
                self._tell(one, now - one.since)

    def _tell(self, one: _Running, seconds: float) -> None:
        frame = sys._current_frames().get(one.thread)  # noqa: SLF001 - as documented
        where = "".join(traceback.format_stack(frame, limit=5)) if frame else ""
        LOG.warning(
            "Plugin %r has not come back from %s for %.1f s.\n%s", one.plugin, one.what, seconds, where
        )
