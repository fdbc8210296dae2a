"""A driver that answers at once: what it is told stands in the memory of its process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.driver import UNREADABLE, DriverSpec, Health, Key, Login, Result, Seen

if TYPE_CHECKING:
    from ispcore.driver import Action, Change, DriverError, Operation, Resource, Site, Spec


@frozen
class Nothing:
    """A configuration without settings."""


SIMULATOR = DriverSpec(
    name="simulator", factory="bench.simulator:Simulator", config=Nothing, kinds={Login: {}}, lanes=64
)
_STANDS: dict[str, Seen] = {}


class Simulator:
    """The driver."""

    def normal(self, spec: Spec, health: Health) -> Spec:  # noqa: ARG002 - by the contract
        """Return *spec* as it is."""
        return spec

    @contextmanager
    def open(self, site: Site[Nothing]) -> Iterator[Simulator]:  # noqa: ARG002 - by the contract
        """Be there."""
        yield self

    def check(self, op: Operation) -> Health:  # noqa: ARG002 - by the contract
        """Be well."""
        return Health("simulator")

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:  # noqa: ARG002 - by the contract
        """Yield what stands."""
        if wanted is None:
            yield from _STANDS.values()
            return
        for one in wanted:
            seen = _STANDS.get(_name(one.spec))
            if seen is not None:
                yield seen

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Do as told."""
        for change in changes:
            op.checkpoint()
            if change.after is None:
                _STANDS.pop(_name(change.target.spec), None)
                yield Result(change.target.id, None)
            else:
                name = _name(change.after)
                seen = _STANDS[name] = Seen(Key(name), _read_back(change.after))
                yield Result(change.target.id, seen)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Do nothing."""
        raise NotImplementedError


@frozen
class Vast(Simulator):
    """A driver of a device that bears *count* resources, each made as it is read."""

    made: Callable[[int], Spec]
    count: int

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:  # noqa: ARG002 - by the contract
        """Yield everything."""
        for number in range(self.count):
            spec = _read_back(self.made(number))
            yield Seen(Key(_name(spec)), spec)


def _read_back(spec: Spec) -> Spec:
    assert isinstance(spec, Login)  # noqa: S101 - the only kind here
    return evolve(spec, password=UNREADABLE)


def _name(spec: Spec) -> str:
    return str(getattr(spec, "username", ""))
