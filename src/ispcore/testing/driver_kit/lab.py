"""The smallest core there can be: it looks, makes the difference, has it written, until nothing is left.

The kit's cases are told with it. It does for one rig what the effects do for a network: claims, doubt, and
the writing anew of what cannot be read.
"""

from __future__ import annotations

import logging
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

import pytest
from attrs import define, evolve, field, frozen

from ispcore.driver import (
    Change,
    DriverError,
    PlacementId,
    Resource,
    Role,
    Seen,
    Support,
    claim_of,
    fields_of,
    roles_of,
)
from ispcore.network import difference
from ispcore.testing.dial_proxy import DialProxy
from ispcore.testing.driver_kit.operation import KitOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ispcore.driver import Driver, Health, Key, Operation, Result, Session, Site, Spec
    from ispcore.testing.driver_kit.rig import Rig
    from ispcore.testing.wire import Wire

NO_WIRE = "the driver dials nothing that the kit could stand before"
_CALM_SECONDS = 30.0
_PASSES = 8
_CLOSING_SECONDS = 2.0


def must(holds: object, message: str) -> None:
    """Fail with *message* unless it *holds*."""
    if not holds:
        raise AssertionError(message)


@define
class Placed:
    """One resource that the lab looks after."""

    id: PlacementId
    wanted: Spec | None = None
    names: list[Spec] = field(factory=list)
    """Values under whose claims it may stand: the wanted one, and former ones until that is applied."""
    generation: int = 0
    key: Key | None = None
    owed: set[str] = field(factory=set)
    """Write-only fields that are to be written."""
    doubtful: bool = False


@frozen
class Pass:
    """What one look, one difference and one writing came to; ``during`` names the call that failed."""

    during: str
    changes: Sequence[Change] = ()
    results: Sequence[Result[Seen | DriverError | None]] = ()
    error: DriverError | None = None
    seconds: float = 0.0

    @property
    def done(self) -> set[PlacementId | None]:
        """The targets that are said to be done."""
        return {result.target for result in self.results if not isinstance(result.value, DriverError)}

    @property
    def errors(self) -> list[DriverError]:
        """Everything that was refused or went wrong."""
        refused = [result.value for result in self.results if isinstance(result.value, DriverError)]
        return refused if self.error is None else [*refused, self.error]


class Lab:
    """A driver at work on a rig. Leaving it fails when a foreign object was touched."""

    def __init__(self, rig: Rig, *, wired: bool = False) -> None:
        """With *wired*, let the driver dial through a proxy that breaks."""
        self.rig = rig
        self.driver: Driver[Any] = rig.driver()
        self.site: Site[Any] = evolve(rig.site(), patience_seconds=rig.patience_seconds)
        self.placed: dict[str, Placed] = {}
        self.heard: list[str] = []
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

    def bears(self, kind: type[Spec], name: str, health: Health) -> bool:
        """Return whether a field is claimed, asking the device where the claim says so."""
        claim = self.rig.spec.kinds[kind].get(name, Support.YES)
        if claim is Support.ASK:
            claim = health.answers.get(f"{kind.__name__}.{name}", Support.NO)
        return claim is Support.YES

    # What is wanted

    def want(self, name: str, spec: Spec | None) -> PlacementId:
        """Let *spec* be wanted for the resource *name*; None wants nothing to stand."""
        placed = self.placed.setdefault(name, Placed(PlacementId(f"{name}@kit")))
        if spec is not None:
            old = placed.wanted
            hidden = fields_of(type(spec), Role.WRITE_ONLY)
            placed.owed |= {it for it in hidden if getattr(old, it, None) != getattr(spec, it)}
            placed.names.append(spec)
        placed.wanted = spec
        placed.generation += 1
        return placed.id

    def doubt(self) -> None:
        """Hold everything for half done."""
        for placed in self.placed.values():
            placed.doubtful = True

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

    def changes(self, session: Session, op: Operation) -> list[Change]:
        """Return what is to be done; nothing is written."""
        health = session.check(op)
        asked = [
            Resource(placed.id, placed.generation, spec, placed.key)
            for placed in self.placed.values()
            for spec in placed.names
        ]
        seen = list(session.observe(asked, op)) if asked else []
        return [change for placed in self.placed.values() for change in self._changes(placed, seen, health)]

    def _changes(self, placed: Placed, seen: Sequence[Seen], health: Health) -> list[Change]:
        if not placed.names:
            return []
        claims = {claim_of(self.driver.normal(spec, health)) for spec in placed.names}
        ours = [one for one in seen if claim_of(one.spec) in claims]
        after = None if placed.wanted is None else self.driver.normal(placed.wanted, health)
        name = "" if after is None else claim_of(after)
        ours.sort(key=lambda one: claim_of(one.spec) != name)
        main = ours[0] if ours else None
        target = Resource(
            placed.id,
            placed.generation,
            placed.wanted or placed.names[-1],
            placed.key if main is None else main.key,
        )
        if len(ours) > 1:  # a rename was cut: what stands under the former name goes first
            return [Change(target, one, None, frozenset()) for one in ours[1:]]
        rewrite = self._rewritten(placed, health)
        change = difference(target, main, after, rewrite=rewrite)
        return [] if change is None else [change]

    def _rewritten(self, placed: Placed, health: Health) -> set[str]:
        if placed.wanted is None:
            return set()
        kind = type(placed.wanted)
        names = set(fields_of(kind, Role.WRITE_ONLY)) if placed.doubtful else placed.owed
        return {name for name in names if self.bears(kind, name, health)}

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
                self._doubt(changes)
                for result in session.apply(changes, op):
                    results.append(result)
                    self._take(result, changes)
                    self.at_yield()
        except DriverError as failed:
            error = self.hear(failed)
        except AssertionError:
            raise
        except Exception as bug:
            message = f"{type(bug).__name__} came out of {during}; drivers raise a DriverError: {bug}"
            raise AssertionError(message) from bug
        return Pass(during, changes, results, error, time.monotonic() - began)

    def _doubt(self, changes: Sequence[Change]) -> None:
        targets = {change.target.id for change in changes}
        for placed in self.placed.values():
            placed.doubtful |= placed.id in targets

    def _take(self, result: Result[Seen | DriverError | None], changes: Sequence[Change]) -> None:
        change = next((one for one in changes if one.target.id == result.target), None)
        placed = next((one for one in self.placed.values() if one.id == result.target), None)
        if change is None or placed is None:
            return
        value = result.value
        if isinstance(value, DriverError):
            self.hear(value)
            placed.doubtful = value.wrote
        elif difference(change.target, value, change.after) is None:
            placed.doubtful = False
            if change.fields:
                placed.owed -= change.fields
            if change.after is not None:
                placed.names = [spec for spec in placed.names if spec is placed.wanted] or placed.names
            placed.key = None if value is None else value.key

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

    def hear(self, error: DriverError) -> DriverError:
        """Keep all that an error tells, to look for secrets in it."""
        self.heard += [*traceback.format_exception(error), repr(error), repr(vars(error))]
        return error

    def quiet(self) -> None:
        """Wait until the device has noticed that our sessions are closed; once in vain is enough."""
        if self._open == 0 and self._noticing:
            self._noticing = self.sessions_close()

    def sessions_close(self) -> bool:
        """Return whether the device has no session open, waiting a little for it to notice."""
        deadline = time.monotonic() + _CLOSING_SECONDS
        while self.rig.sessions_open() and time.monotonic() < deadline:
            time.sleep(0.001)
        return self.rig.sessions_open() == 0


@contextmanager
def logged() -> Iterator[list[str]]:
    """Give a list that everything logged goes into."""
    lines: list[str] = []
    handler = _Keeping(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


class _Keeping(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


def told(one: Pass) -> str:
    """Return what a pass came to, in words."""
    if one.error is not None:
        return f"{one.during} ended with {type(one.error).__name__}: {one.error}"
    if one.errors:
        return f"{type(one.errors[0]).__name__}: {one.errors[0]}"
    return "; ".join(change_told(change) for change in one.changes) or "nothing"


def change_told(change: Change) -> str:
    """Return a change in words, with what differs and without secrets."""
    if change.after is None:
        return f"delete {claim_of(change.target.spec)}"
    if change.before is None:
        return f"create {claim_of(change.after)}"
    before, after = change.before.spec, change.after
    plain = [name for name, role in roles_of(type(after)).items() if role is not Role.WRITE_ONLY]
    differ = [
        f"{name} from {getattr(before, name, None)!r} to {getattr(after, name)!r}"
        for name in plain
        if name in change.fields
    ]
    hidden = sorted(change.fields - set(plain))
    return f"change {claim_of(before)}: {', '.join([*differ, *hidden])}"
