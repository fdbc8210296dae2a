"""The worker: holds a lane, keeps one session on its device, and takes batch after batch.

Any number of workers may run, in one process or many: each lane is held by one at a time. What a worker
leaves behind when it is lost is in its intents; whoever comes next reads them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event

from attrs import frozen

from ispcore.driver import PlacementId
from ispcore.effects.batch import Batch
from ispcore.effects.faults import Rules
from ispcore.effects.operation import Deadline
from ispcore.effects.outcomes import Carried, Outcomes
from ispcore.effects.ports import EffectStore, Resolve
from ispcore.effects.protocol import in_order
from ispcore.effects.sessions import DeviceDownError, OpenDevice, Ways, opened
from ispcore.effects.work import Begun, Done, Held, LaneLostError, Outcome, Pace, Run, Stop, Taken, Work
from ispcore.errors import StorageError

_LOG = logging.getLogger(__name__)


def _no_watch(_: float | None) -> None:
    """Watch over nothing."""


def _nothing() -> None:
    """Do nothing."""


def owner_name() -> str:
    """Return a name for a worker of this process, for people."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@frozen(kw_only=True)
class Settings:
    """How a worker works; tests give a clock and numbers of their own."""

    pace: Pace = Pace()
    rules: Rules = Rules()
    batch: int = 200
    hold_seconds: float = 30
    """After so long, a lane is given back though there is more to do: others may wait for it."""
    poll_seconds: float = 1
    owner: str | None = None
    """What the worker is called where people see it."""
    chance: Callable[[], float] = random.random
    monotonic: Callable[[], float] = time.monotonic
    watch: Callable[[float | None], object] = _no_watch
    """Is told by when a call to a device ends, and None when it has: whoever watches may kill what hangs."""


class Worker:
    """Makes placements current."""

    def __init__(
        self, store: EffectStore, ways: Ways, *, resolve: Resolve, settings: Settings | None = None
    ) -> None:
        """Work on *store*; *resolve* looks up the secrets that placements refer to."""
        self._store = store
        self._ways = ways
        self._resolve = resolve
        self._settings = settings or Settings()
        self._owner = self._settings.owner or owner_name()
        self._stop = Event()

    def run(self, *, device: str | None = None, lanes: int | None = None) -> Run:
        """Work until nothing is left to do for now, on *device* or on all; after so many *lanes* at most.

        What failed and is to be tried later, or waits for a person, is not waited for.
        """
        done, in_vain = Run(), set[str]()
        while not self._stop.is_set() and (lanes is None or done.lanes < lanes):
            held = self._store.claim(self._owner, self._settings.pace, device=device, leave_out=in_vain)
            if held is None:
                break
            run = self._work(held)
            if run.idle:
                # Others turned out to have it, or nobody of this version can read it: the next time again.
                in_vain.add(held.device.name)
            done += run
        return done

    def serve(self, stop: Event, *, beside: Callable[[], object] = _nothing) -> None:
        """Work until *stop* is set, and do what is *beside*; a database that fails is waited for."""
        self._stop = stop
        wait = self._settings.poll_seconds
        while not stop.is_set():
            try:
                self.run()
                beside()
                wait = self._settings.poll_seconds
            except StorageError as error:
                _LOG.warning("The worker waits for its database: %s", error)
                wait = min(wait * 2, _LONGEST_WAIT)
            stop.wait(wait * (1 + self._settings.chance()) / 2)

    # One lane

    def _work(self, held: Held) -> Run:
        began = self._settings.monotonic()
        try:
            with self._opened(held, self._deadline(f"{held.device.name}:check", began)) as device:
                return self._batches(_LaneOfWorker(self._store, held, self._settings.pace), device)
        except DeviceDownError as error:
            self._take_down(held, error, held.device.failures)
        except LaneLostError as error:
            _LOG.warning("%s", error)
        finally:
            self._settings.watch(None)
            self._store.release(held)
        return Run(lanes=1)

    @contextmanager
    def _opened(self, held: Held, operation: Deadline) -> Iterator[OpenDevice]:
        self._settings.watch(operation.remaining())
        with opened(held.device, self._ways, operation) as device:
            self._store.found_well(held, device.health)
            yield device

    def _batches(self, lane: _LaneOfWorker, device: OpenDevice) -> Run:
        count, carried = Run(lanes=1), Carried(())
        size = _Size(self._settings.batch, self._settings.batch)
        until = self._settings.monotonic() + self._settings.hold_seconds
        while True:
            began = self._settings.monotonic()
            ends = carried.down is not None or began >= until or self._stop.is_set()
            taken = lane.turn(carried.outcomes, count=0 if ends else size.now)
            count += _counted(carried.outcomes)
            if carried.down is not None:
                self._take_down(lane.held, carried.down, 0 if count.done else device.row.failures)
            if not taken.works:
                return count if count.batches else Run(lanes=1, idle=1)
            carried = self._carry_out(device, lane, taken, began)
            size = size.after(carried, self._settings.monotonic() - began, self._settings.pace)

    def _carry_out(self, device: OpenDevice, lane: _LaneOfWorker, taken: Taken, began: float) -> Carried:
        works = in_order(taken.works)
        operation = self._deadline(_key_of(works), began)
        self._settings.watch(operation.remaining())
        outcomes = Outcomes(device, self._settings.rules, self._settings.chance)
        carried = Batch(device, lane, resolve=self._resolve, outcomes=outcomes).carry_out(works, operation)
        self._settings.watch(None)
        _tell(device.row.name, carried.outcomes)
        return carried

    def _deadline(self, key: str, began: float) -> Deadline:
        settings = self._settings
        until = began + settings.pace.operation_seconds
        return Deadline(key, until, monotonic=settings.monotonic, stopped=self._stop.is_set)

    def _take_down(self, held: Held, error: DeviceDownError, failures: int) -> None:
        """Let the device, that failed so often before, rest or wait for a person."""
        _LOG.warning("%s: %s", held.device.name, error)
        if error.stop is not None:
            self._store.stop(held, Stop(error.stop, error.fault.text))
            return
        back_off, chance = self._settings.rules.device, self._settings.chance()
        self._store.pause(held, back_off.after(failures + 1, chance, asked=error.after_seconds), error.fault)


_LONGEST_WAIT = 60


@frozen
class _LaneOfWorker:
    """The lane that is held."""

    store: EffectStore
    held: Held
    pace: Pace

    def turn(self, outcomes: Sequence[Outcome], *, count: int) -> Taken:
        return self.store.turn(self.held, outcomes, self.pace, count=count)

    def begin_writing(self, begun: Sequence[Begun]) -> frozenset[PlacementId]:
        return self.store.begin_writing(self.held, begun, self.pace)

    def sample(self, leave_out: Sequence[PlacementId], count: int) -> Sequence[Work]:
        return self.store.sample(self.held, leave_out, count)


@frozen
class _Size:
    """How many placements are taken at once: as many as fit well into the time of an operation."""

    now: int
    most: int

    def after(self, carried: Carried, seconds: float, pace: Pace) -> _Size:
        """Return the size of the next batch, after one that took so many *seconds*."""
        if carried.alone:
            return _Size(1, 1)
        if carried.late:
            return _Size(max(1, self.now // 2), self.most)
        if seconds * 4 < pace.operation_seconds:
            return _Size(min(self.now * 2, self.most), self.most)
        return self


def _counted(outcomes: Sequence[Outcome]) -> Run:
    done = sum(isinstance(one, Done) for one in outcomes)
    return Run(done=done, left=len(outcomes) - done, batches=1 if outcomes else 0)


def _key_of(works: Sequence[Work]) -> str:
    """Return a name of the operation that is the same when it is repeated."""
    if len(works) == 1:
        return f"{works[0].id}:{works[0].generation}"
    told = "\n".join(sorted(f"{work.id}:{work.generation}" for work in works))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _tell(device: str, outcomes: Sequence[Outcome]) -> None:
    for one in outcomes:
        if not isinstance(one, Done) and one.fault is not None:
            _LOG.warning("%s on %s: %s", one.work.id, device, one.fault.text)
