"""Closing slices side by side, over any executor of :mod:`concurrent.futures`.

A process opens the database by its URL on its first slice and keeps it; the threads of this process share
the database that is open here. What comes back is small: counts, sums and problems. An executor may close a
slice twice; the second time finds nothing to do.
"""

from __future__ import annotations

import os
import threading
import uuid
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from attrs import frozen

from ispcore.errors import IspcoreError, StorageError
from ispcore.usecases.slices import SliceCloser

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import date

    from ispcore.storage.database import SqlDatabase
    from ispcore.usecases.rows import Slice
    from ispcore.usecases.runs import Run

AHEAD = 64
"""How many slices are handed out before the first comes back; memory stays flat however many there are."""

_OPEN_HERE: WeakValueDictionary[tuple[int, str], SqlDatabase] = WeakValueDictionary()
"""Databases that closings of this process work on, by its number (a forked child must open its own)."""


@frozen
class Place:
    """Where a worker finds the database: by its *url*, or by its *name* in the process that hands out."""

    url: str
    name: str


class ExecutorWorkers:
    """Hands slices to an executor."""

    def __init__(self, database: SqlDatabase, url: str, executor: Executor) -> None:
        """Have *executor* work on *database*, which others reach at *url*."""
        self._database = database
        self._url = url
        self._executor = executor

    def close(self, run: str, parts: Iterator[Slice], on: date) -> Generator[Run]:
        """Yield what each of the *parts* of a run came to, in any order.

        Raises:
            StorageError: the database failed, or a worker was lost.
        """
        place = Place(self._url, uuid.uuid4().hex)
        _OPEN_HERE[os.getpid(), place.name] = self._database
        waiting: set[Future[Run]] = set()
        try:
            while True:
                for part in islice(parts, AHEAD - len(waiting)):
                    waiting.add(self._submit(place, run, part, on))
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield _result(future)
        finally:
            for future in waiting:
                future.cancel()
            # What could not be cancelled may still be writing; nobody may close the database under it.
            wait([future for future in waiting if future.running()], timeout=_PATIENCE_SECONDS)

    def _submit(self, place: Place, run: str, part: Slice, on: date) -> Future[Run]:
        try:
            return self._executor.submit(close_slice, place, run, part, on)
        except Exception as error:
            raise _lost(error) from error


_PATIENCE_SECONDS = 60


def _result(future: Future[Run]) -> Run:
    try:
        return future.result()
    except IspcoreError:
        raise
    except (Exception, CancelledError) as error:
        raise _lost(error) from error


def _lost(error: BaseException) -> StorageError:
    """Return what to say of an executor that failed: it was broken, shut down, or lost a worker."""
    return StorageError(
        f"A worker failed or was lost: {type(error).__name__} {error}".strip().rstrip(".") + ".",
        hint="What was done stays done; running it again goes on with the others.",
    )


def close_slice(place: Place, run: str, part: Slice, on: date) -> Run:
    """Close a slice in this process."""
    here = _OPEN_HERE.get((os.getpid(), place.name))
    closer = SliceCloser(here) if here is not None else _closer(place.url, os.getpid(), threading.get_ident())
    return closer.close(run, part, on)


@lru_cache(maxsize=64)
def _closer(url: str, process: int, _thread: int) -> SliceCloser:
    """Return what closes slices in this thread; one is used by one thread at a time."""
    return SliceCloser(_database(url, process))


@lru_cache(maxsize=4)
def _database(url: str, _process: int) -> SqlDatabase:
    from ispcore.storage.database import SqlDatabase  # noqa: PLC0415 - the database hands out workers

    database = SqlDatabase(url)
    database.check_schema()
    return database
