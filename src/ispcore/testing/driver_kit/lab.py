"""The smallest core there can be: it looks, makes the difference, has it written, until nothing is left.

The kit's cases are told with it. It does for one rig what the effects do for a network: claims, doubt, and
the writing anew of what cannot be read.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import pytest
from attrs import evolve

from ispcore.driver import (
    Change,
    DriverError,
    Role,
    Seen,
    claim_of,
    fields_of,
)
from ispcore.testing.dial_proxy import DialProxy
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.driver_kit.passes import Pass, must, told
from ispcore.testing.driver_kit.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.driver import Health, Operation, Result, Session, Site, Spec
    from ispcore.testing.driver_kit.rig import Rig
    from ispcore.testing.wire import Wire

NO_WIRE = "the driver dials nothing that the kit could stand before"
_CALM_SECONDS = 30.0
_PASSES = 8


class Lab(Wishes):
    """A driver at work on a rig. Leaving it fails when a foreign object was touched."""

    def __init__(self, rig: Rig, *, wired: bool = False) -> None:
        """With *wired*, let the driver dial through a proxy that breaks."""
        super().__init__(rig)
        self.site: Site[Any] = evolve(rig.site(), patience_seconds=rig.patience_seconds)
        self.at_yield: Callable[[], None] = lambda: None
        self._own_wire = rig.wire()
        self._proxy: DialProxy | None = None
        if wired and self._own_wire is None:
            self._proxy = DialProxy(alarm=rig.alarm)
            self.site = evolve(self.site, dial=self._through(self.site, self._proxy))
        self._open = 0
        self._noticing = True
        self._foreign: Callable[[], object] = lambda: None
        self._untouched: object = None

    @staticmethod
    def _through(site: Site[Any], proxy: DialProxy) -> Callable[[str, int], tuple[str, int]]:
        return lambda host, port: proxy.dial(*site.dial(host, port))

    def __enter__(self) -> Self:
        """Put a foreign object there."""
        self._foreign = self.rig.foreign()
        self._untouched = self._foreign()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the proxy, and look at the foreign object."""
        if self._proxy is not None:
            self._proxy.close()
        if kind is None:
            self.check_foreign()

    def check_foreign(self) -> None:
        """Fail when the foreign object is not as it was."""
        now = self._foreign()
        must(now == self._untouched, f"Something that is not ours was {self._untouched} and is {now}.")

    def found_wire(self) -> Wire | None:
        """Return the wire between driver and device, or None when the driver dials nothing."""
        if self._own_wire is not None or self._proxy is None:
            return self._own_wire
        if self._proxy.connections == 0:
            with self.session():
                pass
        return self._proxy if self._proxy.connections else None

    @property
    def wire(self) -> Wire:
        """The wire between driver and device; without one the case is skipped."""
        found = self.found_wire()
        if found is None:
            pytest.skip(NO_WIRE)
        return found

    def operation(self, seconds: float = _CALM_SECONDS) -> KitOperation:
        """Return an operation that has time enough."""
        return KitOperation(seconds)

    # Samples

    def first(self, kind: type[Spec], number: int = 1) -> Spec:
        """Return the first value of a resource."""
        return self.rig.sample(kind, number)[0]

    def second(self, kind: type[Spec], number: int = 1) -> Spec:
        """Return the second value of a resource."""
        return self.rig.sample(kind, number)[1]

    def renamed(self, spec: Spec, number: int) -> Spec:
        """Return *spec* under the name of the *number*-th resource of its kind."""
        other = self.first(type(spec), number)
        return evolve(spec, **{name: getattr(other, name) for name in fields_of(type(spec), Role.IDENTITY)})

    # What is done

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session, when the device has noticed that the last one is closed."""
        self.quiet()
        self._open += 1
        try:
            with self.driver.open(self.site) as session:
                yield session
        finally:
            self._open -= 1

    def health(self) -> Health:
        """Return what the device tells of itself, in a session of its own."""
        with self.session() as session:
            return session.check(self.operation())

    def sight(self) -> dict[str, Seen]:
        """Return everything that stands there by claim, read in a session of its own."""
        with self.session() as session:
            return {claim_of(seen.spec): seen for seen in session.observe(None, self.operation())}

    def normal(self, spec: Spec) -> Spec:
        """Return *spec* as the device will read it back."""
        return self.driver.normal(spec, self.health())

    def once(self, op: Operation | None = None) -> Pass:
        """Look, make the difference and have it written, in one session; a driver's error ends it."""
        op = op or self.operation()
        began = time.monotonic()
        during = "open"
        changes: list[Change] = []
        results: list[Result[Seen | DriverError | None]] = []
        error: DriverError | None = None
        try:
            with self.session() as session:
                during = "observe"
                changes = self.changes(session, op)
                during = "apply"
                self.begun(changes)
                for result in session.apply(changes, op):
                    results.append(result)
                    self.took(result, changes)
                    self.at_yield()
        except DriverError as failed:
            error = self.hear(failed)
        except AssertionError:
            raise
        except Exception as bug:
            message = f"{type(bug).__name__} came out of {during}; drivers raise a DriverError: {bug}"
            raise AssertionError(message) from bug
        return Pass(during, changes, results, error, time.monotonic() - began)

    def settle(self) -> list[Pass]:
        """Go on until nothing is left to do; fails when that does not come."""
        passes = []
        for _ in range(_PASSES):
            last = self.once()
            passes.append(last)
            if not last.changes and last.error is None:
                return passes
        raise AssertionError(f"After {_PASSES} passes there is still something to do: {told(passes[-1])}.")

    def clear(self) -> None:
        """Want nothing to stand any more, and settle."""
        for name in list(self.placed):
            self.want(name, None)
        self.settle()
        self.placed.clear()

    def quiet(self) -> None:
        """Wait until the device has noticed that our sessions are closed; once in vain is enough."""
        if self._open == 0 and self._noticing:
            self._noticing = self.sessions_close()

    def sessions_close(self) -> bool:
        """Return whether the device has no session open, waiting a little for it to notice."""
        deadline = time.monotonic() + self.rig.slack_seconds
        while self.rig.sessions_open() and time.monotonic() < deadline:
            time.sleep(0.001)
        return self.rig.sessions_open() == 0
