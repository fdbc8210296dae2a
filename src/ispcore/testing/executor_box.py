"""A box with logins for the cases of the executor kit: in memory, shared by all workers of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from attrs import define, evolve, field, frozen

from ispcore.driver import (
    UNREADABLE,
    Action,
    Change,
    Driver,
    DriverError,
    DriverSpec,
    Health,
    Key,
    Login,
    Operation,
    Resource,
    Result,
    Seen,
    Site,
    Spec,
    claim_of,
    revealed,
)


@frozen
class NoSettings:
    """The configuration of the box, which needs none."""


KIT_BOX = DriverSpec(
    name="kit-box", factory="ispcore.testing.executor_box:KitBox", config=NoSettings, kinds={Login: {}}
)


@define(eq=False)
class KitBox:
    """Its driver and session in one. ``during`` is called before each write that it was asked for."""

    stands: dict[str, Spec] = field(factory=dict)
    passwords: dict[str, str | None] = field(factory=dict)
    writes: int = 0
    during: Callable[[], object] = lambda: None
    _lock: RLock = field(factory=RLock)

    def made(self, _: DriverSpec) -> Driver[Any]:
        """Be the driver of everybody here."""
        return self

    def put(self, spec: Login, password: str) -> None:
        """Let something stand there that nobody of ours has made."""
        self.stands[claim_of(spec)] = evolve(spec, password=UNREADABLE)
        self.passwords[claim_of(spec)] = password

    def normal(self, spec: Spec, _: Health) -> Spec:
        """Return *spec* as it is."""
        return spec

    @contextmanager
    def open(self, _: Site[NoSettings]) -> Iterator[KitBox]:
        """Be there."""
        yield self

    def check(self, _: Operation) -> Health:
        """Be well."""
        return Health("kit-box")

    def observe(self, wanted: Sequence[Resource] | None, _: Operation) -> Iterator[Seen]:
        """Yield what stands there."""
        with self._lock:
            names = [*self.stands] if wanted is None else [claim_of(one.spec) for one in wanted]
            found = [Seen(Key(name), self.stands[name]) for name in names if name in self.stands]
        yield from found

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Do as told, one change after the other."""
        for change in changes:
            self.during()
            op.checkpoint()
            with self._lock:
                seen = self._written(change)
            yield Result(change.target.id, seen)

    def _written(self, change: Change) -> Seen | None:
        self.writes += 1
        before = None if change.before is None else claim_of(change.before.spec)
        password = None if before is None else self.passwords.pop(before, None)
        self.stands.pop(before or "", None)
        after = change.after
        if not isinstance(after, Login):
            return None
        name = claim_of(after)
        self.stands[name] = evolve(after, password=UNREADABLE)
        self.passwords[name] = revealed(after.password) if "password" in change.fields else password
        return Seen(Key(name), self.stands[name])

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Do nothing."""
        raise NotImplementedError
