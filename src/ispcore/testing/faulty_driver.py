"""Any driver, with faults: to see what a system does when the network does not obey.

Before and after each thing that a session does (it is opened, checks the device, reads one thing, writes one
thing) a *fate* is asked whether something goes wrong. A fault *after* a write is the answer that is lost.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from attrs import frozen

from ispcore.driver import (
    Action,
    Change,
    Driver,
    DriverError,
    Health,
    Operation,
    OutcomeUnknown,
    Resource,
    Result,
    Seen,
    Session,
    Site,
    Spec,
    Unreachable,
)

if TYPE_CHECKING:
    from random import Random

T = TypeVar("T")

Call: TypeAlias = Literal["open", "check", "observe", "apply", "act"]
Fate: TypeAlias = Callable[[Call, bool], Exception | None]
"""Told the call, and whether the device has done its part already; returns what is raised."""


@frozen
class Fault:
    """One thing that goes wrong: *error* is raised the *at*-th time that the moment comes."""

    call: Call
    error: Exception
    at: int = 1
    after: bool = False


def scripted(*faults: Fault) -> Fate:
    """Return the fate that has these faults, and no others."""
    counts: Counter[tuple[Call, bool]] = Counter()
    lock = threading.Lock()

    def fate(call: Call, after: bool) -> Exception | None:  # noqa: FBT001 - a Fate
        with lock:
            counts[call, after] += 1
            now = counts[call, after]
        found = (one for one in faults if (one.call, one.after, one.at) == (call, after, now))
        return next((one.error for one in found), None)

    return fate


def lossy(random: Random, chance: float) -> Fate:
    """Return the fate of a bad line, which breaks at every moment by *chance*."""
    lock = threading.Lock()

    def fate(call: Call, after: bool) -> Exception | None:  # noqa: FBT001 - a Fate
        with lock:
            lost = random.random() < chance
        if not lost:
            return None
        if call in ("apply", "act") and after:
            return OutcomeUnknown("A bad line lost the answer.")
        return Unreachable("A bad line broke.", wrote=call in ("apply", "act"))

    return fate


class FaultyDriver:
    """*driver*, with the faults that *fate* has for it."""

    def __init__(self, driver: Driver[Any], fate: Fate) -> None:
        """Stand before *driver*."""
        self._driver = driver
        self._fate = fate

    def normal(self, spec: Spec, health: Health) -> Spec:
        """Return what the driver says; nothing can go wrong here."""
        return self._driver.normal(spec, health)

    @contextmanager
    def open(self, site: Site[Any]) -> Iterator[Session]:
        """Open a session with the same faults."""
        _strike(self._fate, "open", after=False)
        with self._driver.open(site) as session:
            _strike(self._fate, "open", after=True)
            yield _FaultySession(session, self._fate)


class _FaultySession:
    def __init__(self, session: Session, fate: Fate) -> None:
        self._session = session
        self._fate = fate

    def check(self, op: Operation) -> Health:
        _strike(self._fate, "check", after=False)
        health = self._session.check(op)
        _strike(self._fate, "check", after=True)
        return health

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        return _each(self._session.observe(wanted, op), "observe", self._fate)

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        return _each(self._session.apply(changes, op), "apply", self._fate)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        return _each(self._session.act(action, on, op), "act", self._fate)


def _each(items: Iterator[T], call: Call, fate: Fate) -> Iterator[T]:
    while True:
        _strike(fate, call, after=False)
        try:
            item = next(items)
        except StopIteration:
            return
        _strike(fate, call, after=True)
        yield item


def _strike(fate: Fate, call: Call, *, after: bool) -> None:
    error = fate(call, after)
    if error is not None:
        raise error
