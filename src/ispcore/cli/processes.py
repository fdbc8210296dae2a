"""Worker processes of a command: they end with it, however it ends."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


@contextmanager
def processes(workers: int) -> Iterator[Executor | None]:
    """Give an executor of so many processes; None for one, which is this one."""
    if workers == 1:
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=begin_worker) as executor:
        yield executor


def begin_worker() -> None:
    """Make this process end when the one that began it has ended, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        # At once: a slice that is under way is undone by the database, like one of a killed process.
        os._exit(1)
