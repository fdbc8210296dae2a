"""Workers in processes of their own, which are replaced when they end or hang.

A driver that hangs cannot be interrupted from within its process. So each process tells by when its call to a
device must have ended, and whoever watches kills it when that time is long over: its placements are then in
doubt, and its lane free once the lease has run out.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Event, Thread
from typing import Any, Protocol

from attrs import define, frozen

_LOG = logging.getLogger(__name__)
_GLANCE = 0.2
_NOTHING = 0.0


class Labour(Protocol):
    """What a process does until *stop* is set; *watch* is the one of a worker's settings.

    It is pickled, so it is a function of a module, or a frozen value with a ``__call__``.
    """

    def __call__(self, stop: Event, watch: Callable[[float | None], object]) -> None:
        """Work."""
        ...


class _Shared(Protocol):
    """A number that processes share."""

    value: float


@define
class _Child:
    process: SpawnProcess
    until: _Shared
    began: float


@frozen
class Supervisor:
    """Keeps so many processes at work."""

    work: Labour
    processes: int
    grace_seconds: float = 10
    """A call to a device that is longer over its time than this has hung."""
    rest_seconds: float = 1
    """A process that ended at once is not replaced sooner."""

    def run(self, stop: Event) -> None:
        """Keep the processes at work until *stop* is set; then let them end what they are at."""
        context = multiprocessing.get_context("spawn")
        children = [self._begun(context) for _ in range(self.processes)]
        try:
            while not stop.wait(_GLANCE):
                children = [self._looked_after(context, child) for child in children]
        finally:
            _end(children, self.grace_seconds)

    def _begun(self, context: SpawnContext) -> _Child:
        until: _Shared = context.Value("d", _NOTHING)
        process = context.Process(target=_worked, args=(self.work, until), daemon=True)
        process.start()
        return _Child(process, until, time.monotonic())

    def _looked_after(self, context: SpawnContext, child: _Child) -> _Child:
        now, until = time.monotonic(), child.until.value
        if until != _NOTHING and now > until + self.grace_seconds:
            _LOG.warning("Process %s hangs in a call to a device, and is killed.", child.process.pid)
            child.process.kill()
            child.process.join()
        elif child.process.is_alive() or now < child.began + self.rest_seconds:
            return child
        else:
            _LOG.warning("Process %s has ended by itself (%s).", child.process.pid, child.process.exitcode)
        child.process.close()
        return self._begun(context)


def _end(children: list[_Child], grace: float) -> None:
    for child in children:
        with suppress(ValueError):
            child.process.terminate()
    until = time.monotonic() + grace
    for child in children:
        child.process.join(max(0.0, until - time.monotonic()))
        if child.process.is_alive():
            child.process.kill()
            child.process.join()
        child.process.close()


def _worked(work: Labour, until: _Shared) -> None:
    # What was imported stays: there is nothing to be found in it again and again.
    gc.freeze()
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with suppress(AttributeError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()

    def watch(seconds: float | None) -> None:
        until.value = _NOTHING if seconds is None else time.monotonic() + seconds

    work(stop, watch)


def _end_with_parent() -> None:
    parent: Any = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # At once: what it was at is in doubt, as that of a killed process.
        os._exit(1)
